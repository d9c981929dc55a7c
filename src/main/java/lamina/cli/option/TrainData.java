package lamina.cli.option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import lamina.cli.UsageException;
import lamina.tensor.Tensor;
import lamina.text.InputException;
import lamina.train.data.Dataset;
import lamina.train.data.LabelledTensors;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The samples to learn from, as typed.
 *
 * @param training what is learned from
 * @param test what is held out; null if nothing is
 */
public record TrainData(Dataset training, Dataset test) {
  private static final List<String> ENDS = List.of("", ".gz");

  /** Adds the options of data. */
  public static void define(CommandSpec spec) {
    spec.addOption(
        CommonOptions.value(
                "FILE",
                "samples: rows of numbers with the label last (CSV, npy, JSON), an .npz with x and"
                    + " y, or a folder with the IDX files of MNIST",
                "--data")
            .build());
    spec.addOption(
        CommonOptions.value("FILE", "samples to test with, as --data", "--test").build());
    spec.addOption(
        CommonOptions.value("SHAPE", "shape of one sample, e.g. 1x8x8", "--input").build());
  }

  /** Reads the samples. */
  public static TrainData of(Arguments arguments, TensorInputs inputs, TrainOptions options)
      throws IOException {
    String name = arguments.text("--data");
    if (name == null) {
      throw new UsageException("--data FILE is missing: samples with the label last, or an .npz");
    }
    if (arguments.has("--test") && options.split() > 0) {
      throw new UsageException("either --test or --split, not both");
    }
    Dataset all = read(name, "--data", true, arguments, inputs, options);
    Path folder = inputs.options().directory().resolve(name);
    if (arguments.has("--test")) {
      Dataset test = read(arguments.text("--test"), "--test", false, arguments, inputs, options);
      checkClasses(all, test, arguments.text("--test"));
      return new TrainData(all, test);
    }
    if (options.split() > 0) {
      List<Dataset> parts = LabelledTensors.split(all, options.split(), inputs.seed());
      return new TrainData(parts.get(0), parts.get(1));
    }
    boolean hasTest = Files.isDirectory(folder) && idx(folder, "t10k-images") != null;
    Dataset test = hasTest ? read(name, "--data", false, arguments, inputs, options) : null;
    return new TrainData(all, test);
  }

  private static void checkClasses(Dataset training, Dataset test, String name) {
    if (training.classes() != null && test.classes().size() > training.classes().size()) {
      throw new InputException(
          name
              + ": has the class "
              + (test.classes().size() - 1)
              + ", but those to learn from end at "
              + (training.classes().size() - 1));
    }
  }

  private static Dataset read(
      String name,
      String role,
      boolean forTraining,
      Arguments arguments,
      TensorInputs inputs,
      TrainOptions options)
      throws IOException {
    String given = arguments.text("--input");
    int[] shape = given == null ? null : Sizes.parse("--input", given);
    boolean areClasses = options.loss().kind().hasClasses();
    Path file = inputs.options().directory().resolve(name);
    if (Files.isDirectory(file)) {
      return folder(file, name, forTraining, inputs, shape, options);
    }
    if (name.endsWith(".npz")) {
      Map<String, Tensor> tensors = inputs.readAll(role, name);
      Tensor x = tensors.get("x");
      Tensor y = tensors.get("y");
      if (x == null || y == null) {
        throw new InputException(
            name + ": needs the entries x and y, but has " + String.join(", ", tensors.keySet()));
      }
      return LabelledTensors.of(x.as(options.dtype()), y, shape, areClasses, name);
    }
    Tensor rows = inputs.read(role, name).as(options.dtype());
    return LabelledTensors.ofRows(rows, shape, areClasses, name);
  }

  /** MNIST's four files; images without an axis of channels get one, pixels become 0 to 1. */
  private static Dataset folder(
      Path folder,
      String name,
      boolean forTraining,
      TensorInputs inputs,
      int[] shape,
      TrainOptions options) {
    String part = forTraining ? "train" : "t10k";
    Path images = idx(folder, part + "-images");
    Path labels = idx(folder, part + "-labels");
    if (images == null || labels == null) {
      throw new InputException(
          name + ": has no " + part + "-images-idx3-ubyte and " + part + "-labels-idx1-ubyte");
    }
    Tensor x = inputs.read("--data", images.toString()).as(options.dtype());
    Tensor y = inputs.read("--data", labels.toString());
    scale(x);
    int[] sample = shape != null || x.rank() != 3 ? shape : new int[] {1, x.dim(1), x.dim(2)};
    return LabelledTensors.of(x, y, sample, options.loss().kind().hasClasses(), name);
  }

  private static void scale(Tensor pixels) {
    for (int i = 0; i < pixels.size(); i++) {
      switch (pixels.dtype()) {
        case FLOAT32 -> pixels.floats()[i] /= 255;
        case FLOAT64 -> pixels.doubles()[i] /= 255;
        case INT64 -> throw new IllegalArgumentException("int64 pixels");
      }
    }
  }

  private static Path idx(Path folder, String start) {
    for (String dimensions : List.of("-idx3-ubyte", "-idx1-ubyte")) {
      for (String end : ENDS) {
        Path file = folder.resolve(start + dimensions + end);
        if (Files.exists(file)) {
          return file;
        }
      }
    }
    return null;
  }
}
