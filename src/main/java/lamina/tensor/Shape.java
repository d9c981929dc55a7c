package lamina.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/**
 * A shape whose sizes may be symbols: {@code Bx3x224x224}. Numbers are the special case.
 *
 * @param dims the sizes of the axes, first to last
 */
public record Shape(List<Dim> dims) {
  public Shape {
    dims = List.copyOf(dims);
  }

  /**
   * Written out: what Java derives for a record is made at its first call, and late for a start.
   */
  @Override
  public boolean equals(Object other) {
    return other instanceof Shape shape && dims.equals(shape.dims);
  }

  @Override
  public int hashCode() {
    return dims.hashCode();
  }

  /** A shape of numbers. */
  public static Shape of(int... sizes) {
    List<Dim> dims = new ArrayList<>();
    for (int size : sizes) {
      dims.add(Dim.of(size));
    }
    return new Shape(dims);
  }

  /**
   * A shape as users write it: {@code 3x224x224}, {@code Bx3xHxW}, {@code 3,224,224} or {@code (3,
   * 224, 224)}; also with capital X between single letters and numbers. Sizes are whole numbers
   * from 0 on, or symbols: a letter other than x, then letters but x, digits and underscores.
   * {@code ?}, {@code *}, {@code -1} and {@code None} are sizes left open, which become symbols:
   * {@code B} for the first axis.
   *
   * @throws InputException if the text is not a shape
   */
  public static Shape parse(String text) {
    String inner = text.strip();
    for (String name : new String[] {"torch.Size(", "TensorShape("}) {
      if (inner.startsWith(name) && inner.endsWith(")")) {
        inner = inner.substring(name.length(), inner.length() - 1).strip();
      }
    }
    if (inner.length() > 1
        && ((inner.startsWith("(") && inner.endsWith(")"))
            || (inner.startsWith("[") && inner.endsWith("]")))) {
      inner = inner.substring(1, inner.length() - 1).strip();
      inner = inner.endsWith(",") ? inner.substring(0, inner.length() - 1) : inner;
    }
    inner = withSmallX(inner);
    List<String> words = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= inner.length(); i++) {
      if (i == inner.length() || "x×,".indexOf(inner.charAt(i)) >= 0) {
        words.add(inner.substring(start, i).strip());
        start = i + 1;
      }
    }
    List<Dim> dims = new ArrayList<>();
    for (int axis = 0; axis < words.size(); axis++) {
      String word = words.get(axis);
      boolean isLast = axis == words.size() - 1;
      dims.add(isOpen(word) ? openSize(axis, isLast, words) : parseSize(word, text));
    }
    return new Shape(dims);
  }

  /** Capital X parts sizes too, where nothing is a longer symbol that it could belong to. */
  private static String withSmallX(String text) {
    if (text.indexOf('x') >= 0 || text.indexOf('X') < 0) {
      return text;
    }
    for (String word : text.split("X", -1)) {
      boolean isNumber = !word.isEmpty() && word.chars().allMatch(c -> c >= '0' && c <= '9');
      if (!isNumber && !isOpen(word) && (word.length() != 1 || !isLetter(word.charAt(0)))) {
        return text;
      }
    }
    return text.replace('X', 'x');
  }

  private static boolean isOpen(String word) {
    return word.equals("?") || word.equals("*") || word.equals("-1") || word.equals("None");
  }

  /** The symbol of a size left open: the batch B, the height H, the width W, or one of its own. */
  private static Dim openSize(int axis, boolean isLast, List<String> others) {
    String name = axis == 0 && !isLast ? "B" : isLast ? "W" : "H";
    boolean isTaken = others.contains(name);
    for (int i = axis + 1; i < others.size() - 1 && name.equals("H"); i++) {
      isTaken |= isOpen(others.get(i));
    }
    return Dim.symbol(isTaken ? "S" + axis : name);
  }

  private static Dim parseSize(String size, String shape) {
    boolean number = !size.isEmpty();
    boolean symbol = !size.isEmpty() && isLetter(size.charAt(0));
    for (int i = 0; i < size.length(); i++) {
      char c = size.charAt(i);
      number &= c >= '0' && c <= '9';
      symbol &= isLetter(c) || c == '_' || (c >= '0' && c <= '9');
    }
    if (symbol) {
      return Dim.symbol(size);
    }
    if (!number) {
      throw new InputException(
          "shape '"
              + shape
              + "': '"
              + size
              + "' is neither a size nor a symbol; write e.g. 3x224x224, Bx3x224x224 or 3xHxW");
    }
    try {
      return Dim.of(Long.parseLong(size));
    } catch (NumberFormatException e) {
      throw new InputException(
          "shape '" + shape + "': the size " + size + " needs more than 64 bits", e);
    }
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
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

  /**
   * The sizes of a shape of numbers.
   *
   * @throws InputException if a size is beyond what a tensor can have
   */
  public int[] sizes() {
    int[] sizes = new int[rank()];
    for (int axis = 0; axis < sizes.length; axis++) {
      long size = dim(axis).value();
      if (size > Tensor.MAX_ELEMENTS) {
        throw new InputException("a tensor of shape " + this + " is too large");
      }
      sizes[axis] = (int) size;
    }
    return sizes;
  }

  /** Whether every size is a number. */
  public boolean isNumber() {
    for (Dim dim : dims) {
      if (!dim.isNumber()) {
        return false;
      }
    }
    return true;
  }

  /**
   * The shape when the symbols have these values.
   *
   * @throws InputException if a symbol has no value
   */
  public Shape evaluate(Map<String, Long> values) {
    List<Dim> numbers = new ArrayList<>();
    for (Dim dim : dims) {
      numbers.add(Dim.of(dim.evaluate(values)));
    }
    return new Shape(numbers);
  }

  /** As users read it: {@code Bx54x54x96}. */
  @Override
  public String toString() {
    if (dims.isEmpty()) {
      return "scalar";
    }
    StringBuilder text = new StringBuilder();
    for (Dim dim : dims) {
      String size = dim.isSum() ? "(" + dim + ")" : dim.toString();
      text.append(text.length() == 0 ? "" : "x").append(size);
    }
    return text.toString();
  }
}
