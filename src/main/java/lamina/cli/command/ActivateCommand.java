package lamina.cli.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lamina.cli.option.ActivationArgument;
import lamina.cli.option.Arguments;
import lamina.cli.option.CommonOptions;
import lamina.cli.option.TensorInputs;
import lamina.cli.option.UsageException;
import lamina.cli.process.Io;
import lamina.op.Activation;
import lamina.op.ActivationStatistics;
import lamina.op.PRelu;
import lamina.op.activation.Activations;
import lamina.report.Document;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;
import picocli.CommandLine.Model.CommandSpec;

/** {@code lamina activate}: activation functions, their gradients, statistics and curves. */
public final class ActivateCommand extends TensorCommand {

  @Override
  void defineOwn(CommandSpec spec) {
    spec.addPositional(
        CommonOptions.positionals(
                "FUNCTION... [INPUT]",
                "0..*",
                "FUNCTION: "
                    + String.join(" ", Activations.labels())
                    + ", or a layer expression such as 'LeakyReLU(0.2)'; INPUT: default standard"
                    + " input. Derivatives at kinks: relu 0, leaky-relu its slope, elu alpha; 0 at"
                    + " the bounds of hard-tanh, relu6, hard-sigmoid, the shrinks and threshold;"
                    + " hard-swish -1/2 at -3 and 1 at 3")
            .toBuilder()
            .completionCandidates(Activations.labels())
            .build());
    spec.addOption(
        CommonOptions.value(
                "A",
                "the function's main parameter: negative slope, alpha, lambda, softplus's beta,"
                    + " hard-sigmoid's slope; for prelu also a TENSOR, one slope a channel (axis"
                    + " 1)",
                "--alpha")
            .build());
    spec.addOption(
        CommonOptions.value("B", "hard-sigmoid's offset; default 0.5", "--beta").build());
    spec.addOption(
        CommonOptions.value(
                "N", "axis of softmax, log-softmax, softmin and glu; default: the last", "--axis")
            .build());
    spec.addOption(
        CommonOptions.optionalValue(
                "DY", "add grad_input, for the output's gradient DY (default: ones)", "--grad")
            .build());
    spec.addOption(
        CommonOptions.flag(
                "add statistics of the output: mean, std, zeros, saturation, dead units", "--stats")
            .build());
    spec.addOption(
        CommonOptions.flag(
                "draw function and derivative: in text, or as SVG with -o FILE.svg", "--plot")
            .build());
    spec.addOption(
        CommonOptions.value("A:B", "the plot's range of x; default -5:5, or INPUT's", "--range")
            .build());
    Command.examples(
        spec,
        "  lamina activate relu '[-2,-1,0,1,2]'",
        "  lamina activate leaky-relu x.json --alpha 0.2 --grad",
        "  lamina activate softmax '[[1,2],[3,4]]' --axis 0 --format text",
        "  lamina activate relu x.npy --stats",
        "  lamina activate relu leaky-relu --plot",
        "  lamina activate relu 'LeakyReLU(0.2)' --plot -o relu.svg");
  }

  /** The words of a command line: functions, then at most one input. */
  private record Words(List<String> functions, String input) {
    static Words of(Arguments arguments) {
      List<String> given = arguments.positionals();
      if (given.isEmpty()) {
        throw new UsageException(
            "the function is missing, e.g. 'relu'; '" + arguments.command() + " --help' lists all");
      }
      // The first word is a function; the last one is the input unless it is a function too.
      int last = given.size() - 1;
      boolean hasInput = last > 0 && !ActivationArgument.isFunction(given.get(last));
      List<String> functions = given.subList(0, hasInput ? last : last + 1);
      if (functions.size() > 1 && !arguments.has("--plot")) {
        String second = functions.get(1);
        if (!ActivationArgument.isFunction(second)) {
          throw new UsageException(
              "unexpected argument '" + given.get(2) + "' after the input '" + second + "'");
        }
        throw new UsageException(
            "several functions ('"
                + functions.get(0)
                + "', '"
                + second
                + "') go with --plot only; give one, or write ./"
                + second
                + " for a file of that name");
      }
      return new Words(functions, hasInput ? given.get(last) : null);
    }
  }

  @Override
  String mainInput(Arguments arguments) {
    Words words = Words.of(arguments);
    // Before the input is read, so that a slip in the function's name does not wait for it.
    ActivationArgument.parse(arguments, words.functions().get(0));
    return words.input() == null ? "-" : words.input();
  }

  @Override
  public int run(Arguments arguments, Io io) throws IOException {
    if (!arguments.has("--plot")) {
      if (arguments.has("--range")) {
        throw new UsageException("--range goes with --plot");
      }
      return super.run(arguments, io);
    }
    Words words = Words.of(arguments);
    List<ActivationArgument> functions = new ArrayList<>();
    for (String function : words.functions()) {
      functions.add(ActivationArgument.parse(arguments, function));
    }
    return new ActivationPlot(arguments, io).draw(functions, words.input());
  }

  @Override
  Operation prepare(Arguments arguments, TensorInputs inputs) {
    return new Run(arguments, inputs);
  }

  /** What the user asked for, ready to be applied to inputs. */
  private static final class Run implements Operation {
    private final Activation function;

    /** One slope a channel, for prelu only. */
    private final Tensor slopes;

    private final boolean gradient;
    private final Tensor dy;
    private final boolean statistics;

    Run(Arguments arguments, TensorInputs inputs) {
      ActivationArgument given =
          ActivationArgument.parse(arguments, Words.of(arguments).functions().get(0));
      function = given.function();
      slopes = slopes(arguments, inputs);
      gradient = arguments.has("--grad");
      String gradientText = gradient ? arguments.text("--grad") : "";
      dy = gradientText.isEmpty() ? null : inputs.read("--grad", gradientText);
      statistics = arguments.has("--stats");
    }

    private Tensor slopes(Arguments arguments, TensorInputs inputs) {
      if (!function.kind().isTrained()) {
        return null;
      }
      String text = arguments.text("--alpha");
      return text == null
          ? Tensor.scalar(function.alpha()).as(inputs.dtype())
          : inputs.read("--alpha", text);
    }

    @Override
    public Document apply(Tensor x) {
      Tensor y = slopes == null ? function.forward(x) : PRelu.forward(x, slopes);
      Document document = new Document(y);
      if (gradient) {
        Tensor upstream = upstream(y);
        if (slopes == null) {
          document.put("grad_input", function.backward(x, upstream));
        } else {
          PRelu.Gradients gradients = PRelu.backward(x, slopes, upstream);
          document.put("grad_input", gradients.input());
          document.put("grad_alpha", gradients.slope());
        }
      }
      if (statistics) {
        Tensor derivatives =
            slopes == null ? function.slopes(x) : PRelu.backward(x, slopes, filled(y, 1)).input();
        document.put("stats", document(ActivationStatistics.of(y, derivatives)));
      }
      return document;
    }

    /** DY in the output's shape: ones by default, and a number stands for ones times it. */
    private Tensor upstream(Tensor y) {
      if (dy == null || (dy.rank() == 0 && y.rank() > 0)) {
        return filled(y, dy == null ? 1 : dy.get(0));
      }
      if (!Arrays.equals(dy.shape(), y.shape())) {
        throw new InputException(
            "--grad has shape "
                + Tensor.text(dy.shape())
                + " but the output has "
                + Tensor.text(y.shape())
                + "; give a tensor of that shape, or one number for all");
      }
      return dy;
    }

    private static Tensor filled(Tensor like, double value) {
      Tensor filled = Tensor.zeros(like.dtype(), like.shape());
      if (like.dtype() == DType.FLOAT64) {
        Arrays.fill(filled.doubles(), value);
      } else {
        Arrays.fill(filled.floats(), (float) value);
      }
      return filled;
    }

    private static Document document(ActivationStatistics stats) {
      Document document =
          new Document()
              .put("count", stats.count())
              .put("mean", stats.mean())
              .put("std", stats.std())
              .put("min", stats.min())
              .put("max", stats.max())
              .put("zero", stats.zero())
              .put("negative", stats.negative())
              .put("positive", stats.positive())
              .put("saturated", stats.saturated())
              .put("gradient_zero", stats.gradientZero());
      if (stats.units() > 0) {
        document.put("units", stats.units()).put("dead", stats.deadUnits().size());
        document.put("dead_indices", deadIndices(stats));
      }
      return document;
    }

    /** Plain numbers where one index names a unit. */
    private static List<Object> deadIndices(ActivationStatistics stats) {
      List<Object> units = new ArrayList<>();
      for (List<Integer> index : stats.deadUnits()) {
        units.add(index.size() == 1 ? index.get(0) : index);
      }
      return units;
    }
  }
}
