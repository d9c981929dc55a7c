package lamina.check;

import java.util.ArrayList;
import java.util.List;
import lamina.format.Numbers;
import lamina.tensor.Tensor;

/** Lists of sizes as people write them: {@code 54x54x96}, {@code (B, 54, 54, 96)}, [54, 54, 96]. */
public final class SizeList {
  private static final int SHOWN = 200;

  private SizeList() {}

  /** The sizes of a member that may be such a list; null if it cannot be one. */
  static List<String> of(Object member) {
    List<String> sizes = new ArrayList<>();
    if (member instanceof List<?> list) {
      list.forEach(size -> sizes.add((String) size));
      return sizes;
    }
    if (member instanceof Tensor tensor) {
      if (tensor.rank() > 1 || tensor.size() > SHOWN) {
        return null;
      }
      for (int i = 0; i < tensor.size(); i++) {
        sizes.add(number(tensor.get(i)));
      }
      return sizes;
    }
    String text = unwrapped(((String) member).strip());
    boolean commas = split(text, ",").size() > 1;
    for (String size : split(text, commas ? "," : "x×")) {
      sizes.add(size.strip());
    }
    return text.length() > SHOWN ? null : sizes;
  }

  /** A member that is a list of sizes without symbols, as a tensor; otherwise as it is. */
  public static Object asTensor(Object member) {
    List<String> sizes = member instanceof Tensor ? null : of(member);
    if (sizes == null) {
      return member;
    }
    double[] numbers = new double[sizes.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = Numbers.parse(sizes.get(i));
      if (Double.isNaN(numbers[i])) {
        return member;
      }
    }
    return Tensor.of(numbers, numbers.length);
  }

  /** Without the brackets around the whole. */
  private static String unwrapped(String text) {
    int last = text.length() - 1;
    boolean wrapped = last > 0 && "([".indexOf(text.charAt(0)) >= 0;
    if (!wrapped || text.charAt(last) != (text.charAt(0) == '(' ? ')' : ']')) {
      return text;
    }
    int depth = 0;
    for (int i = 0; i < last; i++) {
      depth += "([".indexOf(text.charAt(i)) >= 0 ? 1 : ")]".indexOf(text.charAt(i)) >= 0 ? -1 : 0;
      if (depth == 0) {
        return text;
      }
    }
    return text.substring(1, last);
  }

  /** The parts between separators outside of all brackets. */
  private static List<String> split(String text, String separators) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ("([⌊⌈".indexOf(c) >= 0) {
        depth++;
      } else if (")]⌋⌉".indexOf(c) >= 0) {
        depth--;
      } else if (depth == 0 && separators.indexOf(c) >= 0) {
        parts.add(text.substring(start, i));
        start = i + 1;
      }
    }
    parts.add(text.substring(start));
    return parts;
  }

  /** Whether two lists have the same sizes, whichever way their formulas are written. */
  static boolean areEqual(List<String> a, List<String> b, double rtol, double atol) {
    if (b == null || a.size() != b.size()) {
      return false;
    }
    for (int i = 0; i < a.size(); i++) {
      String expected = a.get(i);
      String actual = b.get(i);
      if (!expected.equals(actual) && !SizeExpression.areEqual(actual, expected, rtol, atol)) {
        return false;
      }
    }
    return true;
  }

  /** A member in a message. */
  static String shown(Object member) {
    if (member instanceof Tensor tensor) {
      List<String> sizes = of(tensor);
      if (sizes == null) {
        return "a tensor of shape " + Tensor.text(tensor.shape());
      }
      return tensor.rank() == 0 ? sizes.get(0) : "[" + String.join(", ", sizes) + "]";
    }
    return member instanceof List<?>
        ? "[" + String.join(", ", of(member)) + "]"
        : "'" + shortened((String) member) + "'";
  }

  static String shortened(String text) {
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
