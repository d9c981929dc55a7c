// Derived from IndexedMaximaDouble.java: change that file and run DerivedFloat.
package lamina.kernel.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import lamina.kernel.Backend;
import lamina.kernel.Parallel;
import lamina.kernel.PoolPlacement;
import lamina.kernel.WindowPlacement;

/**
 * Maximum pooling in float32 that tells where the maxima stand, for many neighbouring windows at a
 * time, over copies of the planes with their padding.
 */
final class IndexedMaximaFloat {
  private static final int LANES = TileFloat.LANES;

  private final WindowPlacement w;
  private final PlaneLayout layout;
  private final int[] offsets;

  private IndexedMaximaFloat(WindowPlacement windows) {
    w = windows;
    layout = PlaneLayout.of(w);
    offsets = layout.offsets(w, 1);
  }

  /** As {@link Backend#maxPool}, for windows of a fixed geometry. */
  static void find(PoolPlacement windows, int planes, float[] x, float[] y, long[] indices) {
    IndexedMaximaFloat pooling = new IndexedMaximaFloat(windows.regular());
    Parallel.ranges(planes, (first, end) -> pooling.max(windows, first, end, x, y, indices));
  }

  private void max(
      PoolPlacement windows, int first, int end, float[] x, float[] y, long[] indices) {
    PlanesFloat input = new PlanesFloat(layout, 1, Float.NEGATIVE_INFINITY);
    float[] maxima = BuffersFloat.take(w.outHeight * w.outWidth + LANES);
    float[] taps = BuffersFloat.take(w.outHeight * w.outWidth + LANES);
    int[] distances = distances();
    for (int plane = first; plane < end; plane++) {
      input.read(w, 1, x, plane * w.inPlane);
      for (int slice = 0; slice < w.outDepth; slice++) {
        for (int row = 0; row < w.outHeight; row++) {
          int line = slice * w.strideDepth * layout.rows + row * w.strideHeight;
          int at = row * w.outWidth;
          maxima(w.outWidth, input.data, line * layout.pitch, offsets, maxima, taps, at);
        }
        int to = (plane * w.outDepth + slice) * w.outHeight * w.outWidth;
        System.arraycopy(maxima, 0, y, to, w.outHeight * w.outWidth);
        writeIndices(windows, slice, taps, distances, indices, to);
      }
    }
    BuffersFloat.give(taps);
    BuffersFloat.give(maxima);
    input.release();
  }

  /**
   * The maxima of the windows of a row, and the numbers of the taps that read them, −1 where all
   * are −∞; up to whole vectors.
   */
  private static void maxima(
      int count, float[] x, int x0, int[] offsets, float[] maxima, float[] taps, int to) {
    for (int j = 0; j < count; j += LANES) {
      FloatVector max = FloatVector.broadcast(TileFloat.SPECIES, Float.NEGATIVE_INFINITY);
      FloatVector tap = FloatVector.broadcast(TileFloat.SPECIES, -1);
      for (int i = 0; i < offsets.length; i++) {
        FloatVector v = FloatVector.fromArray(TileFloat.SPECIES, x, x0 + j + offsets[i]);
        // A larger one, or the first that is not a number: once that is found, no other.
        VectorMask<Float> better =
            v.compare(VectorOperators.LE, max).not().and(max.compare(VectorOperators.EQ, max));
        max = max.blend(v, better);
        tap = tap.blend(FloatVector.broadcast(TileFloat.SPECIES, i), better);
      }
      max.intoArray(maxima, to + j);
      tap.intoArray(taps, to + j);
    }
  }

  /** Finds where in their plane the maxima of a slice stand. */
  private void writeIndices(
      PoolPlacement windows, int slice, float[] taps, int[] distances, long[] indices, int to) {
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

  /** How far behind its window's first element each tap reads in a plane of the input. */
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
