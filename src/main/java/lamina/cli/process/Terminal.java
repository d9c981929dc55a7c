package lamina.cli.process;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** What the terminal is like: how wide, and whether it is to be coloured. */
public final class Terminal {
  private static final int DEFAULT_WIDTH = 80;

  private Terminal() {}

  /** The columns of the terminal: COLUMNS if set, what stty says of it, or 80. */
  public static int width(Io io) {
    int given = number(io.environment().get("COLUMNS"));
    if (given > 0) {
      return given;
    }
    return io.outIsTerminal() ? measuredWidth() : DEFAULT_WIDTH;
  }

  /** As many columns as text may fill: COLUMNS if set, the terminal's, or 0 where neither is. */
  public static int wrapWidth(Io io) {
    return io.outIsTerminal() || number(io.environment().get("COLUMNS")) > 0 ? width(io) : 0;
  }

  private static int measuredWidth() {
    try {
      Process process =
          new ProcessBuilder("stty", "size").redirectInput(new File("/dev/tty")).start();
      String answer =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).trim();
      process.waitFor(1, TimeUnit.SECONDS);
      int width = number(answer.substring(answer.indexOf(' ') + 1));
      return width > 0 ? width : DEFAULT_WIDTH;
    } catch (IOException e) {
      return DEFAULT_WIDTH;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return DEFAULT_WIDTH;
    }
  }

  private static int number(String text) {
    try {
      int number = text == null ? 0 : Integer.parseInt(text);
      return number >= 20 && number <= 1000 ? number : 0;
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /**
   * Whether standard output gets colours: what was asked for, then NO_COLOR, then if it is a
   * terminal.
   *
   * @param when auto, always or never
   */
  public static boolean color(String when, Io io) {
    if (!when.equals("auto")) {
      return when.equals("always");
    }
    String noColor = io.environment().get("NO_COLOR");
    return io.outIsTerminal() && (noColor == null || noColor.isEmpty());
  }
}
