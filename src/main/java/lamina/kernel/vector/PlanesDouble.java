package lamina.kernel.vector;

import java.util.Arrays;

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
