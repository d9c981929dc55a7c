package lamina.check.diagnosis;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lamina.check.Answer;
import lamina.check.MemberCheck;
import lamina.check.SizeList;
import lamina.tensor.Tensor;

/**
 * How much a match between a wrong answer and that of a mistake tells: the number of bits that
 * chance would have to get right. It does not depend on the scale of the numbers. An element counts
 * by how many values it could have had as far as the answer's decimals and the tolerance tell them
 * apart, equal ones once; which elements are wrong counts too. Constant answers tell nothing.
 */
final class MatchEvidence {
  private static final double MOST_PER_VALUE = 20;
  private static final double MOST_FOR_REPEATS = 4;
  private static final double MOST_FOR_PLACES = 12;
  private static final int MOST_DECIMALS = 9;

  private MatchEvidence() {}

  /**
   * The bits of a match.
   *
   * @return 0 if the wrong answer is not the mistake's, or the mistake's is right
   */
  static double bits(Answer mistaken, Answer right, Answer wrong, double rtol, double atol) {
    double bits = 0;
    boolean differs = false;
    for (Map.Entry<String, Object> member : right.members().entrySet()) {
      String name = member.getKey();
      Object given = wrong.member(name);
      boolean lone = right.members().size() == 1;
      given = given == null && lone ? wrong.member(Answer.MAIN) : given;
      if (given == null) {
        continue;
      }
      Object made = mistaken.member(name);
      given = made instanceof Tensor ? SizeList.asTensor(given) : given;
      if (made == null) {
        return 0;
      }
      if (!(given instanceof Tensor g) || !(made instanceof Tensor m)) {
        Answer expected = Answer.ofValue(made, name);
        if (!matches(Answer.ofValue(given, name), expected, rtol, atol)) {
          return 0;
        }
        if (!matches(Answer.ofValue(member.getValue(), name), expected, rtol, atol)) {
          differs = true;
          // Words and formulas are seldom alike by chance.
          bits += MOST_PER_VALUE;
        }
        continue;
      }
      Tensor shaped = shaped(g, m, wrong.isTable());
      if (!Arrays.equals(shaped.shape(), m.shape()) || !equal(shaped, m, rtol, atol)) {
        return 0;
      }
      Tensor r = member.getValue() instanceof Tensor tensor ? tensor : null;
      if (r == null || !Arrays.equals(r.shape(), m.shape()) || !equal(m, r, rtol, atol)) {
        differs = true;
        bits += ofTensors(m, r, shaped, rtol, atol);
      }
    }
    return differs ? bits : 0;
  }

  private static boolean matches(Answer answer, Answer expected, double rtol, double atol) {
    List<MemberCheck> checks = MemberCheck.compare(answer, expected, rtol, atol);
    return checks.stream().allMatch(MemberCheck::matches);
  }

  private static Tensor shaped(Tensor given, Tensor like, boolean table) {
    return table && given.size() == like.size() ? given.reshape(like.shape()) : given;
  }

  private static boolean equal(Tensor a, Tensor b, double rtol, double atol) {
    for (int i = 0; i < a.size(); i++) {
      if (!equal(a.get(i), b.get(i), rtol, atol)) {
        return false;
      }
    }
    return true;
  }

  private static boolean equal(double a, double b, double rtol, double atol) {
    return a == b
        || (Double.isNaN(a) && Double.isNaN(b))
        || Math.abs(a - b) <= atol + rtol * Math.abs(b);
  }

  private static double ofTensors(
      Tensor mistaken, Tensor right, Tensor given, double rtol, double atol) {
    boolean sameShape = right != null && Arrays.equals(right.shape(), mistaken.shape());
    double least = Double.POSITIVE_INFINITY;
    double greatest = Double.NEGATIVE_INFINITY;
    for (Tensor each : right == null ? List.of(mistaken) : List.of(mistaken, right)) {
      for (int i = 0; i < each.size(); i++) {
        least = Math.min(least, each.get(i));
        greatest = Math.max(greatest, each.get(i));
      }
    }
    if (mistaken.size() > 1 && isConstant(mistaken, rtol, atol)) {
      return 0;
    }
    // A single number could have been anything from nothing to what it is.
    double spread =
        mistaken.size() == 1 ? Math.max(Math.abs(least), Math.abs(greatest)) : greatest - least;
    double step = step(given);
    Set<Long> values = new HashSet<>();
    double bits = 0;
    double repeats = 0;
    int wrong = 0;
    for (int i = 0; i < mistaken.size(); i++) {
      double value = mistaken.get(i);
      if (sameShape && equal(value, right.get(i), rtol, atol)) {
        continue;
      }
      wrong++;
      double resolution = Math.max(step, 2 * (atol + rtol * Math.abs(value)));
      boolean isNew = value != 0 && values.add(Math.round(value / resolution));
      if (isNew) {
        bits += Math.min(MOST_PER_VALUE, Math.log(1 + spread / resolution) / Math.log(2));
      } else {
        repeats++;
      }
    }
    bits += Math.min(repeats, MOST_FOR_REPEATS);
    return bits + (sameShape ? Math.min(MOST_FOR_PLACES, places(mistaken.size(), wrong)) : 0);
  }

  /** The bits of the choice of some elements out of all. */
  private static double places(int all, int chosen) {
    double bits = 0;
    for (int i = 0; i < Math.min(chosen, all - chosen); i++) {
      bits += Math.log((all - i) / (i + 1.0)) / Math.log(2);
    }
    return bits;
  }

  private static boolean isConstant(Tensor tensor, double rtol, double atol) {
    for (int i = 1; i < tensor.size(); i++) {
      if (!equal(tensor.get(i), tensor.get(0), rtol, atol)) {
        return false;
      }
    }
    return true;
  }

  /** The last decimal that the numbers of an answer have: 1, 0.1, 0.01, ... */
  static double step(Tensor tensor) {
    double scale = 1;
    for (int decimals = 0; decimals < MOST_DECIMALS; decimals++) {
      boolean whole = true;
      for (int i = 0; i < tensor.size() && whole; i++) {
        double scaled = tensor.get(i) * scale;
        whole = !(Math.abs(scaled - Math.rint(scaled)) > 1e-6);
      }
      if (whole) {
        break;
      }
      scale *= 10;
    }
    return 1 / scale;
  }
}
