package lamina.kernel.vector;

import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * Arrays of float64 that are used again and again. A fresh array lies in memory that no cache
 * holds, and the JVM fills it with zeros first: that takes as long as a good part of the work done
 * in it.
 */
final class BuffersDouble {
  /** Arrays of more than 4 million elements are left to the garbage collector. */
  private static final int LARGEST = 1 << 22;

  private static final int MOST = 16;
  private static final ArrayDeque<double[]> spare = new ArrayDeque<>();

  private BuffersDouble() {}

  /** An array of at least this length, whose elements may have any values. */
  static double[] take(int length) {
    if (length <= LARGEST) {
      synchronized (spare) {
        for (double[] buffer : spare) {
          if (buffer.length >= length && buffer.length <= 2L * length + 1024) {
            spare.remove(buffer);
            return buffer;
          }
        }
      }
    }
    return new double[length];
  }

  /** As {@link #take}, with zeros in the first {@code length} elements. */
  static double[] takeZeros(int length) {
    double[] buffer = take(length);
    Arrays.fill(buffer, 0, length, 0);
    return buffer;
  }

  /** Gives back an array that nobody reads any more. */
  static void give(double[] buffer) {
    if (buffer.length <= LARGEST) {
      synchronized (spare) {
        if (spare.size() == MOST) {
          spare.removeLast();
        }
        spare.addFirst(buffer);
      }
    }
  }
}
