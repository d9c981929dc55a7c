// Derived from ActivationDouble.java: change that file and run DerivedFloat.
package lamina.kernel;

/**
 * Activation functions on float32 arrays. Trusts its arguments; {@link PointwiseFunction} checks
 * them.
 */
public final class ActivationFloat {
  private ActivationFloat() {}

  /** {@code y = f(x)}, element by element; y may be x. */
  static void forward(PointwiseFunction f, float[] x, float[] y) {
    float a = Precision.toFloat(f.alpha());
    float b = Precision.toFloat(f.beta());
    // The cheap functions have loops of their own, which the JIT turns into vector instructions.
    switch (f.kind()) {
      case IDENTITY -> System.arraycopy(x, 0, y, 0, x.length);
      case RELU -> {
        for (int i = 0; i < x.length; i++) {
          y[i] = Math.max(x[i], 0);
        }
      }
      case LEAKY_RELU, PRELU -> leaky(a, x, y);
      case RRELU -> leaky((a + b) / 2, x, y);
      case RELU6 -> clip(0, 6, x, y);
      case HARD_TANH -> clip(a, b, x, y);
      default -> {
        for (int i = 0; i < x.length; i++) {
          y[i] = Precision.toFloat(Pointwise.value(f.kind(), f.alpha(), f.beta(), x[i]));
        }
      }
    }
  }

  private static void leaky(float slope, float[] x, float[] y) {
    for (int i = 0; i < x.length; i++) {
      y[i] = x[i] > 0 ? x[i] : slope * x[i];
    }
  }

  private static void clip(float low, float high, float[] x, float[] y) {
    for (int i = 0; i < x.length; i++) {
      y[i] = Math.min(Math.max(x[i], low), high);
    }
  }

  /** {@code dx = dy f′(x)}, element by element; dx may be dy. */
  static void backward(PointwiseFunction f, float[] x, float[] dy, float[] dx) {
    float a = Precision.toFloat(f.alpha());
    float b = Precision.toFloat(f.beta());
    switch (f.kind()) {
      case IDENTITY -> System.arraycopy(dy, 0, dx, 0, x.length);
      case RELU -> {
        for (int i = 0; i < x.length; i++) {
          dx[i] = x[i] <= 0 ? 0 : dy[i];
        }
      }
      case LEAKY_RELU, PRELU -> leakyBackward(a, x, dy, dx);
      case RRELU -> leakyBackward((a + b) / 2, x, dy, dx);
      case RELU6 -> clipBackward(0, 6, x, dy, dx);
      case HARD_TANH -> clipBackward(a, b, x, dy, dx);
      default -> {
        for (int i = 0; i < x.length; i++) {
          var slope = Pointwise.derivative(f.kind(), f.alpha(), f.beta(), x[i]);
          // A closed gate passes nothing, not even an infinite gradient.
          dx[i] = slope == 0 ? 0 : Precision.toFloat(slope * dy[i]);
        }
      }
    }
  }

  private static void leakyBackward(float slope, float[] x, float[] dy, float[] dx) {
    for (int i = 0; i < x.length; i++) {
      dx[i] = x[i] > 0 ? dy[i] : slope * dy[i];
    }
  }

  private static void clipBackward(float low, float high, float[] x, float[] dy, float[] dx) {
    for (int i = 0; i < x.length; i++) {
      dx[i] = x[i] <= low || x[i] >= high ? 0 : dy[i];
    }
  }

  /**
   * Leaky ReLU with one slope a channel: x is {@code (outer, channels, inner)}.
   *
   * @param slopes one a channel
   */
  public static void channelSlopes(int channels, int inner, float[] x, float[] slopes, float[] y) {
    for (int start = 0, c = 0;
        start < x.length;
        start += inner, c = c + 1 == channels ? 0 : c + 1) {
      float slope = slopes[c];
      for (int i = start; i < start + inner; i++) {
        y[i] = x[i] > 0 ? x[i] : slope * x[i];
      }
    }
  }

  /** The gradients of {@link #channelSlopes}: overwrites dx and dSlopes. */
  public static void channelSlopesBackward(
      int channels, int inner, float[] x, float[] slopes, float[] dy, float[] dx, float[] dSlopes) {
    for (int c = 0; c < channels; c++) {
      float slope = slopes[c];
      var sum = 0d;
      for (int start = c * inner; start < x.length; start += channels * inner) {
        for (int i = start; i < start + inner; i++) {
          dx[i] = x[i] > 0 ? dy[i] : slope * dy[i];
          sum += x[i] > 0 ? 0 : x[i] * dy[i];
        }
      }
      dSlopes[c] = Precision.toFloat(sum);
    }
  }

  /**
   * {@code y = softmax(sign · x)} along the middle axis of {@code (outer, axis, inner)}, shifted by
   * its maximum; or the logarithm of it.
   */
  static void softmax(int axis, int inner, float sign, boolean logarithm, float[] x, float[] y) {
    for (int block = 0; block < x.length; block += axis * inner) {
      for (int start = block; start < block + inner; start++) {
        int end = start + axis * inner;
        float max = Float.NEGATIVE_INFINITY;
        for (int i = start; i < end; i += inner) {
          max = Math.max(max, sign * x[i]);
        }
        var sum = 0d;
        for (int i = start; i < end; i += inner) {
          var e = Math.exp(sign * x[i] - max);
          sum += e;
          y[i] = Precision.toFloat(e);
        }
        var logSum = logarithm ? Math.log(sum) : 0;
        for (int i = start; i < end; i += inner) {
          y[i] = Precision.toFloat(logarithm ? sign * x[i] - max - logSum : y[i] / sum);
        }
      }
    }
  }

  /**
   * The gradient of {@link #softmax} from its result y: {@code dx = sign · y (dy − Σ y dy)}, of the
   * logarithm {@code dx = sign · (dy − exp(y) Σ dy)}.
   */
  public static void softmaxBackward(
      int axis, int inner, float sign, boolean logarithm, float[] y, float[] dy, float[] dx) {
    for (int block = 0; block < y.length; block += axis * inner) {
      for (int start = block; start < block + inner; start++) {
        int end = start + axis * inner;
        var sum = 0d;
        for (int i = start; i < end; i += inner) {
          sum += logarithm ? dy[i] : y[i] * dy[i];
        }
        for (int i = start; i < end; i += inner) {
          var change = logarithm ? dy[i] - Math.exp(y[i]) * sum : y[i] * (dy[i] - sum);
          dx[i] = Precision.toFloat(sign * change);
        }
      }
    }
  }

  /** {@code y = a σ(b)}, a and b being the halves of x's middle axis; half is y's axis. */
  public static void glu(int half, int inner, float[] x, float[] y) {
    int run = half * inner;
    for (int out = 0, in = 0; out < y.length; out += run, in += 2 * run) {
      for (int i = 0; i < run; i++) {
        y[out + i] = Precision.toFloat(x[in + i] * SpecialFunctions.sigmoid(x[in + run + i]));
      }
    }
  }

  /** The gradient of {@link #glu}: overwrites dx. */
  public static void gluBackward(int half, int inner, float[] x, float[] dy, float[] dx) {
    int run = half * inner;
    for (int out = 0, in = 0; out < dy.length; out += run, in += 2 * run) {
      for (int i = 0; i < run; i++) {
        var gate = x[in + run + i];
        dx[in + i] = Precision.toFloat(dy[out + i] * SpecialFunctions.sigmoid(gate));
        dx[in + run + i] =
            Precision.toFloat(dy[out + i] * x[in + i] * SpecialFunctions.sigmoidDerivative(gate));
      }
    }
  }
}
