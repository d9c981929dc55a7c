package lamina.check.diagnosis;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import lamina.check.Answer;
import lamina.tensor.Tensor;

/** The shapes in a result of {@code shape}: which of their axes are channels, which are spatial. */
final class LayerSizes {
  private final Answer all;
  private final String layout;

  /**
   * @param all the whole result
   * @param layout the order of its axes, or null for channels before the spatial ones
   */
  LayerSizes(Answer all, String layout) {
    this.all = all;
    this.layout = layout;
  }

  /** The places of convolutions and poolings among the layers. */
  static List<Integer> windows(Answer all) {
    List<Integer> places = new ArrayList<>();
    int count = (int) ((Tensor) all.member("layers.length")).get(0);
    for (int i = 0; i < count; i++) {
      String type = (String) all.member("layers." + i + ".type");
      if (type.matches("(Lazy)?(Conv|ConvTranspose|MaxPool|AvgPool)[123]d")) {
        places.add(i);
      }
    }
    return places;
  }

  Tensor output(int layer) {
    return (Tensor) all.member("layers." + layer + ".output");
  }

  /** What comes into a layer of a chain. */
  Tensor input(int layer) {
    return layer == 0 ? (Tensor) all.member("input") : output(layer - 1);
  }

  /** Whether an axis of a shape is spatial, of which there are {@code dims}. */
  boolean isSpatial(int axis, Tensor shape, int dims) {
    return layout == null
        ? axis >= shape.size() - dims
        : "dhw".indexOf(Character.toLowerCase(layout.charAt(axis))) >= 0;
  }

  int channelAxis(Tensor shape, int dims) {
    return layout == null ? shape.size() - dims - 1 : layout.toLowerCase(Locale.ROOT).indexOf('c');
  }

  double channels(Tensor shape, int dims) {
    return shape.get(channelAxis(shape, dims));
  }

  /** The product of the spatial sizes. */
  double positions(Tensor shape, int dims) {
    double product = 1;
    for (int axis = 0; axis < shape.size(); axis++) {
      product *= isSpatial(axis, shape, dims) ? shape.get(axis) : 1;
    }
    return product;
  }
}
