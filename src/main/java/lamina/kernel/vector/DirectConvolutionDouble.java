package lamina.kernel.vector;

import java.util.Arrays;
import java.util.stream.IntStream;
import jdk.incubator.vector.DoubleVector;
import lamina.kernel.Convolution;
import lamina.kernel.Parallel;
import lamina.kernel.WindowPlacement;
import lamina.kernel.plain.PlainKernelsDouble;

/**
 * Convolution and its gradients in float64, tap after tap. It is for few channels a group, for
 * depthwise convolution above all, where a matrix product would spend most of its time on packing.
 * An image's channels of one group are copied with their padding ({@link PlaneLayout}) and stay in
 * the cache. With a stride along the width, the sums between the output's columns are computed too
 * and dropped: that is less work than to sort the columns of the input.
 */
final class DirectConvolutionDouble {
  private static final int LANES = TileDouble.LANES;

  /** How many sums of a kernel's gradient to work on at a time, so that they stay in the cache. */
  private static final int SUMS = 1 << 15;

  /** How many maps of the output's gradient are multiplied with the input at a time. */
  private static final int TOGETHER = 4;

  private final Convolution conv;
  private final WindowPlacement w;
  private final int groupIn;
  private final int groupOut;

  /** The distance from the first output column to the last, in columns of the input. */
  private final int outSpan;

  DirectConvolutionDouble(Convolution conv) {
    this.conv = conv;
    w = new WindowPlacement(conv.window(), conv.inputSize(), conv.outputSize());
    groupIn = conv.inChannels() / conv.groups();
    groupOut = conv.outChannels() / conv.groups();
    outSpan = (w.outWidth - 1) * w.strideWidth + 1;
  }

  /** Which slice of its window a tap reads, counted from the first one. */
  private int depthOf(int tap) {
    return tap / w.kernelWidth / w.kernelHeight * w.dilationDepth;
  }

  private int heightOf(int tap) {
    return tap / w.kernelWidth % w.kernelHeight * w.dilationHeight;
  }

  /** As {@link lamina.kernel.Kernels#convolve}. */
  void forward(double[] x, double[] weights, double[] bias, double[] y) {
    PlaneLayout layout = PlaneLayout.of(w);
    int[] offsets = layout.offsets(w, groupIn);
    Parallel.ranges(
        conv.batch() * conv.outChannels(),
        (first, end) -> {
          PlanesDouble input = new PlanesDouble(layout, groupIn, 0);
          double[] sums = BuffersDouble.take(w.outHeight * w.outWidth + LANES);
          int limit = end * w.outPlane;
          for (int map = first; map < end; map++) {
            if (map == first || map % groupOut == 0) {
              input.read(w, groupIn, x, map / groupOut * groupIn * w.inPlane);
            }
            int out = map % conv.outChannels();
            double start = bias == null ? 0 : bias[out];
            int to = map * w.outPlane;
            for (int slice = 0; slice < w.outDepth; slice++) {
              boolean room = to + w.outHeight * w.outWidth + LANES <= limit;
              TapSumsDouble.rows(
                  w.outHeight,
                  w.outWidth,
                  input.data,
                  slice * w.strideDepth * layout.rows * layout.pitch,
                  w.strideHeight * layout.pitch,
                  offsets,
                  weights,
                  out * offsets.length,
                  start,
                  room ? y : sums,
                  room ? to : 0,
                  w.outWidth);
              if (!room) {
                System.arraycopy(sums, 0, y, to, w.outHeight * w.outWidth);
              }
              to += w.outHeight * w.outWidth;
            }
          }
          BuffersDouble.give(sums);
          input.release();
        });
  }

  /**
   * As {@link lamina.kernel.Kernels#convolveBackwardInput}: each row of dx is a convolution of dy,
   * its columns spread by the stride, with those taps turned round that read the row.
   */
  void backwardInput(double[] dy, double[] weights, double[] dx) {
    int firstSlice = (w.kernelDepth - 1) * w.dilationDepth / w.strideDepth;
    int firstRow = (w.kernelHeight - 1) * w.dilationHeight / w.strideHeight;
    PlaneLayout layout =
        new PlaneLayout(
            firstSlice + Math.max(w.outDepth, (w.inDepth - 1 + w.padDepth) / w.strideDepth + 1),
            firstRow + Math.max(w.outHeight, (w.inHeight - 1 + w.padHeight) / w.strideHeight + 1),
            outSpan,
            (w.kernelWidth - 1) * w.dilationWidth - w.padWidth,
            w.inWidth + w.padWidth - outSpan);
    GradientTaps[] taps = new GradientTaps[w.strideDepth * w.strideHeight];
    for (int i = 0; i < taps.length; i++) {
      taps[i] = gradientTaps(layout, i / w.strideHeight, i % w.strideHeight, firstSlice, firstRow);
    }
    Parallel.ranges(
        conv.batch() * conv.groups(),
        (first, end) -> {
          PlanesDouble gradient = new PlanesDouble(layout, groupOut, 0);
          double[][] gathered = new double[taps.length][groupOut * w.taps];
          double[] sums = BuffersDouble.take(w.inHeight * TapSumsDouble.vectors(w.inWidth) * LANES);
          int limit = end * groupIn * w.inPlane;
          for (int image = first; image < end; image++) {
            for (int i = 0; i < groupOut; i++) {
              int from = (image * groupOut + i) * w.outPlane;
              for (int slice = 0; slice < w.outDepth; slice++) {
                gradient.copy(
                    i,
                    firstSlice + slice,
                    firstRow,
                    w.outHeight,
                    w.outWidth,
                    dy,
                    from + slice * w.outHeight * w.outWidth,
                    w.strideWidth);
              }
            }
            int filter = image % conv.groups() * groupOut;
            for (int channel = 0; channel < groupIn; channel++) {
              for (int i = 0; i < taps.length; i++) {
                gather(weights, filter, channel, taps[i].taps, gathered[i]);
              }
              int to = (image * groupIn + channel) * w.inPlane;
              for (int slice = 0; slice < w.inDepth; slice++) {
                runGradient(layout, gradient.data, slice, taps, gathered, sums, dx, to, limit);
                to += w.inHeight * w.inWidth;
              }
            }
          }
          BuffersDouble.give(sums);
          gradient.release();
        });
  }

  /** The taps that read some rows of the input: what they read of dy for row 0 of slice 0. */
  private record GradientTaps(int[] taps, int[] offsets) {}

  private GradientTaps gradientTaps(
      PlaneLayout layout, int depthPhase, int heightPhase, int firstSlice, int firstRow) {
    int[] taps =
        IntStream.range(0, w.taps)
            .map(i -> w.taps - 1 - i)
            .filter(
                tap ->
                    depthOf(tap) % w.strideDepth == depthPhase
                        && heightOf(tap) % w.strideHeight == heightPhase)
            .toArray();
    int[] offsets = new int[groupOut * taps.length];
    for (int i = 0; i < offsets.length; i++) {
      int tap = taps[i % taps.length];
      int row =
          layout.row(
              firstSlice - depthOf(tap) / w.strideDepth, firstRow - heightOf(tap) / w.strideHeight);
      int column = w.padWidth - tap % w.kernelWidth * w.dilationWidth;
      offsets[i] = i / taps.length * layout.channel + row + column;
    }
    return new GradientTaps(taps, offsets);
  }

  /** Computes a slice of the gradient of one input channel. */
  private void runGradient(
      PlaneLayout layout,
      double[] gradient,
      int slice,
      GradientTaps[] taps,
      double[][] gathered,
      double[] sums,
      double[] dx,
      int to,
      int limit) {
    int depth = slice + w.padDepth;
    int planeOffset = depth / w.strideDepth * layout.rows * layout.pitch;
    // With a stride, rows that other taps compute lie between: then no vector may reach beyond its
    // row.
    boolean whole = w.strideHeight == 1 && to + w.inHeight * w.inWidth + LANES <= limit;
    int step = whole ? w.inWidth : TapSumsDouble.vectors(w.inWidth) * LANES;
    for (int phase = 0; phase < w.strideHeight; phase++) {
      int row = Math.floorMod(phase - w.padHeight, w.strideHeight);
      int i = depth % w.strideDepth * w.strideHeight + phase;
      TapSumsDouble.rows(
          (w.inHeight - row + w.strideHeight - 1) / w.strideHeight,
          w.inWidth,
          gradient,
          planeOffset + (row + w.padHeight) / w.strideHeight * layout.pitch,
          layout.pitch,
          taps[i].offsets,
          gathered[i],
          0,
          0,
          whole ? dx : sums,
          whole ? to : row * step,
          w.strideHeight * step);
    }
    if (!whole) {
      RowsDouble.copy(w.inHeight, w.inWidth, sums, 0, step, dx, to, limit);
    }
  }

  /** The weights of some taps of one channel, filter after filter. */
  private void gather(double[] weights, int filter, int channel, int[] taps, double[] gathered) {
    int to = 0;
    for (int i = 0; i < groupOut; i++) {
      int from = ((filter + i) * groupIn + channel) * w.taps;
      for (int tap : taps) {
        gathered[to++] = weights[from + tap];
      }
    }
  }

  /** As {@link lamina.kernel.Kernels#convolveBackwardKernel}. */
  void backwardKernel(double[] x, double[] dy, double[] dw) {
    PlaneLayout layout = PlaneLayout.of(w);
    int[] offsets = layout.offsets(w, groupIn);
    int sliceStep = w.strideDepth * layout.rows * layout.pitch;
    int room = sliceStep * w.outDepth + w.strideHeight * layout.pitch + 2 * LANES;
    // All rows are one run, since there are zeros between the rows of dy.
    int count =
        (w.outDepth - 1) * sliceStep
            + (w.outHeight - 1) * w.strideHeight * layout.pitch
            + w.outWidth;
    int block = Math.max(1, SUMS / (offsets.length * LANES * TOGETHER));
    // Filters are grouped in the same way on any number of threads, which keeps the results equal.
    Parallel.ranges(
        conv.groups() * MatrixProductDouble.ceil(groupOut, TOGETHER),
        (first, end) -> {
          PlanesDouble input = new PlanesDouble(layout, groupIn, 0);
          double[] gradient = BuffersDouble.takeZeros(TOGETHER * room);
          double[] sums = BuffersDouble.take(block * TOGETHER * offsets.length * LANES);
          for (int i = first; i < end; i += block) {
            int filter = firstFilter(i);
            int filters = firstFilter(Math.min(end, i + block)) - filter;
            Arrays.fill(sums, 0, filters * offsets.length * LANES, 0);
            for (int n = 0; n < conv.batch(); n++) {
              int map = n * conv.outChannels() + filter;
              addProducts(map, filters, x, dy, input, gradient, room, count, offsets, sums);
            }
            for (int j = 0; j < filters * offsets.length; j++) {
              dw[filter * offsets.length + j] =
                  DotsDouble.sum(DoubleVector.fromArray(TileDouble.SPECIES, sums, j * LANES));
            }
          }
          BuffersDouble.give(sums);
          BuffersDouble.give(gradient);
          input.release();
        });
    if (!isFinite(dw)) {
      // Zeros between the rows of dy were multiplied with infinite elements of x, which no window
      // does.
      PlainKernelsDouble.KERNELS.convolveBackwardKernel(conv, x, dy, dw);
    }
  }

  /** The first filter of those that are computed together, counted over all groups. */
  private int firstFilter(int together) {
    int perGroup = MatrixProductDouble.ceil(groupOut, TOGETHER);
    return together / perGroup * groupOut + together % perGroup * TOGETHER;
  }

  /**
   * Adds the products of some maps of dy with what their filters read of x: four maps of a group
   * and three taps at a time, what is left over one by one.
   *
   * @param gradient room for four maps of dy with the zeros between its rows, in the layout's pitch
   * @param room from one of them to the next
   * @param count the elements of one
   * @param sums a vector for each tap of each filter
   */
  private void addProducts(
      int first,
      int maps,
      double[] x,
      double[] dy,
      PlanesDouble input,
      double[] gradient,
      int room,
      int count,
      int[] offsets,
      double[] sums) {
    int together;
    for (int map = first; map < first + maps; map += together) {
      if (map == first || map % groupOut == 0) {
        input.read(w, groupIn, x, map / groupOut * groupIn * w.inPlane);
      }
      int left = Math.min(first + maps - map, groupOut - map % groupOut);
      together = left < TOGETHER ? 1 : TOGETHER;
      for (int i = 0; i < together; i++) {
        spread(map + i, dy, input.layout, gradient, i * room);
      }
      int to = (map - first) * offsets.length * LANES;
      int tap = 0;
      for (; together > 1 && tap + 3 <= offsets.length; tap += 3) {
        TapSumsDouble.addProducts4x3(
            count,
            gradient,
            0,
            room,
            input.data,
            offsets[tap],
            offsets[tap + 1],
            offsets[tap + 2],
            sums,
            to + tap * LANES,
            offsets.length * LANES);
      }
      for (; tap < offsets.length; tap++) {
        for (int i = 0; i < together; i++) {
          int sum = to + (i * offsets.length + tap) * LANES;
          TapSumsDouble.addProducts(count, gradient, i * room, input.data, offsets[tap], sums, sum);
        }
      }
    }
  }

  /** Copies a map of dy, with zeros between its rows. */
  private void spread(int map, double[] dy, PlaneLayout layout, double[] gradient, int to) {
    for (int slice = 0; slice < w.outDepth; slice++) {
      RowsDouble.spread(
          w.outHeight,
          w.outWidth,
          dy,
          map * w.outPlane + slice * w.outHeight * w.outWidth,
          1,
          gradient,
          to + slice * w.strideDepth * layout.rows * layout.pitch,
          w.strideHeight * layout.pitch,
          0);
    }
  }

  private static boolean isFinite(double[] values) {
    for (double value : values) {
      if (!Double.isFinite(value)) {
        return false;
      }
    }
    return true;
  }
}
