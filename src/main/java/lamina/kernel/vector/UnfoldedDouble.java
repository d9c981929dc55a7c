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

  /**
   * The pieces of a panel's row: where each goes in the row, and where it comes from in a plane.
   */
  private final int[] to = new int[PANEL];

  private final int[] from = new int[PANEL];
  private final int[] length = new int[PANEL];
  private int pieces;

  /** Makes room for a number of channels. */
  UnfoldedDouble(Unfolding layout, int channels) {
    this.layout = layout;
    this.own = layout.direct ? null : BuffersDouble.take(room(layout, channels));
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

  /** The size of an array for some planes, and for a vector that starts at the last element. */
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

  /**
   * Copies channels {@code first} to {@code end − 1} of those that start at {@code x0}, and sets
   * the padding to zeros.
   */
  void read(double[] x, int x0, int first, int end) {
    for (int channel = first; channel < end; channel++) {
      int source = x0 + channel * layout.windows.inPlane;
      copy(x, source, channel * layout.plane, -layout.windows.padHeight, true);
    }
  }

  /**
   * Copies a channel of those that start at {@code x0}, as if the padded input began at a lower
   * row.
   */
  void readFrom(int row, double[] x, int x0, int channel) {
    int source = x0 + channel * layout.windows.inPlane;
    copy(x, source, channel * layout.plane, row - layout.windows.padHeight, true);
  }

  /**
   * Copies the sums back to where {@link #read} took the elements from. Those in the padding are
   * dropped.
   */
  void write(double[] x, int x0, int channels) {
    if (own == null) {
      return;
    }
    for (int channel = 0; channel < channels; channel++) {
      int plane = offset + channel * layout.plane;
      copy(x, x0 + channel * layout.windows.inPlane, plane, -layout.windows.padHeight, false);
    }
  }

  /** Copies between a plane and a channel whose row {@code above} meets the plane's first one. */
  private void copy(double[] x, int x0, int plane, int above, boolean read) {
    var w = layout.windows;
    for (int depth = 0; depth < layout.depth; depth++) {
      int inDepth = depth - w.padDepth;
      boolean inside = inDepth >= 0 && inDepth < w.inDepth;
      for (int row = 0; row < layout.phaseHeight * layout.strideHeight; row++) {
        int place = layout.rowPhases[row % layout.strideHeight];
        if (place >= 0) {
          int inRow = row + above;
          int target = plane + depth * layout.slice + layout.phase(place, 0);
          target += row / layout.strideHeight * layout.phaseWidth;
          if (!inside || inRow < 0 || inRow >= w.inHeight) {
            clearRow(target, read);
          } else {
            int source = x0 + (inDepth * w.inHeight + inRow) * w.inWidth;
            copyRow(x, source, target, read);
          }
        }
      }
    }
  }

  private void clearRow(int row, boolean read) {
    for (int phase = 0; phase < layout.strideWidth && read; phase++) {
      if (layout.columnPhases[phase] >= 0) {
        int target = row + layout.phase(0, layout.columnPhases[phase]);
        fill(target, target + layout.phaseWidth);
      }
    }
  }

  private void copyRow(double[] x, int source, int row, boolean read) {
    int step = layout.strideWidth;
    int base = source - layout.windows.padWidth;
    int first = 0;
    int end = 0;
    if (read && step == 4 && layout.columnPhases[2] == 2 && layout.columnPhases[3] == 3) {
      int[] firsts = layout.firstColumns;
      int[] ends = layout.endColumns;
      first = Math.max(Math.max(firsts[0], firsts[1]), Math.max(firsts[2], firsts[3]));
      end = Math.min(Math.min(ends[0], ends[1]), Math.min(ends[2], ends[3]));
      fourPhases(first, end, x, base, data, row, layout.phase(0, 1));
    }
    for (int phase = 0; phase < step; phase++) {
      int place = layout.columnPhases[phase];
      if (place >= 0) {
        int target = row + layout.phase(0, place);
        int from = base + phase;
        int start = layout.firstColumns[phase];
        int last = layout.endColumns[phase];
        if (!read) {
          for (int i = start; i < last; i++) {
            x[from + i * step] = data[target + i];
          }
          continue;
        }
        fill(target, target + start);
        if (first < end) {
          gather(start, first, x, from, step, data, target);
          gather(end, last, x, from, step, data, target);
        } else {
          gather(start, last, x, from, step, data, target);
        }
        fill(target + last, target + layout.phaseWidth);
      }
    }
  }

  /** Writes zeros. It has a loop of its own because most often there is a single one to write. */
  private void fill(int from, int end) {
    for (int i = from; i < end; i++) {
      data[i] = 0;
    }
  }

  /**
   * {@code to[at + i] = x[x0 + i · step]}; with a step that is a constant, the JIT compiler can
   * leave out checks.
   */
  private static void gather(
      int first, int end, double[] x, int x0, int step, double[] to, int toOffset) {
    if (step == 1) {
      System.arraycopy(x, x0 + first, to, toOffset + first, Math.max(0, end - first));
    } else if (step == 2) {
      for (int i = first; i < end; i++) {
        to[toOffset + i] = x[x0 + 2 * i];
      }
    } else {
      for (int i = first; i < end; i++) {
        to[toOffset + i] = x[x0 + i * step];
      }
    }
  }

  /** Copies the four phases of a stride of four at once; the phases lie {@code apart}. */
  private static void fourPhases(
      int first, int end, double[] x, int x0, double[] to, int toOffset, int apart) {
    int second = toOffset + apart;
    int third = second + apart;
    int fourth = third + apart;
    for (int i = first; i < end; i++) {
      to[toOffset + i] = x[x0 + 4 * i];
      to[second + i] = x[x0 + 4 * i + 1];
      to[third + i] = x[x0 + 4 * i + 2];
      to[fourth + i] = x[x0 + 4 * i + 3];
    }
  }

  /** Cuts the output positions of a panel into pieces whose elements lie side by side. */
  private void cut(int position, int count) {
    pieces = 0;
    for (int done = 0; done < count; ) {
      to[pieces] = done;
      from[pieces] = layout.base(position + done);
      length[pieces] = Math.min(count - done, layout.run(position + done));
      done += length[pieces++];
    }
  }

  /** Whether a whole panel can be read from here on. */
  boolean canRead(int offset) {
    return offset + PANEL <= data.length;
  }

  /**
   * Packs the elements under neighbouring output positions into a panel: a row for each channel and
   * tap. Columns without a position may have any values.
   *
   * @param offsets where the elements of a window lie, as {@link Unfolding#offsets} gives them
   * @param first the first of them to pack
   * @param k how many of them to pack
   * @param count how many positions, at most a panel's columns
   * @param panel has room for a vector behind its last row
   * @param p0 where the panel starts in its array
   */
  void pack(int[] offsets, int first, int k, int position, int count, double[] panel, int p0) {
    cut(position, count);
    int end = offset + offsets[first + k - 1] + from[pieces - 1];
    if (own == null
        && end + (pieces == 1 && length[0] > LANES ? PANEL : length[pieces - 1] + LANES)
            > data.length) {
      packExactly(offsets, first, k, panel, p0);
    } else if (pieces == 1 && length[0] > LANES) {
      packWhole(offsets, first, k, offset + from[0], panel, p0);
    } else if (pieces == 2) {
      packTwo(offsets, first, k, panel, p0);
    } else {
      packPieces(offsets, first, k, panel, p0);
    }
  }

  /** Packs {@code count} elements from each place on, as {@link #pack} does. */
  void packRun(int[] offsets, int first, int k, int base, int count, double[] panel, int p0) {
    for (int i = 0; i < k; i++) {
      System.arraycopy(data, base + offsets[first + i], panel, p0 + i * PANEL, count);
    }
  }

  /** Packs whole rows of a panel from each place on. */
  void packWhole(int[] offsets, int first, int k, int base, double[] panel, int p0) {
    double[] x = data;
    for (int i = 0; i < k; i++) {
      int inputOffset = base + offsets[first + i];
      copyVector(x, inputOffset, panel, p0 + i * PANEL);
      copyVector(x, inputOffset + LANES, panel, p0 + i * PANEL + LANES);
    }
  }

  /**
   * Packs two pieces, as whole vectors: the next piece or row overwrites what they write too much.
   */
  private void packTwo(int[] offsets, int first, int k, double[] panel, int p0) {
    double[] x = data;
    int left = offset + from[0];
    int right = offset + from[1];
    int split = to[1];
    boolean wideLeft = split > LANES;
    boolean wideRight = length[1] > LANES;
    for (int i = 0; i < k; i++) {
      int shift = offsets[first + i];
      int target = p0 + i * PANEL;
      copyVector(x, left + shift, panel, target);
      if (wideLeft) {
        copyVector(x, left + shift + LANES, panel, target + LANES);
      }
      copyVector(x, right + shift, panel, target + split);
      if (wideRight) {
        copyVector(x, right + shift + LANES, panel, target + split + LANES);
      }
    }
  }

  /** Packs any number of pieces, as whole vectors. */
  private void packPieces(int[] offsets, int first, int k, double[] panel, int p0) {
    double[] x = data;
    for (int i = 0; i < k; i++) {
      int base = offset + offsets[first + i];
      int target = p0 + i * PANEL;
      for (int piece = 0; piece < pieces; piece++) {
        copyVector(x, base + from[piece], panel, target + to[piece]);
        if (length[piece] > LANES) {
          copyVector(x, base + from[piece] + LANES, panel, target + to[piece] + LANES);
        }
      }
    }
  }

  static void copyVector(double[] x, int inputOffset, double[] target, int to) {
    DoubleVector.fromArray(TileDouble.SPECIES, x, inputOffset).intoArray(target, to);
  }

  /**
   * Packs element by element, at the end of an input that is not a copy: there, no vector may be
   * read.
   */
  private void packExactly(int[] offsets, int first, int k, double[] panel, int p0) {
    for (int i = 0; i < k; i++) {
      int base = offset + offsets[first + i];
      for (int piece = 0; piece < pieces; piece++) {
        int target = p0 + i * PANEL + to[piece];
        System.arraycopy(data, base + from[piece], panel, target, length[piece]);
      }
    }
  }

  /** Copies the elements under one output position, each {@code times} times. */
  void column(
      int[] offsets, int first, int k, int position, int times, double[] column, int target) {
    int base = offset + layout.base(position);
    for (int i = 0; i < k; i++) {
      double element = data[base + offsets[first + i]];
      for (int j = 0; j < times; j++) {
        column[target + i * times + j] = element;
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

  /** Adds rows, as {@link #rows} gives them, to the elements that they came from. */
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

  /**
   * Prepares to add to the channels of dx that start at {@code x0}: all of them are zero so far.
   */
  void clear(double[] dx, int x0) {
    if (own == null) {
      data = dx;
      offset = x0;
    } else {
      Arrays.fill(own, 0);
    }
  }
}
