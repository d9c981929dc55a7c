package lamina.op;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import lamina.tensor.DType;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/**
 * Arithmetic on tensors of shapes that fit: axes are aligned at the last one, and a size of 1, or
 * an axis that is missing at the front, is stretched to the other's size. Source: NumPy's
 * broadcasting, which PyTorch and ONNX share.
 */
public final class Broadcast {
  private Broadcast() {}

  /**
   * The shape that all of these are stretched to.
   *
   * @throws InputException if two sizes differ and neither is 1, in words that follow a name
   */
  public static Shape shape(List<Shape> shapes) {
    Shape result = shapes.get(0);
    for (Shape shape : shapes.subList(1, shapes.size())) {
      List<Dim> dims = new ArrayList<>();
      for (int axis = 1; axis <= Math.max(result.rank(), shape.rank()); axis++) {
        Dim a = axis <= result.rank() ? result.dim(-axis) : Dim.ONE;
        Dim b = axis <= shape.rank() ? shape.dim(-axis) : Dim.ONE;
        if (!a.is(1) && !b.is(1) && !a.mayEqual(b)) {
          throw new InputException(
              "needs inputs of one shape, or sizes of 1 to stretch, but they are "
                  + result
                  + " and "
                  + shape);
        }
        dims.add(a.is(1) ? b : b.is(1) ? a : plainer(a, b));
      }
      Collections.reverse(dims);
      result = new Shape(dims);
    }
    return result;
  }

  /** Of two sizes that are equal where shapes fit the one that says it in fewer words. */
  public static Dim plainer(Dim a, Dim b) {
    return b.toString().length() < a.toString().length() ? b : a;
  }

  /**
   * What must hold so that shapes with symbols fit together: {@code 2·⌊H / 2⌋ = H}; null if they
   * always fit.
   */
  public static String assumption(List<Shape> shapes) {
    Set<String> needed = new LinkedHashSet<>();
    Shape result = shapes.get(0);
    for (Shape shape : shapes.subList(1, shapes.size())) {
      for (int axis = Math.min(result.rank(), shape.rank()); axis > 0; axis--) {
        Dim a = result.dim(-axis);
        Dim b = shape.dim(-axis);
        if (!a.is(1) && !b.is(1) && !a.equals(b)) {
          needed.add(a + " = " + b);
        }
      }
      result = shape(List.of(result, shape));
    }
    return needed.isEmpty() ? null : String.join(" and ", needed);
  }

  /** a + b. */
  public static Tensor add(Tensor a, Tensor b) {
    int[] shape = shape(List.of(Shape.of(a.shape()), Shape.of(b.shape()))).sizes();
    DType dtype = common(a.dtype(), b.dtype());
    Tensor sum = Tensor.unset(dtype, shape);
    add(expand(a.as(dtype), shape), expand(b.as(dtype), shape), sum);
    return sum;
  }

  /** {@code sum = x + y}, of tensors of one shape and type; sum may be one of them. */
  public static void add(Tensor x, Tensor y, Tensor sum) {
    switch (sum.dtype()) {
      case FLOAT64 -> BroadcastDouble.add(x.doubles(), y.doubles(), sum.doubles());
      case FLOAT32 -> BroadcastFloat.add(x.floats(), y.floats(), sum.floats());
      case INT64 -> {
        for (int i = 0; i < sum.size(); i++) {
          sum.longs()[i] = x.longs()[i] + y.longs()[i];
        }
      }
    }
  }

  /** a · b, element by element. */
  public static Tensor multiply(Tensor a, Tensor b) {
    int[] shape = shape(List.of(Shape.of(a.shape()), Shape.of(b.shape()))).sizes();
    DType dtype = common(a.dtype(), b.dtype());
    Tensor x = expand(a.as(dtype), shape);
    Tensor y = expand(b.as(dtype), shape);
    Tensor product = Tensor.zeros(dtype, shape);
    switch (dtype) {
      case FLOAT64 -> BroadcastDouble.multiply(x.doubles(), y.doubles(), product.doubles());
      case FLOAT32 -> BroadcastFloat.multiply(x.floats(), y.floats(), product.floats());
      case INT64 -> {
        for (int i = 0; i < product.size(); i++) {
          product.longs()[i] = x.longs()[i] * y.longs()[i];
        }
      }
    }
    return product;
  }

  /** What numbers of two types become together: whole numbers become the other's. */
  public static DType common(DType a, DType b) {
    if (a == b || b == DType.INT64) {
      return a;
    }
    return a == DType.INT64 ? b : DType.FLOAT32;
  }

  /** A tensor stretched to a shape; itself if it has that shape. */
  static Tensor expand(Tensor x, int... shape) {
    if (Arrays.equals(x.shape(), shape)) {
      return x;
    }
    if (x.dtype() == DType.INT64) {
      return Picks.stretched(x, shape);
    }
    Tensor y = Tensor.zeros(x.dtype(), shape);
    int[] strides = strides(x.shape(), shape);
    if (x.dtype() == DType.FLOAT64) {
      BroadcastDouble.expand(shape, strides, x.doubles(), y.doubles());
    } else {
      BroadcastFloat.expand(shape, strides, x.floats(), y.floats());
    }
    return y;
  }

  /** The gradient of a tensor that was stretched: each element's is the sum over its copies. */
  public static Tensor reduce(Tensor dy, int... shape) {
    if (Arrays.equals(dy.shape(), shape)) {
      return dy;
    }
    Tensor dx = Tensor.zeros(dy.dtype(), shape);
    int[] strides = strides(shape, dy.shape());
    if (dy.dtype() == DType.FLOAT64) {
      BroadcastDouble.reduce(dy.shape(), strides, dy.doubles(), dx.doubles());
    } else {
      BroadcastFloat.reduce(dy.shape(), strides, dy.floats(), dx.floats());
    }
    return dx;
  }

  /**
   * For each axis of the large tensor, the distance in the small one between two neighbours on that
   * axis.
   */
  private static int[] strides(int[] small, int[] large) {
    int[] own = Tensor.strides(small);
    int[] strides = new int[large.length];
    int missing = large.length - small.length;
    for (int axis = missing; axis < large.length; axis++) {
      strides[axis] = small[axis - missing] == 1 ? 0 : own[axis - missing];
    }
    return strides;
  }
}
