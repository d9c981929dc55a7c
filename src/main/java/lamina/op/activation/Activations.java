package lamina.op.activation;

import java.util.ArrayList;
import java.util.List;
import lamina.text.InputException;
import lamina.text.NearSpelling;

/** Every activation function there is. */
public final class Activations {
  /** All functions in the order of the documentation. A new one is a line here. */
  public static final List<ActivationKind> ALL =
      List.of(
          new Relu(),
          new LeakyRelu(),
          new ParametricRelu(),
          new RandomRelu(),
          new Elu(),
          new Celu(),
          new Selu(),
          new Gelu(),
          new GeluTanh(),
          new Sigmoid(),
          new HardSigmoid(),
          new LogSigmoid(),
          new HyperbolicTangent(),
          new HardTanh(),
          new TanhShrink(),
          new SoftShrink(),
          new HardShrink(),
          new Softplus(),
          new Softsign(),
          new Silu(),
          new HardSwish(),
          new Mish(),
          new Relu6(),
          new Threshold(),
          Softmax.plain(),
          Softmax.ofLogarithm(),
          Softmax.ofNegative(),
          new Glu(),
          new IdentityFunction());

  private Activations() {}

  /** The names of all functions on the command line. */
  public static List<String> labels() {
    List<String> labels = new ArrayList<>();
    for (ActivationKind kind : ALL) {
      labels.add(kind.label());
    }
    return labels;
  }

  /**
   * The function of a name, or null; case, {@code -} and {@code _} do not matter, so that {@code
   * LeakyReLU}, {@code leaky_relu} and {@code leaky-relu} are one.
   */
  public static ActivationKind find(String name) {
    String plain = NearSpelling.plain(name);
    for (ActivationKind kind : ALL) {
      if (NearSpelling.plain(kind.label()).equals(plain)) {
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
