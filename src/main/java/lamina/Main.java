package lamina;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import lamina.cli.Program;
import lamina.cli.process.Io;
import lamina.text.InputException;

/** The entry point of the process: its streams, and its exit code. */
public final class Main {
  private Main() {}

  /** Runs the program on the process's own streams and exits with its code. */
  public static void main(String[] args) {
    if (System.getProperty("lamina.rehearsal") != null) {
      StartRehearsal.run();
      return;
    }
    Io io = io(System.in);
    int code = Program.run(args, io);
    io.err().flush();
    // Nothing waits in shutdown hooks: leaving at once saves milliseconds.
    Runtime.getRuntime().halt(code);
  }

  /** The process's own streams, but for standard input. */
  static Io io(InputStream in) {
    // Bytes as they are: System.out would encode by the locale and swallow a failed write.
    BufferedOutputStream out =
        new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16);
    PrintStream err =
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    return new Io(
        isInputClosed() ? new ClosedInput() : in,
        out,
        err,
        System.getenv(),
        Path.of(""),
        isTerminal(0),
        isTerminal(1),
        isTerminal(2));
  }

  /**
   * Whether there is no standard input, as the launcher says; else one of Java's own files is it.
   */
  private static boolean isInputClosed() {
    String told = System.getProperty("lamina.terminal");
    if (told != null) {
      return told.indexOf('c') >= 0;
    }
    try {
      Path target = Files.readSymbolicLink(Path.of("/proc/self/fd/0"));
      return target.startsWith(System.getProperty("java.home"));
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  /** Standard input that nobody opened. */
  private static final class ClosedInput extends InputStream {
    @Override
    public int read(byte[] into, int offset, int length) {
      return read();
    }

    @Override
    public int read() {
      throw new InputException("standard input is closed; give a file or a literal");
    }
  }

  /** Whether a file descriptor is a terminal: as the launcher says, else as Linux says. */
  private static boolean isTerminal(int descriptor) {
    String told = System.getProperty("lamina.terminal");
    if (told != null) {
      return told.indexOf('0' + descriptor) >= 0;
    }
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }
}
