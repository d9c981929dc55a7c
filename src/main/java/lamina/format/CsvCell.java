package lamina.format;

import java.util.Locale;

/** What a cell of a table of numbers may be. */
final class CsvCell {
  private static final String CURRENCIES =
      "USD EUR GBP JPY CHF CNY INR BRL RUB KRW AUD CAD SEK NOK DKK PLN CZK HUF MXN ZAR TRY ILS"
          + " SGD HKD NZD THB";

  private CsvCell() {}

  /**
   * Whether a cell is a number, or NaN or an infinity by the names that programs give them.
   *
   * @param decimalComma whether fractions come after a comma
   */
  static boolean isNumber(String text, boolean decimalComma) {
    return !Double.isNaN(Numbers.parse(decimalComma ? withPoint(text) : text)) || isSpecial(text);
  }

  /** A number with a decimal comma as one with a point; any other text stays what it is. */
  static String withPoint(String text) {
    int comma = text.indexOf(',');
    boolean digitFollows = comma >= 0 && comma + 1 < text.length() && isDigit(text, comma + 1);
    return digitFollows ? text.substring(0, comma) + '.' + text.substring(comma + 1) : text;
  }

  /** Whether the comma in a number may as well set off thousands: {@code 1,234}. */
  static boolean mayBeGrouped(String text) {
    int comma = text.indexOf(',');
    int start = !text.isEmpty() && (text.charAt(0) == '-' || text.charAt(0) == '+') ? 1 : 0;
    return comma > start
        && comma - start <= 3
        && text.charAt(start) != '0'
        && text.length() == comma + 4;
  }

  static boolean isSpecial(String text) {
    return !text.isEmpty() && special(text) != 0;
  }

  /** NaN and the infinities; 0 for anything else. */
  static double special(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "nan", "+nan", "-nan" -> Double.NaN;
      case "inf", "+inf", "infinity", "+infinity" -> Double.POSITIVE_INFINITY;
      case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
      default -> 0;
    };
  }

  /**
   * Whether a text that is no number may name a column. Amounts with a unit or a currency, dates
   * and the marks of missing values are data that somebody would miss.
   */
  static boolean mayNameColumn(String text) {
    if (text.isEmpty()) {
      return false;
    }
    int first = text.codePointAt(0);
    boolean letter = Character.isLetter(first) || "_([{\"'*°/#@%".indexOf(first) >= 0;
    return letter && !isMissing(text) && !isAmount(text);
  }

  /** Whether a text looks like a date or a time: digits with marks between them. */
  static boolean isDate(String text) {
    return text.matches("\\d{1,4}[-/.:]\\d{1,2}([-/.:]\\d{1,4})?([ T].*)?");
  }

  private static boolean isMissing(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "na",
          "n/a",
          "n.a.",
          "#n/a",
          "<na>",
          "null",
          "none",
          "nil",
          "nat",
          "missing",
          "unknown",
          "true",
          "false",
          "yes",
          "no",
          "%",
          "*",
          "**",
          "***",
          "#ref!",
          "#value!",
          "#div/0!",
          "#num!",
          "#null!",
          "#name?" ->
          true;
      default -> false;
    };
  }

  /** A number behind the code of a currency, or in brackets as accountants write negative ones. */
  private static boolean isAmount(String text) {
    int i = 0;
    while (i < text.length() && Character.isUpperCase(text.charAt(i))) {
      i++;
    }
    if (i != 0 && !(i == 3 && CURRENCIES.contains(text.substring(0, 3)))) {
      return false;
    }
    int letters = i;
    while (i < text.length()
        && !isDigit(text, i)
        && text.charAt(i) != '_'
        && !Character.isLetter(text.charAt(i))) {
      i++;
    }
    return i > 0 && i < text.length() && isDigit(text, i) && (letters > 0 || i == 1);
  }

  private static boolean isDigit(String text, int at) {
    return text.charAt(at) >= '0' && text.charAt(at) <= '9';
  }
}
