package lamina.network.read.family;

/** SqueezeNet of torchvision and its Fire modules. */
final class SqueezeNetFamily implements Family {
  private static final String FIRE =
      "squeeze:Conv squeeze_activation:Act expand1x1:Conv expand1x1_activation:Act"
          + " expand3x3:Conv expand3x3_activation:Act";

  @Override
  public boolean join(String type, Wiring parts) {
    if (type.equals("Fire") && parts.match(FIRE)) {
      String squeezed = parts.chain(Wiring.INPUT, "squeeze", "squeeze_activation");
      parts.concat(
          parts.chain(squeezed, "expand1x1", "expand1x1_activation"),
          parts.chain(squeezed, "expand3x3", "expand3x3_activation"));
      return true;
    }
    if (type.equals("SqueezeNet") && parts.match("features classifier")) {
      parts.flatten(parts.chain(Wiring.INPUT, "features", "classifier"));
      return true;
    }
    return false;
  }
}
