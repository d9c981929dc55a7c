package lamina.kernel;

/**
 * The norm of a window that a pooling takes: {@code (Σ |x|^p)^(1/p)} over the elements under it.
 *
 * @param power p
 * @param scaled PyTorch's {@code (k · mean(x^p))^(1/p)} instead, where the mean is over the window
 *     clipped at the end of the padding and k is the size of the whole one
 */
public record PoolNorm(double power, boolean scaled) {}
