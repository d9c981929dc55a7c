package lamina.check.diagnosis;

import java.util.ArrayList;
import java.util.List;
import lamina.check.Answer;
import lamina.tensor.Tensor;

/** What is known to go wrong with poolings, the simplest first. */
final class PoolMistakes {
  private PoolMistakes() {}

  static List<Candidate> of(CommandWords words) {
    List<Candidate> candidates = new ArrayList<>();
    String kind = words.positionals().get(0);
    addOtherKinds(words, kind, candidates);
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
      addDivisors(words, candidates);
    }
    if (kind.endsWith("max") && words.has("--padding")) {
      candidates.add(
          Candidate.of(
                  "maximum-of-padding",
                  "the maximum with the padding's zeros counted",
                  "check whether what lies beyond the edge can be a maximum",
                  () -> withZeros(words))
              .needing(Candidate.OF_ZEROS));
    }
    WindowMistakes.addLastWindow(words, 2, candidates);
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

  /** Another function of each window. */
  private static void addOtherKinds(CommandWords words, String kind, List<Candidate> candidates) {
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
  }

  /** What an average is divided by. */
  private static void addDivisors(CommandWords words, List<Candidate> candidates) {
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

  /** Maxima over the positive numbers and over the others, joined where the padding is. */
  private static Answer withZeros(CommandWords words) {
    // The average of ones is below 1 where the padding is counted and below nothing else.
    Tensor counted =
        (Tensor)
            words
                .without("--ceil-mode", "--indices")
                .withPositional(0, "avg")
                .withInput(1, x -> CommandWords.mapped(x, v -> 1))
                .run()
                .member(Answer.MAIN);
    return GeneralMistakes.changed(
        words.run(),
        y -> {
          double[] values = new double[y.size()];
          for (int i = 0; i < values.length; i++) {
            values[i] = counted.get(i) < 1 ? Math.max(0, y.get(i)) : y.get(i);
          }
          return Tensor.of(values, y.shape());
        });
  }
}
