package lamina.cli.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import lamina.cli.option.ActivationArgument;
import lamina.cli.option.ActivationOptions;
import lamina.cli.option.ActivationWords;
import lamina.cli.option.Arguments;
import lamina.cli.option.Option;
import lamina.cli.option.TensorInputs;
import lamina.cli.option.UsageException;
import lamina.cli.process.Io;
import lamina.cli.process.Terminal;
import lamina.op.Activation;
import lamina.op.activation.Activations;
import lamina.report.plot.PlotRange;
import lamina.tensor.Tensor;
import picocli.CommandLine.Model.CommandSpec;

/** {@code lamina activate}: activation functions, their gradients, statistics and curves. */
public final class ActivateCommand extends TensorCommand {
  private final ActivationOptions options = new ActivationOptions();

  @Override
  void defineOwn(CommandSpec spec) {
    Arguments.define(
        spec,
        "FUNCTION... [INPUT]",
        "0..*",
        "FUNCTION: "
            + String.join(" ", Activations.labels())
            + ", or a layer expression such as 'LeakyReLU(0.2)'; INPUT: default standard"
            + " input. Derivatives at kinks: relu 0, leaky-relu its slope, elu alpha; 0 at the"
            + " bounds of hard-tanh, relu6, hard-sigmoid, the shrinks and threshold;"
            + " hard-swish -1/2 at -3 and 1 at 3",
        Activations.labels());
    options.addTo(spec);
    Command.examples(
        spec,
        "  lamina activate relu '[-2,-1,0,1,2]'",
        "  lamina activate leaky-relu x.json --alpha 0.2 --grad",
        "  lamina activate softmax '[[1,2],[3,4]]' --axis 0 --format text",
        "  lamina activate relu x.npy --stats",
        "  lamina activate relu leaky-relu --plot",
        "  lamina activate relu 'LeakyReLU(0.2)' --plot -o relu.svg");
  }

  @Override
  String mainInput(Arguments arguments) {
    ActivationWords words = ActivationWords.of(arguments, options);
    // Before the input is read, so that a slip in the function's name does not wait for it.
    words.parsed(options);
    return words.input() == null ? "-" : words.input();
  }

  @Override
  public int run(Arguments arguments, Io io) throws IOException {
    if (options.isPlot()) {
      return plot(arguments, io);
    }
    if (options.hasRange()) {
      throw new UsageException("--range goes with --plot");
    }
    return super.run(arguments, io);
  }

  private int plot(Arguments arguments, Io io) throws IOException {
    ActivationWords words = ActivationWords.of(arguments, options);
    List<ActivationArgument> functions = words.parsed(options);
    List<Option> others = new ArrayList<>(List.of(options.gradient(), options.statistics()));
    others.addAll(expectations.all());
    others.addAll(List.of(lines.each(), lines.keepGoing(), output.memberOption()));
    ActivationPlot.refuse(others, output);
    ActivationPlot plot = new ActivationPlot(functions, output, io);
    PlotRange range =
        options.hasRange()
            ? options.range()
            : words.input() == null
                ? plot.usualRange()
                : PlotRange.of(inputs(arguments, io).read("INPUT", words.input()));
    return plot.draw(range, Terminal.color(arguments.general().color(), io));
  }

  @Override
  Operation prepare(Arguments arguments, TensorInputs inputs) {
    Activation function = ActivationWords.of(arguments, options).parsed(options).get(0).function();
    Tensor slopes = function.kind().isTrained() ? slopes(function, inputs) : null;
    boolean hasGradient = options.gradient().isGiven();
    boolean isNamed = hasGradient && !options.gradient().text().isEmpty();
    return new ActivationRun(
        function,
        slopes,
        hasGradient,
        isNamed ? inputs.read(options.gradient()) : null,
        options.statistics().isGiven());
  }

  private Tensor slopes(Activation function, TensorInputs inputs) {
    return options.alpha().isGiven()
        ? inputs.read(options.alpha())
        : Tensor.scalar(function.alpha()).as(inputs.dtype());
  }
}
