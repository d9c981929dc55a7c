package lamina.kernel;

/**
 * Convolutions of one shape with one kernel, over and over: what depends on the kernel alone is
 * prepared once. The kernel must not change meanwhile.
 */
public interface RepeatedConvolution<A> {
  /** {@code y = conv(x, w) + bias}; {@code bias} may be null. Overwrites y. */
  void convolve(A x, A bias, A y);
}
