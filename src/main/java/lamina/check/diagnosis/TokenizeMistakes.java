package lamina.check.diagnosis;

import java.util.ArrayList;
import java.util.List;

/** What is known to go wrong when an image becomes a sequence, the simplest first. */
final class TokenizeMistakes {
  private static final String ORDER = "check in which order the tokens follow each other";

  private TokenizeMistakes() {}

  static List<Candidate> of(CommandWords words) {
    List<Candidate> candidates = new ArrayList<>();
    String by = words.value("--by");
    addCuts(words, by, candidates);
    addOverlaps(words, by, candidates);
    candidates.add(
        Candidate.of(
            "input-transposed",
            "the result with the image transposed",
            "check which of the image's axes is which",
            () ->
                words
                    .withInput(0, x -> CommandWords.swapped(x, x.rank() - 2, x.rank() - 1))
                    .run()));
    for (String other : List.of("drop", "pad")) {
      if (words.has("--remainder") && !other.equals(words.value("--remainder"))) {
        candidates.add(
            Candidate.of(
                "remainder",
                "the result with the remainder " + (other.equals("drop") ? "dropped" : "padded"),
                "check what becomes of what is left over at the end",
                () -> words.with("--remainder", other).run()));
      }
    }
    return candidates;
  }

  /** Along which axis, and in which order, the image is cut. */
  private static void addCuts(CommandWords words, String by, List<Candidate> candidates) {
    if ("rows".equals(by) || "columns".equals(by)) {
      String other = by.equals("rows") ? "columns" : "rows";
      candidates.add(
          Candidate.of(
              "rows-for-columns",
              "the image cut by " + other + " instead of " + by,
              "check along which axis the image is cut",
              () -> words.with("--by", other).run()));
    } else {
      String order = words.has("--order") ? words.value("--order") : "row";
      for (String other : List.of("row", "column", "snake")) {
        if (!other.equals(order)) {
          candidates.add(
              Candidate.of(
                  "order",
                  "the sequence in the order " + other + " instead of " + order,
                  ORDER,
                  () -> words.with("--order", other).run()));
        }
      }
    }
  }

  private static void addOverlaps(CommandWords words, String by, List<Candidate> candidates) {
    if (words.has("--stride")) {
      candidates.add(
          Candidate.of(
              "no-overlap",
              "the result without overlap",
              "check how far apart the tokens begin",
              () -> words.without("--stride").run()));
    } else if ("patches".equals(by) || "windows".equals(by)) {
      candidates.add(
          Candidate.of(
              "overlap",
              "the result with stride 1, so that tokens overlap",
              "check how far apart the tokens begin",
              () -> words.with("--stride", "1").run()));
    }
  }
}
