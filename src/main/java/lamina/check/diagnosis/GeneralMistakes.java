package lamina.check.diagnosis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import lamina.check.Answer;
import lamina.tensor.Tensor;

/** What can go wrong with any answer that is a tensor, made of the right one. */
final class GeneralMistakes {
  private GeneralMistakes() {}

  /**
   * The mistakes that can be made with an answer.
   *
   * @param sizes whether the answer is a list of sizes
   * @param channelsLast whether the channels are last in the right one
   */
  static List<Candidate> of(Answer right, boolean sizes, boolean channelsLast) {
    List<Candidate> candidates = new ArrayList<>();
    candidates.add(
        Candidate.of(
            "transposed",
            "the right result transposed",
            "check which axis is which",
            () ->
                changed(
                    right,
                    t -> t.rank() < 2 ? t : CommandWords.swapped(t, t.rank() - 2, t.rank() - 1))));
    String order = channelsLast ? "first" : "last";
    Candidate otherOrder =
        Candidate.of(
            "channels-" + order,
            "the right result with the channels " + order,
            "check in which order the axes are asked for",
            () ->
                changed(
                    right, t -> channelsLast ? channelsFirst(t, sizes) : channelsLast(t, sizes)));
    candidates.add(sizes ? otherOrder.ofSizes() : otherOrder);
    candidates.add(
        Candidate.of(
            "negated",
            "the right result with the opposite sign",
            "check the sign",
            () -> changed(right, t -> CommandWords.mapped(t, x -> -x))));
    candidates.add(
        Candidate.of(
            "percent",
            "the right result in percent",
            "check the unit",
            () -> changed(right, t -> CommandWords.mapped(t, x -> 100 * x))));
    if (!sizes) {
      addFactors(right, candidates);
    }
    if (right.members().size() == 2) {
      addSwapped(right, candidates);
    }
    candidates.add(
        Candidate.of(
            "flattened",
            "the right result in one row, without its shape",
            "check the shape",
            () -> changed(right, t -> t.rank() < 2 ? t : t.reshape(t.size()))));
    addShortened(right, candidates);
    return candidates;
  }

  /** Adds the right result with its two members exchanged. */
  private static void addSwapped(Answer right, List<Candidate> candidates) {
    String[] names = right.members().keySet().toArray(String[]::new);
    Map<String, Object> swapped = new LinkedHashMap<>();
    swapped.put(names[0], right.member(names[1]));
    swapped.put(names[1], right.member(names[0]));
    candidates.add(
        Candidate.of(
            "members-swapped",
            "the right result with " + names[0] + " and " + names[1] + " exchanged",
            "check which member is which",
            () -> Answer.ofMembers(swapped)));
  }

  /** Adds the right result with too few decimals, rounded or cut off. */
  private static void addShortened(Answer right, List<Candidate> candidates) {
    // Few decimals come first: what is rounded to one decimal may look rounded to two as well.
    for (int decimals = 0; decimals <= 4; decimals++) {
      double scale = Math.pow(10, decimals);
      String count = decimals + (decimals == 1 ? " decimal" : " decimals");
      candidates.add(
          Candidate.of(
                  "rounded",
                  "the right result rounded to " + count,
                  "give more decimals",
                  () ->
                      changed(
                          right, t -> CommandWords.mapped(t, x -> Math.rint(x * scale) / scale)))
              .exactly());
      candidates.add(
          Candidate.of(
                  "cut-off",
                  "the right result cut off after " + count,
                  "give more decimals",
                  () ->
                      changed(
                          right,
                          t ->
                              CommandWords.mapped(
                                  t, x -> Math.signum(x) * cutOff(Math.abs(x), scale))))
              .exactly());
    }
  }

  private static void addFactors(Answer right, List<Candidate> candidates) {
    Map<String, Double> factors = new LinkedHashMap<>();
    factors.put("twice", 2.0);
    factors.put("half", 0.5);
    factors.put("ten times", 10.0);
    factors.put("a tenth of", 0.1);
    factors.put("a hundredth of", 0.01);
    factors.forEach(
        (name, factor) ->
            candidates.add(
                Candidate.of(
                    "factor",
                    name + " the right result",
                    "check for a factor that is missing or too many",
                    () -> changed(right, t -> CommandWords.mapped(t, x -> factor * x)))));
  }

  /** An answer of sizes with the channels at the other end; null if it holds no sizes. */
  static Answer inOtherOrder(Answer answer, boolean channelsLast) {
    return changed(answer, t -> t.rank() == 1 ? rolled(t, channelsLast ? -1 : 1) : t);
  }

  /** Cuts decimals off. A number that lies just below a step by rounding counts as on it. */
  private static double cutOff(double magnitude, double scale) {
    return Math.floor(magnitude * scale + 1e-9) / scale;
  }

  /** The answer with each of its tensors changed; null if that changes none of them. */
  static Answer changed(Answer answer, UnaryOperator<Tensor> change) {
    Map<String, Object> members = new LinkedHashMap<>();
    boolean differs = false;
    for (Map.Entry<String, Object> member : answer.members().entrySet()) {
      Object value = member.getValue();
      if (value instanceof Tensor tensor) {
        Tensor changed = change.apply(tensor);
        differs |= !changed.equals(tensor);
        value = changed;
      }
      members.put(member.getKey(), value);
    }
    return differs ? Answer.ofMembers(members) : null;
  }

  private static Tensor channelsLast(Tensor tensor, boolean sizes) {
    int rank = tensor.rank();
    if (sizes && rank == 1) {
      return rolled(tensor, 1);
    }
    return rank == 3 ? tensor.permute(1, 2, 0) : rank == 4 ? tensor.permute(0, 2, 3, 1) : tensor;
  }

  private static Tensor channelsFirst(Tensor tensor, boolean sizes) {
    int rank = tensor.rank();
    if (sizes && rank == 1) {
      return rolled(tensor, -1);
    }
    return rank == 3 ? tensor.permute(2, 0, 1) : rank == 4 ? tensor.permute(0, 3, 1, 2) : tensor;
  }

  /** Sizes that are moved round; of four and more, the first is the batch and stays. */
  private static Tensor rolled(Tensor sizes, int by) {
    int start = sizes.size() > 3 ? 1 : 0;
    int count = sizes.size() - start;
    double[] values = new double[sizes.size()];
    Arrays.setAll(
        values, i -> sizes.get(i < start ? i : start + Math.floorMod(i - start + by, count)));
    return Tensor.of(values, sizes.size());
  }
}
