package lamina.cli.command;

import java.io.IOException;
import lamina.check.Comparison;
import lamina.cli.option.Expectation;
import lamina.cli.process.ExitCode;
import lamina.cli.process.Io;
import lamina.cli.process.Notes;
import lamina.format.TensorLines;
import lamina.report.Document;
import lamina.text.InputException;

/** Applies an operation to each line of JSON Lines as it arrives, and writes each result. */
final class LineFilter {
  private final TensorCommand.Operation operation;
  private final Output output;
  private final Expectation expectation;
  private final Io io;
  private final String command;

  LineFilter(
      TensorCommand.Operation operation, Output output, Expectation expectation, Notes notes) {
    this.operation = operation;
    this.output = output;
    this.expectation = expectation;
    this.io = notes.io();
    this.command = notes.command();
  }

  /**
   * Runs to the end of the input.
   *
   * @param keepGoing whether a bad line is answered by an error in its place
   * @return the exit code
   */
  int run(TensorLines input, boolean keepGoing) throws IOException {
    long bad = 0;
    int code = ExitCode.OK;
    try (input) {
      while (input.next()) {
        Document result;
        try {
          result = operation.apply(input);
        } catch (InputException e) {
          InputException located = atLine(e, input.lineNumber());
          if (!keepGoing) {
            // What was right before the bad line stays written.
            output.commit();
            throw located;
          }
          bad++;
          output.writeWhole(new Document().put("error", located.getMessage()));
          continue;
        }
        Comparison comparison = expectation.compare(output.select(result).main());
        output.write(result);
        String where = command + ": line " + input.lineNumber();
        code = Math.max(code, expectation.report(comparison, where, io));
      }
    }
    output.commit();
    if (bad > 0) {
      io.err().print(command + ": " + bad + (bad == 1 ? " line was" : " lines were"));
      io.err().print(" bad input; each has its \"error\" in the output\n");
      return ExitCode.BAD_INPUT;
    }
    return code;
  }

  private static InputException atLine(InputException e, long line) {
    String message = e.getMessage();
    String where = "line " + line;
    return message.contains(where) ? e : new InputException(where + ": " + message, e);
  }
}
