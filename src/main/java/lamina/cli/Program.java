package lamina.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import lamina.cli.option.Arguments;
import lamina.text.InputException;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Finds the command that was called, and only that one; turns what it throws into one line on
 * standard error and an exit code.
 */
public final class Program {
  /** Done. */
  public static final int OK = 0;

  /** A check failed. */
  public static final int CHECK_FAILED = 1;

  /** Wrong usage. */
  public static final int USAGE = 2;

  /** Bad input. */
  public static final int BAD_INPUT = 3;

  /** A fault of the program itself. */
  public static final int INTERNAL = 4;

  /** The version in {@code --version} and the man pages. */
  public static final String VERSION = "0.1.0";

  private static final String ISSUES = "please report it with the command and its input";

  private Program() {}

  /**
   * Runs one command line.
   *
   * @return the exit code
   */
  public static int run(String[] args, Io io) {
    if (args.length == 0) {
      io.err().print(Help.overview());
      return USAGE;
    }
    String name = args[0];
    String prefix = "lamina";
    try {
      if (name.equals("--version") || name.equals("-V")) {
        print(io, "lamina " + VERSION + "\n");
        return OK;
      }
      if (name.equals("--help") || name.equals("-h") || (name.equals("help") && args.length == 1)) {
        print(io, Help.overview());
        return OK;
      }
      boolean help = name.equals("help");
      int words = help ? 2 : 1;
      name = args[words - 1];
      if (args.length > words && Commands.create(name + " " + args[words]) != null) {
        name = name + " " + args[words];
        words++;
      }
      Command command = Commands.create(name);
      if (command == null) {
        throw new UsageException(
            "unknown command '" + name + "'",
            Suggestions.didYouMean(name, Commands.NAMES, "'lamina --help' lists the commands"));
      }
      prefix = "lamina " + name;
      CommandSpec spec = Commands.spec(name, command);
      if (help || asksForHelp(args)) {
        print(io, Help.of(spec));
        return OK;
      }
      String[] rest = new String[args.length - words];
      System.arraycopy(args, words, rest, 0, rest.length);
      int code = command.run(Arguments.parse(spec, rest), io);
      io.out().flush();
      return code;
    } catch (UsageException e) {
      report(io, prefix, e.getMessage(), e.hint(), e, args);
      return USAGE;
    } catch (InputException e) {
      report(io, prefix, e.getMessage(), null, e, args);
      return BAD_INPUT;
    } catch (IOException e) {
      if (isClosedPipe(e)) {
        return OK;
      }
      report(io, prefix, describe(e), null, e, args);
      return BAD_INPUT;
    } catch (OutOfMemoryError e) {
      report(
          io,
          prefix,
          "not enough memory for this work ("
              + (Runtime.getRuntime().maxMemory() >> 20)
              + " MiB are allowed); use smaller sizes or raise the limit with"
              + " JAVA_TOOL_OPTIONS=-Xmx...",
          null,
          e,
          args);
      return BAD_INPUT;
    } catch (RuntimeException | Error e) {
      report(io, prefix, "internal error: " + e + "; " + ISSUES, "--debug shows where", e, args);
      return INTERNAL;
    }
  }

  /** Writes text to standard output. */
  public static void print(Io io, String text) throws IOException {
    io.out().write(text.getBytes(StandardCharsets.UTF_8));
    io.out().flush();
  }

  private static boolean asksForHelp(String[] args) {
    for (int i = 1; i < args.length && !args[i].equals("--"); i++) {
      if (args[i].equals("--help") || args[i].equals("-h")) {
        return true;
      }
    }
    return false;
  }

  private static boolean isClosedPipe(IOException e) {
    String message = e.getMessage();
    return message != null && message.toLowerCase(Locale.ROOT).contains("broken pipe");
  }

  private static String describe(IOException e) {
    String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return "reading or writing failed: " + message;
  }

  private static void report(
      Io io, String prefix, String message, String hint, Throwable cause, String[] args) {
    PrintStream err = io.err();
    io.tell(prefix + ": " + message);
    if (hint != null) {
      io.tell(hint);
    }
    if (List.of(args).contains("--debug")) {
      cause.printStackTrace(err);
    }
    err.flush();
  }

  /** A picocli parser over a command's options, set to treat arguments as they are. */
  public static CommandLine parser(CommandSpec spec) {
    CommandLine parser = new CommandLine(spec);
    parser.setExpandAtFiles(false);
    parser.setInterpolateVariables(false);
    return parser;
  }
}
