package lamina.tensor;

import lamina.text.InputException;

/** The element types of a tensor. */
public enum DType {
  FLOAT64("float64", 8),
  FLOAT32("float32", 4),
  /** Indices and counts only; no arithmetic is done in it. */
  INT64("int64", 8);

  private final String label;
  private final int bytes;

  DType(String label, int bytes) {
    this.label = label;
    this.bytes = bytes;
  }

  /** The name in documents and options: {@code float64}, {@code float32} or {@code int64}. */
  public String label() {
    return label;
  }

  /** The size of one element, in bytes. */
  public int bytes() {
    return bytes;
  }

  /**
   * The type of a label.
   *
   * @throws InputException if no type has this label
   */
  public static DType of(String label) {
    for (DType type : values()) {
      if (type.label.equals(label)) {
        return type;
      }
    }
    throw new InputException("unknown dtype '" + label + "'; known are float64, float32 and int64");
  }
}
