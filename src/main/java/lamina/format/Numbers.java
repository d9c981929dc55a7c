package lamina.format;

/** Numbers as users type them, the same in every locale. */
public final class Numbers {
  private Numbers() {}

  /**
   * Parses a decimal number such as {@code -1.5e3} or {@code .5}. Unlike {@link Double#parseDouble}
   * it takes neither blanks, hexadecimal digits, nor the suffixes {@code d} and {@code f}.
   *
   * @return the number (infinite if beyond the range), or NaN if the text is none
   */
  public static double parse(String text) {
    int i = 0;
    int end = text.length();
    if (i < end && (text.charAt(i) == '-' || text.charAt(i) == '+')) {
      i++;
    }
    int start = i;
    i = digits(text, i);
    int digits = i - start;
    if (i < end && text.charAt(i) == '.') {
      int fraction = digits(text, i + 1);
      digits += fraction - i - 1;
      i = fraction;
    }
    if (digits == 0) {
      return Double.NaN;
    }
    if (i < end && (text.charAt(i) == 'e' || text.charAt(i) == 'E')) {
      i++;
      if (i < end && (text.charAt(i) == '-' || text.charAt(i) == '+')) {
        i++;
      }
      int exponent = digits(text, i);
      if (exponent == i) {
        return Double.NaN;
      }
      i = exponent;
    }
    return i == end ? Double.parseDouble(text) : Double.NaN;
  }

  private static int digits(String text, int from) {
    int i = from;
    while (i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
      i++;
    }
    return i;
  }
}
