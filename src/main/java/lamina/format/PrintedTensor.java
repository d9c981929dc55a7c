package lamina.format;

import java.util.Arrays;
import java.util.Locale;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * Tensors as Python prints them: {@code tensor([[1., 2.]], dtype=torch.float64)}, {@code array([1,
 * 2])}, NumPy's {@code [[1. 2.]]} without commas, lists with {@code nan}, {@code inf}, {@code True}
 * and tuples. A print that leaves elements out is refused.
 */
final class PrintedTensor {
  /** Names before a bracket that stand for what is within it. */
  private static final String NAMES =
      " tensor array asarray parameter constant variable matrix floattensor doubletensor"
          + " longtensor inttensor float16 float32 float64 int8 int16 int32 int64 uint8 uint16"
          + " uint32 uint64 bool_ float int ";

  /** What else prints say, which changes no element; the shape is compared. */
  private static final String ATTRIBUTES =
      " dtype device grad_fn requires_grad size shape names numpy ";

  private final String text;
  private final Source source;
  private final ElementBuffer elements;
  private int at;

  /** Whether something was seen that only a print has, so that its errors count. */
  private boolean certain;

  /** How many names are open. */
  private int names;

  private boolean commas;
  private boolean blanks;
  private int rank = -1;
  private int[] sizes = new int[4];

  /** The shape that the print states, or null. */
  private int[] stated;

  private PrintedTensor(String text, DType dtype, Source source) {
    this.text = text;
    this.source = source;
    this.elements = new ElementBuffer(dtype);
  }

  /** Whether a text starts as a print with a name, {@code tensor(} or {@code np.array(}. */
  static boolean isNamed(String text) {
    String start = text.stripLeading();
    if (start.startsWith("Parameter containing:") || start.startsWith("<tf.")) {
      return true;
    }
    int end = endOfName(start, 0);
    return end > 0 && end < start.length() && start.charAt(end) == '(' && isKnown(start, 0, end);
  }

  /**
   * Reads a print.
   *
   * @return the tensor, or null if the text is no print
   * @throws InputException if it is one but incomplete or malformed
   */
  static Tensor read(String text, DType dtype, Source source) {
    PrintedTensor print = new PrintedTensor(text, dtype, source);
    try {
      return print.tensor();
    } catch (InputException e) {
      if (print.certain || isNamed(text)) {
        throw e;
      }
      return null;
    }
  }

  private Tensor tensor() {
    skip("Parameter containing:");
    boolean tensorFlow = skip("<tf.");
    if (tensorFlow) {
      int value = text.indexOf("numpy=", at);
      if (value < 0) {
        throw wrong("no 'numpy=' with the elements");
      }
      at = value + 6;
    }
    value(0);
    if (tensorFlow) {
      attributes('>');
    }
    blanks();
    if (at < text.length()) {
      throw wrong("more text after the end of the tensor");
    }
    int[] shape = Arrays.copyOf(sizes, rank);
    Tensor tensor = elements.toTensor(shape);
    if (stated == null || Arrays.equals(stated, shape)) {
      return tensor;
    }
    if (tensor.size() > 0 || Tensor.elements(stated) > 0) {
      certain = true;
      throw source.error(
          "the print says "
              + Tensor.text(stated)
              + " but its elements are nested as "
              + Tensor.text(shape));
    }
    return tensor.reshape(stated);
  }

  private void value(int level) {
    blanks();
    char c = peek();
    if (c == '[' || c == '(') {
      list(level, c == '[' ? ']' : ')');
      return;
    }
    int end = endOfName(text, at);
    if (end > at && end < text.length() && text.charAt(end) == '(') {
      if (!isKnown(text, at, end)) {
        throw wrong("the name " + Source.printable(text.substring(at, end)) + " is not known");
      }
      if (++names > JsonTensorReader.MAX_RANK) {
        throw wrong("nested deeper than " + JsonTensorReader.MAX_RANK + " names");
      }
      certain = true;
      at = end + 1;
      value(level);
      names--;
      attributes(')');
      return;
    }
    scalar(level);
  }

  private void list(int level, char close) {
    if (level == rank) {
      throw wrong("ragged: a list where the first elements of this level are numbers");
    }
    if (level == JsonTensorReader.MAX_RANK) {
      throw wrong("nested deeper than " + level + " levels");
    }
    if (level == sizes.length) {
      sizes = Arrays.copyOf(sizes, 2 * level);
    }
    boolean first = rank < 0;
    at++;
    int count = 0;
    while (true) {
      boolean comma = separator(count, close);
      if (peek() == close) {
        at++;
        break;
      }
      if (count > 0) {
        commas |= comma;
        blanks |= !comma;
        if (commas && blanks) {
          throw wrong("a comma is missing");
        }
      }
      value(level + 1);
      count++;
    }
    if (rank < 0) {
      rank = level + 1;
    }
    size(level, count, first);
  }

  /** Takes an axis's size from its first list and compares the others with it. */
  private void size(int level, int count, boolean first) {
    if (first) {
      sizes[level] = count;
    } else if (sizes[level] != count) {
      throw wrong(
          "ragged: a list with "
              + count
              + (count == 1 ? " element" : " elements")
              + " where the first one of this level has "
              + sizes[level]);
    }
  }

  /** Steps over what is between elements; whether there was a comma. */
  private boolean separator(int count, char close) {
    blanks();
    boolean comma = count > 0 && peek() == ',';
    if (comma) {
      at++;
      blanks();
    }
    if (at == text.length()) {
      throw wrong("the print ends before its '" + close + "'");
    }
    if (text.startsWith("...", at)) {
      certain = true;
      throw wrong(
          "'...' stands for elements that were left out; print all of them with"
              + " torch.set_printoptions(threshold=math.inf) or"
              + " numpy.set_printoptions(threshold=sys.maxsize)");
    }
    return comma;
  }

  private void scalar(int level) {
    int start = at;
    while (at < text.length() && " \t\r\n,[]()<>".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    String word = text.substring(start, at);
    if (rank < 0) {
      rank = level;
    } else if (rank != level) {
      throw wrong("ragged: a number where the first elements of this level are lists");
    }
    String problem = number(word);
    if (problem != null && word.indexOf(';') >= 0) {
      certain = true;
      problem = "';' ends no row here; write rows as lists: [[1,2],[3,4]]";
    }
    if (problem != null) {
      at = start;
      throw wrong(problem);
    }
  }

  private String number(String word) {
    // 01 was octal once; neither Python nor JSON takes it.
    double value = startsWithZero(word) ? Double.NaN : Numbers.parse(word);
    if (Double.isNaN(value)) {
      switch (word) {
        case "True" -> value = 1;
        case "False" -> value = 0;
        default -> {
          if (!CsvCell.isSpecial(word)) {
            return "a number was expected, not '" + Source.printable(word) + "'";
          }
          return elements.add(CsvCell.special(word));
        }
      }
    } else if (elements.dtype() == DType.FLOAT32 && !Float.isInfinite(Float.parseFloat(word))) {
      elements.addFloat(Float.parseFloat(word));
      return null;
    } else if (Double.isInfinite(value)) {
      return Source.printable(word) + " is beyond the range of float64";
    }
    return elements.add(value);
  }

  private static boolean startsWithZero(String word) {
    int i = word.startsWith("-") || word.startsWith("+") ? 1 : 0;
    return word.startsWith("0", i)
        && i + 1 < word.length()
        && Character.isDigit(word.charAt(i + 1));
  }

  /** Steps over {@code , dtype=float32, grad_fn=<AddBackward0>} up to a closing character. */
  private void attributes(char close) {
    while (true) {
      blanks();
      if (peek() == close) {
        at++;
        return;
      }
      if (peek() != ',') {
        throw wrong("'" + close + "' was expected");
      }
      at++;
      blanks();
      if (peek() == close) {
        continue;
      }
      int end = endOfName(text, at);
      String name = text.substring(at, end);
      if (end == text.length()
          || text.charAt(end) != '='
          || !ATTRIBUTES.contains(" " + name + " ")) {
        throw wrong("'" + Source.printable(name) + "' of the print is not understood");
      }
      at = end + 1;
      int start = at;
      skipAttribute(close);
      if (name.equals("size") || name.equals("shape")) {
        stated = shape(text.substring(start, at));
      }
    }
  }

  private void skipAttribute(char close) {
    int depth = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (depth == 0 && (c == ',' || c == close)) {
        return;
      }
      depth += "([<".indexOf(c) >= 0 ? 1 : 0;
      depth -= ")]>".indexOf(c) >= 0 ? 1 : 0;
      at++;
    }
    throw wrong("the print ends before its '" + close + "'");
  }

  private int[] shape(String stated) {
    int[] shape = new int[JsonTensorReader.MAX_RANK];
    int axes = 0;
    long size = -1;
    for (int i = 0; i < stated.length(); i++) {
      int digit = Character.digit(stated.charAt(i), 10);
      if (digit >= 0) {
        size = Math.min(10 * Math.max(size, 0) + digit, Tensor.MAX_ELEMENTS + 1L);
        continue;
      }
      if (size >= 0) {
        if (axes == shape.length || size > Tensor.MAX_ELEMENTS) {
          throw wrong("the shape is too large");
        }
        shape[axes++] = (int) size;
      }
      size = -1;
    }
    return Arrays.copyOf(shape, axes);
  }

  private static boolean isKnown(String text, int from, int to) {
    String name = text.substring(from, to);
    String last = name.substring(name.lastIndexOf('.') + 1);
    return NAMES.contains(" " + last.toLowerCase(Locale.ROOT) + " ");
  }

  /** The end of a name with dots, which starts with a letter; {@code from} if none is there. */
  private static int endOfName(String text, int from) {
    int end = from;
    while (end < text.length()) {
      char c = text.charAt(end);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
      if (!letter && (end == from || !((c >= '0' && c <= '9') || c == '.'))) {
        break;
      }
      end++;
    }
    return end;
  }

  private boolean skip(String word) {
    blanks();
    boolean there = text.startsWith(word, at);
    at += there ? word.length() : 0;
    return there;
  }

  private void blanks() {
    while (at < text.length() && " \t\n\f\r\u00a0".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private char peek() {
    return at < text.length() ? text.charAt(at) : '\0';
  }

  private InputException wrong(String message) {
    long line = 1;
    int start = 0;
    for (int i = 0; i < Math.min(at, text.length()); i++) {
      if (text.charAt(i) == '\n') {
        line++;
        start = i + 1;
      }
    }
    return source.error(line, at - start + 1, message);
  }
}
