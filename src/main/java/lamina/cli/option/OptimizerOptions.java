package lamina.cli.option;

import java.util.ArrayList;
import java.util.List;
import lamina.text.InputException;
import lamina.train.OptimizerSettings;

/** The hyperparameters of optimizers, each of which some have. */
final class OptimizerOptions extends OptionGroup {
  private final NumberOption momentum = number("M", "momentum of sgd and rmsprop", "--momentum");
  private final NumberOption dampening = number("D", "dampening of sgd's momentum", "--dampening");
  private final FlagOption nesterov = flag("Nesterov's momentum for sgd", "--nesterov");

  private final TextOption betas =
      text("B1,B2", "averages of adam, adamw and nadam; default 0.9,0.999", "--betas");

  private final NumberOption eps =
      number("E", "what is added to denominators; default: PyTorch's", "--eps");

  private final NumberOption alpha = number("A", "average of rmsprop; default 0.99", "--alpha");

  private final NumberOption rho = number("R", "average of adadelta; default 0.9", "--rho");

  private final FlagOption amsgrad =
      flag("the largest average so far, for adam and adamw", "--amsgrad");

  private final FlagOption centered = flag("rmsprop by the variance", "--centered");
  private final NumberOption lrDecay =
      number("D", "decay of adagrad's learning rate", "--lr-decay");
  private final NumberOption weightDecay = number("W", "weight decay", "--weight-decay");

  /**
   * The optimizer of a name with what was set of it.
   *
   * @throws UsageException for a value out of its range, or one that the optimizer does not have
   */
  OptimizerSettings read(String name) {
    owned(name, momentum, "sgd", "rmsprop");
    owned(name, dampening, "sgd");
    owned(name, nesterov, "sgd");
    owned(name, betas, "adam", "adamw", "nadam");
    owned(name, eps, "adam", "adamw", "nadam", "rmsprop", "adagrad", "adadelta");
    owned(name, alpha, "rmsprop");
    owned(name, rho, "adadelta");
    owned(name, amsgrad, "adam", "adamw");
    owned(name, centered, "rmsprop");
    owned(name, lrDecay, "adagrad");
    OptimizerSettings base = OptimizerSettings.of(name);
    double[] averages = averages(base);
    OptimizerSettings settings =
        new OptimizerSettings(
            name,
            momentum.value(base.momentum()),
            dampening.value(base.dampening()),
            nesterov.isGiven(),
            averages[0],
            averages[1],
            eps.value(base.eps()),
            alpha.value(base.alpha()),
            rho.value(base.rho()),
            amsgrad.isGiven(),
            centered.isGiven(),
            lrDecay.value(base.lrDecay()),
            weightDecay.value(base.weightDecay()));
    try {
      settings.at(1);
    } catch (InputException e) {
      throw new UsageException(e.getMessage());
    }
    return settings;
  }

  private static void owned(String name, Option option, String... owners) {
    if (option.isGiven() && !List.of(owners).contains(name)) {
      throw new UsageException(
          option.name() + " goes with --optimizer " + String.join(", ", owners) + ", not " + name);
    }
  }

  private double[] averages(OptimizerSettings base) {
    String typed = betas.text();
    if (typed == null) {
      return new double[] {base.beta1(), base.beta2()};
    }
    List<Double> numbers = new ArrayList<>();
    for (String part : typed.split(",", -1)) {
      try {
        numbers.add(Double.valueOf(part.strip()));
      } catch (NumberFormatException e) {
        throw notTwoNumbers(typed);
      }
    }
    if (numbers.size() != 2) {
      throw notTwoNumbers(typed);
    }
    return new double[] {numbers.get(0), numbers.get(1)};
  }

  private static UsageException notTwoNumbers(String typed) {
    return new UsageException("--betas takes two numbers such as 0.9,0.999, not '" + typed + "'");
  }
}
