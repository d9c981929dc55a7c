package lamina.report;

import java.lang.Character.UnicodeScript;

/**
 * How many columns of a terminal a text takes: none for marks over a letter, two for ideographs,
 * syllables and emoji, as wcwidth has it in most terminals.
 */
final class CellWidth {
  private CellWidth() {}

  static int of(String text) {
    return text.codePoints().map(CellWidth::of).sum();
  }

  private static int of(int point) {
    return switch (Character.getType(point)) {
      case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> 0;
      default -> isWide(point) ? 2 : 1;
    };
  }

  private static boolean isWide(int point) {
    boolean isFullForm =
        (point >= 0xff01 && point <= 0xff60) || (point >= 0x3000 && point <= 0x303e);
    boolean isEmoji = point >= 0x1f300 && point <= 0x1faff;
    return isFullForm
        || isEmoji
        || switch (UnicodeScript.of(point)) {
          case HAN, HIRAGANA, KATAKANA, HANGUL, BOPOMOFO, YI -> point < 0xff61 || point > 0xffdc;
          default -> false;
        };
  }

  /** The text in one line and at most so many columns: cut with an ellipsis where it is longer. */
  static String fitted(String text, int columns) {
    StringBuilder line = new StringBuilder();
    text.codePoints()
        .map(point -> Character.isISOControl(point) ? ' ' : point)
        .forEach(line::appendCodePoint);
    if (of(line.toString()) <= columns) {
      return line.toString();
    }
    int end = 0;
    int width = 1;
    while (width + of(line.codePointAt(end)) <= columns) {
      width += of(line.codePointAt(end));
      end = line.offsetByCodePoints(end, 1);
    }
    return line.substring(0, end) + "…";
  }
}
