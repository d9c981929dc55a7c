package lamina.cli.command;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import lamina.cli.option.ActivationArgument;
import lamina.cli.option.Option;
import lamina.cli.option.OutputOptions;
import lamina.cli.option.UsageException;
import lamina.cli.process.ExitCode;
import lamina.cli.process.Io;
import lamina.cli.process.Terminal;
import lamina.format.AtomicFile;
import lamina.op.Activation;
import lamina.report.plot.Plot;
import lamina.report.plot.PlotRange;
import lamina.report.plot.SvgPlot;
import lamina.report.plot.TextPlot;

/** {@code lamina activate --plot}: draws curves in the terminal, or into a file. */
final class ActivationPlot {
  private final List<Plot.Panel> panels = new ArrayList<>();
  private final double[] kinks;
  private final OutputOptions output;
  private final Io io;

  ActivationPlot(List<ActivationArgument> functions, OutputOptions output, Io io) {
    this.output = output;
    this.io = io;
    DoubleStream all = DoubleStream.empty();
    for (ActivationArgument argument : functions) {
      Activation function = argument.function();
      if (function.kind().hasAxis()) {
        throw new UsageException(
            function.kind().label()
                + " has no curve: each of its outputs depends on a whole axis of the input");
      }
      all = DoubleStream.concat(all, Arrays.stream(function.kinks()));
      panels.add(
          new Plot.Panel(argument.text(), function::value, function::derivative, function.kinks()));
    }
    kinks = all.toArray();
  }

  /**
   * Refuses options of other results than a picture, and formats other than text.
   *
   * @throws UsageException if one is given
   */
  static void refuse(List<Option> others, OutputOptions output) {
    if (!output.isText()) {
      others.add(output.formatOption());
    }
    for (Option option : others) {
      if (option.isGiven()) {
        throw new UsageException(
            option.name() + " does not go with --plot, which draws curves and prints no tensor");
      }
    }
  }

  /** The range that shows all kinks. */
  PlotRange usualRange() {
    PlotRange range = PlotRange.around(kinks);
    if (!range.isDrawable()) {
      throw new UsageException("the kinks are too far apart to draw; choose a --range");
    }
    return range;
  }

  int draw(PlotRange range, boolean coloured) throws IOException {
    Plot plot = new Plot(range.from(), range.to(), panels);
    String name = output.file();
    if (name == null) {
      TextPlot.write(plot, Terminal.width(io), coloured, io.out());
      io.out().flush();
      return ExitCode.OK;
    }
    boolean svg = name.toLowerCase(Locale.ROOT).endsWith(".svg");
    if (!svg && !name.toLowerCase(Locale.ROOT).endsWith(".txt")) {
      throw new UsageException(
          "--plot writes pictures as .svg or .txt, not '" + name + "'; use -o plot.svg");
    }
    if (svg && output.formatOption().isGiven()) {
      throw new UsageException("--format text does not go with the picture '" + name + "'");
    }
    try (AtomicFile pending = AtomicFile.create(io.directory().resolve(name))) {
      OutputStream out = pending.stream();
      if (svg) {
        SvgPlot.write(plot, out);
      } else {
        TextPlot.write(plot, Terminal.width(io), false, out);
      }
      pending.commit();
    }
    return ExitCode.OK;
  }
}
