package lamina.train.diagnosis;

import lamina.tensor.Tensor;

/**
 * What one check found.
 *
 * @param layer the layer or parameter that it is about; null if it is about the whole training
 * @param figure what was measured; NaN if there was nothing to measure
 * @param threshold what the figure is compared with
 * @param isAlarm whether something is wrong
 * @param text the figure in words, what it means if something is wrong
 * @param cure what to do about it
 * @param map the affine map that a collapsed network equals; null for all else
 */
public record Finding(
    Kind kind,
    String layer,
    double figure,
    double threshold,
    boolean isAlarm,
    String text,
    String cure,
    AffineMap map) {
  /** A finding without a map. */
  public Finding(
      Kind kind,
      String layer,
      double figure,
      double threshold,
      boolean isAlarm,
      String text,
      String cure) {
    this(kind, layer, figure, threshold, isAlarm, text, cure, null);
  }

  /** What can be wrong, causes before their effects. */
  public enum Kind {
    NAN_LOSS("nan-loss"),
    LINEAR_COLLAPSE("linear-collapse"),
    SYMMETRIC_WEIGHTS("symmetric-weights"),
    RATE_TOO_HIGH("rate-too-high"),
    RATE_TOO_LOW("rate-too-low"),
    DYING_RELU("dying-relu"),
    SATURATION("saturation"),
    EXPLODING_GRADIENT("exploding-gradient"),
    VANISHING_GRADIENT("vanishing-gradient"),
    NO_LEARNING("no-learning"),
    SHUFFLED_LABELS("shuffled-labels"),
    OVERFITTING("overfitting");

    private final String label;

    Kind(String label) {
      this.label = label;
    }

    /** The name in documents. */
    public String label() {
      return label;
    }
  }

  /**
   * {@code y = W x + b}, of all elements of a sample in their order.
   *
   * @param weight {@code (out, in)}
   * @param bias {@code (out)}
   */
  public record AffineMap(Tensor weight, Tensor bias) {}
}
