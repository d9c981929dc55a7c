package lamina.kernel;

import java.lang.reflect.Array;
import java.util.EnumMap;
import java.util.Map;
import lamina.tensor.DType;

/**
 * Uses plain loops until the program has done so much work that the vector kernels pay for their
 * start: loading, interpreting and compiling them takes a third of a second. Work is counted in
 * operations, not in time, so that equal work gives equal bytes.
 */
final class AutoBackend implements Backend {
  /**
   * The vector kernels run from so many multiply-accumulates on: 4 GFLOP. Measured on whole
   * processes from {@code .npy} to {@code .npy}, float32, 2 threads on 2 cores with AVX-512 that
   * were not idle, medians of 5 runs: at 2 GFLOP plain loops take 0.5 to 1 times as long as
   * vectors, at 4 GFLOP 0.8 (3×3) to 1.2 times (11×11, linear) on JDK 17 and 25, at 6 GFLOP 1.15 to
   * 1.35 times on JDK 17. On a busy machine with vectors of 256 bits, the processor's time for a
   * 3×3: at 2 GFLOP 0.65 times, at 4 GFLOP 0.85 times, at 8 GFLOP 1.35 times that of vectors on
   * both.
   */
  static final long THRESHOLD = 2_000_000_000L;

  /**
   * Epochs that a training has, about, each with three times the work of its forward passes. Of a
   * small MLP, 117 million multiply-adds an epoch, 40 epochs take 0.9 times the processor's time
   * with vectors, 8 epochs 1.3 times.
   */
  private static final int EPOCHS = 20;

  /**
   * Elements up to which a kind of light work stays on the plain loops. A vector kernel that runs
   * once is interpreted: the only max pooling of a ResNet, 200,000 windows of 3×3, took 20 times as
   * long as with plain loops, which the compiler has ready at once.
   */
  static final long LIGHT_THRESHOLD = 1L << 24;

  private final Backend scalar;
  private volatile Backend chosen;
  private long work;

  /** What runs until there is work; else null. */
  private WarmUp warmUp;

  /** Elements of each kind of light work so far. */
  private final Map<Light, Long> lightWork = new EnumMap<>(Light.class);

  /** Kinds of work with so few operations an element that they do not pay for a start. */
  private enum Light {
    MAX_POOL,
    MAX_POOL_BACKWARD,
    AVERAGE_POOL,
    ACTIVATION,
    ACTIVATION_BACKWARD,
    SOFTMAX
  }

  private final Kernels<double[]> float64 =
      new Choosing<>() {
        @Override
        Kernels<double[]> of(Backend backend) {
          return backend.float64();
        }
      };

  private final Kernels<float[]> float32 =
      new Choosing<>() {
        @Override
        Kernels<float[]> of(Backend backend) {
          return backend.float32();
        }
      };

  AutoBackend(Backend scalar) {
    this.scalar = scalar;
    this.chosen = scalar;
  }

  @Override
  public synchronized void expect(long multiplyAccumulates, DType dtype) {
    if (work < THRESHOLD && multiplyAccumulates >= THRESHOLD) {
      Backend backend = forWork(multiplyAccumulates);
      if (backend != scalar) {
        warmUp = WarmUp.start(backend, dtype);
      }
    }
  }

  @Override
  public synchronized Backend forWork(long multiplyAccumulates) {
    if (warmUp != null) {
      warmUp.end();
      warmUp = null;
    }
    if (work < THRESHOLD) {
      work += multiplyAccumulates;
      if (work >= THRESHOLD) {
        Backend vector = Backends.vector();
        chosen = vector == null ? scalar : vector;
      }
    }
    return chosen;
  }

  /** The backend for a training with epochs of so much work, which is kept for all of it. */
  Backend settled(long multiplyAccumulates, DType dtype) {
    if (multiplyAccumulates >= THRESHOLD / EPOCHS / 3) {
      forWork(THRESHOLD);
    }
    return new SettledBackend(chosen, dtype, scalar);
  }

  /** Counts light work that is about to be done, and answers with the backend for it. */
  private synchronized Backend forLight(Light kind, long elements) {
    return lightWork.merge(kind, elements, Long::sum) < LIGHT_THRESHOLD ? scalar : chosen;
  }

  @Override
  public String name() {
    return chosen.name();
  }

  @Override
  public Kernels<double[]> float64() {
    return float64;
  }

  @Override
  public Kernels<float[]> float32() {
    return float32;
  }

  /**
   * Kernels of one precision that count the work they are given, and give it to the backend that is
   * chosen by then.
   */
  private abstract class Choosing<A> implements Kernels<A> {
    /** The kernels of this precision. */
    abstract Kernels<A> of(Backend backend);

    /** The kernels for work so small that it is not counted. */
    private Kernels<A> chosen() {
      return of(chosen);
    }

    /** Counts work that is about to be done, and answers with the kernels for it. */
    private Kernels<A> after(long multiplyAccumulates) {
      return of(forWork(multiplyAccumulates));
    }

    /** Counts light work on an array, and answers with the kernels for it. */
    private Kernels<A> light(Light kind, A x) {
      return of(forLight(kind, Array.getLength(x)));
    }

    @Override
    public void multiply(Matrix<A> a, Matrix<A> b, Matrix<A> c, boolean accumulate) {
      after((long) a.rows() * a.columns() * b.columns()).multiply(a, b, c, accumulate);
    }

    @Override
    public RepeatedProduct<A> repeated(Matrix<A> b, long rows) {
      return after(rows * b.rows() * b.columns()).repeated(b, rows);
    }

    @Override
    public void convolve(Convolution conv, A x, A w, A bias, A y) {
      after(conv.multiplyAccumulates()).convolve(conv, x, w, bias, y);
    }

    @Override
    public RepeatedConvolution<A> repeated(Convolution conv, A w) {
      return new RepeatedConvolution<>() {
        private Kernels<A> prepared;
        private RepeatedConvolution<A> convolution;

        @Override
        public synchronized void convolve(A x, A bias, A y) {
          Kernels<A> kernels = after(conv.multiplyAccumulates());
          if (kernels != prepared) {
            convolution = kernels.repeated(conv, w);
            prepared = kernels;
          }
          convolution.convolve(x, bias, y);
        }
      };
    }

    @Override
    public void convolveBackwardInput(Convolution conv, A dy, A w, A dx) {
      after(conv.multiplyAccumulates()).convolveBackwardInput(conv, dy, w, dx);
    }

    @Override
    public void convolveBackwardKernel(Convolution conv, A x, A dy, A dw) {
      after(conv.multiplyAccumulates()).convolveBackwardKernel(conv, x, dy, dw);
    }

    @Override
    public String algorithm(Convolution conv, boolean repeated) {
      return chosen().algorithm(conv, repeated);
    }

    @Override
    public void squash(GateFunction function, A x, int from, int count) {
      chosen().squash(function, x, from, count);
    }

    @Override
    public void lstmState(
        GateFunction function,
        RecurrentTape<A> tape,
        int row,
        RecurrentState<A> before,
        int sequence) {
      chosen().lstmState(function, tape, row, before, sequence);
    }

    @Override
    public void gruState(
        GateFunction function,
        RecurrentTape<A> tape,
        int row,
        RecurrentState<A> before,
        int sequence) {
      chosen().gruState(function, tape, row, before, sequence);
    }

    @Override
    public void lstmStateBackward(
        RecurrentTape<A> tape,
        int row,
        A squashed,
        RecurrentState<A> before,
        int sequence,
        RecurrentGradients<A> gradients) {
      chosen().lstmStateBackward(tape, row, squashed, before, sequence, gradients);
    }

    @Override
    public void gruStateBackward(
        RecurrentTape<A> tape,
        int row,
        RecurrentState<A> before,
        int sequence,
        RecurrentGradients<A> gradients) {
      chosen().gruStateBackward(tape, row, before, sequence, gradients);
    }

    @Override
    public void maxPool(PoolPlacement windows, int planes, A x, A y, long[] indices) {
      light(Light.MAX_POOL, x).maxPool(windows, planes, x, y, indices);
    }

    @Override
    public void maxPoolBackward(PoolPlacement windows, int planes, A x, A y, A dy, A dx) {
      light(Light.MAX_POOL_BACKWARD, x).maxPoolBackward(windows, planes, x, y, dy, dx);
    }

    @Override
    public void averagePool(
        PoolPlacement windows, int planes, boolean countPadding, int divisor, A x, A y) {
      light(Light.AVERAGE_POOL, x).averagePool(windows, planes, countPadding, divisor, x, y);
    }

    @Override
    public void maxPoolBackward(int planes, int inPlane, int outPlane, long[] indices, A dy, A dx) {
      chosen().maxPoolBackward(planes, inPlane, outPlane, indices, dy, dx);
    }

    @Override
    public void averagePoolBackward(
        PoolPlacement windows, int planes, boolean countPadding, int divisor, A dy, A dx) {
      chosen().averagePoolBackward(windows, planes, countPadding, divisor, dy, dx);
    }

    @Override
    public void normPool(PoolPlacement windows, int planes, PoolNorm norm, A x, A y) {
      chosen().normPool(windows, planes, norm, x, y);
    }

    @Override
    public void normPoolBackward(
        PoolPlacement windows, int planes, PoolNorm norm, A x, A y, A dy, A dx) {
      chosen().normPoolBackward(windows, planes, norm, x, y, dy, dx);
    }

    @Override
    public void activate(PointwiseFunction f, A x, A y) {
      light(Light.ACTIVATION, x).activate(f, x, y);
    }

    @Override
    public void activateBackward(PointwiseFunction f, A x, A dy, A dx) {
      light(Light.ACTIVATION_BACKWARD, x).activateBackward(f, x, dy, dx);
    }

    @Override
    public Magnitudes magnitudes(A x) {
      return chosen().magnitudes(x);
    }

    @Override
    public Moments moments(A x, int from, int count) {
      return chosen().moments(x, from, count);
    }

    @Override
    public void softmax(int axis, int inner, int sign, boolean logarithm, A x, A y) {
      light(Light.SOFTMAX, x).softmax(axis, inner, sign, logarithm, x, y);
    }
  }
}
