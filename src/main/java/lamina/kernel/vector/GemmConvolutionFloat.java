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

  /** As {@link lamina.kernel.Backend#convolve}. */
  void forward(float[] x, float[] w, float[] bias, float[] y) {
    int images = conv.batch() * conv.groups();
    if (images >= Parallel.threads()) {
      Parallel.run(images, image -> forward(image, x, w, bias, y));
    } else {
      for (int image = 0; image < images; image++) {
        forward(image, x, w, bias, y);
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
  private void forward(int image, float[] x, float[] w, float[] bias, float[] y) {
    UnfoldedFloat input = input();
    int x0 = image * groupIn * layout.windows.inPlane;
    if (layout.direct) {
      input.read(x, x0, groupIn);
    } else {
      Parallel.run(groupIn, channel -> input.read(x, x0, channel, channel + 1));
    }
    int panels = MatrixProductFloat.ceil(positions, PANEL);
    int perTask = Math.min(CHUNK, MatrixProductFloat.ceil(panels, Parallel.threads()));
    Parallel.run(
        MatrixProductFloat.ceil(panels, perTask),
        task -> {
          int first = task * perTask * PANEL;
          int count = Math.min(perTask * PANEL, positions - first);
          forward(input.view(), image, first, count, w, bias, y);
        });
    spareInputs.add(input);
  }

  private UnfoldedFloat input() {
    UnfoldedFloat spare = spareInputs.poll();
    return spare == null ? new UnfoldedFloat(layout, groupIn) : spare;
  }

  /** The output positions from {@code first} on, of all filters of a group. */
  private void forward(
      UnfoldedFloat input, int image, int first, int count, float[] w, float[] bias, float[] y) {
    int group = image % conv.groups();
    int y0 = image * groupOut * positions + first;
    int w0 = group * groupOut * filter;
    for (int i = 0; i < groupOut; i++) {
      float start = bias == null ? 0 : bias[group * groupOut + i];
      Arrays.fill(y, y0 + i * positions, y0 + i * positions + count, start);
    }
    int depth = blockChannels * taps;
    float[] packed =
        BuffersFloat.take(MatrixProductFloat.roundUp(count, PANEL) * (depth + 1) + PANEL);
    float[] spare = new float[TileFloat.ROWS * PANEL];
    for (int channel = 0; channel < groupIn; channel += blockChannels) {
      int channels = Math.min(blockChannels, groupIn - channel);
      int k = channels * taps;
      int step = k * PANEL + PANEL;
      int wide = isNarrow(count % PANEL) ? count - count % PANEL : count;
      if (wide > 0) {
        input.pack(channel, channels, first, wide, packed, step);
      }
      int narrow = wide / PANEL * step;
      for (int j = wide; j < count; j++) {
        input.column(channel, channels, first + j, packed, narrow + (j - wide) * k);
      }
      for (int i = 0; i < groupOut; i += MatrixProductFloat.ROWS) {
        int rows = Math.min(MatrixProductFloat.ROWS, groupOut - i);
        int a0 = w0 + i * filter + channel * taps;
        int c0 = y0 + i * positions;
        for (int at = 0; at < wide; at += PANEL) {
          int columns = Math.min(PANEL, wide - at);
          int p0 = at / PANEL * step;
          TileFloat.multiply(
              rows, columns, k, w, a0, filter, packed, p0, y, c0 + at, positions, spare);
        }
        for (int j = wide; j < count; j++) {
          int v0 = narrow + (j - wide) * k;
          TileFloat.multiplyVector(rows, k, w, a0, filter, packed, v0, y, c0 + j, positions);
        }
      }
    }
    BuffersFloat.give(packed);
  }

  /** Whether so few columns are cheaper as products with a vector than as a padded panel. */
  private static boolean isNarrow(int columns) {
    return columns <= PANEL / 8;
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
