package lamina.network.read.family;

/** DenseNet of torchvision: each layer takes the outputs of all before it, side by side. */
final class DenseNetFamily implements Family {
  @Override
  public boolean join(String type, Wiring parts) {
    switch (type) {
      case "_DenseLayer" -> {
        if (!parts.match("norm1:Norm relu1:Act conv1:Conv norm2:Norm relu2:Act conv2:Conv")) {
          return false;
        }
        parts.chain(Wiring.INPUT, "norm1", "relu1", "conv1", "norm2", "relu2", "conv2");
      }
      case "_DenseBlock" -> {
        String features = Wiring.INPUT;
        for (String name : parts.names()) {
          if (!name.startsWith("denselayer")) {
            return false;
          }
          // The same channels as if each layer put all that came before it side by side.
          features = parts.concat(features, parts.chain(features, name));
        }
      }
      case "_Transition" -> {
        if (!parts.match("norm:Norm relu:Act conv:Conv pool:Pool")) {
          return false;
        }
        parts.all(Wiring.INPUT);
      }
      case "DenseNet" -> {
        if (!parts.match("features classifier")) {
          return false;
        }
        String y = parts.call("relu", "ReLU()", parts.chain(Wiring.INPUT, "features"));
        y = parts.call("avgpool", "AdaptiveAvgPool2d((1, 1))", y);
        parts.chain(parts.flatten(y), "classifier");
      }
      default -> {
        return false;
      }
    }
    return true;
  }
}
