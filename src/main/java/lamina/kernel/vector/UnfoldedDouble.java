package lamina.kernel.vector;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;

/** Channels of one image in float64, laid out by an {@link Unfolding}. */
final class UnfoldedDouble {
  private static final int PANEL = TileDouble.PANEL;
  private static final int LANES = TileDouble.LANES;

  final Unfolding layout;

  /** The copy, or the input itself. */
  double[] data;

  /** Where the first channel starts. */
  int offset;

  private final double[] own;

  /** The pieces of a panel: where they go, where they come from in a plane, their lengths. */
  private int[] to = new int[PANEL];

  private int[] from = new int[PANEL];
  private int[] length = new int[PANEL];
  private int pieces;

  /** Room for so many channels. */
  UnfoldedDouble(Unfolding layout, int channels) {
    this.layout = layout;
    this.own = layout.direct ? null : BuffersDouble.takeZeros(room(layout, channels));
    this.data = own;
  }

  private UnfoldedDouble(UnfoldedDouble other) {
    layout = other.layout;
    own = other.own;
    data = other.data;
    offset = other.offset;
  }

  /** The same elements for another thread to read. */
  UnfoldedDouble view() {
    return new UnfoldedDouble(this);
  }

  /** Planes with room for a vector that starts at the last element. */
  private static int room(Unfolding layout, int channels) {
    return Math.addExact(Math.multiplyExact(channels, layout.plane), PANEL);
  }

  /** Gives its memory back. */
  void release() {
    if (own != null) {
      BuffersDouble.give(own);
    }
  }

  /** Takes the channels of x that start at {@code x0}. */
  void read(double[] x, int x0, int channels) {
    if (own == null) {
      data = x;
      offset = x0;
    } else {
      read(x, x0, 0, channels);
    }
  }

  /** Copies channels {@code first} to {@code end − 1} of those that start at {@code x0}. */
  void read(double[] x, int x0, int first, int end) {
    for (int channel = first; channel < end; channel++) {
      int source = x0 + channel * layout.windows.inPlane;
      copy(x, source, channel * layout.plane, true);
    }
  }

  /** The reverse of {@link #read}, after sums: those in the padding are dropped. */
  void write(double[] x, int x0, int channels) {
    if (own == null) {
      return;
    }
    for (int channel = 0; channel < channels; channel++) {
      copy(x, x0 + channel * layout.windows.inPlane, offset + channel * layout.plane, false);
    }
  }

  private void copy(double[] x, int x0, int plane, boolean read) {
    var w = layout.windows;
    for (int depth = 0; depth < layout.depth; depth++) {
      int inDepth = depth - w.padDepth;
      if (inDepth < 0 || inDepth >= w.inDepth) {
        continue;
      }
      int first = Math.max(0, w.padHeight);
      int end = Math.min(layout.height, w.inHeight + w.padHeight);
      for (int row = first; row < end; row++) {
        int source = x0 + (inDepth * w.inHeight + row - w.padHeight) * w.inWidth;
        copyRow(x, source, plane + (depth * layout.height + row) * layout.pitch, read);
      }
    }
  }

  private void copyRow(double[] x, int source, int row, boolean read) {
    int step = layout.windows.strideWidth;
    for (int phase = 0; phase < step; phase++) {
      int shift = layout.windows.padWidth - phase;
      int start = shift <= 0 ? 0 : (shift + step - 1) / step;
      int column = start * step - shift;
      int room = layout.windows.inWidth - column;
      int count = Math.min(layout.phaseWidth - start, room <= 0 ? 0 : (room + step - 1) / step);
      int target = row + phase * layout.phaseWidth + start;
      int at = source + column;
      if (step == 1) {
        if (count > 0 && read) {
          System.arraycopy(x, at, data, target, count);
        } else if (count > 0) {
          System.arraycopy(data, target, x, at, count);
        }
      } else if (read) {
        for (int i = 0; i < count; i++) {
          data[target + i] = x[at + i * step];
        }
      } else {
        for (int i = 0; i < count; i++) {
          x[at + i * step] = data[target + i];
        }
      }
    }
  }

  /** Finds the pieces of output positions that lie side by side and in one panel. */
  private void cut(int position, int count, int panelStep) {
    pieces = 0;
    if (to.length < count) {
      to = new int[count];
      from = new int[count];
      length = new int[count];
    }
    for (int done = 0; done < count; ) {
      int column = done % PANEL;
      to[pieces] = done / PANEL * panelStep + column;
      from[pieces] = layout.base(position + done);
      int run = Math.min(PANEL - column, layout.run(position + done));
      length[pieces] = Math.min(count - done, run);
      done += length[pieces++];
    }
  }

  /**
   * Packs the elements under some output positions into panels that start {@code panelStep} apart:
   * a row of each for each channel and tap. Columns of the last panel that no position has hold
   * anything.
   *
   * @param panelStep leaves room for a vector behind each panel
   */
  void pack(int channel, int channels, int position, int count, double[] panels, int panelStep) {
    cut(position, count, panelStep);
    int taps = layout.tapOffsets.length;
    int end = offset + (channel + channels - 1) * layout.plane;
    end += layout.tapOffsets[taps - 1] + from[pieces - 1] + length[pieces - 1] + LANES;
    int row = 0;
    for (int c = channel; c < channel + channels; c++) {
      int plane = offset + c * layout.plane;
      for (int tap : layout.tapOffsets) {
        if (end > data.length) {
          packExactly(plane + tap, panels, row);
        } else {
          packPieces(plane + tap, panels, row);
        }
        row += PANEL;
      }
    }
  }

  /** Whole vectors for every piece: what is too much, the next piece or row overwrites. */
  private void packPieces(int base, double[] panels, int row) {
    for (int piece = 0; piece < pieces; piece++) {
      int at = base + from[piece];
      int target = row + to[piece];
      DoubleVector.fromArray(TileDouble.SPECIES, data, at).intoArray(panels, target);
      if (length[piece] > LANES) {
        DoubleVector.fromArray(TileDouble.SPECIES, data, at + LANES)
            .intoArray(panels, target + LANES);
      }
    }
  }

  /** At the end of an input that is not a copy. */
  private void packExactly(int base, double[] panels, int row) {
    for (int piece = 0; piece < pieces; piece++) {
      System.arraycopy(data, base + from[piece], panels, row + to[piece], length[piece]);
    }
  }

  /** The elements under one output position, by channel and tap. */
  void column(int channel, int channels, int position, double[] column, int at) {
    int to = at;
    int base = layout.base(position);
    for (int c = channel; c < channel + channels; c++) {
      int plane = offset + c * layout.plane + base;
      for (int tap : layout.tapOffsets) {
        column[to++] = data[plane + tap];
      }
    }
  }

  /** The elements under {@code count} positions, a row of {@code rows} for each channel and tap. */
  void rows(int channel, int channels, int position, int count, double[] rows) {
    int row = 0;
    for (int c = channel; c < channel + channels; c++) {
      int plane = offset + c * layout.plane;
      for (int tap : layout.tapOffsets) {
        for (int done = 0; done < count; ) {
          int run = Math.min(count - done, layout.run(position + done));
          System.arraycopy(data, plane + tap + layout.base(position + done), rows, row + done, run);
          done += run;
        }
        row += count;
      }
    }
  }

  /** Adds rows, as {@link #rows} gives them, to the elements they came from. */
  void addRows(int channel, int channels, int position, int count, double[] rows) {
    int row = 0;
    for (int c = channel; c < channel + channels; c++) {
      int plane = offset + c * layout.plane;
      for (int tap : layout.tapOffsets) {
        for (int done = 0; done < count; ) {
          int run = Math.min(count - done, layout.run(position + done));
          add(run, rows, row + done, data, plane + tap + layout.base(position + done));
          done += run;
        }
        row += count;
      }
    }
  }

  private static void add(int count, double[] x, int x0, double[] sum, int s0) {
    int i = 0;
    for (; i + LANES <= count; i += LANES) {
      DoubleVector.fromArray(TileDouble.SPECIES, sum, s0 + i)
          .add(DoubleVector.fromArray(TileDouble.SPECIES, x, x0 + i))
          .intoArray(sum, s0 + i);
    }
    for (; i < count; i++) {
      sum[s0 + i] += x[x0 + i];
    }
  }

  /** Gets ready to add to the channels of dx, all zero, that start at {@code x0}. */
  void clear(double[] dx, int x0) {
    if (own == null) {
      data = dx;
      offset = x0;
    } else {
      Arrays.fill(own, 0);
    }
  }
}
