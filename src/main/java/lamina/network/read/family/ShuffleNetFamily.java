package lamina.network.read.family;

import lamina.network.Node;

/** ShuffleNetV2 of torchvision. */
final class ShuffleNetFamily implements Family {
  private static final String WHOLE =
      "conv1:Block maxpool:Pool stage2:Block stage3:Block stage4:Block conv5:Block fc";

  @Override
  public boolean join(String type, Wiring parts) {
    if (type.equals("InvertedResidual") && parts.match("branch1 branch2:Block")) {
      unit(parts);
      return true;
    }
    if (type.equals("ShuffleNetV2") && parts.match(WHOLE)) {
      String y = parts.chain(Wiring.INPUT, "conv1", "maxpool", "stage2", "stage3", "stage4");
      y = parts.call("mean", "Mean([2, 3])", parts.chain(y, "conv5"));
      parts.chain(y, "fc");
      return true;
    }
    return false;
  }

  /** Without a stride, half of the channels goes past the block as it is. */
  private static void unit(Wiring parts) {
    boolean strides =
        parts.part("branch1") instanceof Node.Container branch && !branch.parts().isEmpty();
    String first;
    String second;
    if (strides) {
      first = parts.chain(Wiring.INPUT, "branch1");
      second = parts.chain(Wiring.INPUT, "branch2");
    } else {
      first = parts.call("chunk0", "Chunk(2, dim=1, index=0)", Wiring.INPUT);
      second = parts.call("chunk1", "Chunk(2, dim=1, index=1)", Wiring.INPUT);
      second = parts.chain(second, "branch2");
    }
    parts.call("shuffle", "ChannelShuffle(2)", parts.concat(first, second));
  }
}
