package lamina.format;

import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Arrays;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * The header of an npy file, the text of a Python dictionary: {@code {'descr': '<f8',
 * 'fortran_order': False, 'shape': (2, 3), }}.
 */
final class NpyHeader {
  private final String text;
  private final BinaryInput input;
  private int at;

  private String descr;
  private Boolean fortranOrder;
  private long[] shape;

  NpyHeader(String text, BinaryInput input) {
    this.text = text;
    this.input = input;
  }

  /** Reads the header, then the elements that follow it. */
  Tensor read(DType dtype) throws IOException {
    parse();
    ElementType type = type();
    ByteOrder order = descr.charAt(0) == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    int[] sizes = input.shape(shape);
    if (!fortranOrder) {
      return input.elements(type, order, sizes, dtype);
    }
    int rank = sizes.length;
    int[] reversedSizes = new int[rank];
    int[] reversedAxes = new int[rank];
    for (int i = 0; i < rank; i++) {
      reversedSizes[i] = sizes[rank - 1 - i];
      reversedAxes[i] = rank - 1 - i;
    }
    return input.elements(type, order, reversedSizes, dtype).permute(reversedAxes);
  }

  private ElementType type() {
    boolean ordered = "<>|=".indexOf(descr.charAt(0)) >= 0;
    ElementType type = ElementType.ofNumpy(ordered ? descr.substring(1) : descr);
    if (type != null) {
      return type;
    }
    boolean isText = descr.contains("U") || descr.contains("S") || descr.contains("O");
    throw input.error(
        "elements of type '"
            + descr
            + "' are not read; "
            + (isText
                ? "save numbers; numpy.unique(a, return_inverse=True)[1] numbers the words of a"
                : "save it with .astype('float64'), or as float32, float16, int8 to int64, uint8 to"
                    + " uint64 or bool"));
  }

  private void parse() {
    expect('{');
    while (!accept('}')) {
      String key = string();
      expect(':');
      switch (key) {
        case "descr" -> {
          skipBlanks();
          if (at < text.length() && text.charAt(at) == '[') {
            throw input.error("a structured array; save its fields as arrays of their own");
          }
          descr = string();
        }
        case "fortran_order" -> fortranOrder = truth();
        case "shape" -> shape = tuple();
        default -> throw malformed("the unknown key '" + key + "'");
      }
      if (!accept(',')) {
        expect('}');
        break;
      }
    }
    if (descr == null || descr.isEmpty() || fortranOrder == null || shape == null) {
      throw malformed("no descr, fortran_order or shape");
    }
  }

  private String string() {
    skipBlanks();
    char quote = at < text.length() ? text.charAt(at) : ' ';
    int end = text.indexOf(quote, at + 1);
    if ((quote != '\'' && quote != '"') || end < 0) {
      throw malformed("no string at position " + at);
    }
    String value = text.substring(at + 1, end);
    at = end + 1;
    return value;
  }

  private boolean truth() {
    skipBlanks();
    if (text.startsWith("True", at)) {
      at += 4;
      return true;
    }
    if (text.startsWith("False", at)) {
      at += 5;
      return false;
    }
    throw malformed("neither True nor False at position " + at);
  }

  private long[] tuple() {
    long[] sizes = new long[JsonTensorReader.MAX_RANK];
    int rank = 0;
    expect('(');
    while (!accept(')')) {
      skipBlanks();
      int start = at;
      while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
        at++;
      }
      if (at == start || at - start > 18 || rank == sizes.length) {
        throw malformed("no size at position " + start);
      }
      sizes[rank++] = Long.parseLong(text, start, at, 10);
      // Python 2 wrote long integers as 3L.
      accept('L');
      if (!accept(',')) {
        expect(')');
        break;
      }
    }
    return Arrays.copyOf(sizes, rank);
  }

  private void skipBlanks() {
    while (at < text.length() && text.charAt(at) <= ' ') {
      at++;
    }
  }

  private boolean accept(char c) {
    skipBlanks();
    boolean there = at < text.length() && text.charAt(at) == c;
    at += there ? 1 : 0;
    return there;
  }

  private void expect(char c) {
    if (!accept(c)) {
      throw malformed("no '" + c + "' at position " + at);
    }
  }

  private InputException malformed(String what) {
    return input.error("malformed npy header: " + what);
  }
}
