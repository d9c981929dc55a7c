package lamina.kernel;

import lamina.tensor.DType;
import lamina.tensor.Tensor;

/**
 * Small convolutions on a thread of their own, so that the compiler has the vector kernels ready
 * when the first large one comes. Their results go nowhere, and nothing waits for them. They end
 * when the real work begins, which warms up as well: on two cores they would take time from it and
 * from the compiler, a fifth of a whole run of a ResNet-50.
 */
final class WarmUp {
  /**
   * How many nanoseconds to go on: by then the kernels are compiled, for this work or for the real
   * one.
   */
  private static final long DURATION = 800_000_000;

  private static final int FILTERS = 32;
  private static final int SIZE = 14;

  /**
   * How many weights a filter has, at most: few, so that the compiler counts calls of the innermost
   * loop before its turns. A loop with many turns is compiled twice, first to go on in its middle.
   */
  private static final int WEIGHTS = 36;

  private volatile boolean isOver;

  private WarmUp() {}

  static WarmUp start(Backend backend, DType dtype) {
    WarmUp warmUp = new WarmUp();
    Runnable work = () -> Parallel.alone(() -> warmUp.run(backend, dtype));
    Thread thread = new Thread(work, "lamina-warm-up");
    thread.setDaemon(true);
    thread.start();
    return warmUp;
  }

  /** Starts no further convolution. */
  void end() {
    isOver = true;
  }

  private void run(Backend backend, DType dtype) {
    Convolution small = convolution(3, 1);
    Convolution pointwise = convolution(1, 0);
    int elements = Math.max(FILTERS, WEIGHTS) * SIZE * SIZE;
    long end = System.nanoTime() + DURATION;
    Kernels<Object> kernels = backend.kernels(dtype);
    Object x = Tensor.zeros(dtype, elements).array();
    Object y = Tensor.zeros(dtype, elements).array();
    Object w = Tensor.zeros(dtype, FILTERS * WEIGHTS).array();
    do {
      kernels.convolve(small, x, w, null, y);
      kernels.convolve(pointwise, x, w, null, y);
    } while (!isOver && System.nanoTime() < end);
  }

  private static Convolution convolution(int kernel, int padding) {
    int[] ones = {1, 1};
    int[] size = {SIZE, SIZE};
    int[] pad = {padding, padding};
    Window window = new Window(new int[] {kernel, kernel}, ones, ones, pad, pad);
    int channels = WEIGHTS / (kernel * kernel);
    return new Convolution(1, channels, FILTERS, 1, window, size, size);
  }
}
