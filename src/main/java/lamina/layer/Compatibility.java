package lamina.layer;

/** Whose rules hold where frameworks disagree on sizes. */
public enum Compatibility {
  TORCH,
  /** {@code padding='same'} also with a stride. */
  TENSORFLOW,
  /** {@code padding='same'} also with a stride; pooling with any padding. */
  ONNX,
  /** Pooling rounds up. */
  CAFFE
}
