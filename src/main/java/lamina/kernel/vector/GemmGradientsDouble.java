package lamina.kernel.vector;

import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import lamina.kernel.Convolution;
import lamina.kernel.Matrix;
import lamina.kernel.Parallel;

/**
 * The gradients of a convolution in float64 as matrix products with an unfolded input, or the
 * gradient of one, that is never held as a whole. Beyond its arguments it needs, for each thread,
 * the padded input of some channels and buffers of the size of the second-level cache.
 */
final class GemmGradientsDouble {
  private static final int PANEL = TileDouble.PANEL;
  private static final int ROWS = TileDouble.ROWS;
  private static final int DEPTH = MatrixProductDouble.DEPTH;

  /** How many panels of positions are computed together. */
  private static final int CHUNK = 8;

  private final Convolution conv;
  private final Unfolding layout;
  private final int groupIn;
  private final int groupOut;
  private final int taps;
  private final int positions;

  /** How many weights a filter has. */
  private final int filter;

  /** The gradients of how many channels are computed together. */
  private final int blockChannels;

  private final Queue<UnfoldedDouble> spareInputs = new ConcurrentLinkedQueue<>();

  GemmGradientsDouble(Convolution conv) {
    this.conv = conv;
    layout = new Unfolding(conv);
    groupIn = conv.inChannels() / conv.groups();
    groupOut = conv.outChannels() / conv.groups();
    taps = layout.tapOffsets.length;
    positions = layout.windows.outPlane;
    filter = groupIn * taps;
    blockChannels = Math.min(groupIn, Math.max(1, DEPTH / taps));
  }

  /** As {@link lamina.kernel.Kernels#convolveBackwardInput}. */
  void backwardInput(double[] dy, double[] w, double[] dx) {
    Arrays.fill(dx, 0);
    int blocks = MatrixProductDouble.ceil(groupIn, blockChannels);
    int size = PackedDouble.size(blockChannels * taps, groupOut);
    double[] tiles = BuffersDouble.take(conv.groups() * blocks * size);
    Parallel.run(
        conv.groups() * blocks,
        block -> {
          int channel = block % blocks * blockChannels;
          int rows = Math.min(blockChannels, groupIn - channel) * taps;
          int from = block / blocks * groupOut * filter + channel * taps;
          Matrix<double[]> part = Matrix.of(w, from, groupOut, rows, filter);
          PackedDouble.pack(part.transpose(), tiles, block * size);
        });
    Parallel.run(
        conv.batch() * conv.groups() * blocks,
        task -> {
          int t0 = task % (conv.groups() * blocks) * size;
          backwardInput(task / blocks, task % blocks * blockChannels, dy, tiles, t0, dx);
        });
    for (UnfoldedDouble input : spareInputs) {
      input.release();
    }
    spareInputs.clear();
    BuffersDouble.give(tiles);
  }

  /** Computes the input's gradient for some channels of one group of one image. */
  private void backwardInput(
      int image, int channel, double[] dy, double[] tiles, int tiles0, double[] dx) {
    int channels = Math.min(blockChannels, groupIn - channel);
    int rows = channels * taps;
    int x0 = (image * groupIn + channel) * layout.windows.inPlane;
    int y0 = image * groupOut * positions;
    UnfoldedDouble sums = spareInputs.poll();
    if (sums == null) {
      sums = new UnfoldedDouble(layout, blockChannels);
    }
    sums.clear(dx, x0);
    int step = Math.min(positions, CHUNK * PANEL);
    int depth = Math.min(groupOut, DEPTH);
    double[] packed = BuffersDouble.take(PANEL * depth + PANEL);
    double[] products = BuffersDouble.take(rows * step);
    double[] spare = new double[ROWS * PANEL];
    int[] offsets = new int[depth];
    for (int first = 0; first < positions; first += step) {
      Parallel.checkInterrupt();
      int count = Math.min(step, positions - first);
      for (int p = 0; p < groupOut; p += depth) {
        int k = Math.min(depth, groupOut - p);
        for (int left = 0; left < count; left += PANEL) {
          int width = Math.min(PANEL, count - left);
          int from = y0 + p * positions + first + left;
          double[] panel = dy;
          for (int i = 0; i < k; i++) {
            offsets[i] = from + i * positions;
          }
          if (offsets[k - 1] + PANEL > dy.length) {
            MatrixProductDouble.packRows(k, width, dy, from, positions, packed, 0);
            PackedDouble.panelOffsets(k, 0, offsets);
            panel = packed;
          }
          int t0 = tiles0 + p * ROWS;
          PackedDouble.multiply(
              rows,
              width,
              k,
              tiles,
              t0,
              ROWS * groupOut,
              panel,
              offsets,
              p > 0,
              products,
              left,
              count,
              spare);
        }
      }
      sums.addRows(0, channels, first, count, products);
    }
    sums.write(dx, x0, channels);
    spareInputs.add(sums);
    BuffersDouble.give(packed);
    BuffersDouble.give(products);
  }

  /** As {@link lamina.kernel.Kernels#convolveBackwardKernel}. */
  void backwardKernel(double[] x, double[] dy, double[] dw) {
    if (groupIn >= TileDouble.LANES / 2) {
      for (int group = 0; group < conv.groups(); group++) {
        new ChannelsLast(group).run(x, dy, dw);
      }
      return;
    }
    int blocks = MatrixProductDouble.ceil(groupIn, kernelBlock());
    int filters = filtersPerTask(blocks);
    int perGroup = blocks * MatrixProductDouble.ceil(groupOut, filters);
    Parallel.run(
        conv.groups() * perGroup,
        task -> {
          int group = task / perGroup;
          int channel = task % perGroup % blocks * kernelBlock();
          int out = task % perGroup / blocks * filters;
          backwardKernel(group, channel, out, Math.min(filters, groupOut - out), x, dy, dw);
        });
  }

  /** How many channels a task takes: their unfolded rows are the rows of its product. */
  private int kernelBlock() {
    int wanted = Math.max(1, MatrixProductDouble.ROWS / taps);
    return Math.min(wanted, Math.max(1, groupIn / Parallel.threads()));
  }

  /** How many filters a task takes: all of them, unless there would be too few tasks. */
  private int filtersPerTask(int blocks) {
    return conv.groups() * blocks >= Parallel.threads()
        ? groupOut
        : MatrixProductDouble.roundUp(
            MatrixProductDouble.ceil(groupOut, Parallel.threads()), PANEL);
  }

  /** Computes the gradient of some channels of some filters, image after image. */
  private void backwardKernel(
      int group, int channel, int out, int filters, double[] x, double[] dy, double[] dw) {
    int channels = Math.min(kernelBlock(), groupIn - channel);
    int rows = channels * taps;
    int width = MatrixProductDouble.roundUp(filters, PANEL);
    double[] sums = BuffersDouble.takeZeros(rows * width);
    int step = Math.min(positions, MatrixProductDouble.DEPTH);
    double[] unfolded = BuffersDouble.take(rows * step);
    double[] packed = BuffersDouble.take(width * step);
    UnfoldedDouble input = new UnfoldedDouble(layout, channels);
    double[] tiles = BuffersDouble.take(PackedDouble.size(rows, step));
    double[] spare = new double[ROWS * PANEL];
    int[] offsets = new int[step];
    for (int n = 0; n < conv.batch(); n++) {
      int image = n * conv.groups() + group;
      input.read(x, (image * groupIn + channel) * layout.windows.inPlane, channels);
      int y0 = (image * groupOut + out) * positions;
      for (int first = 0; first < positions; first += step) {
        Parallel.checkInterrupt();
        int count = Math.min(step, positions - first);
        input.rows(0, channels, first, count, unfolded);
        PackedDouble.pack(Matrix.of(unfolded, rows, count), tiles, 0);
        for (int left = 0; left < filters; left += PANEL) {
          int from = y0 + left * positions + first;
          int filtersHere = Math.min(PANEL, filters - left);
          MatrixProductDouble.turn(
              Matrix.of(dy, from, filtersHere, count, positions), packed, left * count, PANEL);
          PackedDouble.panelOffsets(count, left * count, offsets);
          PackedDouble.multiply(
              rows,
              PANEL,
              count,
              tiles,
              0,
              ROWS * count,
              packed,
              offsets,
              true,
              sums,
              left,
              width,
              spare);
        }
      }
    }
    int target = (group * groupOut + out) * filter + channel * taps;
    MatrixProductDouble.turn(Matrix.of(sums, 0, rows, filters, width), dw, target, filter);
    BuffersDouble.give(sums);
    BuffersDouble.give(unfolded);
    BuffersDouble.give(packed);
    BuffersDouble.give(tiles);
    input.release();
  }

  /**
   * The gradient of the kernels of one group, with the channels of the input side by side in
   * memory: for each tap, the product of the output's gradient (filters × positions) with the
   * elements under that tap (positions × channels), which are rows of the input's copy as it lies.
   * Taps that read neighbouring columns are one product: rows of as many times the channels, of
   * which the next position's begins a column later. So 16 channels under a 3×3 kernel fill whole
   * panels; with them the gradient of a kernel (32, 16, 3, 3) takes 0.6 times as long.
   */
  private final class ChannelsLast {
    /** How many elements of images are held at a time: those of a round. */
    private static final int ROUND = 1 << 20;

    private final int group;

    /** The distance from one position of the input to the next one, in elements. */
    private final int pitch = MatrixProductDouble.roundUp(groupIn, TileDouble.LANES);

    /** How many taps read neighbouring columns, and how many elements a position has for them. */
    private final int run = layout.neighbouringTaps();

    private final int width = run * pitch;
    private final int filters = MatrixProductDouble.roundUp(groupOut, ROWS);

    /**
     * So many positions that their rows, which overlap, and a tile fill three quarters of the
     * first-level cache.
     */
    private final int depth = depth();

    /** How many images a round has. */
    private final int images;

    ChannelsLast(int group) {
      this.group = group;
      long most = Math.max((long) layout.plane * pitch, (long) filters * positions);
      images = (int) Math.max(1, Math.min(conv.batch(), ROUND / most));
    }

    private int depth() {
      int most = Machine.L1_BYTES * 3 / 4 / ((Math.min(PANEL, pitch) + ROWS) * Double.BYTES);
      return MatrixProductDouble.ceil(positions, MatrixProductDouble.ceil(positions, most));
    }

    void run(double[] x, double[] dy, double[] dw) {
      double[] sums = BuffersDouble.takeZeros(taps * filters * pitch);
      double[] turned = BuffersDouble.take(images * layout.plane * pitch + PANEL);
      double[] tiles = BuffersDouble.take(images * filters * positions);
      int panels = MatrixProductDouble.ceil(width, PANEL);
      for (int first = 0; first < conv.batch(); first += images) {
        int count = Math.min(images, conv.batch() - first);
        int start = first;
        Parallel.run(count, i -> prepare(start + i, i, x, dy, turned, tiles));
        Parallel.run(
            taps / run * panels,
            task ->
                multiply(task / panels * run, task % panels * PANEL, count, turned, tiles, sums));
      }
      for (int out = 0; out < groupOut; out++) {
        int to = (group * groupOut + out) * filter;
        for (int i = 0; i < filter; i++) {
          int tap = i % taps;
          int column = tap % run * pitch + i / taps;
          dw[to + i] = sums[(tap / run * filters + out) * width + column];
        }
      }
      BuffersDouble.give(sums);
      BuffersDouble.give(turned);
      BuffersDouble.give(tiles);
    }

    /** Copies one image: its input with the channels last, the gradient of its output in tiles. */
    private void prepare(
        int n, int place, double[] x, double[] dy, double[] turned, double[] tiles) {
      UnfoldedDouble input = new UnfoldedDouble(layout, groupIn);
      int image = n * conv.groups() + group;
      input.read(x, image * groupIn * layout.windows.inPlane, groupIn);
      int to = place * layout.plane * pitch;
      int plane = layout.plane;
      MatrixProductDouble.turn(
          Matrix.of(input.data, input.offset, groupIn, plane, plane), turned, to, pitch);
      input.release();
      int y0 = image * groupOut * positions;
      for (int p = 0; p < positions; p += depth) {
        int k = Math.min(depth, positions - p);
        int t0 = (place * positions + p) * filters;
        PackedDouble.pack(Matrix.of(dy, y0 + p, groupOut, k, positions), tiles, t0);
      }
    }

    /** Adds the products of a round for some columns of a run of taps. */
    private void multiply(
        int tap, int column, int count, double[] turned, double[] tiles, double[] sums) {
      double[] spare = new double[ROWS * PANEL];
      int columns = Math.min(PANEL, width - column);
      int rows = PackedDouble.computedRows(groupOut);
      int c0 = tap / run * filters * width + column;
      for (int p = 0; p < positions; p += depth) {
        int k = Math.min(depth, positions - p);
        int[] offsets = new int[k];
        for (int j = 0; j < k; j++) {
          offsets[j] = (layout.tapOffsets[tap] + layout.base(p + j)) * pitch + column;
        }
        for (int i = 0; i < count; i++) {
          int t0 = (i * positions + p) * filters;
          PackedDouble.multiply(
              rows, columns, k, tiles, t0, ROWS * k, turned, offsets, true, sums, c0, width, spare);
          for (int j = 0; j < k; j++) {
            offsets[j] += layout.plane * pitch;
          }
        }
      }
    }
  }
}
