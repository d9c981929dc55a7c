package lamina.kernel;

/** Activation functions on float64 arrays. Trusts its arguments; {@code lamina.op} checks them. */
public final class ActivationDouble {
  private ActivationDouble() {}

  /** {@code y = f(x)}, element by element; y may be x. */
  public static void forward(PointwiseFunction f, double[] x, double[] y) {
    PointwiseLoop loop = f.loop();
    double a = Precision.toDouble(loop.a());
    double b = Precision.toDouble(loop.b());
    // The cheap functions have loops of their own, which the JIT turns into vector instructions.
    switch (loop.kind()) {
      case IDENTITY -> System.arraycopy(x, 0, y, 0, x.length);
      case RELU -> {
        for (int i = 0; i < x.length; i++) {
          y[i] = Math.max(x[i], 0);
        }
      }
      case LEAKY -> leaky(a, x, y);
      case CLIP -> clip(a, b, x, y);
      default -> {
        for (int i = 0; i < x.length; i++) {
          y[i] = Precision.toDouble(f.value(x[i]));
        }
      }
    }
  }

  private static void leaky(double slope, double[] x, double[] y) {
    for (int i = 0; i < x.length; i++) {
      y[i] = x[i] > 0 ? x[i] : slope * x[i];
    }
  }

  private static void clip(double low, double high, double[] x, double[] y) {
    for (int i = 0; i < x.length; i++) {
      y[i] = Math.min(Math.max(x[i], low), high);
    }
  }

  /** {@code dx = dy f′(x)}, element by element; dx may be dy. */
  public static void backward(PointwiseFunction f, double[] x, double[] dy, double[] dx) {
    PointwiseLoop loop = f.loop();
    double a = Precision.toDouble(loop.a());
    double b = Precision.toDouble(loop.b());
    switch (loop.kind()) {
      case IDENTITY -> System.arraycopy(dy, 0, dx, 0, x.length);
      case RELU -> {
        for (int i = 0; i < x.length; i++) {
          dx[i] = x[i] <= 0 ? 0 : dy[i];
        }
      }
      case LEAKY -> leakyBackward(a, x, dy, dx);
      case CLIP -> clipBackward(a, b, x, dy, dx);
      default -> {
        for (int i = 0; i < x.length; i++) {
          var slope = f.derivative(x[i]);
          // A closed gate passes nothing, not even an infinite gradient.
          dx[i] = slope == 0 ? 0 : Precision.toDouble(slope * dy[i]);
        }
      }
    }
  }

  private static void leakyBackward(double slope, double[] x, double[] dy, double[] dx) {
    for (int i = 0; i < x.length; i++) {
      dx[i] = x[i] > 0 ? dy[i] : slope * dy[i];
    }
  }

  private static void clipBackward(double low, double high, double[] x, double[] dy, double[] dx) {
    for (int i = 0; i < x.length; i++) {
      dx[i] = x[i] <= low || x[i] >= high ? 0 : dy[i];
    }
  }

  /**
   * Leaky ReLU with one slope a channel: x is {@code (outer, channels, inner)}.
   *
   * @param slopes one a channel
   */
  public static void channelSlopes(
      int channels, int inner, double[] x, double[] slopes, double[] y) {
    for (int start = 0, c = 0;
        start < x.length;
        start += inner, c = c + 1 == channels ? 0 : c + 1) {
      double slope = slopes[c];
      for (int i = start; i < start + inner; i++) {
        y[i] = x[i] > 0 ? x[i] : slope * x[i];
      }
    }
  }

  /** The gradients of {@link #channelSlopes}: overwrites dx and dSlopes. */
  public static void channelSlopesBackward(
      int channels,
      int inner,
      double[] x,
      double[] slopes,
      double[] dy,
      double[] dx,
      double[] dSlopes) {
    for (int c = 0; c < channels; c++) {
      double slope = slopes[c];
      var sum = 0d;
      for (int start = c * inner; start < x.length; start += channels * inner) {
        for (int i = start; i < start + inner; i++) {
          dx[i] = x[i] > 0 ? dy[i] : slope * dy[i];
          sum += x[i] > 0 ? 0 : x[i] * dy[i];
        }
      }
      dSlopes[c] = Precision.toDouble(sum);
    }
  }

  /**
   * {@code y = softmax(sign · x)} along the middle axis of {@code (outer, axis, inner)}, shifted by
   * its maximum; or the logarithm of it.
   */
  public static void softmax(
      int axis, int inner, double sign, boolean logarithm, double[] x, double[] y) {
    for (int block = 0; block < x.length; block += axis * inner) {
      for (int start = block; start < block + inner; start++) {
        int end = start + axis * inner;
        double max = Double.NEGATIVE_INFINITY;
        for (int i = start; i < end; i += inner) {
          max = Math.max(max, sign * x[i]);
        }
        var sum = 0d;
        for (int i = start; i < end; i += inner) {
          var e = Math.exp(sign * x[i] - max);
          sum += e;
          y[i] = Precision.toDouble(e);
        }
        var logSum = logarithm ? Math.log(sum) : 0;
        for (int i = start; i < end; i += inner) {
          y[i] = Precision.toDouble(logarithm ? sign * x[i] - max - logSum : y[i] / sum);
        }
      }
    }
  }

  /**
   * The gradient of {@link #softmax} from its result y: {@code dx = sign · y (dy − Σ y dy)}, of the
   * logarithm {@code dx = sign · (dy − exp(y) Σ dy)}.
   */
  public static void softmaxBackward(
      int axis, int inner, double sign, boolean logarithm, double[] y, double[] dy, double[] dx) {
    for (int block = 0; block < y.length; block += axis * inner) {
      for (int start = block; start < block + inner; start++) {
        int end = start + axis * inner;
        var sum = 0d;
        for (int i = start; i < end; i += inner) {
          sum += logarithm ? dy[i] : y[i] * dy[i];
        }
        for (int i = start; i < end; i += inner) {
          var change = logarithm ? dy[i] - Math.exp(y[i]) * sum : y[i] * (dy[i] - sum);
          dx[i] = Precision.toDouble(sign * change);
        }
      }
    }
  }

  /** {@code y = a σ(b)}, a and b being the halves of x's middle axis; half is y's axis. */
  public static void glu(int half, int inner, double[] x, double[] y) {
    int run = half * inner;
    for (int out = 0, in = 0; out < y.length; out += run, in += 2 * run) {
      for (int i = 0; i < run; i++) {
        y[out + i] = Precision.toDouble(x[in + i] * SpecialFunctions.sigmoid(x[in + run + i]));
      }
    }
  }

  /** The gradient of {@link #glu}: overwrites dx. */
  public static void gluBackward(int half, int inner, double[] x, double[] dy, double[] dx) {
    int run = half * inner;
    for (int out = 0, in = 0; out < dy.length; out += run, in += 2 * run) {
      for (int i = 0; i < run; i++) {
        var gate = x[in + run + i];
        dx[in + i] = Precision.toDouble(dy[out + i] * SpecialFunctions.sigmoid(gate));
        dx[in + run + i] =
            Precision.toDouble(dy[out + i] * x[in + i] * SpecialFunctions.sigmoidDerivative(gate));
      }
    }
  }
}
