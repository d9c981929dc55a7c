package lamina.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import lamina.cli.option.Suggestions;
import lamina.cli.option.UsageException;
import lamina.cli.process.ExitCode;
import lamina.cli.process.Io;
import lamina.cli.process.Terminal;
import lamina.text.InputException;

/**
 * Finds the command that was called, and only that one; turns what it throws into one line on
 * standard error and an exit code.
 */
public final class Program {
  /** Beyond these lengths the middle is left out; paths are shorter. */
  private static final int LONG_ARGUMENT = 150;

  private static final int LONG_MESSAGE = 1200;

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
      return ExitCode.USAGE;
    }
    boolean isHelp = args[0].equals("help") && args.length > 1;
    CalledCommand call = CalledCommand.of(isHelp ? Arrays.copyOfRange(args, 1, args.length) : args);
    try {
      int code = run(call, isHelp, io);
      io.out().flush();
      return code;
    } catch (UsageException e) {
      report(io, call.prefix(), e.getMessage(), e.hint(), e, args);
      return ExitCode.USAGE;
    } catch (InputException e) {
      report(io, call.prefix(), e.getMessage(), null, e, args);
      return ExitCode.BAD_INPUT;
    } catch (IOException e) {
      if (isClosedPipe(e)) {
        return ExitCode.OK;
      }
      report(io, call.prefix(), describe(e), null, e, args);
      return ExitCode.BAD_INPUT;
    } catch (OutOfMemoryError e) {
      report(
          io,
          call.prefix(),
          "not enough memory for this work ("
              + (Runtime.getRuntime().maxMemory() >> 20)
              + " MiB are allowed); use smaller sizes or raise the limit with"
              + " JAVA_TOOL_OPTIONS=-Xmx...",
          null,
          e,
          args);
      return ExitCode.BAD_INPUT;
    } catch (RuntimeException | Error e) {
      report(
          io,
          call.prefix(),
          "internal error: " + e + "; " + ISSUES,
          "--debug shows where",
          e,
          args);
      return ExitCode.INTERNAL;
    }
  }

  /**
   * Runs a call.
   *
   * @param isHelp whether it follows the word help
   */
  private static int run(CalledCommand call, boolean isHelp, Io io) throws IOException {
    String name = call.name();
    if (!isHelp && (name.equals("--version") || name.equals("-V"))) {
      io.print("lamina " + Version.NUMBER + "\n");
    } else if (!isHelp && List.of("--help", "-h", "help").contains(name)) {
      io.print(Help.overview());
    } else if (call.command() == null) {
      throw new UsageException(
          (name.startsWith("-") ? "unknown option '" : "unknown command '") + name + "'",
          Suggestions.didYouMean(name, Commands.NAMES, "'lamina --help' lists the commands"));
    } else if (isHelp || call.asksForHelp()) {
      io.print(Help.of(call.spec(), Terminal.width(io)));
    } else {
      return call.command().run(call.parse(), io);
    }
    return ExitCode.OK;
  }

  private static boolean isClosedPipe(IOException e) {
    String message = e.getMessage();
    return message != null && message.toLowerCase(Locale.ROOT).contains("broken pipe");
  }

  private static String describe(IOException e) {
    String message = e.getMessage() == null ? "the system says no more" : e.getMessage();
    return "reading or writing failed: " + message;
  }

  private static void report(
      Io io, String prefix, String message, String hint, Throwable cause, String[] args) {
    io.tell(prefix + ": " + shortened(message, args));
    if (hint != null) {
      io.tell(shortened(hint, args));
    }
    if (List.of(args).contains("--debug")) {
      StringWriter trace = new StringWriter();
      cause.printStackTrace(new PrintWriter(trace));
      for (String line : trace.toString().lines().toList()) {
        // Only the indent of a trace is a real tab.
        io.err().print(line.startsWith("\t") ? "\t" : "");
        io.tell(line.startsWith("\t") ? line.substring(1) : line);
      }
    }
    io.err().flush();
  }

  /** A message in which neither an argument nor the whole is longer than somebody reads. */
  private static String shortened(String message, String[] args) {
    String text = message;
    for (String arg : args) {
      String value = arg.startsWith("-") ? arg.substring(arg.indexOf('=') + 1) : arg;
      if (value.length() > LONG_ARGUMENT) {
        text = text.replace(value, shortened(value, LONG_ARGUMENT));
      }
    }
    return shortened(withShortWords(text), LONG_MESSAGE);
  }

  /** A message may hold a part of an argument, or what a file holds. */
  private static String withShortWords(String message) {
    StringBuilder text = new StringBuilder();
    int start = 0;
    for (int i = 0; i <= message.length(); i++) {
      if (i == message.length() || message.charAt(i) == ' ') {
        text.append(shortened(message.substring(start, i), LONG_ARGUMENT));
        text.append(i < message.length() ? " " : "");
        start = i + 1;
      }
    }
    return text.toString();
  }

  private static String shortened(String text, int length) {
    if (text.length() <= length) {
      return text;
    }
    int end = length / 3;
    return text.substring(0, length - end - 3) + "..." + text.substring(text.length() - end);
  }
}
