package lamina.network.read.family;

/** Blocks that several families of torchvision share. */
final class SharedBlocks implements Family {
  @Override
  public boolean join(String type, Wiring parts) {
    return switch (type) {
      case "Conv2dNormActivation",
          "Conv3dNormActivation",
          "ConvNormActivation",
          "ConvBNActivation",
          "ConvBNReLU" ->
          convNormActivation(parts);
      case "SqueezeExcitation" -> squeezeExcitation(parts);
      case "SEModule" -> seModule(parts);
      default -> false;
    };
  }

  /** A Sequential under a name of its own. */
  private static boolean convNormActivation(Wiring parts) {
    if (!parts.match("0:Conv 1? 2:Act?")) {
      return false;
    }
    parts.all(Wiring.INPUT);
    return true;
  }

  /** The same of timm, and of the ResNets with it before. */
  private static boolean seModule(Wiring parts) {
    String gate;
    if (parts.match("fc1:Conv bn:Norm? act:Act fc2:Conv gate:Act")) {
      gate = parts.call("mean", "Mean((2, 3), True)", Wiring.INPUT);
      gate = parts.maybe(parts.chain(gate, "fc1"), "bn");
      gate = parts.chain(gate, "act", "fc2", "gate");
    } else if (parts.match("avg_pool:Pool fc1:Conv relu:Act fc2:Conv sigmoid:Act")) {
      gate = parts.all(Wiring.INPUT);
    } else {
      return false;
    }
    parts.multiply(gate, Wiring.INPUT);
    return true;
  }

  /** The input times a gate that is made of its mean over all positions. */
  private static boolean squeezeExcitation(Wiring parts) {
    String gate;
    if (parts.match("avgpool:Pool fc1:Conv fc2:Conv activation:Act scale_activation:Act")) {
      gate = parts.chain(Wiring.INPUT, "avgpool", "fc1", "activation", "fc2", "scale_activation");
    } else if (parts.match("fc1:Conv relu:Act fc2:Conv")) {
      // Before torchvision 0.11, in MobileNetV3 alone.
      gate = parts.call("avgpool", "AdaptiveAvgPool2d(1)", Wiring.INPUT);
      gate = parts.chain(gate, "fc1", "relu", "fc2");
      gate = parts.call("hardsigmoid", "Hardsigmoid()", gate);
    } else {
      return false;
    }
    parts.multiply(gate, Wiring.INPUT);
    return true;
  }
}
