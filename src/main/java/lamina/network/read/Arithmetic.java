package lamina.network.read;

import java.util.ArrayList;
import java.util.List;
import lamina.layer.Call;
import lamina.text.InputException;

/** Calculations in pasted Python, by Python's rules. */
final class Arithmetic {
  private static final int LONGEST = 10_000;

  private Arithmetic() {}

  /**
   * The result of a calculation.
   *
   * @param operator one of {@code + - * / // % **}
   * @throws InputException if the values are no numbers, or the result has no value
   */
  static Object combine(Object a, String operator, Object b, String place) {
    if (a instanceof List<?> first && b instanceof List<?> second && operator.equals("+")) {
      List<Object> both = new ArrayList<>(first);
      both.addAll(second);
      return both;
    }
    if (a instanceof List<?> list && b instanceof Long times && operator.equals("*")) {
      return repeated(list, times, place);
    }
    if (!(a instanceof Number left && b instanceof Number right)) {
      Object other = a instanceof Number ? b : a;
      throw new InputException(
          place + ": only numbers can be calculated with here, not " + Call.show(other));
    }
    boolean divides = operator.equals("/") || operator.equals("//") || operator.equals("%");
    if (divides && right.doubleValue() == 0) {
      throw new InputException(place + ": division by 0");
    }
    Object result =
        left instanceof Long m && right instanceof Long n && !operator.equals("/")
            ? whole(m, operator, n, place)
            : real(left.doubleValue(), operator, right.doubleValue());
    if (result instanceof Double number && !Double.isFinite(number)) {
      throw new InputException(place + ": the result is no finite number");
    }
    return result;
  }

  private static List<Object> repeated(List<?> list, long times, String place) {
    if (times * Math.max(1, list.size()) > LONGEST || times > LONGEST) {
      throw new InputException(place + ": a list of more than " + LONGEST + " elements");
    }
    List<Object> elements = new ArrayList<>();
    for (long i = 0; i < times; i++) {
      elements.addAll(list);
    }
    return elements;
  }

  private static Object whole(long a, String operator, long b, String place) {
    try {
      return switch (operator) {
        case "+" -> Math.addExact(a, b);
        case "-" -> Math.subtractExact(a, b);
        case "*" -> Math.multiplyExact(a, b);
        case "//" -> Math.floorDiv(a, b);
        case "%" -> Math.floorMod(a, b);
        default -> b < 0 ? (Object) Math.pow((double) a, (double) b) : (Object) power(a, b);
      };
    } catch (ArithmeticException e) {
      throw new InputException(place + ": the result needs more than 64 bits", e);
    }
  }

  private static long power(long base, long exponent) {
    if (base == 0 || base == 1 || base == -1) {
      return exponent == 0 ? 1 : base == -1 && exponent % 2 == 0 ? 1 : base;
    }
    long power = 1;
    for (long i = 0; i < exponent; i++) {
      power = Math.multiplyExact(power, base);
    }
    return power;
  }

  private static Double real(double a, String operator, double b) {
    return switch (operator) {
      case "+" -> a + b;
      case "-" -> a - b;
      case "*" -> a * b;
      case "/" -> a / b;
      case "//" -> Math.floor(a / b);
      case "%" -> a - b * Math.floor(a / b);
      default -> Math.pow(a, b);
    };
  }

  /** As {@code int(...)}: cut towards zero. */
  static Object whole(Object value, String place) {
    if (value instanceof Number number && Math.abs(number.doubleValue()) < 1e15) {
      return number.longValue();
    }
    throw new InputException(place + ": int() needs a number, not " + Call.show(value));
  }
}
