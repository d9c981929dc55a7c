package lamina.check;

import java.util.Arrays;
import lamina.tensor.Tensor;

/**
 * How a tensor differs from an expected one: elements match if {@code |actual − expected| <= atol +
 * rtol·|expected|}; equal infinities and two NaNs match; shapes must be equal.
 *
 * @param differing the number of elements that do not match, 0 if the shapes differ
 * @param description one line that says how they differ, null if they match
 */
public record Comparison(int differing, String description) {

  /** Compares two tensors element by element. */
  public static Comparison of(Tensor actual, Tensor expected, double rtol, double atol) {
    if (!Arrays.equals(actual.shape(), expected.shape())) {
      return ofShapes(actual.shape(), expected.shape());
    }
    int differing = 0;
    int first = -1;
    double largestAbsolute = 0;
    double largestRelative = 0;
    for (int i = 0; i < actual.size(); i++) {
      double a = actual.get(i);
      double e = expected.get(i);
      if (matches(a, e, rtol, atol)) {
        continue;
      }
      if (first < 0) {
        first = i;
      }
      differing++;
      double error = Math.abs(a - e);
      largestAbsolute = Double.isNaN(error) ? Double.NaN : Math.max(largestAbsolute, error);
      double relative = error / Math.abs(e);
      largestRelative = Double.isNaN(relative) ? Double.NaN : Math.max(largestRelative, relative);
    }
    if (differing == 0) {
      return new Comparison(0, null);
    }
    String description =
        differing
            + " of "
            + actual.size()
            + (actual.size() == 1 ? " element differs" : " elements differ")
            + " from the expected; the first at "
            + index(first, actual.shape())
            + ": "
            + number(actual, first)
            + ", expected "
            + number(expected, first)
            + "; largest absolute error "
            + (float) largestAbsolute
            + ", relative "
            + (float) largestRelative
            + "; tolerance: rtol "
            + shown(rtol)
            + ", atol "
            + shown(atol);
    return new Comparison(differing, description);
  }

  /** A tolerance as people type it: {@code 1e-5}. */
  private static String shown(double tolerance) {
    return Double.toString(tolerance).replace(".0E", "e").replace('E', 'e');
  }

  /** Whether they match. */
  public boolean matches() {
    return description == null;
  }

  private static boolean matches(double actual, double expected, double rtol, double atol) {
    if (actual == expected || (Double.isNaN(actual) && Double.isNaN(expected))) {
      return true;
    }
    if (Double.isInfinite(actual) || Double.isInfinite(expected)) {
      return false;
    }
    return Math.abs(actual - expected) <= atol + rtol * Math.abs(expected);
  }

  /** How two shapes that are not equal differ, naming a batch axis of 1 that one of them lacks. */
  public static Comparison ofShapes(int[] actual, int[] expected) {
    String text = "shape " + Tensor.text(actual) + ", expected " + Tensor.text(expected);
    if (withLeadingOne(expected, actual)) {
      text += " (a batch axis of 1 is missing)";
    } else if (withLeadingOne(actual, expected)) {
      text += " (a batch axis of 1 too many)";
    }
    return new Comparison(0, text);
  }

  private static boolean withLeadingOne(int[] longer, int[] shorter) {
    return longer.length == shorter.length + 1
        && longer[0] == 1
        && Arrays.equals(Arrays.copyOfRange(longer, 1, longer.length), shorter);
  }

  private static String number(Tensor tensor, int index) {
    return switch (tensor.dtype()) {
      case FLOAT64 -> Double.toString(tensor.doubles()[index]);
      case FLOAT32 -> Float.toString(tensor.floats()[index]);
      case INT64 -> Long.toString(tensor.longs()[index]);
    };
  }

  private static String index(int flat, int[] shape) {
    int[] strides = Tensor.strides(shape);
    StringBuilder text = new StringBuilder("[");
    int rest = flat;
    for (int axis = 0; axis < shape.length; axis++) {
      text.append(axis == 0 ? "" : ", ").append(rest / strides[axis]);
      rest %= strides[axis];
    }
    return text.append(']').toString();
  }
}
