package lamina.cli.option;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import lamina.format.ReadOptions;
import lamina.format.Remarks;
import lamina.kernel.Backends;
import lamina.kernel.Parallel;
import lamina.tensor.DType;

/** How tensors are read, and what computes with them. */
public final class TensorOptions extends OptionGroup {
  /** The types to compute in. */
  static final List<String> DTYPES = Arrays.asList("float64", "float32");

  private static final List<String> PIXELS = Arrays.asList("0..1", "0..255");
  private static final List<String> BACKENDS = Arrays.asList("auto", "scalar", "vector");

  private final ChoiceOption dtype;
  private final SizesOption csvShape;
  private final IntegerOption csvHeader;
  private final ChoiceOption pixels;
  private final IntegerOption seed;
  private final IntegerOption threads;
  private final ChoiceOption backend;

  private TensorOptions(DType usual, DType other) {
    dtype =
        choice(
            "TYPE",
            DTYPES,
            usual.label(),
            usual.label() + " (default) or " + other.label(),
            "--dtype");
    csvShape = sizes("SHAPE", 0, "reshape the matrix of a CSV file, e.g. 3x4x5", "--csv-shape");
    csvHeader =
        integer(
            "N",
            ReadOptions.FIND_HEADER,
            0,
            "rows at the top of a CSV file that are a header; default: up to two without a number",
            "--csv-header");
    pixels =
        choice(
            "RANGE",
            PIXELS,
            "0..1",
            "scale of an image's pixels: 0..1 (default) or 0..255",
            "--pixels");
    seed = longInteger("N", 0, "seed of random generators; default 0", "--seed");
    threads =
        integer(
            "N",
            Runtime.getRuntime().availableProcessors(),
            1,
            "threads to compute with; default: all processors",
            "--threads");
    backend =
        choice("NAME", BACKENDS, "auto", "kernels: auto (default), scalar or vector", "--backend");
  }

  /** Those of a command that computes in float64 unless it is told otherwise. */
  public static TensorOptions ofFloat64() {
    return new TensorOptions(DType.FLOAT64, DType.FLOAT32);
  }

  /** Those of a command that computes in float32 unless it is told otherwise. */
  public static TensorOptions ofFloat32() {
    return new TensorOptions(DType.FLOAT32, DType.FLOAT64);
  }

  /** The type to compute in. */
  public DType dtype() {
    return DType.of(dtype.word());
  }

  /** The seed of random generators and initial weights. */
  public long seed() {
    return seed.longValue();
  }

  /** The option of the seed, for who asks whether it was chosen. */
  public Option seedOption() {
    return seed;
  }

  /** How tensors are read, in the type to compute in. */
  ReadOptions reading(InputStream standardInput, Path directory, Remarks remarks) {
    return new ReadOptions(
        dtype(),
        csvShape.sizes(),
        csvHeader.value(),
        pixels.is("0..255"),
        seed(),
        standardInput,
        directory,
        remarks);
  }

  /** Chooses the kernels and the number of threads. */
  public void useKernels() {
    Backends.use(backend.word());
    Parallel.use(threads.value());
  }
}
