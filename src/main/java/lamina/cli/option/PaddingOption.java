package lamina.cli.option;

import lamina.layer.SamePadding;

/**
 * {@code --padding}: numbers for all axes or each, as {@code 1}, {@code 1,2} and {@code 1:2,0:1}
 * with what goes before and after the input, or a word.
 */
public final class PaddingOption extends Option {
  PaddingOption() {
    super(
        withValue(
            "P",
            "padding: 1, 1,2, before:after as 1:2,0:1, same, same-lower, valid or full; default 0",
            "--padding"));
  }

  /** What was typed, taken apart. */
  Padding padding() {
    String typed = typed();
    if (typed == null) {
      return new Padding(null, new int[1], new int[1]);
    }
    if (typed.isEmpty() || !Character.isDigit(typed.charAt(0))) {
      return switch (typed) {
        case "same", "same-lower", "valid", "full" -> new Padding(typed, new int[1], new int[1]);
        default -> throw error(typed);
      };
    }
    String[] parts = split(typed);
    int[] before = new int[parts.length];
    int[] after = new int[parts.length];
    for (int i = 0; i < parts.length; i++) {
      int colon = parts[i].indexOf(':');
      String first = colon < 0 ? parts[i] : parts[i].substring(0, colon);
      before[i] = size(first, typed);
      after[i] = size(colon < 0 ? first : parts[i].substring(colon + 1), typed);
    }
    return new Padding(null, before, after);
  }

  /**
   * Padding as typed.
   *
   * @param word or null for numbers
   * @param before one number for all axes, or one for each
   * @param after likewise
   */
  record Padding(String word, int[] before, int[] after) {
    /** On which side the odd element goes, where padding follows from the input's size. */
    SamePadding same() {
      return switch (word == null ? "" : word) {
        case "same" -> SamePadding.UPPER;
        case "same-lower" -> SamePadding.LOWER;
        default -> SamePadding.NO;
      };
    }

    boolean isFull() {
      return "full".equals(word);
    }
  }

  private static String[] split(String text) {
    int count = 1;
    for (int i = 0; i < text.length(); i++) {
      count += text.charAt(i) == ',' || text.charAt(i) == 'x' ? 1 : 0;
    }
    String[] parts = new String[count];
    int start = 0;
    for (int i = 0; i < count; i++) {
      int end = start;
      while (end < text.length() && text.charAt(end) != ',' && text.charAt(end) != 'x') {
        end++;
      }
      parts[i] = text.substring(start, end);
      start = end + 1;
    }
    return parts;
  }

  private static int size(String part, String text) {
    try {
      int value = Integer.parseInt(part);
      if (value >= 0 && part.charAt(0) != '+') {
        return value;
      }
    } catch (NumberFormatException e) {
      // Reported below.
    }
    throw error(text);
  }

  private static UsageException error(String text) {
    return new UsageException(
        "--padding takes numbers such as 1, 1,2 or 1:2,0:1, or same, same-lower, valid or full, not"
            + " '"
            + text
            + "'");
  }
}
