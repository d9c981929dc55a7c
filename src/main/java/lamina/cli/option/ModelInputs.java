package lamina.cli.option;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import lamina.format.TensorArgument;
import lamina.network.Model;
import lamina.tensor.DType;
import lamina.tensor.RandomNumbers;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;
import lamina.text.NearSpelling;

/**
 * The inputs of a network from a file that names them: INPUT arguments in its order, {@code
 * --input-tensor NAME=FILE}, one INPUT with a member for each, or the files of {@code --test-data}.
 */
public final class ModelInputs {
  private final Model model;
  private final TensorInputs inputs;

  public ModelInputs(Model model, TensorInputs inputs) {
    this.model = model;
    this.inputs = inputs;
  }

  /**
   * Reads them all.
   *
   * @param given the INPUT arguments
   * @param named the values of {@code --input-tensor}
   */
  public List<Tensor> read(List<String> given, List<String> named) {
    List<Model.Port> ports = model.inputs();
    Map<String, Tensor> found = new LinkedHashMap<>();
    for (String argument : named) {
      int equals = argument.indexOf('=');
      if (equals < 1) {
        throw new UsageException("--input-tensor takes NAME=TENSOR, not '" + argument + "'");
      }
      String name = argument.substring(0, equals);
      Model.Port port = port(name, "--input-tensor");
      if (found.containsKey(name)) {
        throw new UsageException("--input-tensor gives '" + name + "' twice");
      }
      found.put(name, read("--input-tensor", argument.substring(equals + 1), port));
    }
    List<Model.Port> open = new ArrayList<>();
    for (Model.Port port : ports) {
      if (!found.containsKey(port.name())) {
        open.add(port);
      }
    }
    List<String> arguments = given.isEmpty() && !open.isEmpty() ? List.of("-") : given;
    if (arguments.size() == 1 && open.size() > 1) {
      inputs
          .readAll("INPUT", arguments.get(0))
          .forEach((name, tensor) -> found.put(port(name, "INPUT").name(), tensor));
    } else if (arguments.size() > open.size()) {
      throw new UsageException(
          "unexpected argument '"
              + arguments.get(open.size())
              + "'; the model takes "
              + (ports.isEmpty() ? "no input" : names()));
    } else {
      for (int i = 0; i < arguments.size(); i++) {
        found.put(open.get(i).name(), read("INPUT", arguments.get(i), open.get(i)));
      }
    }
    List<Tensor> all = new ArrayList<>();
    for (Model.Port port : ports) {
      if (!found.containsKey(port.name())) {
        throw new InputException(
            "the input '"
                + port.name()
                + "' is missing; the model takes "
                + names()
                + ": give each as INPUT or --input-tensor NAME=TENSOR");
      }
      all.add(fitted(found.get(port.name()), port));
    }
    return all;
  }

  private String names() {
    List<String> names = new ArrayList<>();
    for (Model.Port port : model.inputs()) {
      names.add("'" + port.name() + "'");
    }
    return String.join(", ", names);
  }

  private Model.Port port(String name, String role) {
    List<String> names = new ArrayList<>();
    for (Model.Port port : model.inputs()) {
      if (port.name().equals(name)) {
        return port;
      }
      names.add(port.name());
    }
    String hint = NearSpelling.hint(name, names);
    throw new InputException(
        role
            + ": the model has no input '"
            + name
            + "'"
            + (hint.isEmpty() ? "; it takes " + names() : hint));
  }

  private Tensor read(String role, String argument, Model.Port port) {
    return inputs.read(role, argument, port.isInteger() ? DType.INT64 : inputs.dtype());
  }

  /** In the type that the model takes; a batch of one is put before a sample. */
  public static Tensor fitted(Tensor tensor, Model.Port port) {
    Tensor typed = tensor;
    if (port.isInteger() && tensor.dtype() != DType.INT64) {
      for (int i = 0; i < tensor.size(); i++) {
        if (tensor.get(i) != Math.rint(tensor.get(i))) {
          throw new InputException(
              "the input '" + port.name() + "' takes whole numbers, not " + tensor.get(i));
        }
      }
      typed = tensor.as(DType.INT64);
    }
    if (port.kind() != null && port.kind().isNarrow()) {
      requireRange(typed, port);
    }
    boolean isSample =
        port.shape() != null
            && port.shape().rank() == tensor.rank() + 1
            && tensor.rank() > 0
            && (port.shape().dim(0).is(1) || !port.shape().dim(0).isNumber());
    if (!isSample) {
      return typed;
    }
    int[] shape = new int[tensor.rank() + 1];
    shape[0] = 1;
    System.arraycopy(tensor.shape(), 0, shape, 1, tensor.rank());
    return typed.reshape(shape);
  }

  private static void requireRange(Tensor tensor, Model.Port port) {
    for (long value : tensor.longs()) {
      if (port.kind().cut(value) != value) {
        throw new InputException(
            "the input '"
                + port.name()
                + "' is "
                + port.kind().name().toLowerCase(Locale.ROOT)
                + ", which does not hold "
                + value);
      }
    }
  }

  /**
   * Normal numbers for every input, and zeros where whole numbers are wanted, which name something
   * in every table.
   *
   * @param batch the size of the first input's first axis, if the file leaves it open
   * @param given the shape of the first input, with its batch or without; null for the file's
   */
  public List<Tensor> random(int batch, String given, DType dtype) {
    Map<String, Dim> sizes = new LinkedHashMap<>();
    List<Tensor> all = new ArrayList<>();
    RandomNumbers random = new RandomNumbers(inputs.seed());
    for (Model.Port port : model.inputs()) {
      Shape shape = port.shape();
      if (all.isEmpty() && given != null) {
        shape = whole(Shape.parse(given), port.shape(), batch);
      }
      if (shape == null) {
        throw new InputException("the shape of the input '" + port.name() + "' is missing");
      }
      if (all.isEmpty() && batch != 1 && given == null && shape.dim(0).isNumber()) {
        throw new InputException(
            "--batch "
                + batch
                + ": the file fixes the input '"
                + port.name()
                + "' at "
                + shape
                + "; export it with an open batch");
      }
      if (all.isEmpty() && shape.rank() > 0 && !shape.dim(0).isNumber()) {
        shape = shape.with(0, Dim.of(batch));
      }
      for (int axis = 0; axis < shape.rank(); axis++) {
        if (all.isEmpty() && port.shape() != null && shape.rank() == port.shape().rank()) {
          sizes.put(port.shape().dim(axis).toString(), shape.dim(axis));
        }
        Dim size = shape.dim(axis);
        shape =
            size.isNumber() ? shape : shape.with(axis, sizes.getOrDefault(size.toString(), size));
      }
      if (!shape.isNumber()) {
        throw new UsageException(
            "the input '" + port.name() + "' is " + shape + ": give numbers for it as --input");
      }
      Tensor drawn = Tensor.zeros(port.isInteger() ? DType.INT64 : DType.FLOAT64, shape.sizes());
      for (int i = 0; i < drawn.size() && !port.isInteger(); i++) {
        drawn.doubles()[i] = random.nextGaussian();
      }
      all.add(port.isInteger() ? drawn : drawn.as(dtype));
    }
    return all;
  }

  private static Shape whole(Shape given, Shape declared, int batch) {
    if (declared == null || declared.rank() != given.rank() + 1) {
      return given;
    }
    List<Dim> dims = new ArrayList<>(given.dims());
    dims.add(0, Dim.of(batch));
    return new Shape(dims);
  }

  /** The inputs of a folder in the layout of ONNX's tests: {@code input_0.pb} and so on. */
  public List<Tensor> readTestData(String folder) {
    Path directory = folder(folder);
    List<Tensor> all = new ArrayList<>();
    for (Model.Port port : model.inputs()) {
      all.add(fitted(file(directory, folder, "input_" + all.size(), port.isInteger()), port));
    }
    return all;
  }

  /**
   * The outputs that such a folder expects, by their names.
   *
   * @param outputs what the model gave, whose types decide how files are read
   */
  public Map<String, Tensor> readExpected(String folder, List<Tensor> outputs) {
    Path directory = folder(folder);
    Map<String, Tensor> expected = new LinkedHashMap<>();
    for (int i = 0; i < outputs.size(); i++) {
      boolean isInteger = outputs.get(i).dtype() == DType.INT64;
      expected.put(model.outputs().get(i), file(directory, folder, "output_" + i, isInteger));
    }
    return expected;
  }

  private Path folder(String folder) {
    Path directory = inputs.options().directory().resolve(folder);
    if (!Files.isDirectory(directory)) {
      throw new InputException("--test-data: there is no folder '" + folder + "'");
    }
    return directory;
  }

  private Tensor file(Path directory, String folder, String name, boolean isInteger) {
    String file = name + ".pb";
    if (!Files.isRegularFile(directory.resolve(file))) {
      boolean isAbove = Files.isDirectory(directory.resolve("test_data_set_0"));
      throw new InputException(
          "--test-data: there is no '"
              + file
              + "' in '"
              + folder
              + "'"
              + (isAbove ? "; give the folder test_data_set_0 in it" : ""));
    }
    // A folder's name may look like a literal; its files do not.
    String path = directory.resolve(file).toString();
    return TensorArgument.file(path, inputs.options(isInteger ? DType.INT64 : inputs.dtype()));
  }
}
