package lamina.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import lamina.check.CommandRunner;
import lamina.cli.command.Command;
import lamina.cli.option.Arguments;
import lamina.cli.option.UsageException;
import lamina.cli.process.Io;
import lamina.text.InputException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Runs commands within this process, each on streams of its own: nothing of it reaches the
 * terminal, and no variable of the environment changes its result.
 */
public final class InProcess implements CommandRunner {
  /** More is no answer that somebody checks. */
  private static final int LONGEST_OUTPUT = 1 << 26;

  private static final int LONGEST_ERRORS = 1 << 16;

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

  /** A command that hangs stays behind on its thread, which ends with the process. */
  private static void await(Thread thread, List<String> words, Duration limit) {
    try {
      thread.join(limit.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      thread.interrupt();
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
    String name = name(words);
    Command command = Commands.create(name);
    if (command == null) {
      return List.of("help", "-h", "--help", "-V", "--version").contains(name) ? name : null;
    }
    int first = name.split(" ").length;
    if (Program.asksForHelp(words.subList(first - 1, words.size()).toArray(new String[0]))) {
      return "--help";
    }
    try {
      String[] rest = words.subList(first, words.size()).toArray(new String[0]);
      Arguments arguments = Arguments.parse(Commands.spec(name, command), rest);
      // By the short names, as 'rnn design --output' writes no file.
      String format = arguments.has("-f") ? arguments.text("-f") : "json";
      return !format.equals("json")
          ? "--format " + format
          : arguments.has("-o") ? "-o" : arguments.has("-q") ? "--quiet" : null;
    } catch (UsageException e) {
      return null;
    }
  }

  /** The name of a command, of one word or of two. */
  private static String name(List<String> words) {
    String name = words.get(0);
    String longer = words.size() > 1 ? name + " " + words.get(1) : name;
    return Commands.create(longer) == null ? name : longer;
  }

  @Override
  public boolean isFlag(List<String> words, String option) {
    String name = name(words);
    Command command = Commands.create(name);
    if (command == null) {
      return false;
    }
    CommandSpec spec = Commands.spec(name, command);
    OptionSpec found = spec.findOption(option);
    return found != null && found.arity().min() == 0;
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
      bytes.write(from, offset, length);
    }

    synchronized String text() {
      return bytes.toString(StandardCharsets.UTF_8);
    }
  }
}
