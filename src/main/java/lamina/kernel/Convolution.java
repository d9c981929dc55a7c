package lamina.kernel;

/**
 * One convolution problem with zero padding, as every backend solves it. Arrays are contiguous and
 * row-major: the input {@code (batch, inChannels, inputSize...)}, the kernel {@code (outChannels,
 * inChannels / groups, window.kernel...)}, the output {@code (batch, outChannels, outputSize...)}.
 * A transposed convolution is the gradient of one with respect to its input.
 *
 * @param window kernel, stride, dilation and padding
 * @param inputSize the spatial sizes of the input
 * @param outputSize the spatial sizes of the output; what {@link Window#outputSize} gives, or less
 *     than that, never more
 * @param algorithm how to compute it
 */
public record Convolution(
    int batch,
    int inChannels,
    int outChannels,
    int groups,
    Window window,
    int[] inputSize,
    int[] outputSize,
    Algorithm algorithm) {

  /** How to compute a convolution. All give the same result up to rounding. */
  public enum Algorithm {
    /** By shape, and Winograd's for float32 only. */
    AUTO,
    /** Sums of products, an output row at a time. */
    DIRECT,
    /** A matrix product with the unfolded input. */
    GEMM,
    /**
     * Winograd's F(4×4, 3×3) or F(2×2, 3×3), for 3×3 kernels with stride and dilation 1; for other
     * shapes as {@link #AUTO}.
     */
    WINOGRAD
  }

  /** A problem with the algorithm chosen by its shape. */
  public Convolution(
      int batch,
      int inChannels,
      int outChannels,
      int groups,
      Window window,
      int[] inputSize,
      int[] outputSize) {
    this(batch, inChannels, outChannels, groups, window, inputSize, outputSize, Algorithm.AUTO);
  }

  /** This problem, computed in another way. */
  public Convolution by(Algorithm other) {
    return new Convolution(
        batch, inChannels, outChannels, groups, window, inputSize, outputSize, other);
  }

  /** The multiply-accumulates of the whole batch, those with padding included. */
  public long multiplyAccumulates() {
    long count = (long) batch * outChannels * (inChannels / groups);
    for (int axis = 0; axis < outputSize.length; axis++) {
      count *= (long) outputSize[axis] * window.kernel()[axis];
    }
    return count;
  }
}
