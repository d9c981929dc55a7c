package lamina.network.read.family;

import lamina.layer.ClassToken;
import lamina.layer.LearnedPositions;
import lamina.network.Node;

/**
 * The VisionTransformer of torchvision. Its positions and its class token are parameters of its
 * own, which no print shows; the heads of its attention change neither shapes nor costs.
 */
final class VisionTransformerFamily implements Family {
  @Override
  public boolean join(String type, Wiring parts) {
    return switch (type) {
      case "MLPBlock", "MLP" -> perceptron(parts);
      case "EncoderBlock" -> block(parts);
      case "Encoder" -> encoder(parts);
      case "VisionTransformer" -> whole(parts);
      default -> false;
    };
  }

  private static boolean perceptron(Wiring parts) {
    boolean isKnown =
        parts.match("0:Linear 1:Act 2:Dropout 3:Linear 4:Dropout")
            || parts.match(
                "linear_1:Linear act:Act dropout_1:Dropout linear_2:Linear" + " dropout_2:Dropout");
    if (isKnown) {
      parts.all(Wiring.INPUT);
    }
    return isKnown;
  }

  private static boolean block(Wiring parts) {
    if (!parts.match(
        "ln_1:Norm self_attention:MultiheadAttention dropout:Dropout ln_2:Norm mlp:Block")) {
      return false;
    }
    String y = parts.chain(Wiring.INPUT, "ln_1", "self_attention", "dropout");
    String middle = parts.add(y, Wiring.INPUT);
    parts.add(middle, parts.chain(middle, "ln_2", "mlp"));
    return true;
  }

  private static boolean encoder(Wiring parts) {
    if (!parts.match("dropout:Dropout layers:Sequential ln:Norm")
        || !(parts.part("layers") instanceof Node.Container layers)
        || layers.parts().isEmpty()) {
      return false;
    }
    for (Node layer : layers.parts()) {
      if (!layer.type().equals("EncoderBlock") || !layer.name().startsWith("encoder_layer_")) {
        return false;
      }
    }
    LearnedPositions positions = new LearnedPositions("pos_embedding", null);
    String y =
        parts.call(new Node.Leaf("", positions.type(), "pos_embedding", positions), Wiring.INPUT);
    parts.chain(y, "dropout", "layers", "ln");
    return true;
  }

  private static boolean whole(Wiring parts) {
    if (!parts.match("conv_proj encoder:Encoder heads:Sequential")) {
      return false;
    }
    String y = parts.chain(Wiring.INPUT, "conv_proj");
    y = parts.call("flatten", "Flatten(2)", y);
    y = parts.call("permute", "Permute(0, 2, 1)", y);
    ClassToken token = new ClassToken("class_token", null);
    y = parts.call(new Node.Leaf("", token.type(), "class_token", token), y);
    y = parts.call("select", "Select(1, 0)", parts.chain(y, "encoder"));
    parts.chain(y, "heads");
    return true;
  }
}
