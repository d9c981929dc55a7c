package lamina.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ParallelTest {
  private int before;

  @BeforeEach
  void remember() {
    before = Parallel.threads();
  }

  @AfterEach
  void restore() {
    Parallel.use(before);
  }

  @Test
  void doesEachPartOnce() {
    for (int threads : new int[] {1, 2, 5}) {
      Parallel.use(threads);
      for (int parts = 0; parts < 200; parts++) {
        AtomicIntegerArray done = new AtomicIntegerArray(parts);
        Parallel.run(parts, done::incrementAndGet);
        for (int i = 0; i < parts; i++) {
          assertThat(done.get(i)).as("%d threads, part %d of %d", threads, i, parts).isEqualTo(1);
        }
      }
    }
  }

  @Test
  void aHelperTakesPartWhileTheCallerIsBusy() {
    Parallel.use(2);
    CountDownLatch both = new CountDownLatch(2);
    Parallel.run(
        2,
        part -> {
          both.countDown();
          assertThat(await(both)).isTrue();
        });
  }

  private static boolean await(CountDownLatch latch) {
    try {
      return latch.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Test
  void startsNoThreadForEachPieceOfWork() {
    Parallel.use(3);
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    for (int i = 0; i < 1000; i++) {
      Parallel.run(6, part -> threads.add(Thread.currentThread()));
    }
    assertThat(threads).contains(Thread.currentThread()).hasSizeLessThan(10);
    threads.remove(Thread.currentThread());
    assertThat(threads).allMatch(Thread::isDaemon);
  }

  @Test
  void fewerThreadsMeansFewerThatHelp() {
    Parallel.use(4);
    Parallel.run(4, part -> {});
    Parallel.use(2);
    for (int i = 0; i < 200; i++) {
      Set<Thread> threads = ConcurrentHashMap.newKeySet();
      Parallel.run(8, part -> threads.add(Thread.currentThread()));
      assertThat(threads).hasSizeLessThanOrEqualTo(2);
    }
  }

  @Test
  void throwsWhatAPartThrowsAndLeavesTheRestOut() {
    Parallel.use(2);
    for (int i = 0; i < 200; i++) {
      assertThatThrownBy(
              () ->
                  Parallel.run(
                      1000,
                      part -> {
                        if (part == 7) {
                          throw new IllegalStateException("part 7");
                        }
                      }))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("part 7");
    }
    AtomicIntegerArray done = new AtomicIntegerArray(3);
    Parallel.run(3, done::incrementAndGet);
    assertThat(done.toString()).isEqualTo("[1, 1, 1]");
  }

  @Test
  void partsWithinPartsStayOnTheirThread() {
    Parallel.use(2);
    Parallel.run(
        4,
        part -> {
          Thread outer = Thread.currentThread();
          Parallel.run(4, inner -> assertThat(Thread.currentThread()).isSameAs(outer));
        });
  }

  @Test
  void severalThreadsMaySplitWorkAtATime() throws InterruptedException {
    Parallel.use(2);
    AtomicIntegerArray done = new AtomicIntegerArray(400);
    Thread[] callers = new Thread[4];
    for (int i = 0; i < callers.length; i++) {
      int first = i * 100;
      callers[i] =
          new Thread(
              () -> {
                for (int again = 0; again < 50; again++) {
                  Parallel.run(100, part -> done.incrementAndGet(first + part));
                }
              });
      callers[i].start();
    }
    for (Thread caller : callers) {
      caller.join();
    }
    for (int i = 0; i < 400; i++) {
      assertThat(done.get(i)).isEqualTo(50);
    }
  }

  @Test
  void anInterruptEndsTheWorkAndNoneThatFollows() {
    Parallel.use(2);
    for (int i = 0; i < 50; i++) {
      AtomicInteger started = new AtomicInteger();
      Thread caller = Thread.currentThread();
      assertThatThrownBy(
              () ->
                  Parallel.run(
                      100_000,
                      part -> {
                        if (started.incrementAndGet() == 10) {
                          caller.interrupt();
                        }
                        // Long enough that no helper does all that is left by itself.
                        LockSupport.parkNanos(10_000);
                      }))
          .isInstanceOf(CancellationException.class);
      assertThat(Thread.interrupted()).as("the caller stays interrupted").isTrue();
      assertThat(started.get()).isLessThan(100_000);
      AtomicIntegerArray done = new AtomicIntegerArray(20);
      Parallel.run(20, done::incrementAndGet);
      for (int part = 0; part < 20; part++) {
        assertThat(done.get(part)).isEqualTo(1);
      }
    }
  }

  /** A long part looks for itself: the helper's, too, when only the caller is interrupted. */
  @Test
  void anInterruptReachesHelpers() throws Exception {
    Parallel.use(2);
    CountDownLatch both = new CountDownLatch(2);
    Thread caller =
        new Thread(
            () ->
                Parallel.run(
                    2,
                    part -> {
                      both.countDown();
                      while (true) {
                        Parallel.checkInterrupt();
                      }
                    }));
    caller.setUncaughtExceptionHandler((thread, e) -> {});
    caller.start();
    assertThat(both.await(10, TimeUnit.SECONDS)).isTrue();
    caller.interrupt();
    caller.join(10_000);
    assertThat(caller.isAlive()).isFalse();
  }
}
