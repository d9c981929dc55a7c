package lamina.cli.command;

import java.util.Map;
import lamina.cli.option.Arguments;
import lamina.cli.option.AxesOptions;
import lamina.cli.option.PoolOptions;
import lamina.cli.option.PoolSettings;
import lamina.cli.option.TensorInputs;
import lamina.cli.option.UsageException;
import lamina.layer.Gradients;
import lamina.layer.Pass;
import lamina.layer.PoolLayer;
import lamina.layer.Weights;
import lamina.op.MaxPooling;
import lamina.report.Document;
import lamina.tensor.Tensor;
import picocli.CommandLine.Model.CommandSpec;

/** {@code lamina pool}: a pooling, or its gradient, by the layer that networks have. */
public final class PoolCommand extends TensorCommand {
  private static final Weights NO_WEIGHTS = new Weights(Map.of(), "");

  private final PoolOptions options = new PoolOptions();

  @Override
  void defineOwn(CommandSpec spec) {
    Arguments.define(
        spec,
        "KIND [INPUT]",
        "0..*",
        "KIND: max, avg, lp, global-max, global-avg, adaptive-max or adaptive-avg; INPUT: default"
            + " standard input",
        PoolOptions.KINDS);
    options.addTo(spec);
    Command.examples(
        spec,
        "  lamina pool max '[[1,2],[3,4]]' --size 2",
        "  lamina conv image.csv -k kernel.json | lamina pool max --size 2",
        "  lamina pool avg image.csv --size 3 --padding 1 --no-count-include-pad",
        "  lamina pool adaptive-avg rand:8x13x13 --output-size 6",
        "  lamina pool max '[[1,2],[3,4]]' --size 2 --indices --format text");
  }

  @Override
  String mainInput(Arguments arguments) {
    if (arguments.positionals().size() > 2) {
      throw new UsageException("unexpected argument '" + arguments.positional(2) + "'");
    }
    PoolOptions.kind(arguments);
    String given = arguments.positional(1);
    return given == null ? "-" : given;
  }

  @Override
  Operation prepare(Arguments arguments, TensorInputs inputs) {
    return new Pooling(options.read(arguments), inputs.read(options.gradient()));
  }

  /**
   * A pooling of one input after another.
   *
   * @param gradient of the output, or null
   */
  private record Pooling(PoolSettings settings, Tensor gradient) implements Operation {
    @Override
    public Document apply(Tensor input) {
      int axes = settings.dims() == 0 ? AxesOptions.ofInput(input) : settings.dims();
      SpatialAxes spatial = new SpatialAxes(input, axes, settings.layout());
      Tensor x = spatial.canonical();
      PoolLayer layer = settings.layer(axes);
      Pass pass = gradient == null ? Pass.inference() : Pass.evaluation();
      MaxPooling.Maxima maxima = settings.indices() ? layer.maxima(x, pass) : null;
      Tensor y = maxima == null ? layer.forward(x, NO_WEIGHTS, pass) : maxima.output();
      Document document = new Document(spatial.restore(y));
      if (gradient != null) {
        Tensor dy = spatial.canonicalGradient("--grad", gradient, y.shape());
        document.put("grad_input", spatial.restore(pass.backward(dy, new Gradients())));
      }
      return maxima == null ? document : document.put("indices", spatial.restore(maxima.indices()));
    }
  }
}
