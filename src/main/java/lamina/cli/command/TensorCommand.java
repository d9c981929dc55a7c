package lamina.cli.command;

import java.io.IOException;
import lamina.check.Comparison;
import lamina.cli.option.Arguments;
import lamina.cli.option.CommonOptions;
import lamina.cli.option.Expectation;
import lamina.cli.option.TensorInputs;
import lamina.cli.option.UsageException;
import lamina.cli.process.ExitCode;
import lamina.cli.process.Io;
import lamina.format.TensorArgument;
import lamina.format.TensorLines;
import lamina.kernel.Backends;
import lamina.report.Document;
import lamina.tensor.Tensor;
import lamina.text.InputException;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The frame of every command that maps a tensor to a document: it reads the main input (or each
 * line of it), writes the result and compares it with the expected one.
 */
abstract class TensorCommand implements Command {
  /** What a command does to its main input, with everything else read already. */
  interface Operation {
    /**
     * The result.
     *
     * @param input the main input; null if the command has read its inputs itself
     */
    Document apply(Tensor input);

    /** Compares further results with what was expected; returns the exit code. */
    default int check(Io io) {
      return ExitCode.OK;
    }
  }

  /** Adds the command's own options, positional arguments and examples. */
  abstract void defineOwn(CommandSpec spec);

  /** Checks the options and reads the further tensors they name. */
  abstract Operation prepare(Arguments arguments, TensorInputs inputs) throws IOException;

  /**
   * The main input's argument: the first positional one, by default standard input; null if the
   * command reads its inputs itself.
   */
  String mainInput(Arguments arguments) {
    if (arguments.positionals().size() > 1) {
      throw new UsageException("unexpected argument '" + arguments.positional(1) + "'");
    }
    String given = arguments.positional(0);
    return given == null ? "-" : given;
  }

  @Override
  public final void define(CommandSpec spec) {
    defineOwn(spec);
    CommonOptions.addTensors(spec);
    CommonOptions.addOutput(spec);
    CommonOptions.addExpectations(spec);
    CommonOptions.addEach(spec);
  }

  @Override
  public int run(Arguments arguments, Io io) throws IOException {
    TensorInputs inputs = new TensorInputs(arguments, io);
    String input = mainInput(arguments);
    TensorArgument parsed = input == null ? null : TensorArgument.parse(input);
    CommonOptions.useKernels(arguments);
    boolean each = parsed != null && (arguments.has("--each") || parsed.isJsonLines());
    if (arguments.has("--keep-going") && !each) {
      throw new UsageException("--keep-going goes with --each");
    }
    Output output = new Output(arguments, io, each);
    if (arguments.has("--diagnose")) {
      // Sentences, unlike tensors, can break between words.
      output.wrap();
    }
    // The main input claims standard input first, so that a clash names the other option.
    if (parsed != null && parsed.isStandardInput()) {
      inputs.claimStandardInput("INPUT");
    }
    Expectation expectation = new Expectation(arguments, inputs);
    Operation operation = prepare(arguments, inputs);
    try (output) {
      if (each) {
        return filter(parsed, inputs, operation, output, expectation, arguments, io);
      }
      Document result = operation.apply(parsed == null ? null : parsed.read(inputs.options()));
      if (arguments.has("--verbose")) {
        io.err().print(arguments.command() + ": " + Backends.reason() + "\n");
      }
      Comparison comparison = expectation.compare(output.select(result).main());
      output.write(result);
      output.commit();
      int code = expectation.report(comparison, arguments.command(), io);
      return Math.max(code, operation.check(io));
    }
  }

  private static int filter(
      TensorArgument input,
      TensorInputs inputs,
      Operation operation,
      Output output,
      Expectation expectation,
      Arguments arguments,
      Io io)
      throws IOException {
    boolean keepGoing = arguments.has("--keep-going");
    long bad = 0;
    int code = ExitCode.OK;
    try (TensorLines lines = input.readLines(inputs.options())) {
      while (lines.next()) {
        Document result;
        try {
          result = operation.apply(lines.tensor());
        } catch (InputException e) {
          InputException located = atLine(e, lines.lineNumber());
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
        String where = arguments.command() + ": line " + lines.lineNumber();
        code = Math.max(code, expectation.report(comparison, where, io));
      }
    }
    output.commit();
    if (bad > 0) {
      io.err().print(arguments.command() + ": " + bad + (bad == 1 ? " line was" : " lines were"));
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
