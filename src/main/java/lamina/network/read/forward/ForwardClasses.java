package lamina.network.read.forward;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Where the classes of a Python text say what their {@code forward()} does. */
final class ForwardClasses {
  private static final String DEFINITION = "def forward(";

  private final Map<String, String> codes = new LinkedHashMap<>();

  ForwardClasses(String text) {
    List<String> lines = List.of(text.split("\n", -1));
    for (int line = 0; line < lines.size(); line++) {
      String name = className(lines.get(line));
      if (name == null) {
        continue;
      }
      int outer = indent(lines.get(line));
      int end = line + 1;
      int start = -1;
      while (end < lines.size() && (isEmpty(lines.get(end)) || indent(lines.get(end)) > outer)) {
        start = lines.get(end).strip().startsWith(DEFINITION) ? end : start;
        end++;
      }
      if (start >= 0) {
        // Blank lines before it keep the places in messages.
        codes.put(name, "\n".repeat(start) + String.join("\n", lines.subList(start, end)) + "\n");
      }
    }
  }

  private static String className(String line) {
    String stripped = line.strip();
    if (!stripped.startsWith("class ")) {
      return null;
    }
    int end = 6;
    while (end < stripped.length() && Character.isJavaIdentifierPart(stripped.charAt(end))) {
      end++;
    }
    return end > 6 ? stripped.substring(6, end) : null;
  }

  private static boolean isEmpty(String line) {
    return line.isBlank() || line.strip().startsWith("#");
  }

  private static int indent(String line) {
    return line.length() - line.stripLeading().length();
  }

  /** The text from a class's forward() to the end of the class; null if it has none. */
  String code(String name) {
    return codes.get(name);
  }
}
