package lamina.network.read.family;

/** RegNetX and RegNetY of torchvision. */
final class RegNetFamily implements Family {
  @Override
  public boolean join(String type, Wiring parts) {
    switch (type) {
      case "SimpleStemIN" -> {
        if (!parts.match("0:Conv 1:Norm 2:Act")) {
          return false;
        }
        parts.all(Wiring.INPUT);
      }
      case "BottleneckTransform" -> {
        if (!parts.match("a:Block b:Block se:Block? c:Block")) {
          return false;
        }
        parts.all(Wiring.INPUT);
      }
      case "AnyStage" -> {
        for (String name : parts.names()) {
          if (!name.startsWith("block")) {
            return false;
          }
        }
        parts.all(Wiring.INPUT);
      }
      case "ResBottleneckBlock" -> {
        if (!parts.match("proj? f:Block activation:Act")) {
          return false;
        }
        String shortcut = parts.maybe(Wiring.INPUT, "proj");
        parts.chain(parts.add(shortcut, parts.chain(Wiring.INPUT, "f")), "activation");
      }
      case "RegNet" -> {
        if (!parts.match("stem:Block trunk_output:Block avgpool:Pool fc")) {
          return false;
        }
        String y = parts.chain(Wiring.INPUT, "stem", "trunk_output", "avgpool");
        parts.chain(parts.flatten(y), "fc");
      }
      default -> {
        return false;
      }
    }
    return true;
  }
}
