package lamina.cli.option;

import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import lamina.cli.process.Io;
import lamina.format.ReadOptions;
import lamina.format.Remarks;
import lamina.format.TensorArgument;
import lamina.format.TensorLines;
import lamina.tensor.DType;
import lamina.tensor.Tensor;

/** Reads the tensors that arguments name; at most one of them is standard input. */
public final class TensorInputs implements Remarks {
  private static final List<String> PIXELS = Arrays.asList("0..1", "0..255");

  private final Arguments arguments;
  private final Io io;
  private final DType dtype;
  private final int[] csvShape;
  private final int csvHeader;
  private final boolean integerPixels;
  private final long seed;
  private String standardInputOwner;

  public TensorInputs(Arguments arguments, Io io) {
    this.arguments = arguments;
    this.io = io;
    this.dtype = DType.of(arguments.choice("--dtype", "float64", CommonOptions.DTYPES));
    this.seed = arguments.longInteger("--seed", 0);
    String shape = arguments.text("--csv-shape");
    this.csvShape = shape == null ? null : Sizes.parse("--csv-shape", shape);
    this.csvHeader = arguments.integer("--csv-header", ReadOptions.FIND_HEADER, 0);
    this.integerPixels = "0..255".equals(arguments.choice("--pixels", "0..1", PIXELS));
  }

  /** The type to compute in. */
  public DType dtype() {
    return dtype;
  }

  /** The seed of random generators and initial weights. */
  public long seed() {
    return seed;
  }

  /**
   * The tensor an argument names, in {@link #dtype}.
   *
   * @param role what it is for, in messages: {@code INPUT}, {@code --kernel}
   */
  public Tensor read(String role, String argument) {
    return open(role, argument).read(options());
  }

  /** The tensor an argument names, in a type of its own. */
  public Tensor read(String role, String argument, DType type) {
    return open(role, argument).read(options(type));
  }

  /** The named tensors of a file: a JSON object, npz or safetensors. */
  public Map<String, Tensor> readAll(String role, String argument) {
    return open(role, argument).readAll(options());
  }

  /** The tensors of a JSON Lines input, one after another. */
  TensorLines lines(String role, String argument) {
    return open(role, argument).readLines(options());
  }

  private TensorArgument open(String role, String argument) {
    TensorArgument parsed = TensorArgument.parse(argument);
    if (parsed.isStandardInput()) {
      claimStandardInput(role);
    }
    return parsed;
  }

  /**
   * Standard input, for one argument only.
   *
   * @throws UsageException if another argument has it, or if it is a terminal
   */
  public InputStream claimStandardInput(String role) {
    if (standardInputOwner != null) {
      throw new UsageException(
          "both "
              + standardInputOwner
              + " and "
              + role
              + " would read standard input; give one of them a file");
    }
    standardInputOwner = role;
    if (io.inIsTerminal()) {
      throw new UsageException(
          "no " + role + " given, and standard input is a terminal", arguments.usage());
    }
    return io.in();
  }

  /** How tensors are read. */
  public ReadOptions options() {
    return options(dtype);
  }

  /** How tensors of a type of their own are read. */
  ReadOptions options(DType type) {
    return new ReadOptions(
        type, csvShape, csvHeader, integerPixels, seed, io.in(), io.directory(), this);
  }

  /** Tells on stderr how an input was read. */
  @Override
  public void add(String remark) {
    if (!arguments.has("--quiet")) {
      io.tell(arguments.command() + ": " + remark);
    }
  }
}
