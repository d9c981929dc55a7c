package lamina.network.read;

import lamina.text.InputException;

/** A text that is read from left to right: blanks and comments are skipped before each word. */
final class Scanner {
  private static final int DEEPEST = 200;

  private final String text;
  private final String source;
  private final boolean singleLine;
  private int at;
  private int depth;

  /** The line that {@link #place} counted to last, and where it begins. */
  private int line = 1;

  private int lineStart;

  Scanner(String text, String source) {
    this.text = text;
    this.source = source;
    this.singleLine = text.strip().indexOf('\n') < 0;
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isWord(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || isDigit(c);
  }

  private void skipBlanks() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '#') {
        while (at < text.length() && text.charAt(at) != '\n') {
          at++;
        }
      } else if (Character.isWhitespace(c) || c == '\uFEFF' || c == '\\') {
        at++;
      } else {
        return;
      }
    }
  }

  boolean atEnd() {
    skipBlanks();
    return at == text.length();
  }

  /** The next character that is not blank; 0 at the end. */
  char peek() {
    skipBlanks();
    return at < text.length() ? text.charAt(at) : 0;
  }

  boolean take(char c) {
    if (peek() != c) {
      return false;
    }
    at++;
    return true;
  }

  void expect(char c) {
    if (!take(c)) {
      throw unexpected("'" + c + "'");
    }
  }

  /** Skips a character, or a word, string or bracketed part as a whole. */
  void skipOne() {
    char c = peek();
    if (c == '\'' || c == '"') {
      takeString();
    } else if (c == '(' || c == '[' || c == '{') {
      String place = place();
      enter(place);
      at++;
      char close = c == '(' ? ')' : c == '[' ? ']' : '}';
      while (!take(close)) {
        if (atEnd()) {
          throw new InputException(place + ": '" + c + "' is never closed");
        }
        skipOne();
      }
      leave();
    } else if (takeName() == null) {
      at++;
    }
  }

  int position() {
    skipBlanks();
    return at;
  }

  /** The position after the word taken last. */
  int afterName() {
    return at;
  }

  void goBack(int position) {
    at = position;
  }

  /** Called at every opening bracket: the parser calls itself, and its stack is finite. */
  void enter(String place) {
    if (++depth > DEEPEST) {
      throw new InputException(place + ": nested more than " + DEEPEST + " deep");
    }
  }

  void leave() {
    depth--;
  }

  /** A dotted name, or null. */
  String takeName() {
    skipBlanks();
    int start = at;
    if (at == text.length() || !isWord(text.charAt(at)) || isDigit(text.charAt(at))) {
      return null;
    }
    while (at < text.length() && (isWord(text.charAt(at)) || text.charAt(at) == '.')) {
      at++;
    }
    return text.substring(start, at);
  }

  /** Whether {@code (name):} follows. */
  boolean atKey() {
    int before = position();
    boolean key = takeKey() != null;
    at = before;
    return key;
  }

  /** The name in {@code (name):}, or null if that does not follow. */
  String takeKey() {
    int before = position();
    if (peek() != '(') {
      return null;
    }
    int end = before + 1;
    while (end < text.length()
        && (isWord(text.charAt(end)) || text.charAt(end) == '-' || text.charAt(end) == '.')) {
      end++;
    }
    if (startsLine(before)) {
      // A line of print(model): a child may have any name, such as "conv 1".
      int close = text.indexOf("): ", before);
      int newline = text.indexOf('\n', before);
      if (close > before + 1 && (newline < 0 || close < newline)) {
        at = close + 2;
        return text.substring(before + 1, close);
      }
    }
    if (end > before + 1 && end < text.length() && text.charAt(end) == ')') {
      at = end + 1;
      if (take(':')) {
        return text.substring(before + 1, end);
      }
    }
    at = before;
    return null;
  }

  private boolean startsLine(int position) {
    int start = position;
    while (start > 0 && (text.charAt(start - 1) == ' ' || text.charAt(start - 1) == '\t')) {
      start--;
    }
    return start > 0 && text.charAt(start - 1) == '\n';
  }

  /** The number in {@code 4 x }, or -1 if that does not follow. */
  long takeRepetition() {
    int before = position();
    int end = before;
    while (end < text.length() && isDigit(text.charAt(end))) {
      end++;
    }
    if (end > before && end - before < 10 && text.startsWith(" x ", end)) {
      at = end + 3;
      return Long.parseLong(text.substring(before, end));
    }
    return -1;
  }

  /** A Long, or a Double if there is a point or an exponent. */
  Object takeNumber() {
    String place = place();
    int start = at;
    if (text.charAt(at) == '-' || text.charAt(at) == '+') {
      at++;
    }
    boolean whole = true;
    while (at < text.length()) {
      char c = text.charAt(at);
      boolean sign = (c == '-' || c == '+') && "eE".indexOf(text.charAt(at - 1)) >= 0;
      if (!isWord(c) && c != '.' && !sign) {
        break;
      }
      whole &= isDigit(c) || c == '_';
      at++;
    }
    String number = text.substring(start, at).replace("_", "");
    try {
      for (int i = 0; i < number.length(); i++) {
        if ("0123456789.eE+-".indexOf(number.charAt(i)) < 0) {
          throw new NumberFormatException(number);
        }
      }
      return whole ? (Object) Long.valueOf(number) : (Object) Double.valueOf(number);
    } catch (NumberFormatException e) {
      boolean digits = whole && number.length() > 18;
      throw new InputException(
          place + ": '" + number + (digits ? "' needs more than 64 bits" : "' is not a number"), e);
    }
  }

  String takeString() {
    String place = place();
    char quote = text.charAt(at++);
    StringBuilder value = new StringBuilder();
    while (at < text.length() && text.charAt(at) != quote && text.charAt(at) != '\n') {
      if (text.charAt(at) == '\\' && at + 1 < text.length()) {
        at++;
      }
      value.append(text.charAt(at++));
    }
    if (at == text.length() || text.charAt(at) != quote) {
      throw new InputException(place + ": the string is never closed; add " + quote);
    }
    at++;
    return value.toString();
  }

  /** The text from a position to here, on one line. */
  String collapsed(int start) {
    StringBuilder collapsed = new StringBuilder();
    for (int i = start; i < at; i++) {
      char c = text.charAt(i);
      if (!Character.isWhitespace(c)) {
        collapsed.append(c);
      } else if (collapsed.charAt(collapsed.length() - 1) != ' ') {
        collapsed.append(' ');
      }
    }
    return collapsed.toString();
  }

  /** Where the next word stands, for messages. */
  String place() {
    skipBlanks();
    if (at < lineStart) {
      line = 1;
      lineStart = 0;
    }
    for (int end = text.indexOf('\n', lineStart);
        end >= 0 && end < at;
        end = text.indexOf('\n', lineStart)) {
      line++;
      lineStart = end + 1;
    }
    String column = "column " + (at - lineStart + 1);
    return source + (singleLine ? ", " : ", line " + line + ", ") + column;
  }

  InputException unexpected(String expected) {
    String found = atEnd() ? "the text ends" : "found '" + text.charAt(at) + "'";
    return new InputException(place() + ": " + found + " where " + expected + " was expected");
  }
}
