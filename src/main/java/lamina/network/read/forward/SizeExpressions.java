package lamina.network.read.forward;

import lamina.network.read.forward.ForwardValue.Size;
import lamina.tensor.symbol.Dim;

/** Arithmetic on numbers and on sizes that are not known yet. */
final class SizeExpressions {
  private SizeExpressions() {}

  /**
   * The result.
   *
   * @param operator one of {@code + - * /}, or {@code %} for a quotient that is rounded down
   */
  static Object of(FunctionCall args, char operator, Object a, Object b) {
    if (a instanceof Number x && b instanceof Number y) {
      return numbers(args, operator, x, y);
    }
    Dim x = dim(args, a);
    Dim y = dim(args, b);
    return switch (operator) {
      case '+' -> new Size(x.plus(y));
      case '-' -> new Size(x.minus(y));
      case '*' -> new Size(x.times(y));
      case '%' -> {
        if (!y.isNumber() || y.value() < 1) {
          throw args.error(
              "divides by " + FunctionCall.shown(b) + "; sizes are divided by numbers");
        }
        yield new Size(x.floorDiv(y.value()));
      }
      default -> throw args.error("makes a fraction of a size; use // for a whole number");
    };
  }

  private static Object numbers(FunctionCall args, char operator, Number a, Number b) {
    double x = a.doubleValue();
    double y = b.doubleValue();
    boolean whole = a instanceof Long && b instanceof Long;
    if ((operator == '/' || operator == '%') && y == 0) {
      throw args.error("divides by 0");
    }
    return switch (operator) {
      case '+' -> whole ? (Object) Math.addExact((Long) a, (Long) b) : (Object) (x + y);
      case '-' -> whole ? (Object) Math.subtractExact((Long) a, (Long) b) : (Object) (x - y);
      case '*' -> whole ? (Object) Math.multiplyExact((Long) a, (Long) b) : (Object) (x * y);
      case '/' -> x / y;
      default -> whole ? (Object) Math.floorDiv((Long) a, (Long) b) : (Object) Math.floor(x / y);
    };
  }

  private static Dim dim(FunctionCall args, Object value) {
    if (value instanceof Size size) {
      return size.dim();
    }
    if (value instanceof Long number) {
      return Dim.of(number);
    }
    throw args.error("calculates with " + FunctionCall.shown(value) + ", which is no number");
  }
}
