package lamina.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/**
 * The order of a tensor's axes as a word of one letter an axis. For data: {@code n} (batch), {@code
 * c} (channels) and the spatial axes {@code w}, {@code hw} or {@code dhw} ({@code l} for {@code w}
 * where there is only one), in any order: {@code nhwc}, {@code hwc}, {@code hw}. For kernels:
 * {@code o} and {@code i} and the spatial axes: {@code hwio}. The canonical order, in which all
 * arithmetic is done, is PyTorch's: {@code n c d h w} and {@code o i d h w}; a transposed
 * convolution's kernel is {@code i o d h w} there.
 */
public final class Layout {
  private final String text;
  private final String canonical;

  private Layout(String text, String canonical) {
    this.text = text;
    this.canonical = canonical;
  }

  /**
   * The layout of data.
   *
   * @throws InputException if the text is not a layout
   */
  public static Layout parse(String text) {
    // In shapes the batch has the letter b, which users may write here too.
    String letters =
        text.indexOf('n') < 0 && text.indexOf('N') < 0
            ? text.replace('b', 'n').replace('B', 'n')
            : text;
    return parse(letters, "nc", "layout", "'nchw', 'nhwc', 'hwc' or 'nlc'");
  }

  /**
   * The layout of a convolution's kernel, canonical {@code oi} and the spatial axes.
   *
   * @throws InputException if the text is not a layout
   */
  public static Layout parseKernel(String text) {
    return parse(text, "oi", "kernel layout", "'oihw', 'hwio' or 'ohwi'");
  }

  /**
   * The layout of a transposed convolution's kernel, by the letters' roles: canonical {@code io}
   * and the spatial axes.
   *
   * @throws InputException if the text is not a layout
   */
  public static Layout parseTransposedKernel(String text) {
    return parse(text, "io", "kernel layout", "'iohw', 'hwoi' or 'ohwi'");
  }

  private static Layout parse(String text, String leading, String what, String examples) {
    String letters = text.toLowerCase(Locale.ROOT);
    String allowed = leading + "dhwl";
    int spatial = 0;
    for (int i = 0; i < letters.length(); i++) {
      char letter = letters.charAt(i);
      if (allowed.indexOf(letter) < 0) {
        throw malformed(text, what, "has the unknown letter '" + text.charAt(i) + "'", examples);
      }
      if (letters.indexOf(letter) != i) {
        throw malformed(text, what, "names '" + letter + "' twice", examples);
      }
      spatial += leading.indexOf(letter) < 0 ? 1 : 0;
    }
    String axes =
        switch (spatial) {
          case 0 -> null;
          case 1 -> letters.indexOf('l') >= 0 ? "l" : "w";
          case 2 -> "hw";
          case 3 -> "dhw";
          default -> null;
        };
    if (axes == null) {
      throw malformed(text, what, "needs one to three spatial axes", examples);
    }
    StringBuilder canonical = new StringBuilder();
    for (char letter : (leading + axes).toCharArray()) {
      if (letters.indexOf(letter) >= 0) {
        canonical.append(letter);
      } else if (axes.indexOf(letter) >= 0) {
        String wrong = "has " + spatial + " spatial axes, which are called '" + axes + "'";
        throw malformed(
            text, what, spatial == 1 ? "must call its spatial axis 'w' or 'l'" : wrong, examples);
      }
    }
    return new Layout(letters, canonical.toString());
  }

  private static InputException malformed(String text, String what, String wrong, String examples) {
    return new InputException(what + " '" + text + "' " + wrong + "; write e.g. " + examples);
  }

  /**
   * PyTorch's order of data.
   *
   * @param spatial the number of spatial axes, 1 to 3
   */
  public static Layout channelsFirst(boolean batch, int spatial) {
    String axes = (batch ? "nc" : "c") + "dhw".substring(3 - spatial);
    return new Layout(axes, axes);
  }

  /** The number of axes. */
  public int rank() {
    return text.length();
  }

  /** The number of spatial axes, 1 to 3. */
  public int spatial() {
    int count = 0;
    for (int i = 0; i < text.length(); i++) {
      count += "dhwl".indexOf(text.charAt(i)) < 0 ? 0 : 1;
    }
    return count;
  }

  /** Whether there is an axis of this letter: {@code n}, {@code c}, {@code o}, {@code i}. */
  public boolean has(char letter) {
    return text.indexOf(letter) >= 0;
  }

  /** Whether this is the canonical order already. */
  public boolean isCanonical() {
    return text.equals(canonical);
  }

  /** The axes that {@link Tensor#permute} takes to bring a tensor into canonical order. */
  public int[] toCanonical() {
    return permutation(text, canonical);
  }

  /** The axes that {@link Tensor#permute} takes to bring a canonical tensor into this order. */
  public int[] fromCanonical() {
    return permutation(canonical, text);
  }

  private static int[] permutation(String from, String to) {
    int[] axes = new int[to.length()];
    for (int i = 0; i < axes.length; i++) {
      axes[i] = from.indexOf(to.charAt(i));
    }
    return axes;
  }

  /** A shape in this order, brought into canonical order. */
  public Shape toCanonical(Shape shape) {
    return permute(shape, toCanonical());
  }

  /** A canonical shape, brought into this order. */
  public Shape fromCanonical(Shape shape) {
    return permute(shape, fromCanonical());
  }

  private static Shape permute(Shape shape, int[] axes) {
    List<Dim> dims = new ArrayList<>();
    for (int axis : axes) {
      dims.add(shape.dim(axis));
    }
    return new Shape(dims);
  }

  /**
   * Checks that a shape has as many axes as this names.
   *
   * @param what whose shape it is, for the message: "the input"
   * @throws InputException if it has not
   */
  public void check(Shape shape, String what) {
    if (shape.rank() != rank()) {
      throw new InputException(
          "layout '"
              + text
              + "' names "
              + rank()
              + (rank() == 1 ? " axis" : " axes")
              + " but "
              + what
              + " "
              + shape
              + " has "
              + shape.rank()
              + "; name every axis, e.g. 'nhwc' with a batch and 'hwc' without");
    }
  }

  /** The letters, in lower case. */
  @Override
  public String toString() {
    return text;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Layout that
        && text.equals(that.text)
        && canonical.equals(that.canonical);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }
}
