package lamina.kernel;

/**
 * Convolutions of one shape with one kernel in float64, over and over: what depends on the kernel
 * alone is prepared once. The kernel must not change meanwhile.
 */
public interface RepeatedConvolutionDouble {
  /** {@code y = conv(x, w) + bias}; {@code bias} may be null. Overwrites y. */
  void convolve(double[] x, double[] bias, double[] y);
}
