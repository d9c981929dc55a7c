package lamina.cli.command;

import java.io.IOException;
import lamina.check.Comparison;
import lamina.cli.option.Arguments;
import lamina.cli.option.EachOptions;
import lamina.cli.option.Expectation;
import lamina.cli.option.ExpectationOptions;
import lamina.cli.option.OutputOptions;
import lamina.cli.option.TensorInputs;
import lamina.cli.option.TensorOptions;
import lamina.cli.option.UsageException;
import lamina.cli.process.ExitCode;
import lamina.cli.process.Io;
import lamina.cli.process.Notes;
import lamina.format.TensorArgument;
import lamina.format.TensorLines;
import lamina.kernel.Backends;
import lamina.report.Document;
import lamina.tensor.Tensor;
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

    /** The result for a line of JSON Lines. */
    default Document apply(TensorLines line) {
      return apply(line.tensor());
    }

    /** Whether results hold sentences rather than tensors alone. */
    default boolean givesSentences() {
      return false;
    }

    /** Compares further results with what was expected; returns the exit code. */
    default int check(Io io) {
      return ExitCode.OK;
    }
  }

  /** The options that all these commands have, after their own. */
  final TensorOptions tensors = TensorOptions.ofFloat64();

  final OutputOptions output = OutputOptions.ofEveryFormat();
  final ExpectationOptions expectations = new ExpectationOptions();
  final EachOptions lines = new EachOptions();

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
    tensors.addTo(spec);
    output.addTo(spec);
    expectations.addTo(spec);
    lines.addTo(spec);
  }

  /** What reads tensors. */
  final TensorInputs inputs(Arguments arguments, Io io) {
    Notes notes = new Notes(io, arguments.command(), expectations.isQuiet());
    return new TensorInputs(tensors, arguments, io, notes);
  }

  @Override
  public int run(Arguments arguments, Io io) throws IOException {
    Notes notes = new Notes(io, arguments.command(), expectations.isQuiet());
    TensorInputs inputs = inputs(arguments, io);
    String input = mainInput(arguments);
    TensorArgument parsed = input == null ? null : TensorArgument.parse(input);
    tensors.useKernels();
    boolean each = parsed != null && (lines.each().isGiven() || parsed.isJsonLines());
    if (lines.keepGoing().isGiven() && !each) {
      throw new UsageException("--keep-going goes with --each");
    }
    Output out = new Output(output, notes, each);
    // The main input claims standard input first, so that a clash names the other option.
    if (parsed != null && parsed.isStandardInput()) {
      inputs.claimStandardInput("INPUT");
    }
    Expectation expectation = expectations.read(inputs);
    Operation operation = prepare(arguments, inputs);
    if (operation.givesSentences()) {
      // Sentences, unlike tensors, can break between words.
      out.wrap();
    }
    try (out) {
      if (each) {
        TensorLines given = parsed.readLines(inputs.options());
        return new LineFilter(operation, out, expectation, notes)
            .run(given, lines.keepGoing().isGiven());
      }
      Document result = operation.apply(parsed == null ? null : parsed.read(inputs.options()));
      if (arguments.general().isVerbose()) {
        io.err().print(arguments.command() + ": " + Backends.reason() + "\n");
      }
      Comparison comparison = expectation.compare(out.select(result).main());
      out.write(result);
      out.commit();
      int code = expectation.report(comparison, arguments.command(), io);
      return Math.max(code, operation.check(io));
    }
  }
}
