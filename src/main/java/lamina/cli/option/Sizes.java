package lamina.cli.option;

import lamina.tensor.Tensor;

/** Sizes as users type them: {@code 3x224x224}, {@code 2,3} or {@code 2}. */
public final class Sizes {
  private Sizes() {}

  /**
   * Sizes separated by {@code x} or commas.
   *
   * @throws UsageException if one is no whole number from 0 on, or too large
   */
  public static int[] parse(String option, String text) {
    int count = 1;
    for (int i = 0; i < text.length(); i++) {
      count += isSeparator(text.charAt(i)) ? 1 : 0;
    }
    int[] sizes = new int[count];
    int start = 0;
    for (int i = 0; i < count; i++) {
      int end = start;
      while (end < text.length() && !isSeparator(text.charAt(end))) {
        end++;
      }
      sizes[i] = size(option, text, text.substring(start, end));
      start = end + 1;
    }
    return sizes;
  }

  private static boolean isSeparator(char c) {
    return c == 'x' || c == ',' || c == '×';
  }

  private static int size(String option, String text, String part) {
    try {
      long size = Long.parseLong(part);
      if (size >= 0 && size <= Tensor.MAX_ELEMENTS && part.charAt(0) != '+') {
        return (int) size;
      }
    } catch (NumberFormatException e) {
      // Reported below.
    }
    throw new UsageException(option + " takes whole numbers such as 2 or 2x3, not '" + text + "'");
  }
}
