package lamina.cli.option;

import lamina.op.Activation;
import lamina.op.activation.ActivationKind;
import lamina.op.activation.Activations;
import lamina.report.plot.PlotRange;

/** The parameters of activation functions, and what {@code lamina activate} tells of them. */
public final class ActivationOptions extends OptionGroup {
  private final TextOption alpha =
      text(
          "A",
          "the function's main parameter: negative slope, alpha, lambda, softplus's beta,"
              + " hard-sigmoid's slope; for prelu also a TENSOR, one slope a channel (axis 1)",
          "--alpha");

  private final NumberOption beta = number("B", "hard-sigmoid's offset; default 0.5", "--beta");

  private final IntegerOption axis =
      longInteger(
          "N", -1, "axis of softmax, log-softmax, softmin and glu; default: the last", "--axis");

  private final TextOption gradient =
      optionalText("DY", "add grad_input, for the output's gradient DY (default: ones)", "--grad");

  private final FlagOption statistics =
      flag("add statistics of the output: mean, std, zeros, saturation, dead units", "--stats");

  private final FlagOption plot =
      noAnswer(
          flag("draw function and derivative: in text, or as SVG with -o FILE.svg", "--plot"),
          "which draws and gives no answer");

  private final TextOption range =
      text("A:B", "the plot's range of x; default -5:5, or INPUT's", "--range");

  /** The main parameter, which for some functions is a tensor. */
  public TextOption alpha() {
    return alpha;
  }

  /** The gradient of the output; its value may be left out. */
  public TextOption gradient() {
    return gradient;
  }

  /** Statistics of the output. */
  public FlagOption statistics() {
    return statistics;
  }

  /** Whether curves are drawn. */
  public boolean isPlot() {
    return plot.isGiven();
  }

  /** Whether the range of the curves is chosen. */
  public boolean hasRange() {
    return range.isGiven();
  }

  /**
   * The range of the curves, if it is chosen.
   *
   * @throws UsageException if it is none
   */
  public PlotRange range() {
    String typed = range.text();
    int colon = typed.indexOf(':');
    try {
      double from = Double.parseDouble(typed.substring(0, Math.max(0, colon)));
      double to = Double.parseDouble(typed.substring(colon + 1));
      PlotRange chosen = new PlotRange(from, to);
      if (chosen.isDrawable()) {
        return chosen;
      }
    } catch (NumberFormatException e) {
      // Reported below.
    }
    throw new UsageException(
        "--range takes two numbers A:B with A below B, such as -4:4, not '" + typed + "'");
  }

  /**
   * A function by its name, with the parameters that are set.
   *
   * @param besideOthers whether several functions are drawn, one of which a parameter is for
   * @throws UsageException if a parameter does not belong to it
   */
  Activation function(String name, boolean besideOthers) {
    ActivationKind kind = Activations.of(name);
    double first = alpha(kind, besideOthers);
    double second = alpha.isGiven() ? kind.betaOf(first) : kind.beta();
    if (beta.isGiven()) {
      if (!kind.takesBeta()) {
        throw new UsageException("--beta is hard-sigmoid's offset; " + kind.label() + " has none");
      }
      second = beta.value(second);
    }
    if (Double.isNaN(first)) {
      throw new UsageException(
          kind.label() + " needs its two parameters; write " + kind.expression());
    }
    return new Activation(kind, first, second, axis(kind));
  }

  private double alpha(ActivationKind kind, boolean besideOthers) {
    if (!alpha.isGiven()) {
      return kind.alpha();
    }
    if (kind.expression() != null) {
      throw new UsageException(kind.label() + " has two parameters; write " + kind.expression());
    }
    if (kind.alphaName() == null) {
      if (besideOthers) {
        return kind.alpha(); // meant for the functions beside it that have one
      }
      throw new UsageException(kind.label() + " has no parameter for --alpha to set");
    }
    if (kind.isTrained() && !isPlot()) {
      return kind.alpha(); // a tensor, read with the other inputs
    }
    return NumberOption.parse(alpha.name(), alpha.text());
  }

  private int axis(ActivationKind kind) {
    if (!axis.isGiven()) {
      return -1;
    }
    if (!kind.hasAxis()) {
      throw new UsageException(
          kind.label()
              + " works on each element; --axis goes with softmax, log-softmax, softmin"
              + " and glu");
    }
    long number = axis.longValue();
    if (number != (int) number) {
      throw new UsageException("--axis takes a whole number such as 0 or -1, not '" + number + "'");
    }
    return (int) number;
  }

  /**
   * Refuses parameters beside an expression, which has its own.
   *
   * @throws UsageException if one is given
   */
  void refuseBeside(String expression) {
    for (Option option : new Option[] {alpha, beta, axis}) {
      if (option.isGiven()) {
        throw new UsageException(
            option.name()
                + " goes with a function's name; write its value into '"
                + expression
                + "'");
      }
    }
  }
}
