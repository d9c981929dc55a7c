package lamina.kernel;

/** How a pooling's output size treats a last window that does not fit whole. */
public enum Rounding {
  /** It is left out. */
  FLOOR,
  /** It is kept, clipped to the input, unless it would start beyond the input and its padding. */
  CEIL,
  /** Caffe's rule: as {@link #CEIL}, but without any padding it is kept wherever it starts. */
  CAFFE
}
