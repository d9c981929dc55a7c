package lamina.format;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import tools.jackson.core.io.NumberInput;

/**
 * The fast way through the JSON that tensors usually are: nested arrays of plain numbers, bare or
 * as the {@code data} of a document with nothing but {@code shape} and {@code dtype} beside it.
 * Anything else, and anything wrong, it leaves to {@link JsonTensorReader}, which starts again and
 * says what is wrong. A cold process reads 1,000,000 numbers about three times faster this way, and
 * a small input needs none of Jackson's classes.
 */
final class PlainJson extends TextWindow {
  /** Where {@link #SCALES} has its negative half. */
  private static final int NEGATIVE = 23;

  /** The powers of ten that are exact as doubles, then the same below zero. */
  private static final double[] SCALES = new double[2 * NEGATIVE];

  static {
    double power = 1;
    for (int i = 0; i < NEGATIVE; i++) {
      SCALES[i] = power;
      SCALES[NEGATIVE + i] = -power;
      power *= 10;
    }
  }

  /** Up to here every integer is exact as a double. */
  private static final long EXACT = 1L << 53;

  private static final int MAX_DIGITS = 18;

  /** Numbers that take more than this with their comma never make the buffer for elements grow. */
  private static final int LIKELY_BYTES = 8;

  private final DType dtype;

  /** Set as soon as something is found that is left to the general reader. */
  private boolean unusual;

  /** Known from the first number on. */
  private int rank = -1;

  /** The size of each axis, or -1 until its first array ends. */
  private final int[] sizes = new int[JsonTensorReader.MAX_RANK];

  private final ElementBuffer elements;

  private PlainJson(byte[] text, int from, int to, DType dtype) {
    super(text, from, to);
    this.dtype = dtype;
    this.elements = buffer();
  }

  private PlainJson(InputStream in, long length, DType dtype) {
    super(in, length);
    this.dtype = dtype;
    this.elements = buffer();
  }

  private ElementBuffer buffer() {
    Arrays.fill(sizes, -1);
    return new ElementBuffer(dtype, (int) Math.min(1 + length() / 2, 4096), Tensor.MAX_ELEMENTS);
  }

  /**
   * The tensor, or null if the general reader must have a look. A text in the middle of its array
   * is copied unless a zero or a line's end follows it.
   */
  static Tensor read(byte[] text, int from, int to, DType dtype) {
    return new PlainJson(text, from, to, dtype).read();
  }

  /** The same for a file of a known length. */
  static Tensor read(InputStream in, long length, DType dtype) {
    return new PlainJson(in, length, dtype).read();
  }

  private Tensor read() {
    Tensor tensor = next() == '{' ? document() : data();
    return tensor == null || next() >= 0 || unusual || failed() ? null : tensor;
  }

  private Tensor document() {
    int[] shape = null;
    Tensor data = null;
    boolean typed = false;
    accept('{');
    do {
      if (shape == null && accept("\"shape\"") && accept(':')) {
        shape = shape();
        unusual |= shape == null;
      } else if (data == null && accept("\"data\"") && accept(':')) {
        data = data();
        unusual |= data == null;
      } else if (!typed && accept("\"dtype\"") && accept(':')) {
        typed = true;
        unusual |= !accept("\"float32\"") && !accept("\"float64\"") && !accept("\"int64\"");
      } else {
        return null;
      }
    } while (!unusual && accept(','));
    if (unusual || data == null || !accept('}')) {
      return null;
    }
    if (shape == null || Arrays.equals(shape, data.shape())) {
      return data;
    }
    double product = 1;
    for (int size : shape) {
      product *= size;
    }
    return data.rank() <= 1 && product == data.size() ? data.reshape(shape) : null;
  }

  private int[] shape() {
    int[] shape = new int[JsonTensorReader.MAX_RANK];
    int axes = 0;
    if (!accept('[')) {
      return null;
    }
    if (accept(']')) {
      return new int[0];
    }
    do {
      next();
      int start = at;
      int size = 0;
      while (at < end && isDigit(text[at]) && at - start < 9) {
        size = size * 10 + text[at++] - '0';
      }
      if (at == start || (text[start] == '0' && at - start > 1) || axes == shape.length) {
        return null;
      }
      shape[axes++] = size;
    } while (accept(','));
    return accept(']') ? Arrays.copyOf(shape, axes) : null;
  }

  private Tensor data() {
    if (next() == '[') {
      array(0);
    } else {
      rank = 0;
      number();
    }
    return unusual ? null : elements.toTensor(Arrays.copyOf(sizes, rank));
  }

  /** An array at a level of nesting, from its bracket on. Empty ones are unusual. */
  private void array(int level) {
    at++;
    if (rank < 0 && next() != '[') {
      rank = level + 1;
    }
    int count = level + 1 == rank ? numbers() : arrays(level + 1);
    if (sizes[level] < 0) {
      sizes[level] = count;
    }
    unusual |= !accept(']') || sizes[level] != count;
  }

  /** Arrays separated by commas; answers how many. */
  private int arrays(int level) {
    int count = 0;
    do {
      if (level == sizes.length || next() != '[') {
        unusual = true;
        return count;
      }
      array(level);
      if (count == 0) {
        elements.expect(estimate());
      }
      count++;
    } while (!unusual && accept(','));
    return count;
  }

  /** How many elements there will be if the rest of the text is like what has been read. */
  private int estimate() {
    double density = (double) elements.size() / position();
    // A little more than that is cheaper than to grow at the very end.
    return (int) Math.min(1.02 * density * length() + 16, (double) length() / LIKELY_BYTES);
  }

  /** Numbers separated by commas; answers how many. */
  private int numbers() {
    int others = elements.size();
    at--;
    do {
      at++;
      if (end - at < LONGEST) {
        next();
      }
    } while (number() && text[at] == ',');
    return elements.size() - others;
  }

  /**
   * A number by JSON's grammar, from the next byte on, and the blanks after it; false if it is
   * unusual. A process that reads one file runs this cold. So what most numbers need is one method
   * without calls: the compilers have it after a few milliseconds, where several methods would wait
   * for each other in their queue.
   */
  private boolean number() {
    byte[] text = this.text;
    int i = at;
    if (text[i] == ' ') {
      i++;
    }
    if (text[i] <= ' ') {
      i = skipBlanks(i);
    }
    int first = i;
    int scale = 0;
    if (text[i] == '-') {
      scale = NEGATIVE;
      i++;
    }
    int whole = i;
    long digits = (long) text[i] - '0';
    if (digits < 0 || digits > 9) {
      return leave();
    }
    int digit = text[++i] - '0';
    if (digits == 0 && digit >= 0 && digit <= 9) {
      return leave();
    }
    while (digit >= 0 && digit <= 9) {
      digits = digits * 10 + digit;
      digit = text[++i] - '0';
    }
    int decimals = 0;
    if (text[i] == '.') {
      int point = i;
      digit = text[++i] - '0';
      while (digit >= 0 && digit <= 9) {
        digits = digits * 10 + digit;
        digit = text[++i] - '0';
      }
      decimals = i - point - 1;
      if (decimals == 0) {
        return leave();
      }
    }
    if (dtype == DType.FLOAT64
        && i - whole <= MAX_DIGITS
        && digits <= EXACT
        && (text[i] | ' ') != 'e') {
      // Both are exact as doubles, so one operation rounds correctly (Clinger, 1990).
      elements.addDouble(digits / SCALES[scale + decimals]);
    } else {
      i = convert(first, i, digits, decimals);
    }
    at = text[i] <= ' ' ? skipBlanks(i) : i;
    return !unusual;
  }

  private boolean leave() {
    unusual = true;
    return false;
  }

  private int skipBlanks(int from) {
    at = from;
    next();
    return at;
  }

  /**
   * Appends any number: what {@link #number} has found from {@code first} to {@code to} may be
   * followed by an exponent, or have so many digits that {@code digits} is wrong.
   *
   * @return the end of the number
   */
  private int convert(int first, int to, long digits, int decimals) {
    boolean negative = text[first] == '-';
    int length = to - first - (negative ? 1 : 0) - (decimals > 0 ? 1 : 0);
    at = to;
    int exponent = -decimals;
    boolean integer = decimals == 0;
    if ((text[to] | ' ') == 'e') {
      integer = false;
      exponent += exponent();
    }
    unusual |= isCutOff();
    if (!unusual) {
      add(first, negative, length > MAX_DIGITS ? -1 : digits, exponent, integer);
    }
    return at;
  }

  /** The exponent from its letter on. */
  private int exponent() {
    at++;
    boolean negative = text[at] == '-';
    if (negative || text[at] == '+') {
      at++;
    }
    int start = at;
    int exponent = 0;
    while (isDigit(text[at])) {
      exponent = Math.min(exponent * 10 + text[at++] - '0', 100_000);
    }
    unusual |= at == start;
    return negative ? -exponent : exponent;
  }

  /**
   * Appends a number: its digits (-1 if there are too many) times a power of ten. What is not exact
   * is parsed by Jackson.
   */
  private void add(int start, boolean negative, long digits, int exponent, boolean integer) {
    if (dtype == DType.INT64) {
      unusual |= !integer || digits < 0;
      elements.addInteger(negative ? -digits : digits);
      return;
    }
    boolean exact = digits >= 0 && digits <= EXACT && Math.abs(exponent) < NEGATIVE;
    double value;
    if (exact) {
      value = exponent < 0 ? digits / SCALES[-exponent] : digits * SCALES[exponent];
      value = negative ? -value : value;
    } else {
      value = NumberInput.parseDouble(word(start), true);
    }
    unusual |= Double.isInfinite(value);
    if (dtype == DType.FLOAT64) {
      elements.addDouble(value);
    } else {
      // Rounding twice goes wrong only where the first result lies between two floats.
      boolean tie = (Double.doubleToRawLongBits(value) & 0x1fffffff) == 0x10000000;
      boolean small = Math.abs(value) < Float.MIN_NORMAL && value != 0;
      float single = tie || small ? NumberInput.parseFloat(word(start), true) : (float) value;
      unusual |= Float.isInfinite(single);
      elements.addFloat(single);
    }
  }

  private String word(int start) {
    return new String(text, start, at - start, StandardCharsets.ISO_8859_1);
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }
}
