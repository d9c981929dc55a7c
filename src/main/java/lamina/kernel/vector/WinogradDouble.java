package lamina.kernel.vector;

import lamina.kernel.Convolution;
import lamina.kernel.Parallel;
import lamina.kernel.Window;
import lamina.kernel.WindowPlacement;

/**
 * Winograd's convolution in float64, for 3×3 kernels with stride and dilation 1. F(4×4, 3×3) gives
 * 16 outputs for 36 products of transformed elements, a quarter of the multiplications of the
 * definition; F(2×2, 3×3) gives 4 for 16, and wastes less where the output is small. What fits the
 * output's size better is taken. The error, relative to the largest output, stays below 2e-5 with
 * F(4×4) and below 2e-6 with F(2×2) in float32, for up to 512 channels (tested); that of the direct
 * sum is about a tenth of the former. Source: A. Lavin and S. Gray, Fast Algorithms for
 * Convolutional Neural Networks, 2016.
 *
 * <p>Tiles of the input are windows of 6×6 (4×4) elements with a stride of 4 (2), so that {@link
 * Unfolding} lays the same element of neighbouring tiles side by side and a vector holds one
 * element of several tiles.
 */
final class WinogradDouble {
  private static final int PANEL = TileDouble.PANEL;
  private static final int LANES = TileDouble.LANES;
  private static final int ROWS = TileDouble.ROWS;

  /**
   * How many elements are left free between the planes of two spots: a distance of a power of two
   * would map all planes to the same lines of the cache.
   */
  private static final int GAP = 16;

  /**
   * The transformed tiles of so many channels lie together: all their spots take few pages of
   * memory, and the processor keeps the addresses of few pages.
   */
  private static final int BLOCK = 16;

  private final Convolution conv;
  private final WindowPlacement windows;
  private final int groupIn;
  private final int groupOut;

  /** How many outputs a tile has down and across: 2 or 4. */
  private final int outputs;

  /** How many elements a transformed tile has down and across, and how many in all: its spots. */
  private final int side;

  private final int spots;
  private final int tilesDown;
  private final int tilesAcross;

  /** How many rows of tiles are computed together. */
  private final int rows;

  /** Where the elements of those tiles lie, for one channel. */
  private final Unfolding layout;

  /** How many columns lie between the first tiles of two neighbouring rows. */
  private final int pitch;

  WinogradDouble(Convolution conv) {
    this.conv = conv;
    windows = new WindowPlacement(conv.window(), conv.inputSize(), conv.outputSize());
    groupIn = conv.inChannels() / conv.groups();
    groupOut = conv.outChannels() / conv.groups();
    outputs = cost(windows, 4) <= cost(windows, 2) ? 4 : 2;
    side = outputs + 2;
    spots = side * side;
    tilesDown = tiles(windows.outHeight, outputs);
    tilesAcross = tiles(windows.outWidth, outputs);
    pitch = pitch(tilesDown, tilesAcross, side);
    rows = rows();
    Window g = conv.window();
    Window tileWindows =
        new Window(
            new int[] {side, side},
            new int[] {outputs, outputs},
            new int[] {1, 1},
            g.padBefore(),
            g.padAfter());
    int[] size = {rows, tilesAcross};
    layout = new Unfolding(new WindowPlacement(tileWindows, conv.inputSize(), size), true);
  }

  /**
   * The number of rows of tiles whose transformed elements stay in the second-level cache and that
   * waste least of the last vectors; but enough for a panel, since each chunk reads all the
   * kernels.
   */
  private int rows() {
    long column = (long) spots * (groupIn + groupOut) * Double.BYTES;
    int best = 1;
    int fewest = Integer.MAX_VALUE;
    for (int count = 1; count <= tilesDown; count++) {
      int rest = tilesDown % count;
      int halves = tilesDown / count * halves(columns(count)) + halves(columns(rest));
      if (count > 1
          && columns(count) > PANEL
          && columns(count) * column > Machine.L2_BYTES * 2L / 3) {
        break;
      }
      if (halves <= fewest) {
        fewest = halves;
        best = count;
      }
    }
    return best;
  }

  /** The columns of so many rows of tiles. */
  private int columns(int count) {
    return count == 0 ? 0 : (count - 1) * pitch + tilesAcross;
  }

  private static int tiles(int size, int outputs) {
    return MatrixProductDouble.ceil(size, outputs);
  }

  /**
   * How many columns lie between the first tiles of two neighbouring rows. Where it takes no more
   * vectors, panels run on over the end of a row into tiles that do not exist, as the input's copy
   * does; else the rows are joined.
   */
  private static int pitch(int down, int across, int side) {
    int copied = across == 1 ? side : across + 1;
    return halves((down - 1) * copied + across) == halves(down * across) ? copied : across;
  }

  /** How many vectors some columns take. */
  private static int halves(int columns) {
    return MatrixProductDouble.ceil(columns, LANES);
  }

  /** How many products of vectors tiles of 2×2 or 4×4 outputs take, for each channel and filter. */
  private static int cost(WindowPlacement w, int outputs) {
    int side = outputs + 2;
    int down = tiles(w.outHeight, outputs);
    int across = tiles(w.outWidth, outputs);
    return side * side * halves((down - 1) * pitch(down, across, side) + across);
  }

  /** Whether a problem has the shape that this class computes. */
  static boolean fits(Convolution conv) {
    Window g = conv.window();
    if (g.rank() != 2) {
      return false;
    }
    for (int axis = 0; axis < 2; axis++) {
      if (g.kernel()[axis] != 3 || g.stride()[axis] != 1 || g.dilation()[axis] != 1) {
        return false;
      }
    }
    return true;
  }

  /**
   * About how many products the better tiles take for each product of the definition: 0.25 to more
   * than 1.
   */
  static double share(Convolution conv) {
    WindowPlacement w = new WindowPlacement(conv.window(), conv.inputSize(), conv.outputSize());
    double definition = 9 * halves(w.outPlane);
    return Math.min(cost(w, 2), cost(w, 4)) / definition;
  }

  /** The transformed kernels, in tiles of filters for each spot and group. */
  double[] prepare(double[] w) {
    double[] kernels = BuffersDouble.takeZeros(spots * conv.groups() * kernelSize());
    int perGroup = MatrixProductDouble.ceil(groupOut, LANES);
    Parallel.run(
        conv.groups() * perGroup,
        task -> {
          int first = task % perGroup * LANES;
          int count = Math.min(LANES, groupOut - first);
          transformKernels(w, task / perGroup, first, count, kernels);
        });
    return kernels;
  }

  /** How many elements one spot of a group's kernels takes. */
  private int kernelSize() {
    return PackedDouble.size(groupOut, groupIn);
  }

  /** Transforms the kernels of some filters of a group, one in each lane. */
  private void transformKernels(double[] w, int group, int first, int count, double[] kernels) {
    double[] taps = new double[9 * LANES];
    double[] half = new double[3 * side * LANES];
    double[] whole = new double[spots * LANES];
    int[] to = new int[count];
    for (int i = 0; i < count; i++) {
      int out = first + i;
      to[i] = group * kernelSize() + PackedDouble.rowStart(groupOut, groupIn, out);
    }
    for (int channel = 0; channel < groupIn; channel++) {
      for (int i = 0; i < count; i++) {
        int from = ((group * groupOut + first + i) * groupIn + channel) * 9;
        for (int tap = 0; tap < 9; tap++) {
          taps[tap * LANES + i] = w[from + tap];
        }
      }
      for (int column = 0; column < 3; column++) {
        kernelLine(taps, column * LANES, 3 * LANES, half, column * LANES, 3 * LANES);
      }
      for (int row = 0; row < side; row++) {
        kernelLine(half, row * 3 * LANES, LANES, whole, row * side * LANES, LANES);
      }
      for (int spot = 0; spot < spots; spot++) {
        int kernelOffset = spot * conv.groups() * kernelSize() + channel * ROWS;
        for (int i = 0; i < count; i++) {
          kernels[kernelOffset + to[i]] = whole[spot * LANES + i];
        }
      }
    }
  }

  private void kernelLine(double[] g, int base, int step, double[] to, int target, int apart) {
    if (outputs == 4) {
      WinogradLinesDouble.kernel4(g, base, step, to, target, apart);
    } else {
      WinogradLinesDouble.kernel2(g, base, step, to, target, apart);
    }
  }

  /** As {@link lamina.kernel.Kernels#convolve}, with kernels from {@link #prepare}. */
  void forward(double[] x, double[] kernels, double[] bias, double[] y) {
    int chunks = MatrixProductDouble.ceil(tilesDown, rows);
    // Images and groups lie one after another in x and in y.
    Parallel.run(
        conv.batch() * conv.groups() * chunks,
        task -> new Chunk(task / chunks, task % chunks * rows).run(x, kernels, bias, y));
  }

  /** Some rows of tiles of one group of one image: transformed, multiplied, transformed back. */
  private final class Chunk {
    private final int image;
    private final int firstRow;
    private final int count;

    /** How many columns a row of transformed tiles has, rounded up to whole vectors. */
    private final int width;

    private final double[] half = new double[spots * LANES];
    private final double[] results = new double[(spots + 1) * LANES];

    /** Where element i of a small array of vectors lies. */
    private final int[] local = new int[spots];

    Chunk(int image, int firstRow) {
      this.image = image;
      this.firstRow = firstRow;
      count = columns(Math.min(rows, tilesDown - firstRow));
      width = MatrixProductDouble.roundUp(count, LANES);
      for (int i = 0; i < spots; i++) {
        local[i] = i * LANES;
      }
    }

    void run(double[] x, double[] kernels, double[] bias, double[] y) {
      int group = image % conv.groups();
      int inputStep = BLOCK * width + GAP;
      int step = PackedDouble.computedRows(groupOut) * width + GAP;
      int blocks = MatrixProductDouble.ceil(groupIn, BLOCK);
      double[] inputs = BuffersDouble.take(blocks * spots * inputStep);
      double[] sums = BuffersDouble.take(spots * step);
      transformInputs(x, inputs, inputStep);
      multiply(kernels, group, inputs, inputStep, sums, step);
      int[] places = new int[spots];
      for (int spot = 0; spot < spots; spot++) {
        places[spot] = spot * step;
      }
      for (int out = 0; out < groupOut; out++) {
        double start = bias == null ? 0 : bias[group * groupOut + out];
        int y0 = (image * groupOut + out) * windows.outPlane;
        for (int first = 0; first < count; first += LANES) {
          outputLines(side, sums, out * width + first, places, 1, side, half, LANES, side * LANES);
          outputLines(outputs, half, 0, local, side, 1, results, outputs * LANES, LANES);
          write(first, start, y, y0);
        }
      }
      BuffersDouble.give(inputs);
      BuffersDouble.give(sums);
    }

    /** For each spot, multiplies the filters with the tiles and adds up over the channels. */
    private void multiply(
        double[] kernels, int group, double[] inputs, int inputStep, double[] sums, int step) {
      double[] spare = new double[ROWS * PANEL];
      int[] offsets = new int[groupIn];
      int filters = PackedDouble.computedRows(groupOut);
      for (int spot = 0; spot < spots; spot++) {
        int t0 = (spot * conv.groups() + group) * kernelSize();
        for (int first = 0; first < width; first += PANEL) {
          for (int channel = 0; channel < groupIn; channel++) {
            offsets[channel] = place(channel, inputStep) + spot * inputStep + first;
          }
          PackedDouble.multiply(
              filters,
              Math.min(PANEL, width - first),
              groupIn,
              kernels,
              t0,
              ROWS * groupIn,
              inputs,
              offsets,
              false,
              sums,
              spot * step + first,
              width,
              spare);
        }
      }
    }

    /** Where the first spot of a channel's transformed tiles lies. */
    private int place(int channel, int step) {
      return channel / BLOCK * spots * step + channel % BLOCK * width;
    }

    /**
     * Transforms the inputs. They are written block of channels by block; in it spot by spot,
     * channel by channel, tile by tile.
     */
    private void transformInputs(double[] x, double[] inputs, int step) {
      UnfoldedDouble input = new UnfoldedDouble(layout, 1);
      for (int channel = 0; channel < groupIn; channel++) {
        int x0 = (image * groupIn + channel) * windows.inPlane;
        input.readFrom(firstRow * outputs, x, x0, 0);
        for (int first = 0; first < count; first += LANES) {
          double[] from = input.data;
          int base = first;
          int[] places = layout.tapOffsets;
          if (pitch == tilesAcross && rows > 1) {
            join(from, first, Math.min(LANES, count - first));
            from = results;
            base = 0;
            places = local;
          }
          inputLines(from, base, places, 1, side, half, 0, LANES, side * LANES);
          inputLines(
              half, 0, local, side, 1, inputs, place(channel, step) + first, side * step, step);
        }
      }
      input.release();
    }

    /** Copies the elements of some tiles of several rows, spot by spot and tile by tile. */
    private void join(double[] from, int tile, int tiles) {
      for (int spot = 0; spot < spots; spot++) {
        int row = tile / tilesAcross;
        int column = tile % tilesAcross;
        for (int i = 0; i < tiles; ) {
          // Whole vectors are written: the next row or spot overwrites what they write too much.
          int inputOffset = layout.tapOffsets[spot] + row * layout.phaseWidth + column;
          UnfoldedDouble.copyVector(from, inputOffset, results, spot * LANES + i);
          i += tilesAcross - column;
          column = 0;
          row++;
        }
      }
    }

    private void inputLines(
        double[] d,
        int base,
        int[] offsets,
        int next,
        int step,
        double[] to,
        int target,
        int nextTarget,
        int apart) {
      if (outputs == 4) {
        WinogradLinesDouble.input4(
            side, d, base, offsets, next, step, to, target, nextTarget, apart);
      } else {
        WinogradLinesDouble.input2(
            side, d, base, offsets, next, step, to, target, nextTarget, apart);
      }
    }

    private void outputLines(
        int lines,
        double[] m,
        int base,
        int[] offsets,
        int next,
        int step,
        double[] to,
        int nextTarget,
        int apart) {
      if (outputs == 4) {
        WinogradLinesDouble.output4(lines, m, base, offsets, next, step, to, 0, nextTarget, apart);
      } else {
        WinogradLinesDouble.output2(lines, m, base, offsets, next, step, to, 0, nextTarget, apart);
      }
    }

    /** Writes the outputs of the tiles from a column on. */
    private void write(int firstColumn, double start, double[] y, int y0) {
      int end = Math.min(count, firstColumn + LANES);
      for (int column = firstColumn; column < end; ) {
        int tileRow = column / pitch;
        int tileColumn = column % pitch;
        int tiles = Math.min(end - column, tilesAcross - tileColumn);
        if (tiles > 0) {
          writeTiles(firstRow + tileRow, tileColumn, tiles, column - firstColumn, start, y, y0);
        }
        column = (tileRow + 1) * pitch;
      }
    }

    private void writeTiles(
        int tileRow, int tileColumn, int tiles, int lane, double start, double[] y, int y0) {
      int left = tileColumn * outputs;
      int whole = Math.min(tiles, (windows.outWidth - left) / outputs);
      int down = Math.min(outputs, windows.outHeight - tileRow * outputs);
      for (int row = 0; row < down; row++) {
        int to = y0 + (tileRow * outputs + row) * windows.outWidth + left;
        int from = row * outputs * LANES + lane;
        writeRow(whole, from, start, y, to);
        for (int i = 0; i < windows.outWidth % outputs && whole < tiles; i++) {
          y[to + whole * outputs + i] = results[from + i * LANES + whole] + start;
        }
      }
    }

    /** Writes one row of whole tiles, whose columns lie a vector apart in {@link #results}. */
    private void writeRow(int tiles, int from, double start, double[] y, int to) {
      double[] z = results;
      int second = from + LANES;
      if (outputs == 2) {
        for (int i = 0; i < tiles; i++) {
          y[to + 2 * i] = z[from + i] + start;
          y[to + 2 * i + 1] = z[second + i] + start;
        }
      } else {
        int third = second + LANES;
        int fourth = third + LANES;
        for (int i = 0; i < tiles; i++) {
          y[to + 4 * i] = z[from + i] + start;
          y[to + 4 * i + 1] = z[second + i] + start;
          y[to + 4 * i + 2] = z[third + i] + start;
          y[to + 4 * i + 3] = z[fourth + i] + start;
        }
      }
    }
  }
}
