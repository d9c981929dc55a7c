package lamina.kernel;

import lamina.tensor.DType;

/**
 * Work on whole channels of plain arrays {@code (batch, channels, plane)} of one precision, as
 * loops that all backends share.
 *
 * @param <A> the arrays: {@code double[]} or {@code float[]}
 */
public interface ChannelLoops<A> {
  /** The loops for {@link lamina.tensor.Tensor#array arrays} of a type. */
  @SuppressWarnings("unchecked") // Each method casts the arrays that it is given to its own type.
  static ChannelLoops<Object> of(DType dtype) {
    ChannelLoops<?> loops = dtype == DType.FLOAT64 ? ChannelsDouble.LOOPS : ChannelsFloat.LOOPS;
    return (ChannelLoops<Object>) loops;
  }

  /** {@code sums[c] += Σ x[n, c, p]}. */
  void sum(int batch, int channels, int plane, A x, A sums);

  /** {@code y[n, c, p] += bias[c]}. */
  void add(int batch, int channels, int plane, A bias, A y);

  /** Each of the planes from its last element to its first. */
  void reverse(int planes, int plane, A x, A y);
}
