package lamina.train;

import java.util.ArrayList;
import java.util.List;
import lamina.text.InputException;
import lamina.text.NearSpelling;

/** The losses and their names on the command line. */
public enum LossKind {
  /** Softmax and negative log-likelihood in one, from logits. */
  CROSS_ENTROPY("cross-entropy"),
  /** Negative log-likelihood, from log-probabilities. */
  NLL("nll"),
  MSE("mse"),
  L1("l1"),
  SMOOTH_L1("smooth-l1"),
  HUBER("huber"),
  /** Binary cross-entropy, from probabilities. */
  BCE("bce"),
  BCE_WITH_LOGITS("bce-with-logits");

  private final String label;

  LossKind(String label) {
    this.label = label;
  }

  /** The name on the command line, {@code cross-entropy}. */
  public String label() {
    return label;
  }

  /** Whether the target holds a class per sample rather than a number per element. */
  public boolean hasClasses() {
    return this == CROSS_ENTROPY || this == NLL;
  }

  /** All names. */
  public static List<String> labels() {
    List<String> labels = new ArrayList<>();
    for (LossKind kind : values()) {
      labels.add(kind.label);
    }
    return labels;
  }

  /**
   * The loss of a name; case, {@code -} and {@code _} do not matter.
   *
   * @throws InputException if there is none
   */
  public static LossKind of(String name) {
    String plain = NearSpelling.plain(name);
    for (LossKind kind : values()) {
      if (NearSpelling.plain(kind.label).equals(plain)) {
        return kind;
      }
    }
    String hint = NearSpelling.hint(name, labels());
    throw new InputException(
        "unknown loss '"
            + name
            + "'"
            + (hint.isEmpty() ? "; known are " + String.join(" ", labels()) : hint));
  }
}
