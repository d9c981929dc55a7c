package lamina.check;

import java.util.ArrayList;
import java.util.List;
import lamina.text.InputException;

/** A command line in one text, taken apart as a shell does it, but for variables and patterns. */
public final class ShellWords {
  private ShellWords() {}

  /**
   * The words of a line; a leading {@code lamina} is the prompt's and left out.
   *
   * @throws InputException if a quote is not closed
   */
  public static List<String> of(String line) {
    List<String> words = new ArrayList<>();
    StringBuilder word = null;
    char quote = 0;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (quote == 0 && Character.isWhitespace(c)) {
        if (word != null) {
          words.add(word.toString());
        }
        word = null;
        continue;
      }
      word = word == null ? new StringBuilder() : word;
      if (c == quote) {
        quote = 0;
      } else if (quote == 0 && (c == '\'' || c == '"')) {
        quote = c;
      } else if (c == '\\' && quote != '\'' && i + 1 < line.length()) {
        word.append(line.charAt(++i));
      } else {
        word.append(c);
      }
    }
    if (quote != 0) {
      throw new InputException("the quote " + quote + " is not closed in: " + line);
    }
    if (word != null) {
      words.add(word.toString());
    }
    if (!words.isEmpty() && words.get(0).equals("lamina")) {
      words.remove(0);
    }
    return words;
  }
}
