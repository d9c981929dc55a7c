package lamina.train.data;

import lamina.tensor.Tensor;

/** Brings images {@code (C, H, W)} to the channels and the size that a network takes. */
final class ImageFit {
  private ImageFit() {}

  /**
   * An image with another number of channels: grey becomes colour by three equal channels, colour
   * becomes grey by ITU-R BT.601, transparency is left out.
   *
   * @param image 1 (grey), 2 (grey, alpha), 3 (colour) or 4 (colour, alpha) channels
   * @param channels 1 or 3
   */
  static Tensor channels(Tensor image, int channels) {
    int has = image.dim(0);
    if (has == channels) {
      return image;
    }
    int pixels = image.dim(1) * image.dim(2);
    Tensor result = Tensor.zeros(image.dtype(), channels, image.dim(1), image.dim(2));
    for (int c = 0; c < channels; c++) {
      for (int i = 0; i < pixels; i++) {
        double value =
            has < 3
                ? image.get(i)
                : channels == 3
                    ? image.get(c * pixels + i)
                    : 0.299 * image.get(i)
                        + 0.587 * image.get(pixels + i)
                        + 0.114 * image.get(2 * pixels + i);
        set(result, c * pixels + i, value);
      }
    }
    return result;
  }

  /**
   * An image of another size, bilinear; where it shrinks, the weights are stretched so that every
   * pixel counts (antialiasing, as Pillow's {@code resize} does).
   */
  static Tensor size(Tensor image, int height, int width) {
    Tensor result = image;
    if (width != result.dim(2)) {
      result = stretch(result, 2, width);
    }
    return height == result.dim(1) ? result : stretch(result, 1, height);
  }

  private static Tensor stretch(Tensor image, int axis, int size) {
    int[] shape = image.shape();
    int old = shape[axis];
    shape[axis] = size;
    Tensor result = Tensor.zeros(image.dtype(), shape);
    int inner = axis == 2 ? 1 : shape[2];
    int outer = image.size() / old / inner;
    double scale = (double) old / size;
    double support = Math.max(scale, 1);
    double[] weights = new double[old];
    for (int to = 0; to < size; to++) {
      double center = (to + 0.5) * scale;
      int first = Math.max(0, (int) (center - support + 0.5));
      int last = Math.min(old, (int) (center + support + 0.5));
      double sum = 0;
      for (int from = first; from < last; from++) {
        weights[from] = Math.max(0, 1 - Math.abs((from + 0.5 - center) / support));
        sum += weights[from];
      }
      for (int o = 0; o < outer; o++) {
        for (int i = 0; i < inner; i++) {
          double value = 0;
          for (int from = first; from < last; from++) {
            value += weights[from] * image.get((o * old + from) * inner + i);
          }
          set(result, (o * size + to) * inner + i, value / sum);
        }
      }
    }
    return result;
  }

  private static void set(Tensor tensor, int at, double value) {
    switch (tensor.dtype()) {
      case FLOAT64 -> tensor.doubles()[at] = value;
      case FLOAT32 -> tensor.floats()[at] = (float) value;
      case INT64 -> throw new IllegalArgumentException("pixels are not indices");
    }
  }
}
