package lamina.tensor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * Arrays that equal passes use again, one after another. Between {@link #open} and {@link #close},
 * the tensors that the thread makes take their arrays from here; closing takes all of them back, so
 * that nothing made in between may be kept. Fresh arrays cost element-wise layers half their speed:
 * the JVM clears them, and their memory is in no cache.
 */
public final class Buffers implements AutoCloseable {
  /** Smaller arrays are left to the JVM, which makes them as fast. */
  private static final int SMALLEST = 1024;

  private static final ThreadLocal<Buffers> OPEN = new ThreadLocal<>();

  private final Pool<float[]> floats = new Pool<>(float[]::new);
  private final Pool<double[]> doubles = new Pool<>(double[]::new);
  private final Pool<long[]> longs = new Pool<>(long[]::new);

  /**
   * From now on this thread's tensors take their arrays from here.
   *
   * @throws IllegalStateException if the thread has some open already
   */
  public Buffers open() {
    if (OPEN.get() != null) {
      throw new IllegalStateException("buffers are open already");
    }
    OPEN.set(this);
    return this;
  }

  /** Takes back all arrays since {@link #open}. */
  @Override
  public void close() {
    OPEN.remove();
    floats.takeBack();
    doubles.takeBack();
    longs.takeBack();
  }

  /**
   * An array, of the open buffers if there are any.
   *
   * @param cleared whether its elements must be 0; else they may be anything
   */
  static float[] floats(int length, boolean cleared) {
    Buffers buffers = of(length);
    float[] used = buffers == null ? null : buffers.floats.poll(length);
    if (used != null && cleared) {
      Arrays.fill(used, 0);
    }
    return used != null ? used : buffers != null ? buffers.floats.make(length) : new float[length];
  }

  /** As {@link #floats}. */
  static double[] doubles(int length, boolean cleared) {
    Buffers buffers = of(length);
    double[] used = buffers == null ? null : buffers.doubles.poll(length);
    if (used != null && cleared) {
      Arrays.fill(used, 0);
    }
    return used != null
        ? used
        : buffers != null ? buffers.doubles.make(length) : new double[length];
  }

  /** As {@link #floats}. */
  static long[] longs(int length, boolean cleared) {
    Buffers buffers = of(length);
    long[] used = buffers == null ? null : buffers.longs.poll(length);
    if (used != null && cleared) {
      Arrays.fill(used, 0);
    }
    return used != null ? used : buffers != null ? buffers.longs.make(length) : new long[length];
  }

  private static Buffers of(int length) {
    return length < SMALLEST ? null : OPEN.get();
  }

  /** Arrays of one type, by their length. */
  private static final class Pool<T> {
    private final IntFunction<T> maker;
    private final Map<Integer, Deque<T>> free = new HashMap<>();
    private final List<T> used = new ArrayList<>();
    private final List<Deque<T>> homes = new ArrayList<>();

    Pool(IntFunction<T> maker) {
      this.maker = maker;
    }

    /** One that was used before, or null. */
    T poll(int length) {
      Deque<T> home = free.computeIfAbsent(length, n -> new ArrayDeque<>());
      T array = home.poll();
      if (array != null) {
        used.add(array);
        homes.add(home);
      }
      return array;
    }

    T make(int length) {
      T array = maker.apply(length);
      used.add(array);
      homes.add(free.get(length));
      return array;
    }

    /** In the order of their first use, so that the next pass gives each to the same layer. */
    void takeBack() {
      for (int i = 0; i < used.size(); i++) {
        homes.get(i).add(used.get(i));
      }
      used.clear();
      homes.clear();
    }
  }
}
