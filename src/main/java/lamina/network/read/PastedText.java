package lamina.network.read;

/**
 * Text as people paste it: with the prompts of an interactive session, fences of Markdown and
 * blanks that do not break. All of that becomes blanks, so that lines and columns stay where they
 * are.
 */
final class PastedText {
  private static final String PROMPT = ">>> ";
  private static final String CONTINUATION = "... ";

  private PastedText() {}

  static String cleaned(String text) {
    StringBuilder cleaned = new StringBuilder(text.length());
    boolean isSession = isSession(text);
    boolean isOutputRead = printsModules(text);
    int start = 0;
    while (start < text.length()) {
      int newline = text.indexOf('\n', start);
      int end = newline < 0 ? text.length() : newline + 1;
      String line = text.substring(start, end);
      if (isOutputRead && isPrompt(line.strip())) {
        line = " ".repeat(line.length() - 1) + (newline < 0 ? ' ' : '\n');
      }
      addLine(cleaned, line, isSession);
      start = end;
    }
    return cleaned.toString();
  }

  private static boolean isSession(String text) {
    return text.lines().anyMatch(line -> line.strip().startsWith(">>>"));
  }

  /** Whether this is a session that shows what its modules print: then only that is read. */
  static boolean printsModules(String text) {
    return isSession(text)
        && text.lines()
            .map(String::strip)
            .anyMatch(line -> line.startsWith("(") && line.contains("): "));
  }

  private static void addLine(StringBuilder cleaned, String line, boolean isSession) {
    String stripped = line.strip();
    int from = cleaned.length();
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      cleaned.append(isBlank(c) ? ' ' : plainQuote(c));
    }
    boolean isFence = stripped.startsWith("```") || stripped.startsWith("~~~");
    int first = line.indexOf(stripped);
    if (isFence) {
      blank(cleaned, from + first, stripped.length());
    } else if (isSession && isPrompt(stripped)) {
      blank(cleaned, from + first, Math.min(PROMPT.length(), stripped.length()));
    }
  }

  private static boolean isPrompt(String line) {
    return line.startsWith(PROMPT)
        || line.startsWith(CONTINUATION)
        || line.equals(PROMPT.strip())
        || line.equals(CONTINUATION.strip());
  }

  private static void blank(StringBuilder text, int from, int count) {
    for (int i = from; i < from + count; i++) {
      text.setCharAt(i, ' ');
    }
  }

  /** No-break spaces, those of zero width and the mark at the start of some files. */
  private static boolean isBlank(char c) {
    return Character.isSpaceChar(c) || (c >= '\u200B' && c <= '\u200D') || c == '\uFEFF';
  }

  /** Word processors bend quotes. */
  private static char plainQuote(char c) {
    return switch (c) {
      case '\u2018', '\u2019' -> '\'';
      case '\u201C', '\u201D' -> '"';
      default -> c;
    };
  }
}
