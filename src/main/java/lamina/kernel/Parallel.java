package lamina.kernel;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/**
 * Runs the parts of one piece of work on several threads. Whoever splits work makes each part
 * compute its own elements, each by the same operations in the same order as on one thread, so that
 * results do not depend on the number of threads.
 */
public final class Parallel {
  /** Nanoseconds for which new kernels are mostly interpreted while the compiler works on them. */
  private static final long WARMING = 300_000_000;

  private static volatile int threads = 1;

  /** Until when further threads hold back, by {@link System#nanoTime}; only while warming. */
  private static volatile long warmAt;

  private static volatile boolean warming;
  private static final ThreadLocal<Boolean> inside = new ThreadLocal<>();

  private Parallel() {}

  /** How many threads work at a time. */
  public static int threads() {
    return threads;
  }

  /** Sets how many threads work at a time, at least 1. */
  public static void use(int count) {
    if (count < 1) {
      throw new IllegalArgumentException(count + " threads");
    }
    threads = count;
  }

  /**
   * Says that kernels were just loaded. Interpreted kernels get next to nothing done, on any number
   * of threads, and are soon compiled in the background; on few processors more threads would only
   * take the compiler's. So for the first 300 milliseconds one thread works alone.
   */
  static void warmUp() {
    warmAt = System.nanoTime() + WARMING;
    warming = true;
  }

  /**
   * Calls {@code part} with 0 to {@code parts − 1}, each once, and returns when all are done. Parts
   * within parts run one after another on the thread of the outer one. What a part throws, this
   * throws.
   */
  public static void run(int parts, IntConsumer part) {
    int workers = Math.min(threads, parts);
    if (workers <= 1 || inside.get() != null) {
      for (int i = 0; i < parts; i++) {
        part.accept(i);
      }
      return;
    }
    Run run = new Run(parts, part);
    Thread[] helpers = new Thread[workers - 1];
    for (int i = 0; i < helpers.length; i++) {
      // A start costs 50 microseconds, nothing beside the work worth splitting, and leaves no pool
      // behind that would have to be shut down.
      helpers[i] = new Thread(run::help, "lamina-" + (i + 1));
      helpers[i].setDaemon(true);
      helpers[i].start();
    }
    run.run();
    run.join(helpers);
  }

  /** Runs work whose parts stay on this thread, one after another. */
  static void alone(Runnable work) {
    inside.set(true);
    try {
      work.run();
    } finally {
      inside.remove();
    }
  }

  /** Neighbouring parts of one piece of work, done one after another. */
  public interface Range {
    /** Does the parts from {@code first} to {@code end − 1}. */
    void compute(int first, int end);
  }

  /** As {@link #run}, a few neighbouring parts at a time, which can share what they need. */
  public static void ranges(int parts, Range range) {
    int count = Math.min(parts, threads * 4);
    run(
        count,
        i -> range.compute((int) ((long) i * parts / count), (int) ((i + 1L) * parts / count)));
  }

  /** Parts that idle threads take one after another. */
  private static final class Run {
    private final int parts;
    private final IntConsumer part;
    private final AtomicInteger next = new AtomicInteger();
    private volatile Throwable failure;

    Run(int parts, IntConsumer part) {
      this.parts = parts;
      this.part = part;
    }

    /** Runs parts once the kernels are warm. */
    void help() {
      if (awaitWarmth()) {
        run();
      }
    }

    /** Whether there may be parts left by then. */
    private synchronized boolean awaitWarmth() {
      while (warming && next.get() < parts) {
        long left = (warmAt - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          warming = false;
          break;
        }
        try {
          wait(left);
        } catch (InterruptedException e) {
          return false;
        }
      }
      return next.get() < parts;
    }

    private synchronized void wake() {
      notifyAll();
    }

    void run() {
      inside.set(true);
      try {
        for (int i = next.getAndIncrement(); i < parts; i = next.getAndIncrement()) {
          part.accept(i);
        }
      } catch (RuntimeException | Error e) {
        failure = e;
        next.set(parts);
      } finally {
        inside.remove();
      }
    }

    void join(Thread[] helpers) {
      if (warming) {
        wake();
      }
      boolean interrupted = false;
      for (Thread helper : helpers) {
        while (true) {
          try {
            helper.join();
            break;
          } catch (InterruptedException e) {
            interrupted = true;
          }
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      if (failure instanceof Error error) {
        throw error;
      }
      if (failure instanceof RuntimeException exception) {
        throw exception;
      }
    }
  }
}
