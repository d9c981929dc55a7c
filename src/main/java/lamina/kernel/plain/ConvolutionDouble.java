package lamina.kernel.plain;

import java.util.Arrays;
import lamina.kernel.Convolution;
import lamina.kernel.Kernels;
import lamina.kernel.Matrix;
import lamina.kernel.Parallel;
import lamina.kernel.WindowPlacement;

/**
 * Convolution and its gradients in float64 as matrix products with a panel: the inputs under a
 * block of output positions, one row for each channel and tap. The panel is small enough for the
 * cache and gathered anew for each block, so that no copy of the whole input is ever held.
 */
final class ConvolutionDouble {
  /** Channels are taken together until the panel has about so many rows. */
  private static final int PANEL_ROWS = 256;

  /** Elements of a panel: 256 KiB of float64, half of a usual second-level cache. */
  private static final int PANEL_ELEMENTS = 1 << 15;

  private final Convolution conv;
  private final WindowPlacement windows;
  private final int groupIn;
  private final int groupOut;
  private final int blockChannels;
  private final int blockPositions;

  /** Blocks of output positions of one group of one image. */
  private final int blocks;

  /** The current block: some channels of one group of one image, under some output positions. */
  private int image;

  private int group;
  private int channel;
  private int channels;
  private int position;
  private int positions;

  /** The end of the output positions that {@link #start} was given. */
  private int lastPosition;

  private ConvolutionDouble(Convolution conv) {
    this.conv = conv;
    windows = new WindowPlacement(conv.window(), conv.inputSize(), conv.outputSize());
    groupIn = conv.inChannels() / conv.groups();
    groupOut = conv.outChannels() / conv.groups();
    blockChannels = Math.min(groupIn, Math.max(1, PANEL_ROWS / windows.taps));
    int fitting = Math.max(1, PANEL_ELEMENTS / (blockChannels * windows.taps));
    blockPositions = Math.min(windows.outPlane, fitting);
    blocks = windows.outPlane == 0 ? 0 : (windows.outPlane - 1) / blockPositions + 1;
  }

  /** As {@link Kernels#convolve}. */
  static void forward(Convolution conv, double[] x, double[] w, double[] bias, double[] y) {
    ConvolutionDouble whole = new ConvolutionDouble(conv);
    whole.fillWithBias(bias, y);
    int planes = conv.batch() * conv.groups();
    split(
        conv,
        planes * whole.blocks,
        (first, end) -> {
          ConvolutionDouble block = new ConvolutionDouble(conv);
          double[] panel = block.panel();
          for (int part = first; part < end; part++) {
            int blockStart = part % block.blocks * block.blockPositions;
            block.start(part / block.blocks, blockStart, blockStart + block.blockPositions);
            while (block.next()) {
              block.gather(x, panel);
              ProductDouble.accumulate(
                  block.filters(w),
                  Matrix.of(panel, block.rows(), block.positions),
                  block.outputs(y));
            }
          }
        });
  }

  /** As {@link Kernels#convolveBackwardInput}. */
  static void backwardInput(Convolution conv, double[] dy, double[] w, double[] dx) {
    Arrays.fill(dx, 0);
    // Windows overlap, so that two threads may only work on different planes.
    split(
        conv,
        conv.batch() * conv.groups(),
        (first, end) -> {
          ConvolutionDouble block = new ConvolutionDouble(conv);
          double[] panel = block.panel();
          for (int part = first; part < end; part++) {
            block.start(part, 0, block.windows.outPlane);
            while (block.next()) {
              Arrays.fill(panel, 0, block.rows() * block.positions, 0);
              ProductDouble.accumulate(
                  block.filters(w).transpose(),
                  block.outputs(dy),
                  Matrix.of(panel, block.rows(), block.positions));
              block.scatter(panel, dx);
            }
          }
        });
  }

  /** Splits work among threads, unless starting them would take longer. */
  private static void split(Convolution conv, int parts, Parallel.Range range) {
    if (conv.multiplyAccumulates() < ProductDouble.WORTH_SPLITTING) {
      range.compute(0, parts);
    } else {
      Parallel.ranges(parts, range);
    }
  }

  /** As {@link Kernels#convolveBackwardKernel}. */
  static void backwardKernel(Convolution conv, double[] x, double[] dy, double[] dw) {
    Arrays.fill(dw, 0);
    ConvolutionDouble block = new ConvolutionDouble(conv);
    double[] panel = block.panel();
    double[] transposed = block.panel();
    for (int part = 0; part < conv.batch() * conv.groups(); part++) {
      block.start(part, 0, block.windows.outPlane);
      while (block.next()) {
        block.gather(x, panel);
        ProductDouble.transpose(
            Matrix.of(panel, block.rows(), block.positions), transposed, block.rows());
        ProductDouble.accumulate(
            block.outputs(dy),
            Matrix.of(transposed, block.positions, block.rows()),
            block.filters(dw));
      }
    }
  }

  /** Prepares to go through the blocks of some output positions of one group of one image. */
  private void start(int plane, int from, int to) {
    image = plane / conv.groups();
    group = plane % conv.groups();
    position = from;
    lastPosition = Math.min(to, windows.outPlane);
    channel = 0;
    channels = 0;
  }

  /** Goes to the first or the next block; false after the last one. */
  private boolean next() {
    Parallel.checkInterrupt();
    channel += channels;
    if (channel == groupIn) {
      channel = 0;
      position += positions;
    }
    channels = Math.min(blockChannels, groupIn - channel);
    positions = Math.min(blockPositions, lastPosition - position);
    return positions > 0;
  }

  /** The rows of the panel: one for each channel of the block and tap of the window. */
  private int rows() {
    return channels * windows.taps;
  }

  private double[] panel() {
    return new double[blockChannels * windows.taps * blockPositions];
  }

  /** The weights of the group's filters for the block's channels: a row for each filter. */
  private Matrix<double[]> filters(double[] w) {
    int filter = groupIn * windows.taps;
    int offset = group * groupOut * filter + channel * windows.taps;
    return Matrix.of(w, offset, groupOut, rows(), filter);
  }

  /** The outputs of the group at the block's positions: a row for each filter. */
  private Matrix<double[]> outputs(double[] y) {
    int plane = image * conv.outChannels() + group * groupOut;
    int offset = plane * windows.outPlane + position;
    return Matrix.of(y, offset, groupOut, positions, windows.outPlane);
  }

  private int inputOffset() {
    return (image * conv.inChannels() + group * groupIn + channel) * windows.inPlane;
  }

  private void fillWithBias(double[] bias, double[] y) {
    int outputOffset = 0;
    for (int image = 0; image < conv.batch(); image++) {
      for (int channel = 0; channel < conv.outChannels(); channel++) {
        Arrays.fill(
            y, outputOffset, outputOffset + windows.outPlane, bias == null ? 0 : bias[channel]);
        outputOffset += windows.outPlane;
      }
    }
  }

  /**
   * Fills the panel with the inputs under the block: a row for each channel and tap, a column for
   * each position, and 0 for the padding.
   */
  private void gather(double[] x, double[] panel) {
    int to = 0;
    int plane = inputOffset();
    for (int c = 0; c < channels; c++) {
      for (int kd = 0; kd < windows.kernelDepth; kd++) {
        for (int kh = 0; kh < windows.kernelHeight; kh++) {
          for (int kw = 0; kw < windows.kernelWidth; kw++) {
            gatherTap(x, plane, kd, kh, kw, panel, to);
            to += positions;
          }
        }
      }
      plane += windows.inPlane;
    }
  }

  private void gatherTap(
      double[] x, int plane, int kd, int kh, int kw, double[] panel, int panelOffset) {
    int left = windows.firstInside(kw);
    int right = windows.firstBeyond(kw);
    int step = windows.strideWidth;
    int to = panelOffset;
    int end = position + positions;
    for (int place = position; place < end; ) {
      int column = place % windows.outWidth;
      int count = Math.min(windows.outWidth - column, end - place);
      int row = inputRow(place / windows.outWidth, kd, kh);
      int first = Math.min(column + count, Math.max(column, left));
      int beyond = row < 0 ? first : Math.max(first, Math.min(column + count, right));
      Arrays.fill(panel, to, to + first - column, 0);
      int from = plane + row * windows.inWidth + first * step - windows.padWidth;
      from += kw * windows.dilationWidth;
      copy(x, from, step, panel, to + first - column, beyond - first);
      Arrays.fill(panel, to + beyond - column, to + count, 0);
      to += count;
      place += count;
    }
  }

  /** Adds the panel to the elements that {@link #gather} would have read. */
  private void scatter(double[] panel, double[] dx) {
    int from = 0;
    int plane = inputOffset();
    for (int c = 0; c < channels; c++) {
      for (int kd = 0; kd < windows.kernelDepth; kd++) {
        for (int kh = 0; kh < windows.kernelHeight; kh++) {
          for (int kw = 0; kw < windows.kernelWidth; kw++) {
            scatterTap(panel, from, kd, kh, kw, dx, plane);
            from += positions;
          }
        }
      }
      plane += windows.inPlane;
    }
  }

  private void scatterTap(
      double[] panel, int panelOffset, int kd, int kh, int kw, double[] dx, int plane) {
    int left = windows.firstInside(kw);
    int right = windows.firstBeyond(kw);
    int step = windows.strideWidth;
    int from = panelOffset;
    int end = position + positions;
    for (int place = position; place < end; ) {
      int column = place % windows.outWidth;
      int count = Math.min(windows.outWidth - column, end - place);
      int row = inputRow(place / windows.outWidth, kd, kh);
      int first = Math.min(column + count, Math.max(column, left));
      int beyond = row < 0 ? first : Math.max(first, Math.min(column + count, right));
      int to = plane + row * windows.inWidth + first * step - windows.padWidth;
      to += kw * windows.dilationWidth;
      add(panel, from + first - column, beyond - first, dx, to, step);
      from += count;
      place += count;
    }
  }

  /** The row of the input plane under a row of the output plane, or -1 if it is padding. */
  private int inputRow(int outRow, int kd, int kh) {
    int depth = windows.depth(outRow / windows.outHeight, kd);
    int height = windows.height(outRow % windows.outHeight, kh);
    return depth < 0 || height < 0 ? -1 : depth * windows.inHeight + height;
  }

  private static void copy(double[] x, int from, int step, double[] to, int toOffset, int count) {
    if (step == 1) {
      if (count > 0) {
        System.arraycopy(x, from, to, toOffset, count);
      }
      return;
    }
    for (int i = 0; i < count; i++) {
      to[toOffset + i] = x[from + i * step];
    }
  }

  private static void add(
      double[] panel, int from, int count, double[] dx, int inputOffset, int step) {
    for (int i = 0; i < count; i++) {
      dx[inputOffset + i * step] += panel[from + i];
    }
  }
}
