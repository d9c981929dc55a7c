package lamina.layer;

import java.util.ArrayList;
import java.util.List;

/**
 * What a kind of layer is called, takes and does: a line of {@link LayerRegistry}, which the
 * layer's own file states. Help, completion, near spellings and the readers of networks all come
 * from here.
 *
 * @param names its names in PyTorch, a family together: {@code Conv1d}, {@code LazyConv1d}
 * @param signature the arguments as PyTorch's documentation lists them: {@code "in_features,
 *     out_features, bias=True"}; {@code *dims} takes all positional ones. Lazy names go without the
 *     first
 * @param about what it does, in some words
 * @param keras its names in Keras, none if there is no such layer
 * @param onnx the operators of ONNX that do the same
 * @param factory makes the layer; null for Sequential, which is no layer itself
 */
public record LayerType(
    List<String> names,
    String signature,
    String about,
    List<String> keras,
    List<String> onnx,
    Factory factory) {

  /** Makes a layer of its arguments. */
  public interface Factory {
    /**
     * The layer.
     *
     * @throws lamina.text.InputException if the arguments do not fit
     */
    Layer of(LayerArguments arguments);
  }

  /**
   * A kind of layer without a name in Keras and ONNX.
   *
   * @param names separated by blanks; {@code Conv#d} stands for {@code Conv1d Conv2d Conv3d}
   */
  public static LayerType of(String names, String signature, String about, Factory factory) {
    return new LayerType(expanded(names), signature, about, List.of(), List.of(), factory);
  }

  /** The same with its names in Keras, separated by blanks; {@code Conv#D} as above. */
  public LayerType keras(String kerasNames) {
    return new LayerType(names, signature, about, expanded(kerasNames), onnx, factory);
  }

  /** The same with the names of its operators in ONNX, separated by blanks. */
  public LayerType onnx(String operators) {
    return new LayerType(names, signature, about, keras, expanded(operators), factory);
  }

  private static List<String> expanded(String names) {
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
    return expanded;
  }

  /** The arguments of one of its names, each with its default: {@code stride=1}. */
  public List<String> arguments(String name) {
    if (signature.isEmpty()) {
      return List.of();
    }
    List<String> arguments = new ArrayList<>(List.of(signature.split(", ", -1)));
    return name.startsWith("Lazy") ? arguments.subList(1, arguments.size()) : arguments;
  }

  /** The argument that follows from the input and may be left out; null if there is none. */
  public String inferable() {
    int end = signature.indexOf(',');
    String first = end < 0 ? signature : signature.substring(0, end);
    return switch (first) {
      case "in_channels", "in_features", "num_features", "input_size" -> first;
      default -> null;
    };
  }
}
