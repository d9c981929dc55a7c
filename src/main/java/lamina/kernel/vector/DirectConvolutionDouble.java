package lamina.kernel.vector;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import lamina.kernel.Convolution;
import lamina.kernel.Parallel;

/**
 * Convolution and its gradients in float64, an output row at a time, tap after tap: for few
 * channels a group, depthwise convolution above all, where a matrix product would be mostly
 * packing. An image's channels of one group, with their padding, stay in the cache.
 */
final class DirectConvolutionDouble {
  private static final int LANES = TileDouble.LANES;

  private final Convolution conv;
  private final Unfolding layout;
  private final int groupIn;
  private final int groupOut;
  private final int taps;
  private final int positions;

  DirectConvolutionDouble(Convolution conv) {
    this.conv = conv;
    layout = new Unfolding(conv);
    groupIn = conv.inChannels() / conv.groups();
    groupOut = conv.outChannels() / conv.groups();
    taps = layout.tapOffsets.length;
    positions = layout.windows.outPlane;
  }

  /** As {@link lamina.kernel.Backend#convolve}. */
  void forward(double[] x, double[] w, double[] bias, double[] y) {
    int[] offsets = layout.offsets(groupIn);
    forEachPart(
        conv.batch() * conv.groups(),
        (input, image) -> {
          input.read(x, image * groupIn * layout.windows.inPlane, groupIn);
          int group = image % conv.groups();
          for (int i = 0; i < groupOut; i++) {
            int out = group * groupOut + i;
            double start = bias == null ? 0 : bias[out];
            int y0 = (image * groupOut + i) * positions;
            for (int p = 0; p < positions; p += layout.run(p)) {
              int count = Math.min(layout.run(p), positions - p);
              int at = input.offset + layout.base(p);
              row(count, input.data, at, offsets, w, out * offsets.length, start, y, y0 + p);
            }
          }
        });
  }

  /** One part of the work, with an input of its own to read into. */
  private interface Part {
    void compute(UnfoldedDouble input, int part);
  }

  private void forEachPart(int parts, Part part) {
    int tasks = Math.min(parts, Parallel.threads() * 4);
    Parallel.run(
        tasks,
        task -> {
          UnfoldedDouble input = new UnfoldedDouble(layout, groupIn);
          int end = (int) ((task + 1L) * parts / tasks);
          for (int i = (int) ((long) task * parts / tasks); i < end; i++) {
            part.compute(input, i);
          }
          input.release();
        });
  }

  /** {@code count} outputs of one filter that lie side by side. */
  private static void row(
      int count,
      double[] x,
      int x0,
      int[] offsets,
      double[] w,
      int w0,
      double start,
      double[] y,
      int y0) {
    int j = 0;
    for (; j + 4 * LANES <= count; j += 4 * LANES) {
      fourVectors(x, x0 + j, offsets, w, w0, start, y, y0 + j);
    }
    for (; j + LANES <= count; j += LANES) {
      oneVector(x, x0 + j, offsets, w, w0, start, y, y0 + j);
    }
    if (j < count && count >= LANES) {
      // Some elements a second time, by the same operations.
      oneVector(x, x0 + count - LANES, offsets, w, w0, start, y, y0 + count - LANES);
    } else {
      for (; j < count; j++) {
        double sum = start;
        for (int i = 0; i < offsets.length; i++) {
          sum = Math.fma(w[w0 + i], x[x0 + j + offsets[i]], sum);
        }
        y[y0 + j] = sum;
      }
    }
  }

  private static void fourVectors(
      double[] x, int x0, int[] offsets, double[] w, int w0, double start, double[] y, int y0) {
    DoubleVector s0 = DoubleVector.broadcast(TileDouble.SPECIES, start);
    DoubleVector s1 = s0;
    DoubleVector s2 = s0;
    DoubleVector s3 = s0;
    for (int i = 0; i < offsets.length; i++) {
      DoubleVector v = DoubleVector.broadcast(TileDouble.SPECIES, w[w0 + i]);
      int at = x0 + offsets[i];
      s0 = v.fma(DoubleVector.fromArray(TileDouble.SPECIES, x, at), s0);
      s1 = v.fma(DoubleVector.fromArray(TileDouble.SPECIES, x, at + LANES), s1);
      s2 = v.fma(DoubleVector.fromArray(TileDouble.SPECIES, x, at + 2 * LANES), s2);
      s3 = v.fma(DoubleVector.fromArray(TileDouble.SPECIES, x, at + 3 * LANES), s3);
    }
    s0.intoArray(y, y0);
    s1.intoArray(y, y0 + LANES);
    s2.intoArray(y, y0 + 2 * LANES);
    s3.intoArray(y, y0 + 3 * LANES);
  }

  private static void oneVector(
      double[] x, int x0, int[] offsets, double[] w, int w0, double start, double[] y, int y0) {
    DoubleVector sum = DoubleVector.broadcast(TileDouble.SPECIES, start);
    for (int i = 0; i < offsets.length; i++) {
      DoubleVector v = DoubleVector.broadcast(TileDouble.SPECIES, w[w0 + i]);
      sum = v.fma(DoubleVector.fromArray(TileDouble.SPECIES, x, x0 + offsets[i]), sum);
    }
    sum.intoArray(y, y0);
  }

  /** As {@link lamina.kernel.Backend#convolveBackwardInput}. */
  void backwardInput(double[] dy, double[] w, double[] dx) {
    Arrays.fill(dx, 0);
    int[] offsets = layout.offsets(groupIn);
    forEachPart(
        conv.batch() * conv.groups(),
        (sums, image) -> {
          int x0 = image * groupIn * layout.windows.inPlane;
          sums.clear(dx, x0);
          for (int i = 0; i < groupOut; i++) {
            int w0 = (image % conv.groups() * groupOut + i) * offsets.length;
            int y0 = (image * groupOut + i) * positions;
            for (int p = 0; p < positions; p += layout.run(p)) {
              int count = Math.min(layout.run(p), positions - p);
              for (int tap = 0; tap < offsets.length; tap++) {
                int to = sums.offset + layout.base(p) + offsets[tap];
                addScaled(count, w[w0 + tap], dy, y0 + p, sums.data, to);
              }
            }
          }
          sums.write(dx, x0, groupIn);
        });
  }

  private static void addScaled(
      int count, double factor, double[] x, int x0, double[] sum, int s0) {
    int i = 0;
    DoubleVector v = DoubleVector.broadcast(TileDouble.SPECIES, factor);
    for (; i + LANES <= count; i += LANES) {
      v.fma(
              DoubleVector.fromArray(TileDouble.SPECIES, x, x0 + i),
              DoubleVector.fromArray(TileDouble.SPECIES, sum, s0 + i))
          .intoArray(sum, s0 + i);
    }
    for (; i < count; i++) {
      sum[s0 + i] = Math.fma(factor, x[x0 + i], sum[s0 + i]);
    }
  }

  /** As {@link lamina.kernel.Backend#convolveBackwardKernel}. */
  void backwardKernel(double[] x, double[] dy, double[] dw) {
    int[] offsets = layout.offsets(groupIn);
    Arrays.fill(dw, 0);
    forEachPart(
        conv.groups(),
        (input, group) -> {
          for (int n = 0; n < conv.batch(); n++) {
            int image = n * conv.groups() + group;
            input.read(x, image * groupIn * layout.windows.inPlane, groupIn);
            for (int i = 0; i < groupOut; i++) {
              int y0 = (image * groupOut + i) * positions;
              int to = (group * groupOut + i) * offsets.length;
              for (int tap = 0; tap < offsets.length; tap++) {
                dw[to + tap] += tapGradient(input, offsets[tap], dy, y0);
              }
            }
          }
        });
  }

  private double tapGradient(UnfoldedDouble input, int offset, double[] dy, int y0) {
    DoubleVector sum = DoubleVector.zero(TileDouble.SPECIES);
    double rest = 0;
    for (int p = 0; p < positions; p += layout.run(p)) {
      int count = Math.min(layout.run(p), positions - p);
      int at = input.offset + layout.base(p) + offset;
      int i = 0;
      for (; i + LANES <= count; i += LANES) {
        sum =
            DoubleVector.fromArray(TileDouble.SPECIES, dy, y0 + p + i)
                .fma(DoubleVector.fromArray(TileDouble.SPECIES, input.data, at + i), sum);
      }
      for (; i < count; i++) {
        rest += dy[y0 + p + i] * input.data[at + i];
      }
    }
    return rest + TileDouble.sum(sum);
  }
}
