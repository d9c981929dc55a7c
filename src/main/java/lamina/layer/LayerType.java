package lamina.layer;

import java.util.ArrayList;
import java.util.List;

/**
 * What a kind of layer is called, takes and does: a line of {@link LayerRegistry}, which the
 * layer's own file states. Help, completion, near spellings and the readers of networks all come
 * from here.
 *
 * <p>Kinds are anonymous classes: with lambdas instead, a table of so many rows would take some ten
 * milliseconds of every start.
 */
public abstract class LayerType {
  private final List<String> names;
  private final String signature;
  private final String about;
  private List<String> keras = List.of();
  private List<String> onnx = List.of();

  /**
   * A kind of layer without a name in Keras and ONNX.
   *
   * @param names its names in PyTorch, separated by blanks, a family together; {@code Conv#d}
   *     stands for {@code Conv1d Conv2d Conv3d}
   * @param signature the arguments as PyTorch's documentation lists them: {@code "in_features,
   *     out_features, bias=True"}; one without a default must be given. A default is None, True,
   *     False, a word in single quotes or a number, which is whole without a point. {@code *dims}
   *     takes all positional ones. Lazy names go without the first
   * @param about what it does, in some words
   */
  protected LayerType(String names, String signature, String about) {
    this.names = expanded(names);
    this.signature = signature;
    this.about = about;
  }

  /**
   * The layer with these arguments.
   *
   * @return null for Sequential, which is no layer itself
   * @throws lamina.text.InputException if the arguments do not fit
   */
  public abstract Layer layer(LayerArguments args);

  /** States the names in Keras, separated by blanks; {@code Conv#D} as above. */
  public final LayerType keras(String kerasNames) {
    keras = expanded(kerasNames);
    return this;
  }

  /** States the operators of ONNX that do the same, separated by blanks. */
  public final LayerType onnx(String operators) {
    onnx = expanded(operators);
    return this;
  }

  private static List<String> expanded(String names) {
    if (names.isEmpty()) {
      return List.of();
    }
    List<String> expanded = new ArrayList<>();
    for (String name : names.split(" ", -1)) {
      int axes = name.indexOf('#');
      if (axes < 0) {
        expanded.add(name);
      }
      for (int count = 1; axes >= 0 && count <= 3; count++) {
        expanded.add(name.replace('#', (char) ('0' + count)));
      }
    }
    return List.copyOf(expanded);
  }

  /** Its names in PyTorch, a family together: {@code Conv1d}, {@code LazyConv1d}. */
  public final List<String> names() {
    return names;
  }

  /** The arguments as PyTorch's documentation lists them. */
  public final String signature() {
    return signature;
  }

  /** What it does, in some words. */
  public final String about() {
    return about;
  }

  /** Its names in Keras, none if there is no such layer. */
  public final List<String> keras() {
    return keras;
  }

  /** The operators of ONNX that do the same. */
  public final List<String> onnx() {
    return onnx;
  }

  /** The arguments of one of its names, each with its default: {@code stride=1}. */
  public final List<String> arguments(String name) {
    if (signature.isEmpty()) {
      return List.of();
    }
    List<String> arguments = List.of(signature.split(", ", -1));
    return name.startsWith("Lazy") ? arguments.subList(1, arguments.size()) : arguments;
  }

  /** The argument that follows from the input and may be left out; null if there is none. */
  public final String inferable() {
    int end = signature.indexOf(',');
    String first = end < 0 ? signature : signature.substring(0, end);
    return switch (first) {
      case "in_channels", "in_features", "num_features", "input_size" -> first;
      default -> null;
    };
  }
}
