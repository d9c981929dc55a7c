package lamina.format;

import lamina.text.InputException;
import tools.jackson.core.TokenStreamLocation;

/**
 * What a text is read from, for messages.
 *
 * @param name the file's name, {@code standard input} or {@code the literal}
 * @param linesBefore lines of the source that precede the text at hand (JSON Lines)
 */
record Source(String name, long linesBefore) {
  Source(String name) {
    this(name, 0);
  }

  /** A piece of the input as messages show it: short, and on one line. */
  static String printable(String text) {
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < Math.min(text.length(), 57); i++) {
      char c = text.charAt(i);
      shown.append(Character.isISOControl(c) ? '\ufffd' : c);
    }
    return text.length() > 57 ? shown.append("...").toString() : shown.toString();
  }

  InputException error(String message) {
    return InputException.at(name, message);
  }

  InputException error(TokenStreamLocation where, String message) {
    return error(where.getLineNr(), where.getColumnNr(), message);
  }

  /** An error at a line and a column, both counted from 1. */
  InputException error(long line, long column, String message) {
    return InputException.at(
        name + ", line " + (linesBefore + line) + ", column " + column, message);
  }
}
