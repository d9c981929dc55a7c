package lamina.kernel.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import lamina.kernel.Kernels;
import lamina.kernel.Parallel;
import lamina.kernel.PoolPlacement;
import lamina.kernel.WindowPlacement;

/**
 * Maximum pooling in float64 that tells where the maxima stand, for many neighbouring windows at a
 * time, over copies of the planes with their padding.
 */
final class IndexedMaximaDouble {
  private static final int LANES = TileDouble.LANES;

  private final WindowPlacement w;
  private final PlaneLayout layout;
  private final int[] offsets;

  private IndexedMaximaDouble(WindowPlacement windows) {
    w = windows;
    layout = PlaneLayout.of(w);
    offsets = layout.offsets(w, 1);
  }

  /** As {@link Kernels#maxPool}, for windows of a fixed geometry. */
  static void find(PoolPlacement windows, int planes, double[] x, double[] y, long[] indices) {
    IndexedMaximaDouble pooling = new IndexedMaximaDouble(windows.regular());
    Parallel.ranges(planes, (first, end) -> pooling.max(windows, first, end, x, y, indices));
  }

  private void max(
      PoolPlacement windows, int first, int end, double[] x, double[] y, long[] indices) {
    PlanesDouble input = new PlanesDouble(layout, 1, Double.NEGATIVE_INFINITY);
    double[] maxima = BuffersDouble.take(w.outHeight * w.outWidth + LANES);
    double[] taps = BuffersDouble.take(w.outHeight * w.outWidth + LANES);
    int[] distances = distances();
    for (int plane = first; plane < end; plane++) {
      input.read(w, 1, x, plane * w.inPlane);
      for (int slice = 0; slice < w.outDepth; slice++) {
        for (int row = 0; row < w.outHeight; row++) {
          int line = slice * w.strideDepth * layout.rows + row * w.strideHeight;
          int outputOffset = row * w.outWidth;
          maxima(w.outWidth, input.data, line * layout.pitch, offsets, maxima, taps, outputOffset);
        }
        int to = (plane * w.outDepth + slice) * w.outHeight * w.outWidth;
        System.arraycopy(maxima, 0, y, to, w.outHeight * w.outWidth);
        writeIndices(windows, slice, taps, distances, indices, to);
      }
    }
    BuffersDouble.give(taps);
    BuffersDouble.give(maxima);
    input.release();
  }

  /**
   * Finds the maxima of the windows of a row and the numbers of the taps that read them, −1 where
   * all elements are −∞. It goes on to the end of a whole vector.
   */
  private static void maxima(
      int count, double[] x, int x0, int[] offsets, double[] maxima, double[] taps, int to) {
    for (int j = 0; j < count; j += LANES) {
      DoubleVector max = DoubleVector.broadcast(TileDouble.SPECIES, Double.NEGATIVE_INFINITY);
      DoubleVector tap = DoubleVector.broadcast(TileDouble.SPECIES, -1);
      for (int i = 0; i < offsets.length; i++) {
        DoubleVector v = DoubleVector.fromArray(TileDouble.SPECIES, x, x0 + j + offsets[i]);
        // Better is what is larger, or the first NaN: after a NaN nothing is better.
        VectorMask<Double> better =
            v.compare(VectorOperators.LE, max).not().and(max.compare(VectorOperators.EQ, max));
        max = max.blend(v, better);
        tap = tap.blend(DoubleVector.broadcast(TileDouble.SPECIES, i), better);
      }
      max.intoArray(maxima, to + j);
      tap.intoArray(taps, to + j);
    }
  }

  /** Finds where in their plane the maxima of a slice stand. */
  private void writeIndices(
      PoolPlacement windows, int slice, double[] taps, int[] distances, long[] indices, int to) {
    int output = slice * w.outHeight * w.outWidth;
    int depth = slice * w.strideDepth - w.padDepth;
    for (int row = 0; row < w.outHeight; row++) {
      int line = depth * w.inHeight + row * w.strideHeight - w.padHeight;
      int base = line * w.inWidth - w.padWidth;
      for (int column = 0; column < w.outWidth; column++) {
        int i = row * w.outWidth + column;
        int tap = (int) taps[i];
        indices[to + i] =
            tap < 0
                ? windows.firstElement(output + i)
                : base + column * w.strideWidth + distances[tap];
      }
    }
  }

  /**
   * The distance of what each tap reads from the first element of its window, in a plane of the
   * input.
   */
  private int[] distances() {
    int[] distances = new int[w.taps];
    for (int tap = 0; tap < w.taps; tap++) {
      int line = tap / w.kernelWidth;
      int slice = line / w.kernelHeight * w.dilationDepth;
      int row = line % w.kernelHeight * w.dilationHeight;
      distances[tap] =
          (slice * w.inHeight + row) * w.inWidth + tap % w.kernelWidth * w.dilationWidth;
    }
    return distances;
  }
}
