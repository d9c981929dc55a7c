// Derived from GemmConvolutionDouble.java: change that file and run DerivedFloat.
package lamina.kernel.vector;

import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import lamina.kernel.Convolution;
import lamina.kernel.Parallel;

/**
 * Convolution and its gradients in float32 as matrix products with an unfolded input that is never
 * held as a whole: panels of it are packed as the product needs them. The weights are read where
 * they are. Beyond its arguments it needs one image's input with its padding and, for each thread,
 * buffers of the size of the second-level cache.
 */
final class GemmConvolutionFloat {
  private static final int PANEL = TileFloat.PANEL;

  /** Panels that are packed at a time. */
  private static final int CHUNK = 8;

  /** At most so many weights of a filter at a time: four panels take a third of the L2 cache. */
  private static final int DEPTH = Machine.L2_BYTES / 3 / (4 * PANEL * Float.BYTES);

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

  private final Queue<UnfoldedFloat> spareInputs = new ConcurrentLinkedQueue<>();

  GemmConvolutionFloat(Convolution conv) {
    this.conv = conv;
    layout = new Unfolding(conv);
    groupIn = conv.inChannels() / conv.groups();
    groupOut = conv.outChannels() / conv.groups();
    taps = layout.tapOffsets.length;
    positions = layout.windows.outPlane;
    filter = groupIn * taps;
    blockChannels = Math.min(groupIn, Math.max(1, MatrixProductFloat.DEPTH / taps));
  }

  /** The weights in the order in which {@link #forward} reads them: tiles of filters. */
  float[] prepare(float[] w) {
    float[] tiles = BuffersFloat.take(conv.groups() * groupTiles());
    Parallel.run(
        conv.groups(),
        group -> {
          int from = group * groupOut * filter;
          PackedFloat.pack(groupOut, filter, w, from, filter, tiles, group * groupTiles());
        });
    return tiles;
  }

  private int groupTiles() {
    return PackedFloat.size(groupOut, filter);
  }

  /** As {@link lamina.kernel.Backend#convolve}, with weights from {@link #prepare}. */
  void forward(float[] x, float[] tiles, float[] bias, float[] y) {
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
    for (UnfoldedFloat input : spareInputs) {
      input.release();
    }
    spareInputs.clear();
  }

  /** One group of one image: images and groups lie one after another in x and in y. */
  private void forward(
      int image, float[] x, int[] offsets, float[] tiles, float[] bias, float[] y) {
    UnfoldedFloat input = input();
    int x0 = image * groupIn * layout.windows.inPlane;
    if (layout.direct) {
      input.read(x, x0, groupIn);
    } else {
      Parallel.run(groupIn, channel -> input.read(x, x0, channel, channel + 1));
    }
    float[] starts = starts(image % conv.groups(), bias);
    int panels = MatrixProductFloat.ceil(positions, PANEL);
    int perTask = Math.min(CHUNK, MatrixProductFloat.ceil(panels, Parallel.threads()));
    Parallel.run(
        MatrixProductFloat.ceil(panels, perTask),
        task -> {
          int first = task * perTask * PANEL;
          int count = Math.min(perTask * PANEL, positions - first);
          forward(input.view(), offsets, image, first, count, tiles, starts, y);
        });
    spareInputs.add(input);
  }

  /** What the sums of a group's filters start from: the bias, then zeros. */
  private float[] starts(int group, float[] bias) {
    float[] starts = new float[groupOut + 2 * PackedFloat.ROWS];
    if (bias != null) {
      System.arraycopy(bias, group * groupOut, starts, 0, groupOut);
    }
    return starts;
  }

  private UnfoldedFloat input() {
    UnfoldedFloat spare = spareInputs.poll();
    return spare == null ? new UnfoldedFloat(layout, groupIn) : spare;
  }

  /** The output positions from {@code first} on, of all filters of a group. */
  private void forward(
      UnfoldedFloat input,
      int[] offsets,
      int image,
      int first,
      int count,
      float[] tiles,
      float[] starts,
      float[] y) {
    int y0 = image * groupOut * positions + first;
    int tiles0 = image % conv.groups() * groupTiles();
    int depth = Math.min(filter, forwardDepth());
    int step = depth * PANEL + PANEL;
    int wide = isNarrow(count % PANEL) ? count - count % PANEL : count;
    int narrow = MatrixProductFloat.ceil(wide, PANEL) * step;
    float[] packed = BuffersFloat.take(narrow + (count - wide) * depth * PackedFloat.ROWS + PANEL);
    float[] spare = BuffersFloat.take(CHUNK * PANEL * PackedFloat.ROWS);
    for (int p = 0; p < filter; p += depth) {
      int k = Math.min(depth, filter - p);
      input.pack(offsets, p, k, first, wide, packed, step);
      for (int j = wide; j < count; j++) {
        int to = narrow + (j - wide) * depth * PackedFloat.ROWS;
        input.column(offsets, p, k, first + j, PackedFloat.ROWS, packed, to);
      }
      for (int i = 0; i < groupOut; i += PackedFloat.ROWS) {
        int rows = Math.min(PackedFloat.ROWS, groupOut - i);
        int t0 = tiles0 + i * filter + p * PackedFloat.ROWS;
        int start = p == 0 ? i : groupOut + PackedFloat.ROWS;
        int c0 = y0 + i * positions;
        PackedFloat.multiply(
            rows, wide, k, tiles, t0, packed, 0, step, starts, start, p > 0, y, c0, positions,
            spare);
        for (int j = wide; j < count; j++) {
          int v0 = narrow + (j - wide) * depth * PackedFloat.ROWS;
          PackedFloat.multiplyColumn(
              rows, k, tiles, t0, packed, v0, starts, start, p > 0, y, c0 + j, positions, spare);
        }
      }
    }
    BuffersFloat.give(spare);
    BuffersFloat.give(packed);
  }

  /** Weights of a filter that are multiplied at a time, so that panels stay in the caches. */
  private int forwardDepth() {
    return MatrixProductFloat.ceil(filter, MatrixProductFloat.ceil(filter, DEPTH));
  }

  /** Whether so few columns are cheaper one by one than as a padded panel. */
  private static boolean isNarrow(int columns) {
    return columns <= PANEL / 4;
  }

  /** As {@link lamina.kernel.Backend#convolveBackwardInput}. */
  void backwardInput(float[] dy, float[] w, float[] dx) {
    Arrays.fill(dx, 0);
    float[] turned = BuffersFloat.take(w.length);
    for (int group = 0; group < conv.groups(); group++) {
      int at = group * groupOut * filter;
      MatrixProductFloat.turn(groupOut, filter, w, at, filter, turned, at, groupOut);
    }
    int blocks = MatrixProductFloat.ceil(groupIn, blockChannels);
    Parallel.run(
        conv.batch() * conv.groups() * blocks,
        task -> backwardInput(task / blocks, task % blocks * blockChannels, dy, turned, dx));
    releaseInputs();
    BuffersFloat.give(turned);
  }

  /** The gradient of some channels of one group of one image. */
  private void backwardInput(int image, int channel, float[] dy, float[] turned, float[] dx) {
    int group = image % conv.groups();
    int channels = Math.min(blockChannels, groupIn - channel);
    int rows = channels * taps;
    int x0 = (image * groupIn + channel) * layout.windows.inPlane;
    int y0 = image * groupOut * positions;
    UnfoldedFloat sums = spareInputs.poll();
    if (sums == null) {
      sums = new UnfoldedFloat(layout, blockChannels);
    }
    sums.clear(dx, x0);
    int step = Math.min(positions, CHUNK * PANEL);
    int depth = Math.min(groupOut, MatrixProductFloat.DEPTH);
    float[] packed = BuffersFloat.take(PANEL * depth + PANEL);
    float[] products = BuffersFloat.take(rows * step);
    float[] spare = new float[TileFloat.ROWS * PANEL];
    int a0 = group * groupOut * filter + channel * taps * groupOut;
    for (int first = 0; first < positions; first += step) {
      int count = Math.min(step, positions - first);
      Arrays.fill(products, 0, rows * count, 0);
      for (int p = 0; p < groupOut; p += depth) {
        int k = Math.min(depth, groupOut - p);
        for (int at = 0; at < count; at += PANEL) {
          int columns = Math.min(PANEL, count - at);
          MatrixProductFloat.packRows(
              k, columns, dy, y0 + p * positions + first + at, positions, packed, 0);
          TileFloat.multiply(
              rows, columns, k, turned, a0 + p, groupOut, packed, 0, products, at, count, spare);
        }
      }
      sums.addRows(0, channels, first, count, products);
    }
    sums.write(dx, x0, channels);
    spareInputs.add(sums);
    BuffersFloat.give(packed);
    BuffersFloat.give(products);
  }

  /** As {@link lamina.kernel.Backend#convolveBackwardKernel}. */
  void backwardKernel(float[] x, float[] dy, float[] dw) {
    int blocks = MatrixProductFloat.ceil(groupIn, kernelBlock());
    int filters = filtersPerTask(blocks);
    int perGroup = blocks * MatrixProductFloat.ceil(groupOut, filters);
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
    int wanted = Math.max(1, MatrixProductFloat.ROWS / taps);
    return Math.min(wanted, Math.max(1, groupIn / Parallel.threads()));
  }

  /** All filters, unless there would be too few tasks. */
  private int filtersPerTask(int blocks) {
    return conv.groups() * blocks >= Parallel.threads()
        ? groupOut
        : MatrixProductFloat.roundUp(MatrixProductFloat.ceil(groupOut, Parallel.threads()), PANEL);
  }

  /** The gradient of some channels of some filters: all images one after another. */
  private void backwardKernel(
      int group, int channel, int out, int filters, float[] x, float[] dy, float[] dw) {
    int channels = Math.min(kernelBlock(), groupIn - channel);
    int rows = channels * taps;
    int width = MatrixProductFloat.roundUp(filters, PANEL);
    float[] sums = BuffersFloat.takeZeros(rows * width);
    int step = Math.min(positions, MatrixProductFloat.DEPTH);
    float[] unfolded = BuffersFloat.take(rows * step);
    float[] packed = BuffersFloat.take(width * step);
    UnfoldedFloat input = new UnfoldedFloat(layout, channels);
    float[] spare = new float[TileFloat.ROWS * PANEL];
    for (int n = 0; n < conv.batch(); n++) {
      int image = n * conv.groups() + group;
      input.read(x, (image * groupIn + channel) * layout.windows.inPlane, channels);
      int y0 = (image * groupOut + out) * positions;
      for (int first = 0; first < positions; first += step) {
        int count = Math.min(step, positions - first);
        input.rows(0, channels, first, count, unfolded);
        for (int left = 0; left < filters; left += PANEL) {
          MatrixProductFloat.turn(
              Math.min(PANEL, filters - left),
              count,
              dy,
              y0 + left * positions + first,
              positions,
              packed,
              left * count,
              PANEL);
          TileFloat.multiply(
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
    MatrixProductFloat.turn(rows, filters, sums, 0, width, dw, target, filter);
    BuffersFloat.give(sums);
    BuffersFloat.give(unfolded);
    BuffersFloat.give(packed);
    input.release();
  }
}
