package lamina.network.read.family;

import lamina.network.Node;

/** ResNet, ResNeXt and Wide ResNet of torchvision, and timm's where they print alike. */
final class ResNetFamily implements Family {
  @Override
  public boolean join(String type, Wiring parts) {
    return switch (type) {
      case "BasicBlock" -> basic(parts);
      case "Bottleneck" -> bottleneck(parts);
      case "ResNet" -> whole(parts);
      case "SEResNetBottleneck", "SEBottleneck", "SEResNeXtBottleneck" -> squeezed(parts);
      case "SENet" -> senet(parts);
      default -> false;
    };
  }

  private static boolean basic(Wiring parts) {
    String y;
    String last = "relu";
    if (parts.match("conv1:Conv bn1:Norm relu:Act conv2:Conv bn2:Norm downsample?")) {
      y = parts.chain(Wiring.INPUT, "conv1", "bn1", "relu", "conv2", "bn2");
    } else if (parts.match(
        "conv1:Conv bn1:Norm drop_block:Identity? act1:Act aa? conv2:Conv bn2:Norm se? drop_path?"
            + " act2:Act downsample?")) {
      y = parts.chain(Wiring.INPUT, "conv1", "bn1", "act1");
      y = parts.chain(parts.maybe(y, "aa"), "conv2", "bn2");
      y = parts.maybe(parts.maybe(y, "se"), "drop_path");
      last = "act2";
    } else {
      return false;
    }
    end(parts, y, last);
    return true;
  }

  private static boolean bottleneck(Wiring parts) {
    String y;
    String last = "relu";
    if (parts.match(
        "conv1:Conv bn1:Norm conv2:Conv bn2:Norm conv3:Conv bn3:Norm relu:Act downsample?")) {
      y = parts.chain(Wiring.INPUT, "conv1", "bn1", "relu", "conv2", "bn2", "relu");
      y = parts.chain(y, "conv3", "bn3");
    } else if (parts.match(
        "conv1:Conv bn1:Norm act1:Act conv2:Conv bn2:Norm drop_block:Identity? act2:Act aa?"
            + " conv3:Conv bn3:Norm se? drop_path? act3:Act downsample?")) {
      y = parts.chain(Wiring.INPUT, "conv1", "bn1", "act1", "conv2", "bn2", "act2");
      y = parts.chain(parts.maybe(y, "aa"), "conv3", "bn3");
      y = parts.maybe(parts.maybe(y, "se"), "drop_path");
      last = "act3";
    } else {
      return false;
    }
    end(parts, y, last);
    return true;
  }

  /** The bottleneck of squeeze-and-excitation networks, as pretrainedmodels has it. */
  private static boolean squeezed(Wiring parts) {
    if (!parts.match(
        "conv1:Conv bn1:Norm conv2:Conv bn2:Norm conv3:Conv bn3:Norm relu:Act se_module:SEModule"
            + " downsample?")) {
      return false;
    }
    String y = parts.chain(Wiring.INPUT, "conv1", "bn1", "relu", "conv2", "bn2", "relu");
    end(parts, parts.chain(y, "conv3", "bn3", "se_module"), "relu");
    return true;
  }

  private static boolean senet(Wiring parts) {
    if (!parts.match("layer0 layer1 layer2 layer3 layer4 avg_pool:Pool dropout? last_linear")) {
      return false;
    }
    String y = parts.chain(Wiring.INPUT, "layer0", "layer1", "layer2", "layer3", "layer4");
    y = parts.maybe(parts.chain(y, "avg_pool"), "dropout");
    parts.chain(parts.flatten(y), "last_linear");
    return true;
  }

  private static void end(Wiring parts, String y, String activation) {
    String shortcut = parts.maybe(Wiring.INPUT, "downsample");
    parts.chain(parts.add(y, shortcut), activation);
  }

  private static boolean whole(Wiring parts) {
    String stages = " maxpool:Pool layer1 layer2 layer3 layer4 ";
    String y;
    if (parts.match("conv1:Conv bn1:Norm relu:Act" + stages + "avgpool:Pool fc")) {
      y = parts.chain(Wiring.INPUT, "conv1", "bn1", "relu", "maxpool");
      y = parts.chain(y, "layer1", "layer2", "layer3", "layer4", "avgpool");
      y = parts.flatten(y);
    } else if (parts.match(
        "conv1 bn1:Norm act1:Act" + stages + "global_pool:SelectAdaptivePool2d fc")) {
      String pooling = pooling(parts.part("global_pool"));
      if (pooling == null) {
        return false;
      }
      y = parts.chain(Wiring.INPUT, "conv1", "bn1", "act1", "maxpool");
      y = parts.chain(y, "layer1", "layer2", "layer3", "layer4");
      y = parts.flatten(parts.call("global_pool", pooling, y));
    } else {
      return false;
    }
    parts.chain(y, "fc");
    return true;
  }

  /** timm's pooling prints what it takes of a map; null for what is neither mean nor maximum. */
  private static String pooling(Node part) {
    String text = part instanceof Node.Leaf leaf ? leaf.text() : "";
    return text.contains("pool_type=avg,")
        ? "AdaptiveAvgPool2d(1)"
        : text.contains("pool_type=max,") ? "AdaptiveMaxPool2d(1)" : null;
  }
}
