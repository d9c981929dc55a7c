package lamina.report.html;

import lamina.tensor.Tensor;

/** Tensors as pictures. */
final class Pixels {
  private static final int NOTHING = 0xd8d8d8;

  private Pixels() {}

  /**
   * A grey or coloured picture, its least number black and its greatest white.
   *
   * @param tensor holds {@code (C, H, W)} from an offset on, with one or three channels
   */
  static String picture(Tensor tensor, int offset, int channels, int height, int width) {
    int plane = height * width;
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < channels * plane; i++) {
      double value = tensor.get(offset + i);
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    double range = high > low ? high - low : 1;
    int[] colours = new int[plane];
    for (int i = 0; i < plane; i++) {
      for (int c = 0; c < 3; c++) {
        double value = tensor.get(offset + (channels == 3 ? c * plane : 0) + i);
        colours[i] = colours[i] << 8 | (int) Math.round(255 * (value - low) / range);
      }
    }
    return Png.address(width, height, colours);
  }

  /** Numbers of both signs: 0 white, positive ones blue, negative ones orange. */
  static String signed(Tensor tensor, int offset, int height, int width) {
    double most = 0;
    for (int i = 0; i < height * width; i++) {
      most = Math.max(most, Math.abs(tensor.get(offset + i)));
    }
    int[] colours = new int[height * width];
    for (int i = 0; i < colours.length; i++) {
      double share = most == 0 ? 0 : tensor.get(offset + i) / most;
      colours[i] =
          share >= 0 ? mixed(0xffffff, 0x0b559f, share) : mixed(0xffffff, 0xb35806, -share);
    }
    return Png.address(width, height, colours);
  }

  /** A colour from dark violet over green to yellow for 0 to 1; grey for NaN. */
  static int warmth(double share) {
    int[] stops = {0x440154, 0x3b528b, 0x21918c, 0x5ec962, 0xfde725};
    if (Double.isNaN(share)) {
      return NOTHING;
    }
    double place = Math.max(0, Math.min(1, share)) * (stops.length - 1);
    int stop = Math.min((int) place, stops.length - 2);
    return mixed(stops[stop], stops[stop + 1], place - stop);
  }

  private static int mixed(int from, int to, double share) {
    int colour = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
      double a = from >> shift & 255;
      double b = to >> shift & 255;
      colour = colour << 8 | (int) Math.round(a + (b - a) * share);
    }
    return colour;
  }
}
