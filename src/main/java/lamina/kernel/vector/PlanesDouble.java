package lamina.kernel.vector;

import java.util.Arrays;
import lamina.kernel.WindowPlacement;

/** Channels in float64, laid out by a {@link PlaneLayout}. */
final class PlanesDouble {
  final double[] data;
  final PlaneLayout layout;
  private final double padding;

  /** Makes room for a number of channels. */
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
  void read(WindowPlacement w, int channels, double[] x, int x0) {
    int rows = Math.min(w.inHeight, layout.rows - w.padHeight);
    int slices = Math.min(w.inDepth, layout.slices - w.padDepth);
    if (rows <= 0) {
      return;
    }
    for (int channel = 0; channel < channels; channel++) {
      for (int slice = 0; slice < slices; slice++) {
        int from = x0 + (channel * w.inDepth + slice) * w.inHeight * w.inWidth;
        if (layout.phases == 1) {
          copy(channel, slice + w.padDepth, w.padHeight, rows, w.inWidth, x, from, 1);
        } else {
          deal(w, channel, slice + w.padDepth, rows, x, from);
        }
      }
    }
  }

  /** Copies some rows of a slice of x and puts each column into its phase. */
  private void deal(WindowPlacement w, int channel, int slice, int rows, double[] x, int x0) {
    int phases = layout.phases;
    int to = channel * layout.channel + layout.row(slice, w.padHeight);
    int[] start = new int[phases];
    int[] width = new int[phases];
    for (int first = 0; first < phases; first++) {
      int column = w.padWidth + first;
      start[first] = to + column % phases * layout.phase + column / phases;
      width[first] =
          Math.min((w.inWidth - first + phases - 1) / phases, layout.pitch - column / phases);
    }
    int pitch = layout.pitch;
    if (phases == 2 && width[0] > 0 && width[1] > 0) {
      RowsDouble.deal(rows, width, x, x0, w.inWidth, data, start, pitch, padding);
      return;
    }
    for (int i = 0; i < phases; i++) {
      if (width[i] > 0) {
        RowsDouble.gather(
            rows, width[i], x, x0 + i, w.inWidth, phases, data, start[i], pitch, padding);
      }
    }
  }

  /**
   * Copies some rows of a slice of x, which lie one after another, to rows from {@code row} on. The
   * rows after them may change: slices and channels must be copied in their order.
   *
   * @param stride how far apart the elements of a row come to lie; padding is put between them
   */
  void copy(int channel, int slice, int row, int rows, int width, double[] x, int x0, int stride) {
    int to = channel * layout.channel + layout.row(slice, row);
    RowsDouble.spread(rows, width, x, x0, stride, data, to, layout.pitch, padding);
  }
}
