package lamina.network.read;

/** A text with what it is called: where its positions stand, and pieces of it for messages. */
final class SourceText {
  private final String text;
  private final String source;
  private final boolean isSingleLine;

  /** The line that {@link #place} counted to last, and where it begins. */
  private int line = 1;

  private int lineStart;

  SourceText(String text, String source) {
    this.text = text;
    this.source = source;
    this.isSingleLine = text.strip().indexOf('\n') < 0;
  }

  /** Where a position stands, for messages: {@code net.txt, line 2, column 5}. */
  String place(int position) {
    if (position < lineStart) {
      line = 1;
      lineStart = 0;
    }
    for (int newline = text.indexOf('\n', lineStart);
        newline >= 0 && newline < position;
        newline = text.indexOf('\n', lineStart)) {
      line++;
      lineStart = newline + 1;
    }
    String column = "column " + (position - lineStart + 1);
    return source + (isSingleLine ? ", " : ", line " + line + ", ") + column;
  }

  /** How far a position stands from the beginning of its line. */
  int column(int position) {
    return position - lineStart(position);
  }

  /** How many blanks stand before the first word of a position's line, up to the position. */
  int indent(int position) {
    int start = lineStart(position);
    int indent = 0;
    while (start + indent < position && Character.isWhitespace(text.charAt(start + indent))) {
      indent++;
    }
    return indent;
  }

  /** Whether only blanks stand before a position in its line. */
  boolean startsLine(int position) {
    int start = position;
    while (start > 0 && (text.charAt(start - 1) == ' ' || text.charAt(start - 1) == '\t')) {
      start--;
    }
    return start == 0 || text.charAt(start - 1) == '\n';
  }

  private int lineStart(int position) {
    return text.lastIndexOf('\n', position - 1) + 1;
  }

  /** Where the line of a position ends. */
  int lineEnd(int position) {
    int newline = text.indexOf('\n', position);
    return newline < 0 ? text.length() : newline;
  }

  /** A piece of the text as one line, each run of blanks being one. */
  String collapsed(int start, int end) {
    StringBuilder collapsed = new StringBuilder();
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      if (!Character.isWhitespace(c)) {
        collapsed.append(c);
      } else if (collapsed.length() == 0 || collapsed.charAt(collapsed.length() - 1) != ' ') {
        collapsed.append(' ');
      }
    }
    return collapsed.toString();
  }

  /** A piece of the text as one line, cut if it is long. */
  String shortText(int start, int end) {
    String whole = collapsed(start, end).strip();
    return whole.length() > 60 ? whole.substring(0, 57) + "..." : whole;
  }
}
