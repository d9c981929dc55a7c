package lamina.op;

import java.util.Arrays;
import lamina.kernel.ActivationDouble;
import lamina.kernel.ActivationFloat;
import lamina.kernel.ActivationKind;
import lamina.kernel.Backends;
import lamina.kernel.PointwiseFunction;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * An activation function with its parameters. All functions keep the shape of their input, except
 * glu, which halves the size of its axis. Values and gradients are those of PyTorch, in float64 and
 * float32; float32 results are computed in double where a function is more than a comparison and a
 * product, and rounded once.
 *
 * @param kind the function
 * @param alpha its first parameter, see {@link ActivationKind#alphaName}; 0 if it has none
 * @param beta its second parameter, see {@link ActivationKind#betaName}; 0 if it has none
 * @param axis the axis of softmax, log-softmax, softmin and glu; negative ones count from the last
 */
public record Activation(ActivationKind kind, double alpha, double beta, int axis) {
  /**
   * @throws InputException if a parameter is missing, not finite, or outside of its range
   */
  public Activation {
    requireNumber(kind, kind.alphaName(), alpha);
    requireNumber(kind, kind.betaName(), beta);
    switch (kind) {
      case CELU, SOFTPLUS ->
          require(
              alpha != 0,
              kind,
              (kind == ActivationKind.CELU ? "needs an alpha" : "needs a beta") + " other than 0");
      case SOFT_SHRINK, HARD_SHRINK ->
          require(alpha >= 0, kind, "needs a lambda of at least 0, not " + alpha);
      case HARD_TANH ->
          require(alpha < beta, kind, "needs min < max, but min " + alpha + " and max " + beta);
      case RRELU ->
          require(
              alpha <= beta,
              kind,
              "needs lower <= upper, but lower " + alpha + " and upper " + beta);
      default -> {}
    }
  }

  private static void requireNumber(ActivationKind kind, String parameter, double value) {
    if (parameter != null && (Double.isNaN(value) || Double.isInfinite(value))) {
      throw new InputException(
          kind.label()
              + (Double.isNaN(value)
                  ? " needs its parameter " + parameter
                  : " needs a finite " + parameter));
    }
  }

  private static void require(boolean condition, ActivationKind kind, String message) {
    if (!condition) {
      throw new InputException(kind.label() + " " + message);
    }
  }

  /** A function with its default parameters, on the last axis. Not threshold, which has none. */
  public static Activation of(ActivationKind kind) {
    return new Activation(kind, kind.alpha(), kind.beta(), -1);
  }

  /** A function with one parameter, the other one at its default. */
  public static Activation of(ActivationKind kind, double alpha) {
    return new Activation(kind, alpha, kind.beta(), -1);
  }

  /** A function with two parameters, in the order of PyTorch's constructors. */
  public static Activation of(ActivationKind kind, double alpha, double beta) {
    return new Activation(kind, alpha, beta, -1);
  }

  /**
   * A function by its name, with its default parameters.
   *
   * @throws InputException if no function has this name, or it has no defaults
   */
  public static Activation byName(String name) {
    return of(ActivationKind.of(name));
  }

  /** The same function along another axis. */
  public Activation along(int newAxis) {
    return new Activation(kind, alpha, beta, newAxis);
  }

  /**
   * The output.
   *
   * @param x any shape, float64 or float32; with an axis, a rank of at least 1
   * @throws InputException if there is no such axis, or glu's has an odd size
   */
  public Tensor forward(Tensor x) {
    requireReal(x);
    return kind.hasAxis() ? forwardAlongAxis(x) : pointwise(x, Tensor.zeros(x.dtype(), x.shape()));
  }

  /** As {@link #forward}; without an axis, the output takes the place of the input's elements. */
  public Tensor forwardInPlace(Tensor x) {
    requireReal(x);
    return kind.hasAxis() ? forwardAlongAxis(x) : pointwise(x, x);
  }

  /** The function without its axis, as kernels take it. */
  public PointwiseFunction pointwise() {
    return new PointwiseFunction(kind, alpha, beta);
  }

  private Tensor pointwise(Tensor x, Tensor y) {
    if (x.dtype() == DType.FLOAT64) {
      Backends.current().activate(pointwise(), x.doubles(), y.doubles());
    } else {
      Backends.current().activate(pointwise(), x.floats(), y.floats());
    }
    return y;
  }

  /**
   * The gradient with respect to the input.
   *
   * @param x the input
   * @param dy the gradient with respect to the output, in its shape and type
   * @throws InputException as {@link #forward}, or if dy does not fit the output
   */
  public Tensor backward(Tensor x, Tensor dy) {
    requireReal(x);
    Checks.gradient(dy, x.dtype(), outputShape(x.shape()));
    if (kind.hasAxis()) {
      return backwardAlongAxis(x, dy);
    }
    Tensor dx = Tensor.zeros(x.dtype(), x.shape());
    if (x.dtype() == DType.FLOAT64) {
      Backends.current().activateBackward(pointwise(), x.doubles(), dy.doubles(), dx.doubles());
    } else {
      Backends.current().activateBackward(pointwise(), x.floats(), dy.floats(), dx.floats());
    }
    return dx;
  }

  /** The output's shape for an input's; checks the axis. */
  public int[] outputShape(int... shape) {
    if (!kind.hasAxis()) {
      return shape;
    }
    int at = Checks.axis(axis, kind.label(), shape);
    int[] result = shape.clone();
    if (kind == ActivationKind.GLU) {
      if (shape[at] % 2 != 0) {
        throw new InputException(
            "glu halves axis "
                + axis
                + ", but that has the odd size "
                + shape[at]
                + " in "
                + Tensor.text(shape)
                + "; choose an axis of even size");
      }
      result[at] /= 2;
    }
    return result;
  }

  private static void requireReal(Tensor x) {
    Checks.real(x, "an activation");
  }

  private boolean isLogarithm() {
    return kind == ActivationKind.LOG_SOFTMAX;
  }

  private int sign() {
    return kind == ActivationKind.SOFTMIN ? -1 : 1;
  }

  private Tensor forwardAlongAxis(Tensor x) {
    int[] shape = outputShape(x.shape());
    int at = Checks.axis(axis, kind.label(), shape);
    int inner = Checks.product(shape, at + 1, shape.length);
    Tensor y = Tensor.zeros(x.dtype(), shape);
    if (y.size() == 0) {
      return y;
    }
    if (kind == ActivationKind.GLU) {
      if (x.dtype() == DType.FLOAT64) {
        ActivationDouble.glu(shape[at], inner, x.doubles(), y.doubles());
      } else {
        ActivationFloat.glu(shape[at], inner, x.floats(), y.floats());
      }
    } else if (x.dtype() == DType.FLOAT64) {
      Backends.current().softmax(shape[at], inner, sign(), isLogarithm(), x.doubles(), y.doubles());
    } else {
      Backends.current().softmax(shape[at], inner, sign(), isLogarithm(), x.floats(), y.floats());
    }
    return y;
  }

  private Tensor backwardAlongAxis(Tensor x, Tensor dy) {
    int at = Checks.axis(axis, kind.label(), x.shape());
    int size = dy.dim(at);
    int inner = Checks.product(x.shape(), at + 1, x.rank());
    Tensor dx = Tensor.zeros(x.dtype(), x.shape());
    if (dx.size() == 0) {
      return dx;
    }
    if (kind == ActivationKind.GLU) {
      if (x.dtype() == DType.FLOAT64) {
        ActivationDouble.gluBackward(size, inner, x.doubles(), dy.doubles(), dx.doubles());
      } else {
        ActivationFloat.gluBackward(size, inner, x.floats(), dy.floats(), dx.floats());
      }
      return dx;
    }
    Tensor y = forwardAlongAxis(x);
    if (x.dtype() == DType.FLOAT64) {
      ActivationDouble.softmaxBackward(
          size, inner, sign(), isLogarithm(), y.doubles(), dy.doubles(), dx.doubles());
    } else {
      ActivationFloat.softmaxBackward(
          size, inner, sign(), isLogarithm(), y.floats(), dy.floats(), dx.floats());
    }
    return dx;
  }

  /**
   * The derivative of each output by the input in its place, in the input's shape: f′(x); for
   * softmax y (1 − y), for softmin −y (1 − y), for log-softmax 1 − exp(y); for glu by both halves.
   */
  public Tensor slopes(Tensor x) {
    boolean isSoftmax = kind.hasAxis() && kind != ActivationKind.GLU;
    double[] slopes = new double[Tensor.elements(outputShape(x.shape()))];
    if (!isSoftmax) {
      Arrays.fill(slopes, 1);
      return backward(x, Tensor.of(slopes, outputShape(x.shape())).as(x.dtype()));
    }
    Tensor y = forward(x);
    for (int i = 0; i < slopes.length; i++) {
      double p = isLogarithm() ? Math.exp(y.get(i)) : y.get(i);
      slopes[i] = isLogarithm() ? 1 - p : sign() * p * (1 - p);
    }
    return Tensor.of(slopes, x.shape()).as(x.dtype());
  }

  /** f(x) of one number. */
  public double value(double x) {
    return pointwise().value(x);
  }

  /** f′(x) of one number; at kinks what {@link #backward} uses. */
  public double derivative(double x) {
    return pointwise().derivative(x);
  }

  /**
   * The points where the function or its derivative jumps, ascending. A numerical derivative means
   * nothing there.
   */
  public double[] kinks() {
    return switch (kind) {
      case RELU, LEAKY_RELU, PRELU, RRELU, ELU, CELU, SELU -> new double[] {0};
      case HARD_SIGMOID ->
          alpha == 0
              ? new double[] {}
              : new double[] {
                Math.min(-beta / alpha, (1 - beta) / alpha),
                Math.max(-beta / alpha, (1 - beta) / alpha)
              };
      case HARD_TANH -> new double[] {alpha, beta};
      case SOFT_SHRINK, HARD_SHRINK -> new double[] {-alpha, alpha};
      case HARD_SWISH -> new double[] {-3, 3};
      case RELU6 -> new double[] {0, 6};
      case THRESHOLD -> new double[] {alpha};
      default -> new double[] {};
    };
  }
}
