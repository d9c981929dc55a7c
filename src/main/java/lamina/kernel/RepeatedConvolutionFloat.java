// Derived from RepeatedConvolutionDouble.java: change that file and run DerivedFloat.
package lamina.kernel;

/**
 * Convolutions of one shape with one kernel in float32, over and over: what depends on the kernel
 * alone is prepared once. The kernel must not change meanwhile.
 */
public interface RepeatedConvolutionFloat {
  /** {@code y = conv(x, w) + bias}; {@code bias} may be null. Overwrites y. */
  void convolve(float[] x, float[] bias, float[] y);
}
