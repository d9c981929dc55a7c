package lamina.op;

import lamina.kernel.SpecialFunctions;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/** Functions of one number, element by element. Source: ONNX's operators of these names. */
public enum UnaryFunction {
  ABS,
  NEG,
  SIGN,
  FLOOR,
  CEIL,
  /** Rounds to the nearest whole number, halves to the even one. */
  ROUND,
  RECIPROCAL,
  SQRT,
  EXP,
  LOG,
  ERF,
  SIN,
  COS,
  TAN,
  ASIN,
  ACOS,
  ATAN,
  SINH,
  COSH,
  ASINH,
  ACOSH,
  ATANH,
  NOT,
  BITWISE_NOT,
  IS_NAN,
  IS_INFINITE,
  IS_INFINITE_ABOVE,
  IS_INFINITE_BELOW,
  /** False for every number. */
  NEVER;

  private static final double TWO_OVER_ROOT_PI = 2 / Math.sqrt(Math.PI);

  /** Whether it gives truth values. */
  public boolean isTruth() {
    return switch (this) {
      case NOT, IS_NAN, IS_INFINITE, IS_INFINITE_ABOVE, IS_INFINITE_BELOW, NEVER -> true;
      default -> false;
    };
  }

  private double value(double x) {
    return switch (this) {
      case ABS -> Math.abs(x);
      case NEG -> -x;
      case SIGN -> Math.signum(x);
      case FLOOR -> Math.floor(x);
      case CEIL -> Math.ceil(x);
      case ROUND -> Math.rint(x);
      case RECIPROCAL -> 1 / x;
      case SQRT -> Math.sqrt(x);
      case EXP -> Math.exp(x);
      case LOG -> Math.log(x);
      case ERF -> SpecialFunctions.erf(x);
      case SIN -> Math.sin(x);
      case COS -> Math.cos(x);
      case TAN -> Math.tan(x);
      case ASIN -> Math.asin(x);
      case ACOS -> Math.acos(x);
      case ATAN -> Math.atan(x);
      case SINH -> Math.sinh(x);
      case COSH -> Math.cosh(x);
      case ASINH -> Math.copySign(Math.log(Math.abs(x) + Math.sqrt(x * x + 1)), x);
      case ACOSH -> Math.log(x + Math.sqrt(x * x - 1));
      case ATANH -> 0.5 * Math.log1p(2 * x / (1 - x));
      case NOT -> x == 0 ? 1 : 0;
      case IS_NAN -> Double.isNaN(x) ? 1 : 0;
      case IS_INFINITE -> Double.isInfinite(x) ? 1 : 0;
      case IS_INFINITE_ABOVE -> x == Double.POSITIVE_INFINITY ? 1 : 0;
      case IS_INFINITE_BELOW -> x == Double.NEGATIVE_INFINITY ? 1 : 0;
      case NEVER -> 0;
      case BITWISE_NOT -> throw new InputException("takes whole numbers only");
    };
  }

  private long value(long x) {
    return switch (this) {
      case ABS -> Math.abs(x);
      case NEG -> -x;
      case SIGN -> Long.signum(x);
      case NOT -> x == 0 ? 1 : 0;
      case BITWISE_NOT -> ~x;
      case IS_NAN -> 0;
      default -> (long) value((double) x);
    };
  }

  /** The derivative; 0 for those that are steps. */
  private double derivative(double x) {
    return switch (this) {
      case ABS -> Math.signum(x);
      case NEG -> -1;
      case RECIPROCAL -> -1 / (x * x);
      case SQRT -> 0.5 / Math.sqrt(x);
      case EXP -> Math.exp(x);
      case LOG -> 1 / x;
      case ERF -> TWO_OVER_ROOT_PI * Math.exp(-x * x);
      case SIN -> Math.cos(x);
      case COS -> -Math.sin(x);
      case TAN -> 1 / (Math.cos(x) * Math.cos(x));
      case ASIN -> 1 / Math.sqrt(1 - x * x);
      case ACOS -> -1 / Math.sqrt(1 - x * x);
      case ATAN -> 1 / (1 + x * x);
      case SINH -> Math.cosh(x);
      case COSH -> Math.sinh(x);
      case ASINH -> 1 / Math.sqrt(x * x + 1);
      case ACOSH -> 1 / Math.sqrt(x * x - 1);
      case ATANH -> 1 / (1 - x * x);
      default -> 0;
    };
  }

  /** Applies the function to a tensor of any type. Truth values are int64. */
  public Tensor forward(Tensor x) {
    DType type = isTruth() ? DType.INT64 : x.dtype();
    Tensor y = Tensor.zeros(type, x.shape());
    for (int i = 0; i < y.size(); i++) {
      if (x.dtype() == DType.INT64) {
        y.longs()[i] = value(x.longs()[i]);
        continue;
      }
      double value = value(x.get(i));
      switch (type) {
        case FLOAT64 -> y.doubles()[i] = value;
        case FLOAT32 -> y.floats()[i] = (float) value;
        case INT64 -> y.longs()[i] = (long) value;
      }
    }
    return y;
  }

  /** The gradient with respect to the input. */
  public Tensor backward(Tensor x, Tensor dy) {
    Tensor dx = Tensor.zeros(dy.dtype(), dy.shape());
    for (int i = 0; i < dx.size(); i++) {
      double slope = dy.get(i) * derivative(x.get(i));
      if (dx.dtype() == DType.FLOAT64) {
        dx.doubles()[i] = slope;
      } else {
        dx.floats()[i] = (float) slope;
      }
    }
    return dx;
  }
}
