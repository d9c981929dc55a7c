package lamina.kernel.plain;

import lamina.kernel.Backend;
import lamina.kernel.Kernels;

/** Plain loops, for small work and for machines without the Vector API. */
public final class ScalarBackend implements Backend {
  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public Kernels<double[]> float64() {
    return PlainKernelsDouble.KERNELS;
  }

  @Override
  public Kernels<float[]> float32() {
    return PlainKernelsFloat.KERNELS;
  }
}
