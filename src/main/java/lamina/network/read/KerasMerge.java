package lamina.network.read;

import java.util.ArrayList;
import java.util.List;
import lamina.layer.Call;
import lamina.layer.Compatibility;
import lamina.layer.LayerRegistry;
import lamina.network.Node;
import lamina.network.Node.Leaf;
import lamina.tensor.Shape;
import lamina.text.InputException;

/** The layers of Keras that take several inputs. */
final class KerasMerge {
  private final KerasConfig config;
  private final String name;
  private final String source;
  private final List<Node> nodes = new ArrayList<>();

  KerasMerge(KerasConfig config, String name, String source) {
    this.config = config;
    this.name = name;
    this.source = source;
  }

  /**
   * What the layer does; null if it is none of these.
   *
   * @param from the names of its inputs
   * @param shapes their shapes with a batch; null where they are not known
   */
  List<Node> nodes(List<String> from, List<Shape> shapes) {
    String type = config.type();
    boolean isMerge =
        List.of(
                "Add",
                "Subtract",
                "Multiply",
                "Average",
                "Maximum",
                "Minimum",
                "Concatenate",
                "Dot")
            .contains(type);
    if (!isMerge) {
      return null;
    }
    if (from.size() < 2) {
      throw new InputException(
          source + ": " + type + " '" + name + "' takes several inputs, but has " + from.size());
    }
    switch (type) {
      case "Add" -> add(name, "Add()", from);
      case "Multiply" -> add(name, "Mul()", from);
      case "Maximum", "Minimum" -> add(name, type + "()", from);
      case "Concatenate" -> {
        int[] axes = config.value("axis") == null ? new int[] {-1} : config.axes("axis");
        // The axis 0 is the batch.
        if (axes.length != 1 || axes[0] == 0) {
          throw config.refused("axis");
        }
        add(name, "Concat(" + axes[0] + ")", from);
      }
      case "Average" -> {
        String sum = add(name + ".sum", "Add()", from);
        add(name, "Affine(" + 1.0 / from.size() + ")", List.of(sum));
      }
      case "Subtract" -> {
        checkTwo(from);
        String minus = add(name + ".minus", "Affine(-1)", List.of(from.get(1)));
        add(name, "Add()", List.of(from.get(0), minus));
      }
      default -> dot(from, shapes);
    }
    config.refuseTheRest();
    return nodes;
  }

  private void checkTwo(List<String> from) {
    if (from.size() != 2) {
      throw new InputException(
          source
              + ": "
              + config.type()
              + " '"
              + name
              + "' takes two inputs, but has "
              + from.size());
    }
  }

  /** The sums of products along an axis of each input, of vectors or of matrices. */
  private void dot(List<String> from, List<Shape> shapes) {
    checkTwo(from);
    int[] axes = config.axes("axes");
    int rank = shapes.get(0) == null ? 0 : shapes.get(0).rank();
    boolean fits =
        (rank == 2 || rank == 3)
            && shapes.get(1) != null
            && shapes.get(1).rank() == rank
            && axes.length >= 1
            && axes.length <= 2;
    if (!fits || config.flag("normalize", false)) {
      throw config.refused(fits ? "normalize" : "axes");
    }
    int first = axes[0] < 0 ? axes[0] + rank : axes[0];
    int last = axes[axes.length - 1];
    int second = last < 0 ? last + rank : last;
    if (first < 1 || first >= rank || second < 1 || second >= rank) {
      throw config.refused("axes");
    }
    if (rank == 2) {
      String row = add(name + ".row", "Unsqueeze(1)", List.of(from.get(0)));
      String column = add(name + ".column", "Unsqueeze(2)", List.of(from.get(1)));
      String product = add(name + ".product", "MatMul()", List.of(row, column));
      add(name, "Squeeze(2)", List.of(product));
      return;
    }
    String a = from.get(0);
    String b = from.get(1);
    if (first == 1) {
      a = add(name + ".first", "Transpose(1, 2)", List.of(a));
    }
    if (second == 2) {
      b = add(name + ".second", "Transpose(1, 2)", List.of(b));
    }
    add(name, "MatMul()", List.of(a, b));
  }

  /** Adds a part; gives the name of its output. */
  private String add(String part, String expression, List<String> from) {
    Call call = ExpressionParser.parse(expression, part).get(0).call();
    String text = config.type() + " '" + name + "'";
    nodes.add(
        new Leaf(
            part, config.type(), text, LayerRegistry.create(call, Compatibility.TENSORFLOW), from));
    return part;
  }
}
