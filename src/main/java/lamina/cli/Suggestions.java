package lamina.cli;

import java.util.List;
import java.util.Locale;

/** Near spellings for what was mistyped. */
final class Suggestions {
  private Suggestions() {}

  /**
   * A hint such as {@code did you mean 'conv'?}, or {@code otherwise} if nothing known is near.
   *
   * @param otherwise the hint without a near spelling; may be null
   */
  static String didYouMean(String typed, List<String> known, String otherwise) {
    String best = null;
    int bestDistance = Math.max(1, typed.length() / 3) + 1;
    for (String candidate : known) {
      int distance = distance(typed.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
      if (distance < bestDistance) {
        best = candidate;
        bestDistance = distance;
      }
    }
    return best == null ? otherwise : "did you mean '" + best + "'?";
  }

  /** Edits (insert, delete, replace, swap of neighbours) from one word to the other. */
  private static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int replaced = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        d[i][j] = Math.min(replaced, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
