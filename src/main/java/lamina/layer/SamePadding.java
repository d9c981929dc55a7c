package lamina.layer;

import lamina.kernel.Window;

/**
 * Whether padding follows from the sizes, such that the output has {@code ⌈i / s⌉} elements, and on
 * which side the odd element of it goes.
 */
public enum SamePadding {
  NO,
  /** After the input: TensorFlow, ONNX's SAME_UPPER, PyTorch. */
  UPPER,
  /** Before the input: ONNX's SAME_LOWER. */
  LOWER;

  /** A window with the padding that it has over an input of these sizes. */
  Window over(int[] inputSize, Window window) {
    return this == NO ? window : window.withSamePadding(inputSize, this == LOWER);
  }
}
