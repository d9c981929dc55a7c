package lamina.network.read.family;

/** AlexNet and VGG: features, a pool, and a classifier on all that is left as one row. */
final class ClassifierFamily implements Family {
  @Override
  public boolean join(String type, Wiring parts) {
    boolean isKnown = type.equals("AlexNet") || type.equals("VGG");
    if (!isKnown || !parts.match("features avgpool:Pool classifier")) {
      return false;
    }
    parts.chain(parts.flatten(parts.chain(Wiring.INPUT, "features", "avgpool")), "classifier");
    return true;
  }
}
