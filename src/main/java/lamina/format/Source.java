package lamina.format;

import lamina.tensor.InputException;
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

  InputException error(String message) {
    return new InputException(name + ": " + message);
  }

  InputException error(TokenStreamLocation where, String message) {
    return error(where.getLineNr(), where.getColumnNr(), message);
  }

  /** An error at a line and a column, both counted from 1. */
  InputException error(long line, long column, String message) {
    return new InputException(
        name + ", line " + (linesBefore + line) + ", column " + column + ": " + message);
  }
}
