package lamina.check.diagnosis;

import java.util.List;

/** What is known to go wrong with stride, padding and dilation of convolutions and poolings. */
final class WindowMistakes {
  private static final String SIZES = "\\d{1,4}([,x]\\d{1,4})*";

  private WindowMistakes() {}

  static void add(CommandWords words, List<Candidate> candidates) {
    boolean pool = words.name().equals("pool");
    String stride = words.value("--stride");
    if (stride != null || pool) {
      candidates.add(
          Candidate.of(
              "stride-ignored",
              "the result with stride 1",
              "check how far the window moves",
              () -> words.with("--stride", "1").run()));
    }
    if (stride != null && pool) {
      candidates.add(
          Candidate.of(
              "stride-of-size",
              "the result with a stride as large as the window",
              "check how far the window moves",
              () -> words.without("--stride").run()));
    }
    if (stride != null && stride.matches("\\d{1,4}[,x]\\d{1,4}")) {
      String[] parts = stride.split("[,x]", -1);
      candidates.add(
          Candidate.of(
              "stride-swapped",
              "the result with the strides of the two axes exchanged",
              "check which axis is which",
              () -> words.with("--stride", parts[1] + "," + parts[0]).run()));
    }
    addPadding(words, candidates);
    if (words.has("--dilation")) {
      candidates.add(
          Candidate.of(
              "dilation-ignored",
              "the result with dilation 1",
              "check how far apart the taps of the window are",
              () -> words.without("--dilation").run()));
    }
    String before = stride == null ? (pool ? words.value("--size") : "1") : stride;
    for (int step : new int[] {1, -1}) {
      if (before != null && before.matches("\\d{1,4}") && Integer.parseInt(before) + step > 0) {
        int other = Integer.parseInt(before) + step;
        candidates.add(
            Candidate.of(
                "stride-off-by-one",
                "the result with stride " + other + " instead of " + before,
                "check how far the window moves",
                () -> words.with("--stride", Integer.toString(other)).run()));
      }
    }
  }

  private static void addPadding(CommandWords words, List<Candidate> candidates) {
    String padding = words.value("--padding");
    String hint = "check what lies beyond the edge of the input";
    if (padding == null) {
      for (String word : new String[] {"same", "1", "full"}) {
        candidates.add(
            Candidate.of(
                "padding-added",
                "the result with padding " + word + " where there is none",
                hint,
                () -> words.with("--padding", word).run()));
      }
      return;
    }
    candidates.add(
        Candidate.of(
            "padding-missing",
            "the result without the padding",
            hint,
            () -> words.without("--padding", "--padding-mode").run()));
    if (padding.matches(SIZES)) {
      StringBuilder doubled = new StringBuilder();
      for (String size : padding.split("[,x]", -1)) {
        doubled.append(doubled.length() == 0 ? "" : ",").append(2 * Integer.parseInt(size));
      }
      candidates.add(
          Candidate.of(
              "padding-doubled",
              "the result with twice the padding",
              hint,
              () -> words.with("--padding", doubled.toString()).run()));
    }
    if (padding.matches("\\d{1,4}")) {
      candidates.add(
          Candidate.of(
              "padding-one-sided",
              "the result with the padding on one side only",
              hint,
              () -> words.with("--padding", "0:" + padding).run()));
    }
    if (words.has("--padding-mode")) {
      candidates.add(
          Candidate.of(
              "padding-zeros",
              "the result with zeros as padding",
              hint,
              () -> words.without("--padding-mode").run()));
    }
  }
}
