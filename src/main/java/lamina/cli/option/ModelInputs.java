package lamina.cli.option;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import lamina.network.Model;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;
import lamina.text.NearSpelling;

/**
 * The inputs of a network from a file that names them: INPUT arguments in its order, {@code
 * --input-tensor NAME=FILE}, or one INPUT with a member for each.
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
    Map<String, Tensor> found = new LinkedHashMap<>();
    readNamed(named, found);
    readOthers(given, found);
    return inOrder(found);
  }

  /**
   * The inputs of a model among named tensors, in its order.
   *
   * @throws InputException if one is missing, or there are others
   */
  public static List<Tensor> ordered(Model model, Map<String, Tensor> given) {
    ModelInputs inputs = new ModelInputs(model, null);
    given.keySet().forEach(name -> inputs.port(name, "INPUT"));
    return inputs.inOrder(given);
  }

  private List<Tensor> inOrder(Map<String, Tensor> found) {
    List<Tensor> all = new ArrayList<>();
    for (Model.Port port : model.inputs()) {
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

  /** Reads the inputs that are given by name. */
  private void readNamed(List<String> named, Map<String, Tensor> found) {
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
  }

  /** Reads the inputs that are given in order: those that no name was given for. */
  private void readOthers(List<String> given, Map<String, Tensor> found) {
    List<Model.Port> open = new ArrayList<>(model.inputs());
    open.removeIf(port -> found.containsKey(port.name()));
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
              + (model.inputs().isEmpty() ? "no input" : names()));
    } else {
      for (int i = 0; i < arguments.size(); i++) {
        found.put(open.get(i).name(), read("INPUT", arguments.get(i), open.get(i)));
      }
    }
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
}
