package lamina.network.read.family;

/** GoogLeNet of torchvision, in evaluation: without the auxiliary heads. */
final class GoogLeNetFamily implements Family {
  private static final String WHOLE =
      "conv1 maxpool1:Pool conv2 conv3 maxpool2:Pool inception3a inception3b maxpool3:Pool"
          + " inception4a inception4b inception4c inception4d inception4e maxpool4:Pool inception5a"
          + " inception5b aux1? aux2? avgpool:Pool dropout:Dropout fc";

  @Override
  public boolean join(String type, Wiring parts) {
    return switch (type) {
      case "BasicConv2d" -> basicConv(parts);
      case "Inception" -> inception(parts);
      case "GoogLeNet" -> whole(parts);
      default -> false;
    };
  }

  /** Inception v3 has the same. */
  private static boolean basicConv(Wiring parts) {
    if (!parts.match("conv:Conv bn:Norm")) {
      return false;
    }
    parts.call("relu", "ReLU()", parts.chain(Wiring.INPUT, "conv", "bn"));
    return true;
  }

  private static boolean inception(Wiring parts) {
    if (!parts.match("branch1:Block branch2:Block branch3:Block branch4:Block")) {
      return false;
    }
    parts.concat(
        parts.chain(Wiring.INPUT, "branch1"),
        parts.chain(Wiring.INPUT, "branch2"),
        parts.chain(Wiring.INPUT, "branch3"),
        parts.chain(Wiring.INPUT, "branch4"));
    return true;
  }

  private static boolean whole(Wiring parts) {
    if (!parts.match(WHOLE)) {
      return false;
    }
    parts.leaveOut("aux1", "aux2");
    String y = Wiring.INPUT;
    for (String name : parts.names()) {
      if (name.equals("dropout")) {
        y = parts.flatten(y);
      }
      if (!name.startsWith("aux")) {
        y = parts.chain(y, name);
      }
    }
    return true;
  }
}
