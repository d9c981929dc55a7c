package lamina.cli.command;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import lamina.cli.option.ActivationArgument;
import lamina.cli.option.Arguments;
import lamina.cli.option.CommonOptions;
import lamina.cli.option.TensorInputs;
import lamina.cli.option.UsageException;
import lamina.cli.process.ExitCode;
import lamina.cli.process.Io;
import lamina.cli.process.Terminal;
import lamina.format.AtomicFile;
import lamina.op.Activation;
import lamina.report.plot.Plot;
import lamina.report.plot.SvgPlot;
import lamina.report.plot.TextPlot;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/** {@code lamina activate --plot}: where the curves go, and over which range. */
final class ActivationPlot {
  private static final double DEFAULT_RANGE = 5;
  private static final double LARGEST = 1e100;

  private static final List<String> OTHER_RESULTS =
      Arrays.asList(
          "--grad",
          "--stats",
          "--expect",
          "--expect-shape",
          "--each",
          "--keep-going",
          "--quiet",
          "--member",
          "--format");

  private final Arguments arguments;
  private final Io io;

  ActivationPlot(Arguments arguments, Io io) {
    this.arguments = arguments;
    this.io = io;
  }

  /**
   * Draws the functions over the range asked for, or the input's, or one that shows all kinks.
   *
   * @param input a TENSOR argument, or null
   */
  int draw(List<ActivationArgument> functions, String input) throws IOException {
    for (String option : OTHER_RESULTS) {
      if (arguments.has(option) && !(option.equals("--format") && isText())) {
        throw new UsageException(
            option + " does not go with --plot, which draws curves and prints no tensor");
      }
    }
    List<Plot.Panel> panels = new ArrayList<>();
    for (ActivationArgument argument : functions) {
      Activation function = argument.function();
      if (function.kind().hasAxis()) {
        throw new UsageException(
            function.kind().label()
                + " has no curve: each of its outputs depends on a whole axis of the input");
      }
      panels.add(
          new Plot.Panel(argument.text(), function::value, function::derivative, function.kinks()));
    }
    double[] range = range(functions, input);
    write(new Plot(range[0], range[1], panels));
    return ExitCode.OK;
  }

  private boolean isText() {
    return "text".equals(arguments.text("--format"));
  }

  private void write(Plot plot) throws IOException {
    String name = arguments.text("--output");
    String color = arguments.choice("--color", "auto", CommonOptions.COLORS);
    boolean svg = name != null && name.toLowerCase(Locale.ROOT).endsWith(".svg");
    if (name == null) {
      TextPlot.write(plot, Terminal.width(io), Terminal.color(color, io), io.out());
      io.out().flush();
      return;
    }
    if (!svg && !name.toLowerCase(Locale.ROOT).endsWith(".txt")) {
      throw new UsageException(
          "--plot writes pictures as .svg or .txt, not '" + name + "'; use -o plot.svg");
    }
    if (svg && arguments.has("--format")) {
      throw new UsageException("--format text does not go with the picture '" + name + "'");
    }
    Path file = io.directory().resolve(name);
    try (AtomicFile pending = AtomicFile.create(file)) {
      OutputStream out = pending.stream();
      if (svg) {
        SvgPlot.write(plot, out);
      } else {
        TextPlot.write(plot, Terminal.width(io), false, out);
      }
      pending.commit();
    }
  }

  private double[] range(List<ActivationArgument> functions, String input) {
    String text = arguments.text("--range");
    if (text != null) {
      return parsed(text);
    }
    if (input != null) {
      return extent(new TensorInputs(arguments, io).read("INPUT", input));
    }
    double reach = DEFAULT_RANGE;
    for (ActivationArgument argument : functions) {
      for (double kink : argument.function().kinks()) {
        reach = Math.max(reach, Math.ceil(Math.abs(kink) + 1));
      }
    }
    if (reach > LARGEST) {
      throw new UsageException("the kinks are too far apart to draw; choose a --range");
    }
    return new double[] {-reach, reach};
  }

  private static double[] parsed(String text) {
    int colon = text.indexOf(':');
    try {
      double from = Double.parseDouble(text.substring(0, Math.max(0, colon)));
      double to = Double.parseDouble(text.substring(colon + 1));
      if (from < to && isDrawable(from, to)) {
        return new double[] {from, to};
      }
    } catch (NumberFormatException e) {
      // Reported below.
    }
    throw new UsageException(
        "--range takes two numbers A:B with A below B, such as -4:4, not '" + text + "'");
  }

  /** The least and the greatest number of a tensor. */
  private static double[] extent(Tensor x) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < x.size(); i++) {
      low = Math.min(low, x.get(i));
      high = Math.max(high, x.get(i));
    }
    if (!(low < high && isDrawable(low, high))) {
      throw new InputException(
          "the input (from "
              + low
              + " to "
              + high
              + ") gives no range to draw over; choose one with --range");
    }
    return new double[] {low, high};
  }

  private static boolean isDrawable(double from, double to) {
    double magnitude = Math.max(Math.abs(from), Math.abs(to));
    return magnitude <= LARGEST && to - from > 1e-9 * magnitude;
  }
}
