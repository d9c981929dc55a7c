package lamina.network.read.family;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lamina.layer.ActivationLayer;
import lamina.layer.Call;
import lamina.layer.Compatibility;
import lamina.layer.Conv;
import lamina.layer.Layer;
import lamina.layer.LayerRegistry;
import lamina.network.Network;
import lamina.network.Node;
import lamina.network.read.ExpressionParser;

/**
 * The parts of a module and the way from one to the next, in the order of its {@code forward()}.
 * Outputs have names: those of parts, and {@link #INPUT} for what goes into the module.
 */
final class Wiring {
  /** What goes into the module. */
  static final String INPUT = Node.BLOCK_INPUT;

  private final Map<String, Node> parts = new LinkedHashMap<>();
  private final List<Node> nodes = new ArrayList<>();
  private int names;
  private String leftOut = "";

  Wiring(List<Node> list) {
    for (Node part : list) {
      parts.put(part.name(), part);
    }
  }

  /** What was joined. */
  List<Node> nodes() {
    return nodes;
  }

  /** Whose forward() this is, in words. */
  String origin() {
    return "the published forward(), recognised by class and parts" + leftOut;
  }

  /** Whether there is a part of this name. */
  boolean has(String name) {
    return parts.containsKey(name);
  }

  Node part(String name) {
    return parts.get(name);
  }

  List<String> names() {
    return new ArrayList<>(parts.keySet());
  }

  /**
   * Whether these are the parts, and no others.
   *
   * @param pattern names with what they are: {@code "conv1:Conv bn1:Norm fc downsample?"}; a part
   *     with {@code ?} may be missing; one of no kind may be anything, and so may an Identity
   */
  boolean match(String pattern) {
    int found = 0;
    for (String word : pattern.split(" ", -1)) {
      int colon = word.indexOf(':');
      boolean optional = word.endsWith("?");
      String plain = optional ? word.substring(0, word.length() - 1) : word;
      Node part = parts.get(colon < 0 ? plain : plain.substring(0, colon));
      if (part == null) {
        if (!optional) {
          return false;
        }
        continue;
      }
      found++;
      if (colon >= 0 && !isKind(part, plain.substring(colon + 1))) {
        return false;
      }
    }
    return found == parts.size();
  }

  private static boolean isKind(Node part, String kind) {
    String type = part.type();
    if (type.equals("Identity")) {
      return true;
    }
    return switch (kind) {
      case "Conv" -> type.startsWith("Conv");
      case "Norm" -> type.contains("Norm") || type.contains("BatchNormAct");
      case "Act" -> part instanceof Node.Leaf leaf && leaf.layer() instanceof ActivationLayer;
      case "Pool" -> type.contains("Pool");
      case "Block" -> part instanceof Node.Container;
      default -> type.equals(kind);
    };
  }

  /** Runs parts one after another; one that ran before runs again. */
  String chain(String from, String... names) {
    String at = from;
    for (String name : names) {
      at = run(parts.get(name), at);
    }
    return at;
  }

  /** Runs a part if the module has it. */
  String maybe(String from, String name) {
    return has(name) ? chain(from, name) : from;
  }

  /** Runs all parts in their order. */
  String all(String from) {
    return chain(from, parts.keySet().toArray(new String[0]));
  }

  /** Runs a part, or the same in another form. */
  String run(Node part, String from) {
    Node taken = part.named(part.name(), List.of(from));
    if (taken instanceof Node.Leaf leaf) {
      String output = part.name() + "/" + names++;
      nodes.add(leaf.giving(output));
      return output;
    }
    nodes.add(taken);
    return part.name();
  }

  /**
   * Runs a layer that forward() calls as a function.
   *
   * @param expression such as {@code Flatten(1)}
   */
  String call(String name, String expression, String... from) {
    Call call = ExpressionParser.parse(expression, name).get(0).call();
    Layer layer = LayerRegistry.create(call, Compatibility.TORCH);
    return call(new Node.Leaf(name, call.type(), expression, layer), from);
  }

  /** Runs a layer on one or more outputs. */
  String call(Node.Leaf leaf, String... from) {
    String output = leaf.name() + "/" + names++;
    nodes.add(leaf.named(leaf.name(), List.of(from)).giving(output));
    return output;
  }

  String flatten(String from) {
    return call("flatten", "Flatten(1)", from);
  }

  String add(String... from) {
    return call("add", "Add()", from);
  }

  String multiply(String... from) {
    return call("mul", "Mul()", from);
  }

  String concat(String... from) {
    return call("cat", "Concat(1)", from);
  }

  /** Leaves parts out that run in training only. */
  void leaveOut(String... names) {
    StringBuilder words = new StringBuilder();
    for (String name : names) {
      if (has(name)) {
        words.append(words.length() == 0 ? "" : " and ").append(name);
      }
    }
    if (words.length() > 0) {
      leftOut = "; " + words + " run in training only and are left out";
    }
  }

  /**
   * Whether a part, which is a chain of convolutions and others, gives what it takes: as many
   * channels, at every position. Then residual blocks add it to their input.
   */
  boolean keepsShape(String name) {
    List<Node.Leaf> leaves =
        new Network(new Node.Container("", "", true, List.of(parts.get(name))), null, false)
            .leaves();
    Conv first = null;
    Conv last = null;
    for (Node.Leaf leaf : leaves) {
      if (leaf.layer() instanceof Conv conv) {
        // The convolutions of a squeeze-and-excitation are of another path.
        if (leaf.name().startsWith("fc")) {
          continue;
        }
        first = first == null ? conv : first;
        last = conv;
        for (int stride : conv.window().stride()) {
          if (stride != 1) {
            return false;
          }
        }
      }
    }
    return first != null && first.inChannels() != null && first.inChannels().is(last.outChannels());
  }
}
