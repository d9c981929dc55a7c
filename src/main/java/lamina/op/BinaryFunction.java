package lamina.op;

import java.util.List;
import lamina.tensor.DType;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * Functions of two numbers, element by element on tensors that are stretched to one shape. Source:
 * ONNX's operators of these names; integers divide towards zero, and truth is 0 or 1.
 */
public enum BinaryFunction {
  ADD,
  SUB,
  MUL,
  DIV,
  POW,
  MAX,
  MIN,
  /** The remainder with the divisor's sign. */
  MOD,
  /** The remainder with the dividend's sign. */
  FMOD,
  /** x where it is above 0, else x times the slope. */
  PRELU,
  AND,
  OR,
  XOR,
  EQUAL,
  GREATER,
  LESS,
  GREATER_OR_EQUAL,
  LESS_OR_EQUAL,
  SHIFT_LEFT,
  SHIFT_RIGHT,
  BITWISE_AND,
  BITWISE_OR,
  BITWISE_XOR;

  /** Whether the result is a truth value, whatever the inputs' type is. */
  public boolean isTruth() {
    return switch (this) {
      case AND, OR, XOR, EQUAL, GREATER, LESS, GREATER_OR_EQUAL, LESS_OR_EQUAL -> true;
      default -> false;
    };
  }

  /** Whether it has a gradient where both inputs are numbers. */
  public boolean hasGradient() {
    return switch (this) {
      case ADD, SUB, MUL, DIV, POW, MAX, MIN, FMOD, PRELU -> true;
      default -> false;
    };
  }

  private static double truth(boolean value) {
    return value ? 1 : 0;
  }

  private double value(double x, double y) {
    return switch (this) {
      case ADD -> x + y;
      case SUB -> x - y;
      case MUL -> x * y;
      case DIV -> x / y;
      case POW -> Math.pow(x, y);
      case MAX -> Math.max(x, y);
      case MIN -> Math.min(x, y);
      case MOD -> x - y * Math.floor(x / y);
      case FMOD -> x % y;
      case PRELU -> x > 0 ? x : x * y;
      case AND -> truth(x != 0 && y != 0);
      case OR -> truth(x != 0 || y != 0);
      case XOR -> truth(x != 0 ^ y != 0);
      case EQUAL -> truth(x == y);
      case GREATER -> truth(x > y);
      case LESS -> truth(x < y);
      case GREATER_OR_EQUAL -> truth(x >= y);
      case LESS_OR_EQUAL -> truth(x <= y);
      default -> throw new InputException("takes whole numbers only");
    };
  }

  private long value(long x, long y) {
    return switch (this) {
      case ADD -> x + y;
      case SUB -> x - y;
      case MUL -> x * y;
      case DIV -> x / divisor(y);
      case POW -> (long) Math.pow((double) x, (double) y);
      case MAX -> Math.max(x, y);
      case MIN -> Math.min(x, y);
      case MOD -> Math.floorMod(x, divisor(y));
      case FMOD -> x % divisor(y);
      case PRELU -> x > 0 ? x : x * y;
      case EQUAL -> x == y ? 1 : 0;
      case GREATER -> x > y ? 1 : 0;
      case LESS -> x < y ? 1 : 0;
      case GREATER_OR_EQUAL -> x >= y ? 1 : 0;
      case LESS_OR_EQUAL -> x <= y ? 1 : 0;
      case SHIFT_LEFT -> y > 63 ? 0 : x << y;
      case SHIFT_RIGHT -> y > 63 ? 0 : x >>> y;
      case BITWISE_AND -> x & y;
      case BITWISE_OR -> x | y;
      case BITWISE_XOR -> x ^ y;
      default -> (long) value((double) x, (double) y);
    };
  }

  private static long divisor(long y) {
    if (y == 0) {
      throw new InputException("divides a whole number by zero");
    }
    return y;
  }

  /** The derivative with respect to the first input, or to the second. */
  private double derivative(double x, double y, boolean first) {
    return switch (this) {
      case ADD -> 1;
      case SUB -> first ? 1 : -1;
      case MUL -> first ? y : x;
      case DIV -> first ? 1 / y : -x / (y * y);
      case POW ->
          first
              ? (y == 0 ? 0 : y * Math.pow(x, y - 1))
              : x == 0 && y >= 0 ? 0 : Math.pow(x, y) * Math.log(x);
      // Equal inputs share the gradient, as in PyTorch.
      case MAX -> x == y ? 0.5 : truth(first == x > y);
      case MIN -> x == y ? 0.5 : truth(first == x < y);
      case FMOD -> first ? 1 : -(double) (long) (x / y);
      case PRELU -> first ? (x > 0 ? 1 : y) : (x > 0 ? 0 : x);
      default -> throw new IllegalStateException(this + " has no gradient");
    };
  }

  /** Applies the function to tensors of one type, which may be any. Truth values are int64. */
  public Tensor forward(Tensor a, Tensor b) {
    int[] shape = shape(a, b);
    Tensor x = Picks.stretched(a, shape);
    Tensor y = Picks.stretched(b, shape);
    DType type = isTruth() ? DType.INT64 : a.dtype();
    Tensor z = Tensor.zeros(type, shape);
    if (a.dtype() == DType.INT64 && b.dtype() == DType.INT64) {
      for (int i = 0; i < z.size(); i++) {
        z.longs()[i] = value(x.longs()[i], y.longs()[i]);
      }
      return z;
    }
    for (int i = 0; i < z.size(); i++) {
      double value = value(x.get(i), y.get(i));
      switch (type) {
        case FLOAT64 -> z.doubles()[i] = value;
        case FLOAT32 -> z.floats()[i] = (float) value;
        case INT64 -> z.longs()[i] = (long) value;
      }
    }
    return z;
  }

  private static int[] shape(Tensor a, Tensor b) {
    return Broadcast.shape(List.of(Shape.of(a.shape()), Shape.of(b.shape()))).sizes();
  }

  /** The gradient with respect to the first input, or to the second, in its shape. */
  public Tensor backward(Tensor a, Tensor b, Tensor dy, boolean first) {
    int[] shape = shape(a, b);
    Tensor x = Picks.stretched(a, shape);
    Tensor y = Picks.stretched(b, shape);
    Tensor dx = Tensor.zeros(dy.dtype(), shape);
    for (int i = 0; i < dx.size(); i++) {
      double slope = dy.get(i) * derivative(x.get(i), y.get(i), first);
      if (dx.dtype() == DType.FLOAT64) {
        dx.doubles()[i] = slope;
      } else {
        dx.floats()[i] = (float) slope;
      }
    }
    return Broadcast.reduce(dx, (first ? a : b).shape());
  }
}
