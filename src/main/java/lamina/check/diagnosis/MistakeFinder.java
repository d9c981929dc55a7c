package lamina.check.diagnosis;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lamina.check.Answer;
import lamina.check.CommandRunner;
import lamina.check.Comparison;
import lamina.check.MemberCheck;
import lamina.check.Mistake;
import lamina.check.SizeList;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * Finds the well-known mistake that explains a wrong answer. A mistake is named only if the answer
 * is what it gives and chance would hardly give it: by one of 64 that any of the mistakes is hit,
 * however few numbers there are. Where a few numbers fit several mistakes, those are named
 * together. The answers of mistakes are computed once, when they are first needed.
 */
public final class MistakeFinder {
  /** Large commands take long to be run again and again; then the simplest mistakes must do. */
  private static final long MOST_NANOS = 20_000_000_000L;

  /** Bits of a match that are enough whatever else there is. */
  private static final double PLENTY = 20;

  /** Tolerances for noise of float32 alone. */
  private static final double FINE_RELATIVE = 1e-5;

  private static final double FINE_ABSOLUTE = 1e-7;

  /** Answers of more elements are explained by the first mistake that fits. */
  private static final int SMALL = 16;

  /** Bits that make an accident one of 64. */
  private static final double ONE_OF_64 = 6;

  /** Questions of one sheet have alike answers; few small numbers are no sign of an exchange. */
  private static final double OF_ANOTHER = 10;

  /** Bits with which a lone size may be a mistake's; below, it could be anything. */
  private static final double OF_A_SIZE = 2.5;

  /** More than so many that fit explain nothing. */
  private static final int MOST_NAMED = 3;

  private final List<Candidate> candidates = new ArrayList<>();
  private final Map<Candidate, Optional<Answer>> answers = new HashMap<>();
  private final Answer right;

  /** Nanoseconds that the answers of mistakes took so far. */
  private long spent;

  /**
   * Prepares for answers to one question.
   *
   * @param command what gives the right answer, or null if it is only known
   * @param right the right answer
   * @param directory what the command's paths are relative to
   */
  public MistakeFinder(List<String> command, Answer right, CommandRunner commands, Path directory) {
    this.right = right;
    String layout = null;
    if (command != null) {
      CommandWords words = new CommandWords(command, commands, directory);
      candidates.addAll(ofCommand(words));
      layout = words.value("--layout");
    }
    boolean sizes =
        command == null
            ? right.member("output") != null || right.members().containsKey("shape")
            : command.get(0).equals("shape");
    candidates.addAll(GeneralMistakes.of(right, sizes, layout != null && layout.endsWith("c")));
  }

  private static List<Candidate> ofCommand(CommandWords words) {
    try {
      return switch (words.name()) {
        case "conv" -> ConvMistakes.of(words);
        case "pool" -> PoolMistakes.of(words);
        case "activate" -> ActivateMistakes.of(words);
        case "rnn" -> RnnMistakes.of(words);
        case "shape" -> ShapeMistakes.of(words);
        case "tokenize" -> TokenizeMistakes.of(words);
        case "run" -> RunMistakes.of(words);
        default -> List.of();
      };
    } catch (InputException e) {
      // Something of the command cannot be read here; the general mistakes are left.
      return List.of();
    }
  }

  /** What each mistake that could be made gives, for those that can be made here. */
  synchronized Map<Mistake, Answer> predictions() {
    Map<Mistake, Answer> predictions = new LinkedHashMap<>();
    for (Candidate candidate : candidates) {
      answers
          .computeIfAbsent(candidate, this::compute)
          .ifPresent(answer -> predictions.put(candidate.mistake(), answer));
    }
    return predictions;
  }

  /**
   * The mistake that explains a wrong answer, or the few that do, or null. What fits to the last
   * decimal comes before what fits within a wide tolerance.
   */
  public synchronized Mistake of(Answer wrong, double rtol, double atol) {
    double fineRelative = Math.min(rtol, FINE_RELATIVE);
    double fineAbsolute = Math.min(atol, FINE_ABSOLUTE);
    Mistake fine = find(wrong, fineRelative, fineAbsolute);
    boolean isWide = rtol > fineRelative || atol > fineAbsolute;
    return fine != null || !isWide ? fine : find(wrong, rtol, atol);
  }

  /**
   * The question, of others, that a wrong answer is right for, as a mistake; or null.
   *
   * @param others right answers by the names of their questions
   * @param right the right answer to the question that was asked
   */
  public static Mistake ofOthers(
      Map<String, Answer> others, Answer right, Answer wrong, double rtol, double atol) {
    double enough = OF_ANOTHER + Math.log(Math.max(1, others.size())) / Math.log(2);
    List<String> names = new ArrayList<>();
    for (Map.Entry<String, Answer> other : others.entrySet()) {
      Answer named = other.getValue();
      if (named.members().size() == 1 && right.members().size() == 1) {
        String name = right.members().keySet().iterator().next();
        named = Answer.ofMembers(Map.of(name, named.members().values().iterator().next()));
      }
      if (MatchEvidence.bits(named, right, wrong, rtol, atol, true) >= enough) {
        names.add(other.getKey());
      }
    }
    return names.size() != 1
        ? null
        : Mistake.of(
            "other-question",
            "the answer of '" + names.get(0) + "'",
            "check which question this answers");
  }

  private Mistake find(Answer wrong, double rtol, double atol) {
    Map<Candidate, Double> matching = new LinkedHashMap<>();
    int possible = addMatching(wrong, rtol, atol, matching);
    boolean isOne = elements(wrong) == 1;
    boolean isOneOfSeveral = !isOne && differing(wrong) == 1;
    // Each mistake that could have been made is another chance to hit one by accident.
    double usual = ONE_OF_64 + Math.log(possible) / Math.log(2);
    List<Candidate> sure = new ArrayList<>();
    List<Candidate> unsure = new ArrayList<>();
    matching.forEach(
        (candidate, bits) -> {
          double enough = candidate.bits() == Candidate.USUAL ? usual : candidate.bits();
          // Of several sizes one alone may be a slip.
          enough += isOneOfSeveral && candidate.isOfSizes() ? OF_A_SIZE : 0;
          if (bits >= enough) {
            add(candidate, sure);
          } else if ((isOne || isOneOfSeveral) && candidate.isOfSizes() && bits >= OF_A_SIZE) {
            add(candidate, unsure);
          }
        });
    if (!sure.isEmpty()) {
      // What fits as well may be the reason, however little it would tell alone.
      matching.keySet().forEach(candidate -> add(candidate, sure));
    }
    List<Candidate> named = sure.isEmpty() ? unsure : sure;
    return named.isEmpty() || named.size() > MOST_NAMED
        ? null
        : Mistake.either(named.stream().map(Candidate::mistake).toList(), !sure.isEmpty());
  }

  /**
   * Adds the mistakes that give the wrong answer, with the bits of evidence for each.
   *
   * @return how many mistakes could have been made
   */
  private int addMatching(Answer wrong, double rtol, double atol, Map<Candidate, Double> matching) {
    boolean isWide = rtol > FINE_RELATIVE || atol > FINE_ABSOLUTE;
    boolean isLarge = elements(wrong) > SMALL;
    int possible = 0;
    boolean isFound = false;
    for (Candidate candidate : candidates) {
      // However many mistakes there are: large answers do not fit two of them by chance, but for
      // rounding it may be a mere factor.
      boolean isLate = spent > MOST_NANOS && !answers.containsKey(candidate);
      boolean isVague = isWide && candidate.isOfDecimals();
      if (isLate || isVague || (isFound && !candidate.isNoReason())) {
        continue;
      }
      Answer mistaken = answers.computeIfAbsent(candidate, this::compute).orElse(null);
      double bits =
          mistaken == null
              ? Double.NaN
              : MatchEvidence.bits(mistaken, right, wrong, rtol, atol, candidate.rounds());
      if (Double.isNaN(bits)) {
        continue;
      }
      isFound |= isLarge && matching.isEmpty() && bits >= PLENTY;
      possible++;
      if (bits > 0) {
        matching.put(candidate, bits);
      }
    }
    return possible;
  }

  /** How many elements of a lone tensor of the right shape are wrong; 0 if it is none. */
  private int differing(Answer wrong) {
    boolean one = right.members().size() == 1;
    String name = one ? right.members().keySet().iterator().next() : null;
    Object given =
        one ? wrong.member(name) == null ? wrong.member(Answer.MAIN) : wrong.member(name) : null;
    return one
            && right.member(name) instanceof Tensor expected
            && given != null
            && SizeList.asTensor(given) instanceof Tensor tensor
        ? Comparison.of(tensor, expected, 0, 0).differing()
        : 0;
  }

  private static long elements(Answer answer) {
    return answer.members().values().stream()
        .mapToLong(
            each ->
                each != null && SizeList.asTensor(each) instanceof Tensor tensor
                    ? tensor.size()
                    : 1)
        .sum();
  }

  /** Adds what is not there yet; what is no reason only if none of the others is it. */
  private void add(Candidate candidate, List<Candidate> to) {
    for (Candidate other : to) {
      boolean same = other.mistake().id().equals(candidate.mistake().id());
      if (same
          || (candidate.isNoReason() && areEqual(answers.get(other), answers.get(candidate)))) {
        return;
      }
    }
    to.add(candidate);
  }

  private static boolean areEqual(Optional<Answer> one, Optional<Answer> other) {
    return MemberCheck.compare(one.orElseThrow(), other.orElseThrow(), 1e-9, 1e-12).stream()
        .allMatch(MemberCheck::matches);
  }

  private Optional<Answer> compute(Candidate candidate) {
    long start = System.nanoTime();
    try {
      return Optional.ofNullable(candidate.answer().get());
    } catch (RuntimeException e) {
      // The mistake cannot be made here: shapes do not fit, or there is nothing to leave out.
      return Optional.empty();
    } finally {
      spent += System.nanoTime() - start;
    }
  }
}
