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
 * apart, equal ones once, and the fewer the nearer it is to the right one: a slip in the last place
 * or a number rounded twice is no mistake's. Which elements are wrong counts too. Constant answers
 * tell nothing.
 */
final class MatchEvidence {
  private static final double MOST_PER_VALUE = 20;
  private static final double MOST_FOR_REPEATS = 4;
  private static final double MOST_FOR_PLACES = 12;
  private static final int MOST_DECIMALS = 9;

  /** By how many of its last decimals an answer may be off that was rounded on the way. */
  private static final double MOST_DECIMALS_OFF = 5;

  /** Noise of float32. */
  private static final double MOST_OF_ZERO = 1e-6;

  /** Answers are taken for rounded if their last decimal is at most this part of their range. */
  private static final double FINE = 0.1;

  private final Answer mistaken;
  private final Answer right;
  private final Answer wrong;
  private final double rtol;
  private final double atol;

  /** Whether an answer with few decimals matches what it is when rounded. */
  private final boolean rounds;

  /** Whether the mistake's answer is another than the right one. */
  private boolean differs;

  private boolean isMatch = true;
  private double bits;

  private MatchEvidence(
      Answer mistaken, Answer right, Answer wrong, double rtol, double atol, boolean rounds) {
    this.mistaken = mistaken;
    this.right = right;
    this.wrong = wrong;
    this.rtol = rtol;
    this.atol = atol;
    this.rounds = rounds;
  }

  /**
   * The bits of a match.
   *
   * @param rounds whether the wrong answer may be the mistake's rounded to the decimals it has
   * @return NaN if the mistake's answer is right or of another shape than the wrong one, 0 if the
   *     wrong answer is not the mistake's
   */
  static double bits(
      Answer mistaken, Answer right, Answer wrong, double rtol, double atol, boolean rounds) {
    MatchEvidence evidence = new MatchEvidence(mistaken, right, wrong, rtol, atol, rounds);
    for (Map.Entry<String, Object> member : right.members().entrySet()) {
      if (!evidence.add(member.getKey(), member.getValue())) {
        return Double.NaN;
      }
    }
    return !evidence.differs ? Double.NaN : evidence.isMatch ? evidence.bits : 0;
  }

  /** Takes a member into account; false if it cannot be compared. */
  private boolean add(String name, Object expected) {
    Object given = wrong.member(name);
    given = given == null && right.members().size() == 1 ? wrong.member(Answer.MAIN) : given;
    if (given == null) {
      return true;
    }
    Object made = mistaken.member(name);
    given = made instanceof Tensor ? SizeList.asTensor(given) : given;
    if (made == null) {
      return false;
    }
    if (!(given instanceof Tensor g) || !(made instanceof Tensor m)) {
      Answer answer = Answer.ofValue(made, name);
      isMatch &= matches(Answer.ofValue(given, name), answer);
      if (!matches(Answer.ofValue(expected, name), answer)) {
        differs = true;
        // Words and formulas are seldom alike by chance.
        bits += MOST_PER_VALUE;
      }
      return true;
    }
    Tensor shaped = shaped(g, m);
    if (!Arrays.equals(shaped.shape(), m.shape())) {
      return false;
    }
    Tensor r = expected instanceof Tensor tensor ? tensor : null;
    boolean sameShape = r != null && Arrays.equals(r.shape(), m.shape());
    differs |= !sameShape || !equal(m, r, 0);
    double step = step(shaped);
    double range = range(m, r, rounds);
    boolean mayBeRounded = rounds && step <= FINE * range && !equal(shaped, m, 0);
    double half = mayBeRounded ? step / 2 * (1 + 1e-6) : 0;
    if (!equal(shaped, m, half) || !isNear(shaped, m, step)) {
      isMatch = false;
    } else if (!sameShape || !equal(shaped, r, half)) {
      bits += ofTensors(m, sameShape ? r : null, shaped, half, step, Math.min(range, extent(m)));
    }
    return true;
  }

  private boolean matches(Answer answer, Answer expected) {
    List<MemberCheck> checks = MemberCheck.compare(answer, expected, rtol, atol);
    return checks.stream().allMatch(MemberCheck::matches);
  }

  private Tensor shaped(Tensor given, Tensor like) {
    return wrong.isTable() && given.size() == like.size() ? given.reshape(like.shape()) : given;
  }

  private boolean equal(Tensor a, Tensor b, double half) {
    for (int i = 0; i < a.size(); i++) {
      if (!equal(a.get(i), b.get(i), half)) {
        return false;
      }
    }
    return true;
  }

  /** Whether an answer with many decimals is near to a mistake's, however wide the tolerance is. */
  private static boolean isNear(Tensor given, Tensor mistaken, double step) {
    for (int i = 0; i < given.size(); i++) {
      double most = MOST_DECIMALS_OFF * step + 1e-5 * Math.abs(mistaken.get(i));
      if (Math.abs(given.get(i) - mistaken.get(i)) > most) {
        return false;
      }
    }
    return true;
  }

  /**
   * @param half half of the last decimal if rounded numbers are equal, else 0
   */
  private boolean equal(double a, double b, double half) {
    // Where the mistake gives 0, only numbers next to 0 match, however wide the tolerance is.
    double most = b == 0 ? Math.min(atol, MOST_OF_ZERO) : atol + rtol * Math.abs(b);
    return a == b
        || (Double.isNaN(a) && Double.isNaN(b))
        || Math.abs(a - b) <= Math.max(half, most);
  }

  /** The range of the numbers of the mistake's and the right answer together. */
  private static double range(Tensor mistaken, Tensor right, boolean rounds) {
    double least = Double.POSITIVE_INFINITY;
    double greatest = Double.NEGATIVE_INFINITY;
    for (Tensor each : right == null ? List.of(mistaken) : List.of(mistaken, right)) {
      for (int i = 0; i < each.size(); i++) {
        least = Math.min(least, each.get(i));
        greatest = Math.max(greatest, each.get(i));
      }
    }
    // A single number or a size could have been anything from nothing to what it is.
    return mistaken.size() == 1 || !rounds
        ? Math.max(Math.abs(least), Math.abs(greatest))
        : greatest - least;
  }

  /**
   * The range of a tensor's numbers, with 0 in it: a wrong answer could as well have been small.
   */
  private static double extent(Tensor tensor) {
    double least = 0;
    double greatest = 0;
    for (int i = 0; i < tensor.size(); i++) {
      least = Math.min(least, tensor.get(i));
      greatest = Math.max(greatest, tensor.get(i));
    }
    return greatest - least;
  }

  /**
   * @param right the right answer if it has the same shape, or null
   */
  private double ofTensors(
      Tensor mistaken, Tensor right, Tensor given, double half, double step, double range) {
    if (rounds && given.size() > 1 && isConstant(given)) {
      return 0;
    }
    Set<Long> values = new HashSet<>();
    double sum = 0;
    double repeats = 0;
    int wrongs = 0;
    for (int i = 0; i < mistaken.size(); i++) {
      double value = mistaken.get(i);
      if (right != null
          && (equal(value, right.get(i), 0) || equal(given.get(i), right.get(i), half))) {
        continue;
      }
      wrongs++;
      double resolution = Math.max(step, 2 * (atol + rtol * Math.abs(value)));
      boolean isNew = value != 0 && values.add(Math.round(value / resolution));
      if (isNew) {
        // What is no size or count may have slipped twice as far to either side of the right one.
        boolean maySlip = rounds && right != null;
        double width = maySlip ? Math.min(range, 4 * Math.abs(value - right.get(i))) : range;
        sum += Math.min(MOST_PER_VALUE, Math.log(1 + width / resolution) / Math.log(2));
      } else {
        repeats++;
      }
    }
    sum += Math.min(repeats, MOST_FOR_REPEATS);
    double places = right == null ? 0 : Math.min(MOST_FOR_PLACES, places(mistaken.size(), wrongs));
    return wrongs == 0 ? 0 : sum + places;
  }

  /** The bits of the choice of some elements out of all. */
  private static double places(int all, int chosen) {
    double sum = 0;
    for (int i = 0; i < Math.min(chosen, all - chosen); i++) {
      sum += Math.log((all - i) / (i + 1.0)) / Math.log(2);
    }
    return sum;
  }

  private boolean isConstant(Tensor tensor) {
    for (int i = 1; i < tensor.size(); i++) {
      if (!equal(tensor.get(i), tensor.get(0), 0)) {
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
