package lamina.format;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import lamina.text.InputException;

/**
 * Takes a text of separated values apart (RFC 4180): fields may be quoted, lines end in LF, CR LF
 * or CR, blank lines are skipped, and so are lines that begin with {@code #}, {@code %} or {@code
 * //}, and what follows a number and {@code #}. Rows are counted from 1, with those that are
 * skipped.
 */
public final class CsvScanner {
  /** What takes the fields. */
  public interface Fields {
    /** The next field, without its quotes and the blanks around it; columns count from 1. */
    void field(String text, int row, int column);

    /** The end of a row. */
    void endRow(int row, int columns);
  }

  /** A longer field is no number. */
  private static final int MAX_FIELD = 1 << 16;

  private final InputStream in;
  private final char separator;
  private final String name;
  private final Fields fields;
  private final boolean hasComments;
  private final byte[] buffer = new byte[1 << 16];
  private int position;
  private int limit;

  /** The bytes of the field at hand. */
  private byte[] field = new byte[64];

  private int fieldLength;
  private boolean quoted;

  /** Whether the last field was a number; kept only where blanks are between fields. */
  private boolean afterNumber;

  private int row = 1;
  private int column = 1;

  /**
   * A scanner.
   *
   * @param separator what is between fields; a blank means any number of blanks and tabs
   * @param name what messages call the text
   */
  CsvScanner(InputStream in, char separator, String name, Fields fields) {
    this(in, separator, name, fields, true);
  }

  /** A scanner of prose, in which {@code #} may begin a field, or of numbers. */
  CsvScanner(InputStream in, char separator, String name, Fields fields, boolean hasComments) {
    this.hasComments = hasComments;
    this.in = in;
    this.separator = separator;
    this.name = name;
    this.fields = fields;
  }

  /** Hands over everything. */
  void scan() throws IOException {
    int next = startOfLine(nextByte());
    while (next >= 0) {
      if (next == '\r' || next == '\n') {
        next = startOfLine(endOfLine(next));
      } else if (separator == ' ' ? next == ' ' || next == '\t' : next == separator) {
        next = endOfField(next);
      } else if (next == '"' && fieldLength == 0 && !quoted) {
        next = quotedField();
      } else if (next == '#' && hasComments && followsNumber()) {
        next = startOfLine(comment());
      } else {
        append(next);
        next = nextByte();
      }
    }
    if (column > 1 || fieldLength > 0 || quoted) {
      endRow();
    }
  }

  /** Skips comments; returns the first byte after them. */
  private int startOfLine(int first) throws IOException {
    int next = first;
    while (hasComments && (next == '#' || next == '%' || next == '/')) {
      if (next == '/') {
        next = nextByte();
        if (next != '/') {
          append('/');
          return next;
        }
      }
      next = restOfLine();
    }
    return next;
  }

  /** Skips the rest of a line; returns the first byte of the next one. */
  private int restOfLine() throws IOException {
    int next = nextByte();
    while (next >= 0 && next != '\r' && next != '\n') {
      next = nextByte();
    }
    return next < 0 ? next : afterLineEnd(next);
  }

  /** Whether a comment may start: blanks and before them a number are what this row ended with. */
  private boolean followsNumber() {
    if (fieldLength == 0) {
      return separator == ' ' && afterNumber && column > 1 && !quoted;
    }
    byte last = field[fieldLength - 1];
    return (last == ' ' || last == '\t') && isNumber(text());
  }

  private static boolean isNumber(String text) {
    return CsvCell.isNumber(text, false) || CsvCell.isNumber(text, true);
  }

  /** Ends the row before its comment; returns the first byte of the next line. */
  private int comment() throws IOException {
    if (fieldLength == 0) {
      fields.endRow(row, column - 1);
      column = 1;
    } else {
      endRow();
    }
    return restOfLine();
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

  /** Ends a field at its separator; returns the byte after that. */
  private int endOfField(int first) throws IOException {
    if (separator != ' ') {
      handOver();
      column++;
      int next = nextByte();
      if (next < 0) {
        endRow();
      }
      return next;
    }
    int tabs = first == '\t' ? 1 : 0;
    int next = nextByte();
    while (next == ' ' || next == '\t') {
      tabs += next == '\t' ? 1 : 0;
      next = nextByte();
    }
    boolean atStart = fieldLength == 0 && !quoted;
    if (next < 0 || next == '\r' || next == '\n') {
      return next;
    }
    if (!atStart) {
      handOver();
      column++;
    }
    // Nothing between two tabs, or before one, is a cell that is empty.
    for (int empty = atStart ? 0 : 1; empty < tabs; empty++) {
      handOver();
      column++;
    }
    return next;
  }

  /** Ends the row, unless it is blank; returns the byte after the line's end. */
  private int endOfLine(int end) throws IOException {
    if (column > 1 || quoted || !isBlank()) {
      endRow();
    }
    fieldLength = 0;
    return afterLineEnd(end);
  }

  private int afterLineEnd(int end) throws IOException {
    row++;
    int next = nextByte();
    return end == '\r' && next == '\n' ? nextByte() : next;
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
    while (true) {
      int next = nextByte();
      if (next < 0) {
        throw InputException.at(place(), "a quote that is never closed");
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

  private String place() {
    return name + ", row " + row + ", column " + column;
  }

  private void append(int b) {
    if (fieldLength == field.length) {
      if (fieldLength == MAX_FIELD) {
        throw InputException.at(
            place(), "a field of more than " + MAX_FIELD + " bytes; is this a CSV file?");
      }
      field = Arrays.copyOf(field, 2 * fieldLength);
    }
    field[fieldLength++] = (byte) b;
  }

  private String text() {
    String text = new String(field, 0, fieldLength, StandardCharsets.UTF_8);
    int start = 0;
    int end = text.length();
    while (start < end && isBlank(text.charAt(start))) {
      start++;
    }
    while (start < end && isBlank(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(start, end);
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\u00a0';
  }

  private void handOver() {
    String text = text();
    fieldLength = 0;
    quoted = false;
    afterNumber = separator == ' ' && isNumber(text);
    fields.field(text, row, column);
  }

  private void endRow() {
    handOver();
    fields.endRow(row, column);
    column = 1;
  }
}
