package lamina.network.read.family;

import lamina.network.Node;

/**
 * PyTorch's TransformerEncoder and its layers. Whether a layer normalises first changes no shape
 * and no cost.
 */
final class TransformerFamily implements Family {
  @Override
  public boolean join(String type, Wiring parts) {
    return switch (type) {
      case "TransformerEncoderLayer" -> layer(parts);
      case "TransformerEncoder" -> stack(parts);
      default -> false;
    };
  }

  private static boolean layer(Wiring parts) {
    if (!parts.match(
        "self_attn linear1:Linear dropout:Dropout linear2:Linear norm1:Norm norm2:Norm"
            + " dropout1:Dropout dropout2:Dropout")) {
      return false;
    }
    String attended = parts.chain(Wiring.INPUT, "self_attn", "dropout1");
    String middle = parts.chain(parts.add(Wiring.INPUT, attended), "norm1");
    String y = parts.chain(middle, "linear1");
    y = parts.call("activation", "ReLU()", y);
    y = parts.chain(y, "dropout", "linear2", "dropout2");
    parts.chain(parts.add(middle, y), "norm2");
    return true;
  }

  private static boolean stack(Wiring parts) {
    boolean isStack = parts.match("layers norm:Norm?");
    if (!isStack || !(parts.part("layers") instanceof Node.Container layers)) {
      return false;
    }
    Node.Container chain =
        new Node.Container(layers.name(), layers.type(), true, layers.parts(), layers.inputs());
    parts.maybe(parts.run(chain, Wiring.INPUT), "norm");
    return true;
  }
}
