package lamina.train.diagnosis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lamina.network.NetworkAnalysis;
import lamina.train.NonFiniteLoss;
import lamina.train.diagnosis.Finding.Kind;

/**
 * What is wrong with a training, or with one pass, and what was looked at.
 *
 * @param findings all, causes before effects
 */
public record Diagnosis(List<Finding> findings) {
  /** A layer with so many dead units explains what the layers before it suffer. */
  private static final double ALL_BUT_DEAD = 0.9;

  /** What explains that nothing was learned. */
  private static final Set<Kind> CAUSES = EnumSet.range(Kind.NAN_LOSS, Kind.NO_LEARNING);

  /** Looks at everything. */
  public static Diagnosis of(Evidence evidence) {
    TrainingHistory history = evidence.history();
    NetworkAnalysis analysis = evidence.analysis();
    List<Finding> findings = new ArrayList<>();
    if (history.end() != null) {
      findings.add(nonFinite(history.end()));
    } else {
      findings.addAll(LinearCollapse.of(evidence));
      findings.addAll(GradientChecks.symmetry(evidence, analysis));
    }
    if (!history.epochs().isEmpty()) {
      findings.addAll(UnitChecks.dying(evidence, analysis));
      findings.addAll(UnitChecks.saturated(evidence, analysis));
      findings.addAll(GradientChecks.depth(evidence, analysis));
      findings.addAll(GradientChecks.time(evidence, analysis));
      findings.addAll(GradientChecks.stillness(evidence));
      if (!evidence.isOnePass()) {
        findings.add(LossChecks.rateTooHigh(evidence));
        findings.add(LossChecks.rateTooLow(evidence));
        if (history.end() == null) {
          findings.addAll(LossChecks.overfitting(evidence));
          findings.addAll(LossChecks.shuffledLabels(evidence));
        }
      }
    }
    findings.sort(Comparator.comparing(Finding::kind));
    return new Diagnosis(withoutEffects(findings, evidence.isOnePass() || evidence.isStuck()));
  }

  /** What went wrong, causes before effects. */
  public List<Finding> alarms() {
    return findings.stream().filter(Finding::isAlarm).toList();
  }

  /** Each kind that was looked at with its worst finding: an alarm, or the first one. */
  public List<Finding> worst() {
    Map<Kind, Finding> worst = new LinkedHashMap<>();
    for (Finding finding : findings) {
      worst.merge(finding.kind(), finding, Diagnosis::worse);
    }
    return new ArrayList<>(worst.values());
  }

  private static Finding worse(Finding a, Finding b) {
    if (a.isAlarm() != b.isAlarm()) {
      return a.isAlarm() ? a : b;
    }
    boolean isLow = a.kind() == Kind.VANISHING_GRADIENT || a.kind() == Kind.NO_LEARNING;
    boolean isWorse = isLow ? b.figure() < a.figure() : b.figure() > a.figure();
    return isWorse ? b : a;
  }

  private static Finding nonFinite(NonFiniteLoss end) {
    return new Finding(
        Kind.NAN_LOSS,
        end.layer(),
        end.step(),
        0,
        true,
        end.getMessage(),
        "a smaller --lr, or --clip-norm 1");
  }

  /**
   * Leaves out what follows from what was found before.
   *
   * @param isStuck whether nothing was learned
   */
  private static List<Finding> withoutEffects(List<Finding> findings, boolean isStuck) {
    Set<Kind> alarms = EnumSet.noneOf(Kind.class);
    boolean isDead = false;
    for (Finding finding : findings) {
      if (finding.isAlarm()) {
        alarms.add(finding.kind());
        isDead |= finding.kind() == Kind.DYING_RELU && finding.figure() >= ALL_BUT_DEAD;
      }
    }
    boolean isExplained = isStuck && alarms.stream().anyMatch(CAUSES::contains);
    List<Finding> kept = new ArrayList<>();
    for (Finding finding : findings) {
      boolean isEffect =
          switch (finding.kind()) {
            case VANISHING_GRADIENT -> isDead;
            case NO_LEARNING ->
                isDead
                    || alarms.contains(Kind.VANISHING_GRADIENT)
                    || alarms.contains(Kind.EXPLODING_GRADIENT);
            case SHUFFLED_LABELS -> isExplained;
            case OVERFITTING -> alarms.contains(Kind.SHUFFLED_LABELS);
            default -> false;
          };
      if (!finding.isAlarm() || !isEffect) {
        kept.add(finding);
      }
    }
    return kept;
  }
}
