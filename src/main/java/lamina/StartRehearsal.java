package lamina;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import lamina.cli.Program;

/**
 * Runs many small command lines in one process, so that the JVM can note which classes starts need
 * and archive them.
 */
final class StartRehearsal {
  private static final String PIPE = " | ";

  private StartRehearsal() {}

  /**
   * Runs the command lines on standard input, one a line: {@code arguments}, separated by blanks,
   * or {@code text | arguments} where the text is the command's standard input. Whether they
   * succeed does not matter.
   */
  static void run() {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      String line = lines.readLine();
      while (line != null) {
        if (!line.isBlank() && line.charAt(0) != '#') {
          run(line);
        }
        line = lines.readLine();
      }
    } catch (IOException e) {
      // A rehearsal is a help, never a need.
    }
  }

  private static void run(String line) {
    int pipe = line.indexOf(PIPE);
    String input = pipe < 0 ? "" : line.substring(0, pipe);
    String arguments = pipe < 0 ? line : line.substring(pipe + PIPE.length());
    ByteArrayInputStream in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
    Program.run(arguments.trim().split(" +"), Main.io(in));
  }
}
