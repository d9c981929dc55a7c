package lamina.tensor;

import java.util.ArrayList;
import java.util.List;

/**
 * A shape whose sizes may be symbols: {@code Bx3x224x224}. Numbers are the special case.
 *
 * @param dims the sizes of the axes, first to last
 */
public record Shape(List<Dim> dims) {
  public Shape {
    dims = List.copyOf(dims);
  }

  /** A shape of numbers. */
  public static Shape of(int... sizes) {
    List<Dim> dims = new ArrayList<>();
    for (int size : sizes) {
      dims.add(Dim.of(size));
    }
    return new Shape(dims);
  }

  public int rank() {
    return dims.size();
  }

  /** The size of an axis; a negative axis counts from the last one, which is -1. */
  public Dim dim(int axis) {
    return dims.get(axis < 0 ? axis + dims.size() : axis);
  }

  /** This shape with another size on one axis; a negative axis counts from the last. */
  public Shape with(int axis, Dim size) {
    List<Dim> changed = new ArrayList<>(dims);
    changed.set(axis < 0 ? axis + dims.size() : axis, size);
    return new Shape(changed);
  }

  /** The number of elements. */
  public Dim elements() {
    Dim product = Dim.ONE;
    for (Dim dim : dims) {
      product = product.times(dim);
    }
    return product;
  }

  /** As users read it: {@code Bx54x54x96}. */
  @Override
  public String toString() {
    if (dims.isEmpty()) {
      return "scalar";
    }
    StringBuilder text = new StringBuilder();
    for (Dim dim : dims) {
      text.append(text.length() == 0 ? "" : "x").append(dim);
    }
    return text.toString();
  }
}
