package lamina.network.read;

/** A dictionary or list as Python prints it, as {@code print(model.get_config())} does. */
final class PythonLiteral {
  private PythonLiteral() {}

  /** Whether a text is one: the first key or element is in single quotes. */
  static boolean isOne(String text) {
    String start = text.strip();
    int at = 0;
    while (at < start.length() && "{[( \n\r\t".indexOf(start.charAt(at)) >= 0) {
      at++;
    }
    return at > 0
        && at < start.length()
        && start.charAt(at) == '\''
        && start.substring(0, at).contains("{");
  }

  /** The same in JSON: quotes, words, tuples and commas at the end are translated. */
  static String toJson(String text) {
    StringBuilder json = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '\'' || c == '"') {
        at = addString(text, at, json);
        continue;
      }
      if (Character.isLetter(c)) {
        int end = at;
        while (end < text.length() && Character.isLetterOrDigit(text.charAt(end))) {
          end++;
        }
        String word = text.substring(at, end);
        json.append(
            switch (word) {
              case "True" -> "true";
              case "False" -> "false";
              case "None" -> "null";
              default -> word;
            });
        at = end;
        continue;
      }
      if (c == ']' || c == '}' || c == ')') {
        int last = json.length() - 1;
        while (last > 0 && Character.isWhitespace(json.charAt(last))) {
          last--;
        }
        if (last > 0 && json.charAt(last) == ',') {
          json.deleteCharAt(last);
        }
      }
      json.append(c == '(' ? '[' : c == ')' ? ']' : c);
      at++;
    }
    return json.toString();
  }

  private static int addString(String text, int start, StringBuilder json) {
    char quote = text.charAt(start);
    json.append('"');
    int at = start + 1;
    while (at < text.length() && text.charAt(at) != quote) {
      char c = text.charAt(at);
      if (c == '\\' && at + 1 < text.length()) {
        char next = text.charAt(at + 1);
        json.append(next == '\'' ? "'" : "\\" + next);
        at += 2;
        continue;
      }
      json.append(c == '"' ? "\\\"" : String.valueOf(c));
      at++;
    }
    json.append('"');
    return at + 1;
  }
}
