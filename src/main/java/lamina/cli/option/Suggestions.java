package lamina.cli.option;

import lamina.text.NearSpelling;

/** Hints after a usage error. */
public final class Suggestions {
  private Suggestions() {}

  /**
   * A hint such as {@code did you mean 'conv'?}, or {@code otherwise} if nothing known is near.
   *
   * @param otherwise the hint without a near spelling; may be null
   */
  public static String didYouMean(String typed, Iterable<String> known, String otherwise) {
    String near = NearSpelling.of(typed, known);
    return near == null ? otherwise : "did you mean '" + near + "'?";
  }
}
