package lamina.format;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * One matrix as comma- or tab-separated values (RFC 4180): fields may be quoted, lines end in LF,
 * CR LF or CR, blank lines are skipped, and so is a first row in which no field is a number.
 */
public final class Csv {
  /** A longer field is no number. */
  private static final int MAX_FIELD = 1 << 16;

  private final InputStream in;
  private final char separator;
  private final String name;
  private final ElementBuffer elements;
  private final byte[] buffer = new byte[1 << 16];
  private int position;
  private int limit;

  /** The bytes of the field at hand; blanks around it and quotes are left out by the parser. */
  private byte[] field = new byte[64];

  private int fieldLength;
  private boolean quoted;
  private int row = 1;
  private int column = 1;
  private int rows;
  private int columns = -1;
  private boolean header;
  private int numbersInFirstRow;
  private InputException wrongInFirstRow;

  private Csv(InputStream in, char separator, DType dtype, String name) {
    this.in = in;
    this.separator = separator;
    this.name = name;
    this.elements = new ElementBuffer(dtype);
  }

  /**
   * Reads a matrix.
   *
   * @param separator a comma or a tab
   * @param shape the shape of the result, or null for {@code rows x columns}
   * @throws InputException for text, empty cells and rows of different lengths, with row and column
   */
  public static Tensor read(
      InputStream in, char separator, DType dtype, int[] shape, String sourceName)
      throws IOException {
    Tensor matrix = new Csv(in, separator, dtype, sourceName).read();
    if (shape == null) {
      return matrix;
    }
    try {
      return matrix.reshape(shape);
    } catch (InputException e) {
      throw new InputException(
          sourceName
              + ": "
              + Tensor.text(matrix.shape())
              + " numbers do not fit --csv-shape "
              + Tensor.text(shape),
          e);
    }
  }

  private Tensor read() throws IOException {
    skipByteOrderMark();
    int next = nextByte();
    while (next >= 0) {
      if (next == '\r' || next == '\n') {
        next = endOfLine(next);
      } else if (next == separator) {
        endField();
        column++;
        next = nextByte();
        if (next < 0) {
          endRow();
        }
      } else if (next == '"' && fieldLength == 0 && !quoted) {
        next = quotedField();
      } else {
        append(next);
        next = nextByte();
      }
    }
    if (column > 1 || fieldLength > 0 || quoted) {
      endRow();
    }
    if (rows == 0) {
      throw new InputException(
          name
              + (header
                  ? ": has a header but no rows of numbers"
                  : ": is empty; rows of numbers were expected"));
    }
    return elements.toTensor(rows, columns);
  }

  private void skipByteOrderMark() throws IOException {
    limit = Math.max(0, in.readNBytes(buffer, 0, buffer.length));
    if (limit >= 3
        && buffer[0] == (byte) 0xef
        && buffer[1] == (byte) 0xbb
        && buffer[2] == (byte) 0xbf) {
      position = 3;
    }
  }

  private int nextByte() throws IOException {
    if (position == limit) {
      limit = in.read(buffer, 0, buffer.length);
      position = 0;
      if (limit <= 0) {
        limit = 0;
        return -1;
      }
    }
    return buffer[position++] & 0xff;
  }

  /** Ends the row, unless it is blank; returns the byte after the line's end. */
  private int endOfLine(int end) throws IOException {
    int next = nextByte();
    if (end == '\r' && next == '\n') {
      next = nextByte();
    }
    if (column > 1 || quoted || !isBlank()) {
      endRow();
    }
    fieldLength = 0;
    row++;
    return next;
  }

  private boolean isBlank() {
    for (int i = 0; i < fieldLength; i++) {
      if (field[i] != ' ' && field[i] != '\t') {
        return false;
      }
    }
    return true;
  }

  /** Takes what is between quotes, two quotes being one; returns the byte after them. */
  private int quotedField() throws IOException {
    quoted = true;
    int startRow = row;
    while (true) {
      int next = nextByte();
      if (next < 0) {
        throw new InputException(
            name + ", row " + startRow + ", column " + column + ": a quote that is never closed");
      }
      if (next == '"') {
        next = nextByte();
        if (next != '"') {
          return next;
        }
      }
      append(next);
    }
  }

  private void append(int b) {
    if (fieldLength == field.length) {
      if (fieldLength == MAX_FIELD) {
        throw new InputException(
            at() + "a field of more than " + MAX_FIELD + " bytes; is this a CSV file?");
      }
      field = Arrays.copyOf(field, 2 * fieldLength);
    }
    field[fieldLength++] = (byte) b;
  }

  private void endField() {
    String text = new String(field, 0, fieldLength, StandardCharsets.UTF_8).trim();
    fieldLength = 0;
    quoted = false;
    double value = Numbers.parse(text);
    String problem = null;
    if (Double.isNaN(value) && !isSpecial(text)) {
      problem =
          text.isEmpty()
              ? "an empty cell; a number was expected"
              : "'" + Source.printable(text) + "' is not a number";
    } else if (Double.isNaN(value)) {
      problem = elements.add(special(text));
    } else if (Double.isInfinite(value)) {
      problem = Source.printable(text) + " is beyond the range of float64";
    } else if (elements.dtype() == DType.INT64 && isInteger(text)) {
      problem = addInteger(text);
    } else {
      problem = elements.add(value);
    }
    if (problem == null) {
      numbersInFirstRow += rows == 0 ? 1 : 0;
      return;
    }
    InputException wrong = new InputException(at() + problem);
    if (rows > 0 || header) {
      throw wrong;
    }
    // Perhaps a header: the row's other fields will tell.
    wrongInFirstRow = wrongInFirstRow == null ? wrong : wrongInFirstRow;
  }

  private void endRow() {
    endField();
    if (rows == 0 && wrongInFirstRow != null) {
      if (numbersInFirstRow > 0) {
        throw wrongInFirstRow;
      }
      header = true;
      wrongInFirstRow = null;
      columns = column;
      column = 1;
      return;
    }
    if (columns >= 0 && columns != column) {
      throw new InputException(
          at()
              + "has "
              + column
              + (column == 1 ? " field" : " fields")
              + " but the "
              + (header ? "header" : "first row")
              + " has "
              + columns);
    }
    columns = column;
    rows++;
    column = 1;
  }

  private String at() {
    return name + ", row " + row + ", column " + column + ": ";
  }

  private static boolean isInteger(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > '9') {
        return false;
      }
    }
    return text.indexOf('.') < 0;
  }

  private String addInteger(String text) {
    try {
      elements.addInteger(Long.parseLong(text));
      return null;
    } catch (NumberFormatException e) {
      return Source.printable(text) + " is beyond the range of int64";
    }
  }

  private static boolean isSpecial(String text) {
    return !text.isEmpty() && (special(text) != 0);
  }

  /** NaN and the infinities by the names that programs give them; 0 for anything else. */
  private static double special(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "nan" -> Double.NaN;
      case "inf", "+inf", "infinity", "+infinity" -> Double.POSITIVE_INFINITY;
      case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
      default -> 0;
    };
  }
}
