package lamina.network;

import java.util.ArrayList;
import java.util.List;
import lamina.layer.Compatibility;
import lamina.network.read.ExpressionParser;
import lamina.network.read.JsonNetwork;
import lamina.network.read.NodeBuilder;
import lamina.tensor.Shape;

/**
 * A network as a specification describes it, without weights.
 *
 * @param root the whole
 * @param input the shape of the input, or null if the specification does not say
 * @param channelsLast whether the specification's shapes, that of the input included, have the
 *     channels last, as Keras's have
 */
public record Network(Node.Container root, Shape input, boolean channelsLast) {
  /**
   * Reads a specification: layer expressions, the text of {@code print(model)}, JSON, or the JSON
   * of a Keras model.
   *
   * @param source what messages call the text
   * @throws lamina.text.InputException if the text is malformed, a layer's arguments are wrong, or
   *     the name of a layer is misspelt
   */
  public static Network parse(String text, String source, Compatibility compatibility) {
    if (JsonNetwork.isJson(text)) {
      return new JsonNetwork(source, compatibility).read(text);
    }
    NodeBuilder builder = new NodeBuilder(source, compatibility);
    return new Network(builder.root(ExpressionParser.parse(text, source)), null, false);
  }

  /**
   * Several specifications, the parts of all one after another.
   *
   * @throws lamina.text.InputException as {@link #parse}, or if one of several is Keras's
   */
  public static Network join(List<Network> networks) {
    if (networks.size() == 1) {
      return networks.get(0);
    }
    List<Node> parts = new ArrayList<>();
    Shape input = null;
    boolean channelsLast = false;
    for (Network network : networks) {
      input = input == null ? network.input : input;
      channelsLast |= network.channelsLast;
      if (network.root.sequential()) {
        parts.addAll(network.root.parts());
      } else {
        parts.add(network.root);
      }
    }
    List<Node> numbered = new ArrayList<>();
    for (Node part : parts) {
      numbered.add(NodeBuilder.renumbered(part, numbered.size()));
    }
    return new Network(new Node.Container("", "Sequential", true, numbered), input, channelsLast);
  }

  /** The single layers, first to last. */
  public List<Node.Leaf> leaves() {
    List<Node.Leaf> leaves = new ArrayList<>();
    addLeaves(root, leaves);
    return leaves;
  }

  static void addLeaves(Node node, List<Node.Leaf> leaves) {
    if (node instanceof Node.Leaf leaf) {
      leaves.add(leaf);
    } else if (node instanceof Node.Container container) {
      for (Node part : container.parts()) {
        addLeaves(part, leaves);
      }
    }
  }
}
