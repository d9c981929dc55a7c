package lamina.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import lamina.check.CommandRunner;
import lamina.cli.process.Io;
import lamina.text.InputException;

/**
 * Runs commands within this process, each on streams of its own: nothing of it reaches the
 * terminal, and no variable of the environment changes its result.
 */
public final class InProcess implements CommandRunner {
  /** More is no answer that somebody checks. */
  private static final int LONGEST_OUTPUT = 1 << 26;

  private static final int LONGEST_ERRORS = 1 << 16;

  /**
   * Milliseconds in which an interrupted command has to stop. Kernels do between two blocks. If one
   * does not, the next starts all the same, and its thread ends with the process.
   */
  private static final long STOPPING = 5000;

  /** Commands choose the kernels for the whole program, so one runs at a time. */
  private static final Object ONE_AT_A_TIME = new Object();

  @Override
  public Printed run(List<String> words, Path directory, Duration limit) {
    if (!words.isEmpty() && words.get(0).equals("check")) {
      throw new InputException("a checked command cannot be 'check' itself");
    }
    Capped out = new Capped(LONGEST_OUTPUT);
    Capped err = new Capped(LONGEST_ERRORS);
    AtomicInteger code = new AtomicInteger(-1);
    Io io =
        new Io(
            InputStream.nullInputStream(),
            out,
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Map.of(),
            directory,
            false,
            false,
            false);
    synchronized (ONE_AT_A_TIME) {
      Thread thread =
          new Thread(
              () -> code.set(Program.run(words.toArray(new String[0]), io)), "lamina-command");
      thread.setDaemon(true);
      thread.start();
      await(thread, words, limit);
    }
    return new Printed(code.get(), out.text(), err.text());
  }

  private static void join(Thread thread, long millis) {
    try {
      thread.join(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A command past its limit is interrupted, so that it takes nothing from those that follow. */
  private static void await(Thread thread, List<String> words, Duration limit) {
    join(thread, limit.toMillis());
    if (thread.isAlive()) {
      thread.interrupt();
      join(thread, STOPPING);
      throw new InputException(
          "lamina "
              + words.get(0)
              + " was not done within "
              + Double.toString(limit.toMillis() / 1e3).replaceAll("\\.0$", "")
              + " s; raise \"timeout\"");
    }
  }

  @Override
  public String noAnswer(List<String> words) {
    return CheckedCommand.problem(words);
  }

  @Override
  public boolean isFlag(List<String> words, String option) {
    return CheckedCommand.isFlag(words, option);
  }

  /** Bytes in memory, up to a limit. */
  private static final class Capped extends OutputStream {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final int limit;

    Capped(int limit) {
      this.limit = limit;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] from, int offset, int length) throws IOException {
      if (bytes.size() + (long) length > limit) {
        throw new IOException("more than " + (limit >> 20) + " MiB are printed");
      }
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedIOException("interrupted");
      }
      bytes.write(from, offset, length);
    }

    synchronized String text() {
      return bytes.toString(StandardCharsets.UTF_8);
    }
  }
}
