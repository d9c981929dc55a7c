package lamina.kernel;

import java.util.ArrayList;
import java.util.List;
import lamina.text.InputException;
import lamina.text.NearSpelling;

/**
 * The activation functions, their names and their parameters with PyTorch's defaults. A function
 * has at most two parameters; {@link PointwiseFunction} calls them alpha and beta.
 */
public enum ActivationKind {
  RELU("relu"),
  LEAKY_RELU("leaky-relu", "negative slope", 0.01),
  PRELU("prelu", "slope", 0.25),
  /** Its slope is random in training; in evaluation it is the mean of the bounds. */
  RRELU("rrelu", "lower", 1.0 / 8, "upper", 1.0 / 3),
  ELU("elu", "alpha", 1),
  CELU("celu", "alpha", 1),
  SELU("selu"),
  GELU("gelu"),
  GELU_TANH("gelu-tanh"),
  SIGMOID("sigmoid"),
  HARD_SIGMOID("hard-sigmoid", "slope", 1.0 / 6, "offset", 0.5),
  LOG_SIGMOID("log-sigmoid"),
  TANH("tanh"),
  HARD_TANH("hard-tanh", "min", -1, "max", 1),
  TANH_SHRINK("tanh-shrink"),
  SOFT_SHRINK("soft-shrink", "lambda", 0.5),
  HARD_SHRINK("hard-shrink", "lambda", 0.5),
  SOFTPLUS("softplus", "beta", 1, "threshold", 20),
  SOFTSIGN("softsign"),
  SILU("silu"),
  HARD_SWISH("hard-swish"),
  MISH("mish"),
  RELU6("relu6"),
  /** Has no defaults: both parameters must be given. */
  THRESHOLD("threshold", "threshold", Double.NaN, "value", Double.NaN),
  SOFTMAX("softmax"),
  LOG_SOFTMAX("log-softmax"),
  SOFTMIN("softmin"),
  GLU("glu"),
  IDENTITY("identity");

  private final String label;
  private final String alphaName;
  private final double alpha;
  private final String betaName;
  private final double beta;

  ActivationKind(String label) {
    this(label, null, 0);
  }

  ActivationKind(String label, String alphaName, double alpha) {
    this(label, alphaName, alpha, null, 0);
  }

  ActivationKind(String label, String alphaName, double alpha, String betaName, double beta) {
    this.label = label;
    this.alphaName = alphaName;
    this.alpha = alpha;
    this.betaName = betaName;
    this.beta = beta;
  }

  /** The name on the command line, {@code leaky-relu}. */
  public String label() {
    return label;
  }

  /** What alpha is for this function, {@code negative slope}; null if it has no parameter. */
  public String alphaName() {
    return alphaName;
  }

  /** Alpha's default; NaN if it must be given. */
  public double alpha() {
    return alpha;
  }

  /** What beta is for this function, {@code threshold}; null if it has no second parameter. */
  public String betaName() {
    return betaName;
  }

  /** Beta's default; NaN if it must be given. */
  public double beta() {
    return beta;
  }

  /** Whether an element of the output depends on a whole axis of the input. */
  public boolean hasAxis() {
    return this == SOFTMAX || this == LOG_SOFTMAX || this == SOFTMIN || this == GLU;
  }

  /** All names, in the order of the documentation. */
  public static List<String> labels() {
    List<String> labels = new ArrayList<>();
    for (ActivationKind kind : values()) {
      labels.add(kind.label);
    }
    return labels;
  }

  /**
   * The function of a name, or null; case, {@code -} and {@code _} do not matter, so that {@code
   * LeakyReLU}, {@code leaky_relu} and {@code leaky-relu} are one.
   */
  public static ActivationKind find(String name) {
    String plain = NearSpelling.plain(name);
    for (ActivationKind kind : values()) {
      if (NearSpelling.plain(kind.label).equals(plain)) {
        return kind;
      }
    }
    return null;
  }

  /**
   * The function of a name, as {@link #find}.
   *
   * @throws InputException if no function has this name; it suggests the nearest one
   */
  public static ActivationKind of(String name) {
    ActivationKind kind = find(name);
    if (kind == null) {
      List<String> labels = labels();
      String hint = NearSpelling.hint(name, labels);
      throw new InputException(
          "unknown activation function '"
              + name
              + "'"
              + (hint.isEmpty() ? "; known are " + String.join(" ", labels) : hint));
    }
    return kind;
  }
}
