package lamina.network.read.family;

/** Inception v3 of torchvision, in evaluation: without the auxiliary head. */
final class InceptionFamily implements Family {
  private static final String IN = Wiring.INPUT;

  private static final String WHOLE =
      "Conv2d_1a_3x3 Conv2d_2a_3x3 Conv2d_2b_3x3 maxpool1:Pool Conv2d_3b_1x1 Conv2d_4a_3x3"
          + " maxpool2:Pool Mixed_5b Mixed_5c Mixed_5d Mixed_6a Mixed_6b Mixed_6c Mixed_6d Mixed_6e"
          + " AuxLogits? Mixed_7a Mixed_7b Mixed_7c avgpool:Pool dropout:Dropout fc";

  @Override
  public boolean join(String type, Wiring parts) {
    return switch (type) {
      case "InceptionA" -> a(parts);
      case "InceptionB" -> b(parts);
      case "InceptionC" -> c(parts);
      case "InceptionD" -> d(parts);
      case "InceptionE" -> e(parts);
      case "Inception3" -> whole(parts);
      default -> false;
    };
  }

  private static String pooled(Wiring parts) {
    String pooled = parts.call("avg_pool2d", "AvgPool2d(3, stride=1, padding=1)", IN);
    return parts.chain(pooled, "branch_pool");
  }

  private static boolean a(Wiring parts) {
    if (!parts.match(
        "branch1x1 branch5x5_1 branch5x5_2 branch3x3dbl_1 branch3x3dbl_2 branch3x3dbl_3"
            + " branch_pool")) {
      return false;
    }
    parts.concat(
        parts.chain(IN, "branch1x1"),
        parts.chain(IN, "branch5x5_1", "branch5x5_2"),
        parts.chain(IN, "branch3x3dbl_1", "branch3x3dbl_2", "branch3x3dbl_3"),
        pooled(parts));
    return true;
  }

  private static boolean b(Wiring parts) {
    if (!parts.match("branch3x3 branch3x3dbl_1 branch3x3dbl_2 branch3x3dbl_3")) {
      return false;
    }
    parts.concat(
        parts.chain(IN, "branch3x3"),
        parts.chain(IN, "branch3x3dbl_1", "branch3x3dbl_2", "branch3x3dbl_3"),
        parts.call("max_pool2d", "MaxPool2d(3, stride=2)", IN));
    return true;
  }

  private static boolean c(Wiring parts) {
    if (!parts.match(
        "branch1x1 branch7x7_1 branch7x7_2 branch7x7_3 branch7x7dbl_1 branch7x7dbl_2"
            + " branch7x7dbl_3 branch7x7dbl_4 branch7x7dbl_5 branch_pool")) {
      return false;
    }
    String deep = parts.chain(IN, "branch7x7dbl_1", "branch7x7dbl_2", "branch7x7dbl_3");
    parts.concat(
        parts.chain(IN, "branch1x1"),
        parts.chain(IN, "branch7x7_1", "branch7x7_2", "branch7x7_3"),
        parts.chain(deep, "branch7x7dbl_4", "branch7x7dbl_5"),
        pooled(parts));
    return true;
  }

  private static boolean d(Wiring parts) {
    if (!parts.match(
        "branch3x3_1 branch3x3_2 branch7x7x3_1 branch7x7x3_2 branch7x7x3_3 branch7x7x3_4")) {
      return false;
    }
    String deep = parts.chain(IN, "branch7x7x3_1", "branch7x7x3_2");
    parts.concat(
        parts.chain(IN, "branch3x3_1", "branch3x3_2"),
        parts.chain(deep, "branch7x7x3_3", "branch7x7x3_4"),
        parts.call("max_pool2d", "MaxPool2d(3, stride=2)", IN));
    return true;
  }

  private static boolean e(Wiring parts) {
    if (!parts.match(
        "branch1x1 branch3x3_1 branch3x3_2a branch3x3_2b branch3x3dbl_1 branch3x3dbl_2"
            + " branch3x3dbl_3a branch3x3dbl_3b branch_pool")) {
      return false;
    }
    String flat = parts.chain(IN, "branch3x3_1");
    String deep = parts.chain(IN, "branch3x3dbl_1", "branch3x3dbl_2");
    parts.concat(
        parts.chain(IN, "branch1x1"),
        parts.concat(parts.chain(flat, "branch3x3_2a"), parts.chain(flat, "branch3x3_2b")),
        parts.concat(parts.chain(deep, "branch3x3dbl_3a"), parts.chain(deep, "branch3x3dbl_3b")),
        pooled(parts));
    return true;
  }

  private static boolean whole(Wiring parts) {
    if (!parts.match(WHOLE)) {
      return false;
    }
    parts.leaveOut("AuxLogits");
    String y = IN;
    for (String name : parts.names()) {
      if (name.equals("fc")) {
        y = parts.flatten(y);
      }
      if (!name.equals("AuxLogits")) {
        y = parts.chain(y, name);
      }
    }
    return true;
  }
}
