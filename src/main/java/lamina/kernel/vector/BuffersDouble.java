package lamina.kernel.vector;

import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * Arrays of float64 to use again: a fresh one comes from memory that no cache holds and is filled
 * with zeros first, which takes as long as a good part of the work done in it.
 */
final class BuffersDouble {
  /** Larger ones are left to the garbage collector: 4 million elements. */
  private static final int LARGEST = 1 << 22;

  private static final int MOST = 16;
  private static final ArrayDeque<double[]> spare = new ArrayDeque<>();

  private BuffersDouble() {}

  /** An array of at least this length, with anything in it. */
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

  /** Gives back what nobody reads any more. */
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
