package lamina.network.read;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text as people paste it: with the prompts of an interactive session of Python or IPython, fences
 * of Markdown and blanks that do not break. All of that becomes blanks, so that lines and columns
 * stay where they are.
 */
final class PastedText {
  /** What stands before a line that was typed; blank lines may lack the blank after it. */
  private static final Pattern TYPED =
      Pattern.compile("\\s*(>>>|\\.\\.\\.|In \\[\\d*\\]:|\\.\\.\\.:)(?= |\\s*$) ?");

  /** What IPython writes before a result. */
  private static final Pattern RESULT = Pattern.compile("\\s*Out\\[\\d*\\]:(?= |\\s*$) ?");

  /** A line that prints a module, or a part of one. */
  private static final Pattern MODULE =
      Pattern.compile("[A-Z]\\w*\\s?\\(.*|\\s*\\(.*\\): .*", Pattern.DOTALL);

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
      Matcher typed = TYPED.matcher(line);
      Matcher result = RESULT.matcher(line);
      if (isSession && typed.lookingAt()) {
        int typedTo = isOutputRead ? line.length() : typed.end();
        line = blanks(line, typedTo);
      } else if (isSession && result.lookingAt()) {
        line = blanks(line, result.end());
      }
      addLine(cleaned, line);
      start = end;
    }
    return cleaned.toString();
  }

  private static boolean isSession(String text) {
    return text.lines()
        .anyMatch(
            line ->
                line.strip().startsWith(">>>")
                    || (line.contains("[") && RESULT.matcher(line).lookingAt())
                    || (line.strip().startsWith("In [") && TYPED.matcher(line).lookingAt()));
  }

  /** Whether this is a session that shows what its modules print: then only that is read. */
  static boolean printsModules(String text) {
    return isSession(text)
        && text.lines()
            .filter(line -> !TYPED.matcher(line).lookingAt())
            .map(line -> RESULT.matcher(line).replaceFirst(""))
            .anyMatch(line -> MODULE.matcher(line).matches());
  }

  /** A line whose first characters are blank; the end of the line stays. */
  private static String blanks(String line, int count) {
    int most = line.endsWith("\n") ? line.length() - 1 : line.length();
    int blank = Math.min(count, most);
    return " ".repeat(blank) + line.substring(blank);
  }

  private static void addLine(StringBuilder cleaned, String line) {
    String stripped = line.strip();
    int from = cleaned.length();
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      cleaned.append(isBlank(c) ? ' ' : plainQuote(c));
    }
    if (stripped.startsWith("```") || stripped.startsWith("~~~")) {
      int first = from + line.indexOf(stripped);
      cleaned.replace(first, first + stripped.length(), " ".repeat(stripped.length()));
    }
  }

  /** Whether it is a space, of no width or without a break, or the mark that begins some files. */
  private static boolean isBlank(char c) {
    return Character.isSpaceChar(c) || (c >= '\u200B' && c <= '\u200D') || c == '\uFEFF';
  }

  /** The plain quote for one that a word processor made curly. */
  private static char plainQuote(char c) {
    return switch (c) {
      case '\u2018', '\u2019' -> '\'';
      case '\u201C', '\u201D' -> '"';
      default -> c;
    };
  }
}
