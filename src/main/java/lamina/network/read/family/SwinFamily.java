package lamina.network.read.family;

import java.util.ArrayList;
import java.util.List;
import lamina.layer.HiddenWindows;
import lamina.layer.Permute;
import lamina.network.Node;

/**
 * The SwinTransformer of torchvision, as far as its print shows it: window and heads of its
 * attention are not there.
 */
final class SwinFamily implements Family {
  @Override
  public boolean join(String type, Wiring parts) {
    return switch (type) {
      case "ShiftedWindowAttention" -> attention(parts);
      case "SwinTransformerBlock" -> block(parts);
      case "PatchMerging" -> merging(parts);
      case "SwinTransformer" -> whole(parts);
      default -> false;
    };
  }

  private static boolean attention(Wiring parts) {
    if (!parts.match("qkv:Linear proj:Linear")) {
      return false;
    }
    HiddenWindows windows = new HiddenWindows();
    String y = parts.chain(Wiring.INPUT, "qkv");
    y = parts.call(new Node.Leaf("windows", windows.type(), windows.type() + "()", windows), y);
    parts.chain(y, "proj");
    return true;
  }

  private static boolean block(Wiring parts) {
    if (!parts.match(
        "norm1:Norm attn:ShiftedWindowAttention stochastic_depth:StochasticDepth norm2:Norm"
            + " mlp:MLP")) {
      return false;
    }
    String y = parts.chain(Wiring.INPUT, "norm1", "attn", "stochastic_depth");
    String middle = parts.add(Wiring.INPUT, y);
    parts.add(middle, parts.chain(middle, "norm2", "mlp", "stochastic_depth"));
    return true;
  }

  /** Every second row and column, four times, side by side in the last axis. */
  private static boolean merging(Wiring parts) {
    if (!parts.match("reduction:Linear norm:Norm")) {
      return false;
    }
    List<String> quarters = new ArrayList<>();
    for (int column = 0; column < 2; column++) {
      for (int row = 0; row < 2; row++) {
        String name = "quarter" + quarters.size();
        String rows = parts.call(name + "_rows", "Slice(1, " + row + ", None, 2)", Wiring.INPUT);
        quarters.add(parts.call(name, "Slice(2, " + column + ", None, 2)", rows));
      }
    }
    String y = parts.call("cat", "Concat(-1)", quarters.toArray(new String[0]));
    parts.chain(y, "norm", "reduction");
    return true;
  }

  private static boolean whole(Wiring parts) {
    if (!parts.match(
            "features:Sequential norm:Norm permute:Permute avgpool:Pool flatten head:Linear")
        || !(parts.part("features") instanceof Node.Container features)
        || !(features.parts().get(0) instanceof Node.Container stem)) {
      return false;
    }
    List<Node> stages = new ArrayList<>(features.parts());
    stages.set(0, ordered(stem));
    Node.Container all = new Node.Container(features.name(), features.type(), true, stages);
    String y = parts.chain(parts.run(all, Wiring.INPUT), "norm");
    y = parts.run(ordered(parts.part("permute"), 0, 3, 1, 2), y);
    parts.chain(y, "avgpool", "flatten", "head");
    return true;
  }

  /** The stem, in which the channels go last. */
  private static Node ordered(Node.Container stem) {
    List<Node> parts = new ArrayList<>();
    for (Node part : stem.parts()) {
      parts.add(part.type().equals("Permute") ? ordered(part, 0, 2, 3, 1) : part);
    }
    return new Node.Container(stem.name(), stem.type(), true, parts);
  }

  private static Node ordered(Node part, int... order) {
    String text = "Permute(" + order[0] + ", " + order[1] + ", " + order[2] + ", " + order[3] + ")";
    return new Node.Leaf(part.name(), part.type(), text, new Permute(order));
  }
}
