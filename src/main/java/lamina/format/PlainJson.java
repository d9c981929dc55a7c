package lamina.format;

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
final class PlainJson {
  /** Powers of ten that are exact as doubles. */
  private static final double[] POWERS = new double[23];

  static {
    double power = 1;
    for (int i = 0; i < POWERS.length; i++) {
      POWERS[i] = power;
      power *= 10;
    }
  }

  /** Up to here every integer is exact as a double. */
  private static final long EXACT = 1L << 53;

  private static final int MAX_DIGITS = 18;

  private final byte[] text;
  private final int end;
  private final DType dtype;
  private int at;

  /** Set as soon as something is found that is left to the general reader. */
  private boolean unusual;

  /** Known from the first number on. */
  private int rank = -1;

  /** The size of each axis, or -1 until its first array ends. */
  private final int[] sizes = new int[JsonTensorReader.MAX_RANK];

  private final ElementBuffer elements;

  private PlainJson(byte[] text, int from, int to, DType dtype) {
    this.text = text;
    this.at = from;
    this.end = to;
    this.dtype = dtype;
    this.elements = new ElementBuffer(dtype, 16 + (to - from) / 16, Tensor.MAX_ELEMENTS);
    Arrays.fill(sizes, -1);
  }

  /** The tensor, or null if the general reader must have a look. */
  static Tensor read(byte[] text, int from, int to, DType dtype) {
    PlainJson json = new PlainJson(text, from, to, dtype);
    Tensor tensor = json.next() == '{' ? json.document() : json.data();
    return tensor == null || json.next() >= 0 ? null : tensor;
  }

  /** The next byte that is not blank, or -1 at the end; it stays the next one. */
  private int next() {
    while (at < end) {
      byte b = text[at];
      if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
        return b;
      }
      at++;
    }
    return -1;
  }

  private boolean accept(char c) {
    if (next() == c) {
      at++;
      return true;
    }
    return false;
  }

  private boolean accept(String word) {
    next();
    if (end - at < word.length()) {
      return false;
    }
    for (int i = 0; i < word.length(); i++) {
      if (text[at + i] != word.charAt(i)) {
        return false;
      }
    }
    at += word.length();
    return true;
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
    int count = 0;
    do {
      if (next() == '[') {
        if (level + 1 == rank || level + 1 == sizes.length) {
          unusual = true;
          return;
        }
        array(level + 1);
      } else {
        if (rank < 0) {
          rank = level + 1;
        }
        unusual |= rank != level + 1;
        number();
      }
      count++;
    } while (!unusual && accept(','));
    if (sizes[level] < 0) {
      sizes[level] = count;
    }
    unusual |= !accept(']') || sizes[level] != count;
  }

  /** A number by JSON's grammar, from the next byte on. */
  private void number() {
    int start = at;
    int i = at;
    boolean negative = i < end && text[i] == '-';
    i += negative ? 1 : 0;
    int firstDigit = i;
    long digits = 0;
    while (i < end && isDigit(text[i])) {
      digits = digits * 10 + text[i++] - '0';
    }
    int count = i - firstDigit;
    if (count == 0 || (count > 1 && text[firstDigit] == '0')) {
      unusual = true;
      return;
    }
    int exponent = 0;
    boolean integer = true;
    if (i < end && text[i] == '.') {
      integer = false;
      int firstDecimal = ++i;
      while (i < end && isDigit(text[i])) {
        digits = digits * 10 + text[i++] - '0';
      }
      exponent = firstDecimal - i;
      unusual |= exponent == 0;
      count -= exponent;
    }
    at = i;
    if (i < end && (text[i] == 'e' || text[i] == 'E')) {
      integer = false;
      exponent += exponent();
    }
    if (!unusual) {
      add(start, negative, count > MAX_DIGITS ? -1 : digits, exponent, integer);
    }
  }

  /** The exponent from its letter on. */
  private int exponent() {
    at++;
    boolean negative = at < end && text[at] == '-';
    if (negative || (at < end && text[at] == '+')) {
      at++;
    }
    int start = at;
    int exponent = 0;
    while (at < end && isDigit(text[at])) {
      exponent = Math.min(exponent * 10 + text[at++] - '0', 100_000);
    }
    unusual |= at == start;
    return negative ? -exponent : exponent;
  }

  /**
   * Appends a number: its digits (-1 if there are too many) times a power of ten. Where both are
   * exact as doubles, one operation rounds correctly (Clinger, 1990); the rest is parsed by
   * Jackson.
   */
  private void add(int start, boolean negative, long digits, int exponent, boolean integer) {
    if (dtype == DType.INT64) {
      unusual |= !integer || digits < 0;
      elements.addInteger(negative ? -digits : digits);
      return;
    }
    boolean exact = digits >= 0 && digits <= EXACT && Math.abs(exponent) < POWERS.length;
    double value;
    if (exact) {
      value = exponent < 0 ? digits / POWERS[-exponent] : digits * POWERS[exponent];
      value = negative ? -value : value;
    } else {
      value = NumberInput.parseDouble(word(start), true);
    }
    unusual |= Double.isInfinite(value);
    if (dtype == DType.FLOAT64) {
      unusual |= elements.add(value) != null;
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
