package lamina.kernel;

import lamina.tensor.DType;

/**
 * A backend for one precision, and plain loops for the other: each has vector kernels of its own,
 * and to compile them for the little that the diagnosis of a training computes in float64 took half
 * a second of the processor's time.
 */
record SettledBackend(Backend backend, DType dtype, Backend plain) implements Backend {
  @Override
  public String name() {
    return backend.name();
  }

  @Override
  public Kernels<double[]> float64() {
    return (dtype == DType.FLOAT64 ? backend : plain).float64();
  }

  @Override
  public Kernels<float[]> float32() {
    return (dtype == DType.FLOAT32 ? backend : plain).float32();
  }
}
