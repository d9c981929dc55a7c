package lamina.train;

import java.util.List;
import lamina.text.InputException;
import lamina.text.NearSpelling;

/**
 * An optimizer by name with its hyperparameters, apart from the learning rate, which a schedule
 * changes. Hyperparameters that the named optimizer does not have are refused by who reads them.
 *
 * @param name one of {@link #NAMES}
 * @param alpha the share of RMSprop's average that stays
 * @param rho that of Adadelta's
 */
public record OptimizerSettings(
    String name,
    double momentum,
    double dampening,
    boolean nesterov,
    double beta1,
    double beta2,
    double eps,
    double alpha,
    double rho,
    boolean amsgrad,
    boolean centered,
    double lrDecay,
    double weightDecay) {
  public static final List<String> NAMES =
      List.of("sgd", "adam", "adamw", "rmsprop", "adagrad", "adadelta", "nadam");

  /** The settings of an optimizer with PyTorch's defaults. */
  public static OptimizerSettings of(String name) {
    if (!NAMES.contains(name)) {
      throw new InputException(
          "there is no optimizer '" + name + "'" + NearSpelling.hint(name, NAMES));
    }
    double eps =
        switch (name) {
          case "adagrad" -> 1e-10;
          case "adadelta" -> 1e-6;
          default -> 1e-8;
        };
    double weightDecay = name.equals("adamw") ? 0.01 : 0;
    return new OptimizerSettings(
        name, 0, 0, false, 0.9, 0.999, eps, 0.99, 0.9, false, false, 0, weightDecay);
  }

  /** PyTorch's default learning rate; that of sgd, which has none there, is 0.01. */
  public double defaultRate() {
    return switch (name) {
      case "adam", "adamw" -> 1e-3;
      case "nadam" -> 2e-3;
      case "adadelta" -> 1;
      default -> 1e-2;
    };
  }

  /**
   * The rule at a learning rate.
   *
   * @throws InputException if a hyperparameter is out of its range
   */
  public Optimizer at(double lr) {
    return switch (name) {
      case "sgd" -> new Sgd(lr, momentum, dampening, weightDecay, nesterov);
      case "adam" -> new Adam(lr, beta1, beta2, eps, weightDecay, false, amsgrad);
      case "adamw" -> new Adam(lr, beta1, beta2, eps, weightDecay, true, amsgrad);
      case "rmsprop" -> new RmsProp(lr, alpha, eps, weightDecay, momentum, centered);
      case "adagrad" -> new Adagrad(lr, lrDecay, weightDecay, eps);
      case "adadelta" -> new Adadelta(lr, rho, eps, weightDecay);
      default -> new NAdam(lr, beta1, beta2, eps, weightDecay, 4e-3);
    };
  }
}
