package lamina.check;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import lamina.check.CaseResult.Status;
import lamina.check.diagnosis.MistakeFinder;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * Grades submissions by a suite. What commands of lamina give is the same for all of them and
 * computed once. May be used by several threads.
 */
public final class Grader {
  /** Of larger suites no answer is looked for among those of other cases. */
  private static final int MOST_OTHERS = 200;

  private static final String NO_RIGHT_ANSWER = "the right answer cannot be computed: ";

  private final Suite suite;
  private final CommandRunner commands;
  private final Map<SuiteCase, Computed> computed = new ConcurrentHashMap<>();
  private final Map<SuiteCase, MistakeFinder> diagnoses = new ConcurrentHashMap<>();

  /** What a command gave: its answer, or why it has none. */
  private record Computed(Answer answer, String problem) {}

  /** What is compared, or why there is nothing. */
  private record Given(Answer answer, String problem, String stderr) {}

  public Grader(Suite suite, CommandRunner commands) {
    this.suite = suite;
    this.commands = commands;
  }

  /**
   * Grades one submission.
   *
   * @param folder what its files are relative to
   * @param name of the submission in reports, or null
   */
  public SuiteResult grade(Path folder, String name) {
    long start = System.nanoTime();
    List<CaseResult> results = new ArrayList<>();
    Set<String> passed = new HashSet<>();
    for (SuiteCase suiteCase : suite.cases()) {
      CaseResult result = grade(suiteCase, folder, passed);
      if (result.passed()) {
        passed.add(suiteCase.name());
      }
      results.add(result);
    }
    return new SuiteResult(suite, name, results, since(start));
  }

  /** Why cases cannot be passed by anybody: their right answers cannot be computed. */
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    for (SuiteCase each : suite.cases()) {
      boolean asks = each.submission() != null || each.exec() != null;
      String problem = asks && each.expected() == null ? computed(each).problem() : null;
      if (problem != null) {
        problems.add("case '" + each.name() + "': " + NO_RIGHT_ANSWER + problem);
      }
    }
    return problems;
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private CaseResult grade(SuiteCase suiteCase, Path folder, Set<String> passed) {
    for (String needed : suiteCase.needs()) {
      if (!passed.contains(needed)) {
        String message = "needs '" + needed + "', which was not passed";
        return CaseResult.without(suiteCase, Status.SKIPPED, message, Duration.ZERO, null);
      }
    }
    long start = System.nanoTime();
    try {
      return compare(suiteCase, folder, start);
    } catch (InputException e) {
      return CaseResult.without(suiteCase, Status.ERROR, e.getMessage(), since(start), null);
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      // One case that goes wrong must not take the report of all others with it.
      String message = "internal error: " + e;
      return CaseResult.without(suiteCase, Status.ERROR, message, since(start), null);
    }
  }

  private CaseResult compare(SuiteCase suiteCase, Path folder, long start) {
    Given given = given(suiteCase, folder);
    if (given.problem() != null) {
      return CaseResult.without(
          suiteCase, Status.ERROR, given.problem(), since(start), given.stderr());
    }
    Answer expected = suiteCase.expected();
    if (expected == null) {
      Computed reference = computed(suiteCase);
      if (reference.problem() != null) {
        String message = NO_RIGHT_ANSWER + reference.problem();
        return CaseResult.without(suiteCase, Status.ERROR, message, since(start), null);
      }
      expected = reference.answer();
    }
    List<MemberCheck> checks =
        MemberCheck.compare(given.answer(), expected, suiteCase.rtol(), suiteCase.atol());
    String message = null;
    for (MemberCheck check : checks) {
      if (!check.matches()) {
        String name = checks.size() == 1 ? "" : check.name() + ": ";
        message = (message == null ? "" : message + "; ") + name + check.difference();
      }
    }
    Status status = message == null ? Status.PASSED : Status.FAILED;
    Mistake mistake = message == null ? null : mistake(suiteCase, given.answer(), expected);
    BigDecimal points = points(suiteCase, checks);
    return new CaseResult(
        suiteCase, status, points, checks, message, mistake, since(start), given.stderr());
  }

  /** The mistake that explains an answer, or what is expected of a command that gives another. */
  private Mistake mistake(SuiteCase suiteCase, Answer answer, Answer expected) {
    boolean own = suiteCase.submission() == null && suiteCase.exec() == null;
    Answer right = own ? answer : expected;
    Answer wrong = own ? expected : answer;
    MistakeFinder diagnosis =
        diagnoses.computeIfAbsent(
            suiteCase, key -> new MistakeFinder(key.command(), right, commands, suite.directory()));
    Mistake mistake = diagnosis.of(wrong, suiteCase.rtol(), suiteCase.atol());
    if (mistake == null && suiteCase.submission() != null && suite.cases().size() <= MOST_OTHERS) {
      return MistakeFinder.ofOthers(
          others(suiteCase), right, wrong, suiteCase.rtol(), suiteCase.atol());
    }
    return mistake == null || !own ? mistake : mistake.ofExpected();
  }

  /** The right answers of the other cases that ask for a file, by their names. */
  private Map<String, Answer> others(SuiteCase suiteCase) {
    Map<String, Answer> others = new LinkedHashMap<>();
    for (SuiteCase other : suite.cases()) {
      if (!other.equals(suiteCase) && other.submission() != null) {
        Answer answer = other.expected() != null ? other.expected() : computed(other).answer();
        // Words are a choice of few, so that another question's is no sign of an exchange.
        if (answer != null
            && answer.members().values().stream().allMatch(Tensor.class::isInstance)) {
          others.put(other.name(), answer);
        }
      }
    }
    return others;
  }

  private Given given(SuiteCase suiteCase, Path folder) {
    if (suiteCase.submission() != null) {
      Submissions.checkIsWithin(folder, suiteCase.submission());
      Submissions.checkIsThere(folder, suiteCase.submission(), suite);
      return new Given(AnswerFile.read(suiteCase.submission(), folder), null, null);
    }
    if (suiteCase.exec() == null) {
      Computed own = computed(suiteCase);
      return new Given(own.answer(), own.problem(), null);
    }
    ExternalProgram.Outcome outcome = ExternalProgram.run(suiteCase.exec(), folder);
    if (outcome.problem() != null) {
      return new Given(null, outcome.problem(), outcome.err());
    }
    if (outcome.out().isBlank()) {
      String problem = suiteCase.exec().words().get(0) + " printed nothing";
      return new Given(null, problem, outcome.err());
    }
    try {
      String source = "what " + suiteCase.exec().words().get(0) + " printed";
      return new Given(AnswerFile.ofText(outcome.out(), source), null, outcome.err());
    } catch (InputException e) {
      return new Given(null, e.getMessage(), outcome.err());
    }
  }

  /** What the case's command gives, computed once. */
  private Computed computed(SuiteCase suiteCase) {
    return computed.computeIfAbsent(
        suiteCase,
        key -> {
          try {
            Supplier<Answer> answer =
                () ->
                    commands
                        .run(key.command(), suite.directory(), key.timeout())
                        .answer("the command");
            return new Computed(selected(answer.get(), key.members()), null);
          } catch (InputException e) {
            return new Computed(null, e.getMessage());
          }
        });
  }

  private static Answer selected(Answer answer, List<String> members) {
    return members == null ? answer : answer.select(members);
  }

  /** The points of an answer: all, none, or shares of them where the suite grants those. */
  private static BigDecimal points(SuiteCase suiteCase, List<MemberCheck> checks) {
    if (checks.stream().allMatch(MemberCheck::matches)) {
      return suiteCase.points();
    }
    if (suiteCase.memberPoints() != null) {
      BigDecimal points = BigDecimal.ZERO;
      for (MemberCheck check : checks) {
        BigDecimal most = suiteCase.memberPoints().getOrDefault(check.name(), BigDecimal.ZERO);
        points = points.add(share(most, check.matches(), suiteCase.partial(), check));
      }
      return points.stripTrailingZeros();
    }
    if (!suiteCase.partial()) {
      return BigDecimal.ZERO;
    }
    long right = checks.stream().mapToLong(MemberCheck::right).sum();
    long elements = checks.stream().mapToLong(MemberCheck::elements).sum();
    return share(suiteCase.points(), right, elements);
  }

  private static BigDecimal share(
      BigDecimal most, boolean matches, boolean partial, MemberCheck check) {
    return matches
        ? most
        : partial ? share(most, check.right(), check.elements()) : BigDecimal.ZERO;
  }

  /** Rounded down to hundredths, so that what is shown adds up and nothing wrong gets all. */
  private static BigDecimal share(BigDecimal most, long right, long elements) {
    return elements == 0
        ? BigDecimal.ZERO
        : most.multiply(BigDecimal.valueOf(right))
            .divide(BigDecimal.valueOf(elements), 2, RoundingMode.DOWN)
            .stripTrailingZeros();
  }
}
