package lamina.kernel.vector;

import java.util.Arrays;
import lamina.kernel.Windows;

/** Channels in float64, laid out by a {@link PlaneLayout}. */
final class PlanesDouble {
  final double[] data;
  private final PlaneLayout layout;
  private final double padding;

  /** Room for so many channels. */
  PlanesDouble(PlaneLayout layout, int channels, double padding) {
    this.layout = layout;
    this.padding = padding;
    int room = Math.multiplyExact(channels, layout.channel);
    room = Math.addExact(room, layout.margin + layout.pitch + 2 * TileDouble.LANES);
    data = BuffersDouble.take(room);
    Arrays.fill(data, 0, room, padding);
  }

  /** Gives its memory back. */
  void release() {
    BuffersDouble.give(data);
  }

  /** Copies the channels of x that start at {@code x0}, as far as windows reach. */
  void read(Windows w, int channels, double[] x, int x0) {
    int from = x0;
    int rows = Math.min(w.inHeight, layout.rows - w.padHeight);
    for (int channel = 0; channel < channels; channel++) {
      for (int slice = 0; slice < w.inDepth; slice++) {
        if (rows > 0 && slice + w.padDepth < layout.slices) {
          copy(channel, slice + w.padDepth, w.padHeight, rows, w.inWidth, x, from, 1);
        }
        from += w.inHeight * w.inWidth;
      }
    }
  }

  /**
   * Copies some rows of a slice of x, which lie one after another, to rows from {@code row} on.
   * Later ones than the copied may change: copy slices and channels in their order.
   *
   * @param stride how far apart the elements of a row come to lie; padding is put between them
   */
  void copy(int channel, int slice, int row, int rows, int width, double[] x, int x0, int stride) {
    int to = channel * layout.channel + layout.row(slice, row);
    RowsDouble.spread(rows, width, x, x0, stride, data, to, layout.pitch, padding);
  }
}
