package lamina.network.read.family;

/** EfficientNet and EfficientNetV2 of torchvision. */
final class EfficientNetFamily implements Family {
  @Override
  public boolean join(String type, Wiring parts) {
    switch (type) {
      case "MBConv", "FusedMBConv" -> {
        if (!parts.match("block:Block stochastic_depth:StochasticDepth")) {
          return false;
        }
        String y = parts.chain(Wiring.INPUT, "block");
        if (parts.keepsShape("block")) {
          parts.add(parts.chain(y, "stochastic_depth"), Wiring.INPUT);
        }
      }
      case "EfficientNet" -> {
        if (!parts.match("features avgpool:Pool classifier")) {
          return false;
        }
        String y = parts.chain(Wiring.INPUT, "features", "avgpool");
        parts.chain(parts.flatten(y), "classifier");
      }
      default -> {
        return false;
      }
    }
    return true;
  }
}
