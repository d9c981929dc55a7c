package lamina.text;

/** Finds what a user probably meant by a name that nobody knows. */
public final class NearSpelling {
  private NearSpelling() {}

  /**
   * The candidate nearest to a word: case, {@code -}, {@code _} and blanks do not count, and at
   * most a third of the letters (at least one) may be wrong, missing, superfluous or swapped with
   * their neighbour.
   *
   * @return the first of the nearest candidates as it is written there, or null if none is near
   */
  public static String of(String word, Iterable<String> candidates) {
    String plain = plain(word);
    String nearest = null;
    int least = Math.max(1, plain.length() / 3) + 1;
    for (String candidate : candidates) {
      int distance = distance(plain, plain(candidate));
      if (distance < least) {
        least = distance;
        nearest = candidate;
      }
    }
    return nearest;
  }

  /** The end of an error message: {@code "; did you mean 'relu'?"}, or nothing if none is near. */
  public static String hint(String word, Iterable<String> candidates) {
    String near = of(word, candidates);
    return near == null ? "" : "; did you mean '" + near + "'?";
  }

  /** A name without what people write differently: lower case, no {@code -}, {@code _}, blanks. */
  public static String plain(String name) {
    StringBuilder plain = new StringBuilder(name.length());
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c != '-' && c != '_' && c != ' ') {
        plain.append(Character.toLowerCase(c));
      }
    }
    return plain.toString();
  }

  /** The optimal string alignment distance: insert, delete, replace, swap of two neighbours. */
  private static int distance(String a, String b) {
    int[] beforeLast = new int[b.length() + 1];
    int[] last = new int[b.length() + 1];
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] free = beforeLast;
      beforeLast = last;
      last = row;
      row = free;
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        boolean same = a.charAt(i - 1) == b.charAt(j - 1);
        row[j] = Math.min(Math.min(row[j - 1], last[j]) + 1, last[j - 1] + (same ? 0 : 1));
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) {
          row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
        }
      }
    }
    return row[b.length()];
  }
}
