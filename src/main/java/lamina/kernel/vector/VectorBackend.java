package lamina.kernel.vector;

import lamina.kernel.Backend;
import lamina.kernel.Kernels;

/** Kernels written with the Vector API, whose module must be loaded before this class is. */
public final class VectorBackend implements Backend {
  private final Kernels<double[]> float64 = new VectorKernelsDouble();
  private final Kernels<float[]> float32 = new VectorKernelsFloat();

  @Override
  public String name() {
    return "vector";
  }

  /** What runs and how wide its vectors are. */
  @Override
  public String toString() {
    return "vector: " + Machine.SHAPE.vectorBitSize() + "-bit";
  }

  @Override
  public Kernels<double[]> float64() {
    return float64;
  }

  @Override
  public Kernels<float[]> float32() {
    return float32;
  }
}
