package lamina.network.read.family;

/** MobileNetV2, MobileNetV3 and MNASNet of torchvision, whose blocks are inverted residuals. */
final class MobileNetFamily implements Family {
  @Override
  public boolean join(String type, Wiring parts) {
    return switch (type) {
      case "InvertedResidual" ->
          parts.match("conv:Block") ? residual(parts, "conv") : residual(parts, "block");
      case "_InvertedResidual" -> residual(parts, "layers");
      case "MobileNetV2" -> {
        if (!parts.match("features classifier")) {
          yield false;
        }
        String y = parts.chain(Wiring.INPUT, "features");
        y = parts.call("avgpool", "AdaptiveAvgPool2d((1, 1))", y);
        parts.chain(parts.flatten(y), "classifier");
        yield true;
      }
      case "MobileNetV3" -> {
        if (!parts.match("features avgpool:Pool classifier")) {
          yield false;
        }
        String y = parts.chain(Wiring.INPUT, "features", "avgpool");
        parts.chain(parts.flatten(y), "classifier");
        yield true;
      }
      case "MNASNet" -> {
        if (!parts.match("layers classifier")) {
          yield false;
        }
        String y = parts.chain(Wiring.INPUT, "layers");
        parts.chain(parts.call("mean", "Mean([2, 3])", y), "classifier");
        yield true;
      }
      default -> false;
    };
  }

  /** Adds its input where it keeps the shape. */
  private static boolean residual(Wiring parts, String name) {
    if (!parts.match(name + ":Block")) {
      return false;
    }
    String y = parts.chain(Wiring.INPUT, name);
    if (parts.keepsShape(name)) {
      parts.add(y, Wiring.INPUT);
    }
    return true;
  }
}
