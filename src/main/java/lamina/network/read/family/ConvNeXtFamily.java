package lamina.network.read.family;

import java.util.ArrayList;
import java.util.List;
import lamina.layer.LayerScale;
import lamina.layer.Permute;
import lamina.network.Node;

/** ConvNeXt of torchvision. */
final class ConvNeXtFamily implements Family {
  /** What prints as {@code Permute()}: first the channels go last, then back. */
  private static final int[][] ORDERS = {{0, 2, 3, 1}, {0, 3, 1, 2}};

  @Override
  public boolean join(String type, Wiring parts) {
    if (type.equals("CNBlock") && parts.match("block:Block stochastic_depth:StochasticDepth")) {
      String y = parts.run(withOrders((Node.Container) parts.part("block")), Wiring.INPUT);
      // The parameter is the block's own: without a name it has that of the block.
      LayerScale scale = new LayerScale("layer_scale", null, false);
      y = parts.call(new Node.Leaf("", scale.type(), "layer_scale", scale), y);
      parts.add(parts.chain(y, "stochastic_depth"), Wiring.INPUT);
      return true;
    }
    if (type.equals("ConvNeXt") && parts.match("features avgpool:Pool classifier")) {
      parts.all(Wiring.INPUT);
      return true;
    }
    return false;
  }

  private static Node withOrders(Node.Container block) {
    List<Node> parts = new ArrayList<>();
    int orders = 0;
    for (Node part : block.parts()) {
      if (part.type().equals("Permute") && orders < ORDERS.length) {
        int[] order = ORDERS[orders++];
        String text = "Permute(0, " + order[1] + ", " + order[2] + ", " + order[3] + ")";
        parts.add(new Node.Leaf(part.name(), part.type(), text, new Permute(order)));
      } else {
        parts.add(part);
      }
    }
    return new Node.Container(block.name(), block.type(), true, parts);
  }
}
