package lamina.network.read;

import java.util.function.Supplier;
import lamina.text.InputException;

/** A text that is read from left to right: blanks and comments are skipped before each word. */
public final class Scanner {
  private static final int DEEPEST = 200;

  private final String text;
  private final SourceText source;
  private int at;
  private int depth;

  /** Where reading ends: the end of the text, or of the block that is being read. */
  private int end;

  public Scanner(String text, String source) {
    this.text = text;
    this.source = new SourceText(text, source);
    this.end = text.length();
  }

  public static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isWord(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || isDigit(c);
  }

  private void skipBlanks() {
    while (at < end) {
      char c = text.charAt(at);
      if (c == '#') {
        while (at < end && text.charAt(at) != '\n') {
          at++;
        }
      } else if (Character.isWhitespace(c) || c == '\uFEFF' || c == '\\') {
        at++;
      } else {
        return;
      }
    }
  }

  public boolean atEnd() {
    skipBlanks();
    return at == end;
  }

  /** The next character that is not blank; 0 at the end. */
  public char peek() {
    skipBlanks();
    return at < end ? text.charAt(at) : 0;
  }

  public boolean take(char c) {
    if (peek() != c) {
      return false;
    }
    at++;
    return true;
  }

  public void expect(char c) {
    if (!take(c)) {
      throw unexpected("'" + c + "'");
    }
  }

  /** Skips a character, or a word, string or bracketed part as a whole. */
  public void skipOne() {
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

  /** Skips the rest of a statement: to the end of the line, or further while brackets are open. */
  void skipStatement() {
    while (at < end && text.charAt(at) != '\n' && text.charAt(at) != ';') {
      char c = text.charAt(at);
      if (c == '#') {
        at = Math.min(end, source.lineEnd(at));
      } else if (c == ' ' || c == '\t' || c == '\r') {
        at++;
      } else if (c == '\\' && at + 1 < end) {
        at += 2;
      } else {
        skipOne();
      }
    }
  }

  /** The name that follows, which is not taken; null if none does. */
  String peekName() {
    int before = position();
    String name = takeName();
    at = before;
    return name;
  }

  boolean takeWord(String word) {
    int before = position();
    if (word.equals(takeName())) {
      return true;
    }
    at = before;
    return false;
  }

  /** Two characters that belong together, such as {@code ->}. */
  public boolean take(String sign) {
    skipBlanks();
    if (!text.startsWith(sign, at) || at + sign.length() > end) {
      return false;
    }
    at += sign.length();
    return true;
  }

  /** An equals sign that assigns. */
  boolean takeAssignment() {
    if (peek() != '=' || (at + 1 < end && text.charAt(at + 1) == '=')) {
      return false;
    }
    at++;
    return true;
  }

  /** Whether a line ends between here and the next word. */
  public boolean atLineEnd() {
    int position = at;
    while (position < end && (text.charAt(position) == ' ' || text.charAt(position) == '\t')) {
      position++;
    }
    return position == end || "\r\n#;".indexOf(text.charAt(position)) >= 0;
  }

  /**
   * Skips a block of Python whose header, up to the colon, was read.
   *
   * @param header where the header starts
   * @return where the block ends
   */
  int skipBlock(int header) {
    int indent = source.indent(header);
    if (!atLineEnd()) {
      skipStatement();
      return at;
    }
    int last = at;
    while (!atEnd() && source.indent(at) > indent) {
      skipStatement();
      last = at;
      take(';');
    }
    at = last;
    return last;
  }

  /** Reads a block of the text, and goes on from where reading was before. */
  <T> T within(int start, int stop, Supplier<T> read) {
    int before = at;
    int endBefore = end;
    at = start;
    end = stop;
    T found = read.get();
    at = before;
    end = endBefore;
    return found;
  }

  /** Reads a block of the text, and goes on from where reading was before. */
  void within(int start, int stop, Runnable read) {
    within(
        start,
        stop,
        () -> {
          read.run();
          return null;
        });
  }

  public int position() {
    skipBlanks();
    return at;
  }

  /** The position, before the blanks that follow. */
  int offset() {
    return at;
  }

  /** Whether these characters follow. */
  public boolean at(String sign) {
    skipBlanks();
    return text.startsWith(sign, at) && at + sign.length() <= end;
  }

  /** Whether a number with its sign follows. */
  boolean atNumber() {
    char next = peek() != 0 && at + 1 < end ? text.charAt(at + 1) : 0;
    return isDigit(next) || next == '.';
  }

  /** Whether an index follows without a blank, as in {@code sizes[0]}. */
  boolean atSubscript() {
    return at < end && text.charAt(at) == '[';
  }

  /** Whether {@code for} stands before the next comma or closing bracket. */
  boolean isComprehension(char close) {
    int before = position();
    boolean found = false;
    while (!found && !atEnd() && peek() != ',' && peek() != close) {
      found = takeWord("for");
      if (!found) {
        skipOne();
      }
    }
    at = before;
    return found;
  }

  /** Takes this character if it follows without a blank. */
  void takeOne(char c) {
    if (at < end && text.charAt(at) == c) {
      at++;
    }
  }

  /** The whole number that follows. */
  Long takeDigits() {
    int start = position();
    while (at < end && isDigit(text.charAt(at))) {
      at++;
    }
    String digits = text.substring(start, at);
    if (digits.length() > 18) {
      throw new InputException(place() + ": '" + digits + "' needs more than 64 bits");
    }
    return Long.valueOf(digits);
  }

  /** Skips the header of a block, up to its colon. */
  void skipStatementHead() {
    while (!atEnd() && peek() != ':') {
      skipOne();
    }
    take(':');
  }

  public void goBack(int position) {
    at = position;
  }

  /** Called at every opening bracket: the parser calls itself, and its stack is finite. */
  public void enter(String place) {
    if (++depth > DEEPEST) {
      throw new InputException(place + ": nested more than " + DEEPEST + " deep");
    }
  }

  public void leave() {
    depth--;
  }

  /** A dotted name, or null. */
  public String takeName() {
    skipBlanks();
    int start = at;
    if (at == end || !isWord(text.charAt(at)) || isDigit(text.charAt(at))) {
      return null;
    }
    while (at < end && (isWord(text.charAt(at)) || text.charAt(at) == '.')) {
      at++;
    }
    return text.substring(start, at);
  }

  /** What stands before the next of a character, which is taken too. */
  public String takeUntil(char last) {
    skipBlanks();
    int start = at;
    while (at < end && text.charAt(at) != last && text.charAt(at) != '\n') {
      at++;
    }
    String taken = text.substring(start, at).strip();
    expect(last);
    return taken;
  }

  /** Skips a character. */
  public void skipCharacter() {
    if (!atEnd()) {
      at++;
    }
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
    int close = before + 1;
    while (close < end
        && (isWord(text.charAt(close)) || text.charAt(close) == '-' || text.charAt(close) == '.')) {
      close++;
    }
    if (close > before + 1 && close < end && text.charAt(close) == ')') {
      at = close + 1;
      if (take(':')) {
        return text.substring(before + 1, close);
      }
    }
    // A child may have any name, such as "conv 1", if it stands as print(model) writes it.
    close = text.indexOf("): ", before);
    int newline = text.indexOf('\n', before);
    if (close > before + 1 && close < end && (newline < 0 || close < newline)) {
      at = close + 2;
      if (source.startsLine(before) || startsModule()) {
        at = close + 2;
        return text.substring(before + 1, close);
      }
    }
    at = before;
    return null;
  }

  private boolean startsModule() {
    takeRepetition();
    String name = takeName();
    return name != null && Character.isUpperCase(name.charAt(0)) && peek() == '(';
  }

  /** The number in {@code 4 x }, or -1 if that does not follow. */
  long takeRepetition() {
    int before = position();
    int digits = before;
    while (digits < end && isDigit(text.charAt(digits))) {
      digits++;
    }
    if (digits > before && digits - before < 10 && text.startsWith(" x ", digits)) {
      at = digits + 3;
      return Long.parseLong(text.substring(before, digits));
    }
    return -1;
  }

  /** A Long, or a Double if there is a point or an exponent. */
  public Object takeNumber() {
    String place = place();
    int start = at;
    if (text.charAt(at) == '-' || text.charAt(at) == '+') {
      at++;
    }
    boolean whole = true;
    while (at < end) {
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

  public String takeString() {
    String place = place();
    char quote = text.charAt(at++);
    String three = String.valueOf(quote).repeat(3);
    if (text.startsWith(three, at - 1)) {
      int close = text.indexOf(three, at + 2);
      if (close < 0 || close >= end) {
        throw new InputException(place + ": the string is never closed; add " + three);
      }
      String value = text.substring(at + 2, close);
      at = close + 3;
      return value;
    }
    StringBuilder value = new StringBuilder();
    while (at < end && text.charAt(at) != quote && text.charAt(at) != '\n') {
      if (text.charAt(at) == '\\' && at + 1 < end) {
        at++;
      }
      value.append(text.charAt(at++));
    }
    if (at == end || text.charAt(at) != quote) {
      throw new InputException(place + ": the string is never closed; add " + quote);
    }
    at++;
    return value.toString();
  }

  /** The text from a position to here, on one line. */
  String collapsed(int start) {
    return source.collapsed(start, at);
  }

  /** The text from a position to here as one line, cut if it is long. */
  public String shortText(int start) {
    return source.shortText(start, at);
  }

  /** The line of a position, without blanks around it. */
  String firstLine(int start) {
    return text.substring(start, Math.min(end, source.lineEnd(start))).strip();
  }

  /** How far the next word stands from the beginning of its line. */
  public int column() {
    return source.column(position());
  }

  /** Where the next word stands, for messages. */
  public String place() {
    return source.place(position());
  }

  public InputException unexpected(String expected) {
    String found = atEnd() ? "the text ends" : "found '" + text.charAt(at) + "'";
    return new InputException(place() + ": " + found + " where " + expected + " was expected");
  }
}
