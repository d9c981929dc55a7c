package lamina.kernel;

import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * Runs the parts of one piece of work on several threads. Whoever splits work makes each part
 * compute its own elements, each by the same operations in the same order as on one thread, so that
 * results do not depend on the number of threads.
 */
public final class Parallel {
  /**
   * How often a thread looks again before it sleeps: some ten microseconds, which is what it costs
   * to wake it.
   */
  private static final int SPINS = 500;

  /** Nanoseconds for which new kernels are mostly interpreted while the compiler works on them. */
  private static final long WARMING = 300_000_000;

  private static volatile int threads = 1;

  /** The time by {@link System#nanoTime} until which further threads wait while kernels are new. */
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
   * To be called when kernels were just loaded. Interpreted kernels get next to nothing done, on
   * any number of threads, and are soon compiled in the background; on few processors more threads
   * would only take the compiler's. So for the first 300 milliseconds one thread works alone.
   */
  static void warmUp() {
    warmAt = System.nanoTime() + WARMING;
    warming = true;
  }

  /**
   * Ends this thread's work if the thread was interrupted, since then nobody waits for the result
   * any more. This costs so little that the outer loops of kernels may call it.
   *
   * @throws CancellationException if it was
   */
  public static void checkInterrupt() {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("interrupted");
    }
  }

  /**
   * Calls {@code part} with 0 to {@code parts − 1}, each once, and returns when all are done. Parts
   * within parts run one after another on the thread of the outer one. What a part throws, this
   * throws. Interrupting this thread ends the work on all threads.
   */
  public static void run(int parts, IntConsumer part) {
    int workers = Math.min(threads, parts);
    if (workers <= 1 || inside.get() != null) {
      for (int i = 0; i < parts; i++) {
        checkInterrupt();
        part.accept(i);
      }
      return;
    }
    Run run = new Run(parts, part, workers - 1);
    Helper.offer(run);
    alone(run::work);
    run.await();
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

  /**
   * A thread that helps with what was offered last. The first work that is split starts it, then it
   * sleeps until there is more: to start a thread costs 50 microseconds each time, and a step of
   * training splits a dozen pieces of work of some hundred. Nothing depends on it: what no helper
   * takes, the caller does.
   */
  private static final class Helper implements Runnable {
    private static final List<Helper> all = new CopyOnWriteArrayList<>();

    /** The work that was offered last and is not done. */
    private static volatile Run offered;

    private final Thread thread;
    private volatile boolean sleeps;

    Helper(int number) {
      thread = new Thread(this, "lamina-" + number);
      thread.setDaemon(true);
    }

    /** Offers work to the helpers. */
    static void offer(Run run) {
      if (all.size() < run.helpers) {
        start(run.helpers);
      }
      offered = run;
      for (Helper helper : all) {
        if (helper.sleeps) {
          LockSupport.unpark(helper.thread);
        }
      }
    }

    private static synchronized void start(int count) {
      while (all.size() < count) {
        Helper helper = new Helper(all.size() + 1);
        all.add(helper);
        helper.thread.start();
      }
    }

    /** Interrupts the helpers: each ends its work when it next calls checkInterrupt. */
    static void interrupt() {
      all.forEach(helper -> helper.thread.interrupt());
    }

    /** Takes back work that is done. */
    static void withdraw(Run run) {
      if (offered == run) {
        offered = null;
      }
    }

    @Override
    public void run() {
      inside.set(true);
      Run seen = null;
      while (true) {
        seen = next(seen);
        // An interrupt that is still set was meant for earlier work.
        Thread.interrupted();
        if (seen != null) {
          seen.help();
        }
      }
    }

    /** Waits until other work than {@code seen} is offered, or until none is. */
    private Run next(Run seen) {
      for (int i = 0; i < SPINS && offered == seen; i++) {
        Thread.onSpinWait();
      }
      while (offered == seen) {
        sleeps = true;
        if (offered == seen) {
          LockSupport.park(this);
          Thread.interrupted();
        }
        sleeps = false;
      }
      return offered;
    }
  }

  /** Parts that threads take one after another. */
  private static final class Run {
    private final int parts;
    private final IntConsumer part;

    /** How many helpers may take part. */
    private final int helpers;

    private final Thread caller = Thread.currentThread();
    private final AtomicInteger helping = new AtomicInteger();
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();
    private volatile boolean callerSleeps;
    private volatile Throwable failure;

    Run(int parts, IntConsumer part, int helpers) {
      this.parts = parts;
      this.part = part;
      this.helpers = helpers;
    }

    /** Does parts, but waits until the kernels are compiled. */
    void help() {
      if (helping.getAndIncrement() < helpers && awaitWarmth()) {
        work();
        if (callerSleeps) {
          LockSupport.unpark(caller);
        }
      }
    }

    /** Waits until the kernels are compiled; answers whether there are parts left then. */
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

    /** Does parts as long as there are any. */
    void work() {
      for (int i = next.getAndIncrement(); i < parts; i = next.getAndIncrement()) {
        try {
          checkInterrupt();
          part.accept(i);
        } catch (RuntimeException | Error e) {
          leaveOut(e);
        }
        done.incrementAndGet();
      }
    }

    /** Gives up the parts that nobody has taken yet. */
    private void leaveOut(Throwable why) {
      failure = why;
      done.addAndGet(Math.max(0, parts - next.getAndSet(parts)));
    }

    /** Waits until the helpers have done the parts that they took. */
    void await() {
      Helper.withdraw(this);
      if (warming) {
        wake();
      }
      for (int i = 0; i < SPINS && done.get() < parts; i++) {
        Thread.onSpinWait();
      }
      boolean interrupted = false;
      callerSleeps = true;
      while (done.get() < parts) {
        LockSupport.park(this);
        if (Thread.interrupted()) {
          interrupted = true;
          leaveOut(new CancellationException("interrupted"));
          Helper.interrupt();
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
