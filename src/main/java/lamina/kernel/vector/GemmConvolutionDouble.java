package lamina.kernel.vector;

import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import lamina.kernel.Convolution;
import lamina.kernel.Parallel;

/**
 * Convolution and its gradients in float64 as matrix products with an unfolded input that is never
 * held as a whole: panels of it are packed as the product needs them. The weights are read where
 * they are. Beyond its arguments it needs one image's input with its padding and, for each thread,
 * buffers of the size of the second-level cache.
 */
final class GemmConvolutionDouble {
  private static final int PANEL = TileDouble.PANEL;

  /** Panels that are packed at a time. */
  private static final int CHUNK = 8;

  /** At most so many weights of a filter at a time: four panels take a third of the L2 cache. */
  private static final int DEPTH = Machine.L2_BYTES / 3 / (4 * PANEL * Double.BYTES);

  private final Convolution conv;
  private final Unfolding layout;
  private final int groupIn;
  private final int groupOut;
  private final int taps;
  private final int positions;

  /** Weights of one filter. */
  private final int filter;

  /** Channels that are unfolded together, so that a panel fits into the first-level cache. */
  private final int blockChannels;

  private final Queue<UnfoldedDouble> spareInputs = new ConcurrentLinkedQueue<>();

  GemmConvolutionDouble(Convolution conv) {
    this.conv = conv;
    layout = new Unfolding(conv);
    groupIn = conv.inChannels() / conv.groups();
    groupOut = conv.outChannels() / conv.groups();
    taps = layout.tapOffsets.length;
    positions = layout.windows.outPlane;
    filter = groupIn * taps;
    blockChannels = Math.min(groupIn, Math.max(1, MatrixProductDouble.DEPTH / taps));
  }

  /** The weights in the order in which {@link #forward} reads them: tiles of filters. */
  double[] prepare(double[] w) {
    double[] tiles = BuffersDouble.take(conv.groups() * groupTiles());
    Parallel.run(
        conv.groups(),
        group -> {
          int from = group * groupOut * filter;
          PackedDouble.pack(groupOut, filter, w, from, filter, tiles, group * groupTiles());
        });
    return tiles;
  }

  private int groupTiles() {
    return PackedDouble.size(groupOut, filter);
  }

  /** As {@link lamina.kernel.Backend#convolve}, with weights from {@link #prepare}. */
  void forward(double[] x, double[] tiles, double[] bias, double[] y) {
    int[] offsets = layout.offsets(groupIn);
    int images = conv.batch() * conv.groups();
    if (images >= Parallel.threads()) {
      Parallel.run(images, image -> forward(image, x, offsets, tiles, bias, y));
    } else {
      for (int image = 0; image < images; image++) {
        forward(image, x, offsets, tiles, bias, y);
      }
    }
    releaseInputs();
  }

  private void releaseInputs() {
    for (UnfoldedDouble input : spareInputs) {
      input.release();
    }
    spareInputs.clear();
  }

  /** One group of one image: images and groups lie one after another in x and in y. */
  private void forward(
      int image, double[] x, int[] offsets, double[] tiles, double[] bias, double[] y) {
    UnfoldedDouble input = input();
    int x0 = image * groupIn * layout.windows.inPlane;
    if (layout.direct) {
      input.read(x, x0, groupIn);
    } else {
      Parallel.run(groupIn, channel -> input.read(x, x0, channel, channel + 1));
    }
    double[] starts = starts(image % conv.groups(), bias);
    int panels = MatrixProductDouble.ceil(positions, PANEL);
    int perTask = Math.min(CHUNK, MatrixProductDouble.ceil(panels, Parallel.threads()));
    Parallel.run(
        MatrixProductDouble.ceil(panels, perTask),
        task -> {
          int first = task * perTask * PANEL;
          int count = Math.min(perTask * PANEL, positions - first);
          forward(input.view(), offsets, image, first, count, tiles, starts, y);
        });
    spareInputs.add(input);
  }

  /** What the sums of a group's filters start from: the bias, then zeros. */
  private double[] starts(int group, double[] bias) {
    double[] starts = new double[groupOut + 2 * PackedDouble.ROWS];
    if (bias != null) {
      System.arraycopy(bias, group * groupOut, starts, 0, groupOut);
    }
    return starts;
  }

  private UnfoldedDouble input() {
    UnfoldedDouble spare = spareInputs.poll();
    return spare == null ? new UnfoldedDouble(layout, groupIn) : spare;
  }

  /** The output positions from {@code first} on, of all filters of a group. */
  private void forward(
      UnfoldedDouble input,
      int[] offsets,
      int image,
      int first,
      int count,
      double[] tiles,
      double[] starts,
      double[] y) {
    int y0 = image * groupOut * positions + first;
    int tiles0 = image % conv.groups() * groupTiles();
    int depth = Math.min(filter, forwardDepth());
    int step = depth * PANEL + PANEL;
    int wide = isNarrow(count % PANEL) ? count - count % PANEL : count;
    int narrow = MatrixProductDouble.ceil(wide, PANEL) * step;
    double[] packed =
        BuffersDouble.take(narrow + (count - wide) * depth * PackedDouble.ROWS + PANEL);
    double[] spare = BuffersDouble.take(CHUNK * PANEL * PackedDouble.ROWS);
    for (int p = 0; p < filter; p += depth) {
      int k = Math.min(depth, filter - p);
      input.pack(offsets, p, k, first, wide, packed, step);
      for (int j = wide; j < count; j++) {
        int to = narrow + (j - wide) * depth * PackedDouble.ROWS;
        input.column(offsets, p, k, first + j, PackedDouble.ROWS, packed, to);
      }
      for (int i = 0; i < groupOut; i += PackedDouble.ROWS) {
        int rows = Math.min(PackedDouble.ROWS, groupOut - i);
        int t0 = tiles0 + i * filter + p * PackedDouble.ROWS;
        int start = p == 0 ? i : groupOut + PackedDouble.ROWS;
        int c0 = y0 + i * positions;
        PackedDouble.multiply(
            rows, wide, k, tiles, t0, packed, 0, step, starts, start, p > 0, y, c0, positions,
            spare);
        for (int j = wide; j < count; j++) {
          int v0 = narrow + (j - wide) * depth * PackedDouble.ROWS;
          PackedDouble.multiplyColumn(
              rows, k, tiles, t0, packed, v0, starts, start, p > 0, y, c0 + j, positions, spare);
        }
      }
    }
    BuffersDouble.give(spare);
    BuffersDouble.give(packed);
  }

  /** Weights of a filter that are multiplied at a time, so that panels stay in the caches. */
  private int forwardDepth() {
    return MatrixProductDouble.ceil(filter, MatrixProductDouble.ceil(filter, DEPTH));
  }

  /** Whether so few columns are cheaper one by one than as a padded panel. */
  private static boolean isNarrow(int columns) {
    return columns <= PANEL / 4;
  }

  /** As {@link lamina.kernel.Backend#convolveBackwardInput}. */
  void backwardInput(double[] dy, double[] w, double[] dx) {
    Arrays.fill(dx, 0);
    double[] turned = BuffersDouble.take(w.length);
    for (int group = 0; group < conv.groups(); group++) {
      int at = group * groupOut * filter;
      MatrixProductDouble.turn(groupOut, filter, w, at, filter, turned, at, groupOut);
    }
    int blocks = MatrixProductDouble.ceil(groupIn, blockChannels);
    Parallel.run(
        conv.batch() * conv.groups() * blocks,
        task -> backwardInput(task / blocks, task % blocks * blockChannels, dy, turned, dx));
    releaseInputs();
    BuffersDouble.give(turned);
  }

  /** The gradient of some channels of one group of one image. */
  private void backwardInput(int image, int channel, double[] dy, double[] turned, double[] dx) {
    int group = image % conv.groups();
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
    int depth = Math.min(groupOut, MatrixProductDouble.DEPTH);
    double[] packed = BuffersDouble.take(PANEL * depth + PANEL);
    double[] products = BuffersDouble.take(rows * step);
    double[] spare = new double[TileDouble.ROWS * PANEL];
    int a0 = group * groupOut * filter + channel * taps * groupOut;
    for (int first = 0; first < positions; first += step) {
      int count = Math.min(step, positions - first);
      Arrays.fill(products, 0, rows * count, 0);
      for (int p = 0; p < groupOut; p += depth) {
        int k = Math.min(depth, groupOut - p);
        for (int at = 0; at < count; at += PANEL) {
          int columns = Math.min(PANEL, count - at);
          MatrixProductDouble.packRows(
              k, columns, dy, y0 + p * positions + first + at, positions, packed, 0);
          TileDouble.multiply(
              rows, columns, k, turned, a0 + p, groupOut, packed, 0, products, at, count, spare);
        }
      }
      sums.addRows(0, channels, first, count, products);
    }
    sums.write(dx, x0, channels);
    spareInputs.add(sums);
    BuffersDouble.give(packed);
    BuffersDouble.give(products);
  }

  /** As {@link lamina.kernel.Backend#convolveBackwardKernel}. */
  void backwardKernel(double[] x, double[] dy, double[] dw) {
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

  /** Channels of a task: their unfolded rows are the rows of the product. */
  private int kernelBlock() {
    int wanted = Math.max(1, MatrixProductDouble.ROWS / taps);
    return Math.min(wanted, Math.max(1, groupIn / Parallel.threads()));
  }

  /** All filters, unless there would be too few tasks. */
  private int filtersPerTask(int blocks) {
    return conv.groups() * blocks >= Parallel.threads()
        ? groupOut
        : MatrixProductDouble.roundUp(
            MatrixProductDouble.ceil(groupOut, Parallel.threads()), PANEL);
  }

  /** The gradient of some channels of some filters: all images one after another. */
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
    double[] spare = new double[TileDouble.ROWS * PANEL];
    for (int n = 0; n < conv.batch(); n++) {
      int image = n * conv.groups() + group;
      input.read(x, (image * groupIn + channel) * layout.windows.inPlane, channels);
      int y0 = (image * groupOut + out) * positions;
      for (int first = 0; first < positions; first += step) {
        int count = Math.min(step, positions - first);
        input.rows(0, channels, first, count, unfolded);
        for (int left = 0; left < filters; left += PANEL) {
          MatrixProductDouble.turn(
              Math.min(PANEL, filters - left),
              count,
              dy,
              y0 + left * positions + first,
              positions,
              packed,
              left * count,
              PANEL);
          TileDouble.multiply(
              rows,
              PANEL,
              count,
              unfolded,
              0,
              count,
              packed,
              left * count,
              sums,
              left,
              width,
              spare);
        }
      }
    }
    int target = (group * groupOut + out) * filter + channel * taps;
    MatrixProductDouble.turn(rows, filters, sums, 0, width, dw, target, filter);
    BuffersDouble.give(sums);
    BuffersDouble.give(unfolded);
    BuffersDouble.give(packed);
    input.release();
  }
}
