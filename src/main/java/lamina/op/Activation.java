package lamina.op;

import java.util.Arrays;
import java.util.function.Function;
import lamina.kernel.Backends;
import lamina.kernel.PointwiseFunction;
import lamina.op.activation.ActivationKind;
import lamina.op.activation.Activations;
import lamina.op.activation.AxisFunction;
import lamina.op.activation.ForeignName;
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
    String refusal = kind.refusal(alpha, beta);
    if (refusal != null) {
      throw new InputException(kind.label() + " " + refusal);
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
    return of(Activations.of(name));
  }

  /**
   * A function as another framework has it.
   *
   * @param given the value of an argument by its name there; null if it was not given
   */
  public static Activation of(
      ActivationKind kind, ForeignName name, Function<String, Number> given) {
    return kind.hasAxis()
        ? of(kind).along((int) name.value(0, -1, given))
        : of(kind, name.value(0, kind.alpha(), given), name.value(1, kind.beta(), given));
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
    return kind instanceof AxisFunction function
        ? forward(function, x)
        : pointwise(x, Tensor.unset(x.dtype(), x.shape()));
  }

  /** As {@link #forward}; without an axis, the output takes the place of the input's elements. */
  public Tensor forwardInPlace(Tensor x) {
    requireReal(x);
    return kind instanceof AxisFunction function ? forward(function, x) : pointwise(x, x);
  }

  /** The function without its axis, as kernels take it. */
  public PointwiseFunction pointwise() {
    return new PointwiseFunction(kind, alpha, beta);
  }

  private Tensor pointwise(Tensor x, Tensor y) {
    Backends.current().kernels(x.dtype()).activate(pointwise(), x.array(), y.array());
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
    if (kind instanceof AxisFunction function) {
      return backward(function, x, dy);
    }
    Tensor dx = Tensor.unset(x.dtype(), x.shape());
    Backends.current()
        .kernels(x.dtype())
        .activateBackward(pointwise(), x.array(), dy.array(), dx.array());
    return dx;
  }

  /** The output's shape for an input's; checks the axis. */
  public int[] outputShape(int... shape) {
    if (!(kind instanceof AxisFunction function)) {
      return shape;
    }
    int index = Checks.axis(axis, kind.label(), shape);
    int[] result = shape.clone();
    if (shape[index] % function.inputsPerOutput() != 0) {
      throw new InputException(
          kind.label()
              + " halves axis "
              + axis
              + ", but that has the odd size "
              + shape[index]
              + " in "
              + Tensor.text(shape)
              + "; choose an axis of even size");
    }
    result[index] /= function.inputsPerOutput();
    return result;
  }

  private static void requireReal(Tensor x) {
    Checks.real(x, "an activation");
  }

  private Tensor forward(AxisFunction function, Tensor x) {
    int[] shape = outputShape(x.shape());
    int index = Checks.axis(axis, kind.label(), shape);
    Tensor y = Tensor.zeros(x.dtype(), shape);
    if (y.size() > 0) {
      function.forward(shape[index], Checks.product(shape, index + 1, shape.length), x, y);
    }
    return y;
  }

  private Tensor backward(AxisFunction function, Tensor x, Tensor dy) {
    int index = Checks.axis(axis, kind.label(), x.shape());
    Tensor dx = Tensor.zeros(x.dtype(), x.shape());
    if (dx.size() > 0) {
      int inner = Checks.product(x.shape(), index + 1, x.rank());
      function.backward(dy.dim(index), inner, x, dy, dx);
    }
    return dx;
  }

  /**
   * The derivative of each output by the input in its place, in the input's shape: f′(x); for
   * softmax y (1 − y), for softmin −y (1 − y), for log-softmax 1 − exp(y); for glu by both halves.
   */
  public Tensor slopes(Tensor x) {
    double[] slopes = new double[Tensor.elements(outputShape(x.shape()))];
    if (!(kind instanceof AxisFunction function) || function.inputsPerOutput() > 1) {
      Arrays.fill(slopes, 1);
      return backward(x, Tensor.of(slopes, outputShape(x.shape())).as(x.dtype()));
    }
    Tensor y = forward(x);
    for (int i = 0; i < slopes.length; i++) {
      slopes[i] = function.slope(y.get(i));
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
    return kind.kinks(alpha, beta);
  }
}
