package lamina.check.diagnosis;

import java.util.ArrayList;
import java.util.List;

/** What is known to go wrong with poolings, the simplest first. */
final class PoolMistakes {
  private PoolMistakes() {}

  static List<Candidate> of(CommandWords words) {
    List<Candidate> candidates = new ArrayList<>();
    String kind = words.positionals().get(0);
    boolean max = kind.endsWith("max");
    boolean avg = kind.endsWith("avg");
    if (max || avg) {
      String other = kind.substring(0, kind.length() - 3) + (max ? "avg" : "max");
      candidates.add(
          Candidate.of(
              "other-pooling",
              max ? "the average instead of the maximum" : "the maximum instead of the average",
              "check what is computed of each window",
              () -> words.without("--indices").withPositional(0, other).run()));
    }
    if (max) {
      candidates.add(
          Candidate.of(
              "minimum",
              "the minimum instead of the maximum",
              "check what is computed of each window",
              () ->
                  GeneralMistakes.changed(
                      words.withInput(1, x -> CommandWords.mapped(x, v -> -v)).run(),
                      y -> CommandWords.mapped(y, v -> -v))));
    }
    candidates.add(
        Candidate.of(
            "ceil-mode",
            words.has("--ceil-mode")
                ? "the result with sizes rounded down instead of up"
                : "the result with sizes rounded up instead of down",
            "check what becomes of a window that does not fit any more",
            () -> words.toggled("--ceil-mode").run()));
    WindowMistakes.add(words, candidates);
    if (kind.equals("avg")) {
      boolean counted = !words.has("--no-count-include-pad");
      CommandWords neither = words.without("--count-include-pad", "--no-count-include-pad");
      candidates.add(
          Candidate.of(
              counted ? "padding-not-counted" : "padding-counted",
              counted
                  ? "the average with the padding not counted"
                  : "the average with the padding counted",
              "check what an average at the edge is divided by",
              () ->
                  neither
                      .withFlag(counted ? "--no-count-include-pad" : "--count-include-pad")
                      .run()));
      candidates.add(
          Candidate.of(
              "sum",
              "the sum of each window instead of its average",
              "check what is computed of each window",
              () -> words.with("--divisor", "1").run()));
    }
    candidates.add(
        Candidate.of(
            "input-transposed",
            "the result with the input transposed",
            "check which of the input's axes is which",
            () ->
                words
                    .withInput(1, x -> CommandWords.swapped(x, x.rank() - 2, x.rank() - 1))
                    .run()));
    return candidates;
  }
}
