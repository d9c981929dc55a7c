package lamina.tensor;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
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

  private final Pool<float[]> floats = new Pool<>(a -> Arrays.fill(a, 0));
  private final Pool<double[]> doubles = new Pool<>(a -> Arrays.fill(a, 0));
  private final Pool<long[]> longs = new Pool<>(a -> Arrays.fill(a, 0));

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

  /** Ends as {@link #close}, but leaves arrays that are in use to the tensors that have them. */
  public void leave() {
    OPEN.remove();
    floats.leave();
    doubles.leave();
    longs.leave();
  }

  /**
   * Takes a tensor's array back early, if it came from buffers that are open: the next tensor of
   * its size may have it.
   *
   * @param tensor one that nobody reads any more, nor any other that shares its elements
   */
  public static void giveBack(Tensor tensor) {
    Buffers buffers = OPEN.get();
    if (buffers == null) {
      return;
    }
    Object array = tensor.array();
    if (array instanceof float[] values) {
      buffers.floats.giveBack(values);
    } else if (array instanceof double[] values) {
      buffers.doubles.giveBack(values);
    } else if (array instanceof long[] values) {
      buffers.longs.giveBack(values);
    }
  }

  /**
   * An array, of the open buffers if there are any.
   *
   * @param cleared whether its elements must be 0; else they may be anything
   */
  static float[] floats(int length, boolean cleared) {
    return array(length, cleared, float[]::new, buffers -> buffers.floats);
  }

  /** As {@link #floats}. */
  static double[] doubles(int length, boolean cleared) {
    return array(length, cleared, double[]::new, buffers -> buffers.doubles);
  }

  /** As {@link #floats}. */
  static long[] longs(int length, boolean cleared) {
    return array(length, cleared, long[]::new, buffers -> buffers.longs);
  }

  private static <T> T array(
      int length, boolean cleared, IntFunction<T> make, Function<Buffers, Pool<T>> pool) {
    Buffers buffers = length < SMALLEST ? null : OPEN.get();
    return buffers == null ? make.apply(length) : pool.apply(buffers).take(length, cleared, make);
  }

  /** Arrays of one type. */
  private static final class Pool<T> {
    private final Consumer<T> clear;
    private final Map<Integer, Deque<T>> free = new HashMap<>();

    /**
     * The arrays in use, in the order in which they were taken, and the queues of their lengths.
     */
    private final Map<T, Deque<T>> homes = new LinkedHashMap<>();

    Pool(Consumer<T> clear) {
      this.clear = clear;
    }

    T take(int length, boolean cleared, IntFunction<T> make) {
      Deque<T> home = free.computeIfAbsent(length, n -> new ArrayDeque<>());
      T used = home.poll();
      if (used != null && cleared) {
        clear.accept(used);
      }
      T array = used == null ? make.apply(length) : used;
      homes.put(array, home);
      return array;
    }

    void giveBack(T array) {
      Deque<T> home = homes.remove(array);
      if (home != null) {
        // First, since it is still in the cache.
        home.addFirst(array);
      }
    }

    void leave() {
      homes.clear();
    }

    /**
     * Takes back the arrays in the order in which they were taken, so that the next pass gives each
     * of them to the same layer.
     */
    void takeBack() {
      homes.forEach((array, home) -> home.add(array));
      homes.clear();
    }
  }
}
