package lamina.train.diagnosis;

import static lamina.train.diagnosis.Evidence.NOTHING_LEARNED;
import static lamina.train.diagnosis.Evidence.figure;
import static lamina.train.diagnosis.Evidence.percent;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lamina.train.Trainer;
import lamina.train.data.Dataset;
import lamina.train.diagnosis.Finding.Kind;
import lamina.train.diagnosis.TrainingHistory.Epoch;

/** What the course of the loss tells: learning rate, labels, overfitting. */
final class LossChecks {
  private static final double LEAP = 0.2;

  /** A loss so many times its least has got worse, unless it is near 0. */
  private static final double WORSE = 2;

  private static final double NEAR_ZERO = 0.2;
  private static final double CREEP = 0.05;
  private static final double GAP = 0.1;
  private static final double RISE = 1.2;

  /** So much more than without inputs on what is learned from was learned, be it by heart. */
  private static final double LEARNED = 0.15;

  /** With fewer samples held out, chance cannot be told from learning. */
  private static final int HELD_OUT = 40;

  private LossChecks() {}

  /** A step that leaps, and a loss that is no better than without inputs, or got worse. */
  static Finding rateTooHigh(Evidence evidence) {
    TrainingHistory history = evidence.history();
    String name = "";
    double leap = 0;
    for (Epoch epoch : history.epochs()) {
      for (Map.Entry<String, Double> update : epoch.largestUpdates().entrySet()) {
        if (evidence.isMatrix(update.getKey()) && update.getValue() > leap) {
          leap = update.getValue();
          name = update.getKey();
        }
      }
    }
    double baseline = evidence.baseline().loss();
    double last = history.last().training().loss();
    double least =
        history.epochs().stream().mapToDouble(e -> e.training().loss()).min().orElse(last);
    boolean isBroken = history.end() != null;
    // Targets far from 0 need many steps before the loss falls below the baseline's.
    boolean isFalling =
        evidence.data().classes() == null && history.epochs().size() > 1 && last == least;
    boolean isBad =
        isBroken
            || (last > NOTHING_LEARNED * baseline && !isFalling)
            || (last > WORSE * least && last > NEAR_ZERO * baseline);
    return new Finding(
        Kind.RATE_TOO_HIGH,
        name,
        leap,
        LEAP,
        leap > LEAP && isBad,
        "one step moved '"
            + name
            + "' by "
            + figure(leap)
            + " times its length, and the loss "
            + (isBroken
                ? "is no finite number in the end"
                : "ends at "
                    + figure(last)
                    + (last > NOTHING_LEARNED * baseline
                        ? ", where the best answer without inputs has " + figure(baseline)
                        : ", was " + figure(least) + " before")),
        "a tenth of --lr; also --clip-norm 1 or --schedule warmup:1");
  }

  /** Weights that hardly moved, and a loss that could fall further. */
  static Finding rateTooLow(Evidence evidence) {
    TrainingHistory history = evidence.history();
    Map<String, Double> paths = history.paths();
    paths.keySet().removeIf(parameter -> !evidence.isMatrix(parameter));
    double most = paths.values().stream().mapToDouble(path -> path).max().orElse(Double.NaN);
    double baseline = evidence.baseline().loss();
    double last = history.last().training().loss();
    return new Finding(
        Kind.RATE_TOO_LOW,
        null,
        most,
        CREEP,
        // Of a run that goes on, the epochs before may have moved them.
        most < CREEP && last > baseline / 2 && history.earlier().length == 0,
        "all steps moved no weight by more than "
            + figure(most)
            + " times its length, and the loss ends at "
            + figure(last)
            + ", where the best answer without inputs has "
            + figure(baseline),
        "ten times --lr, or more --epochs");
  }

  /** Test samples that are answered no better than without their inputs. */
  static List<Finding> shuffledLabels(Evidence evidence) {
    List<Finding> findings = new ArrayList<>();
    Neighbours neighbours = Neighbours.of(evidence.data());
    if (evidence.test() != null && evidence.test().size() >= HELD_OUT) {
      findings.add(shuffledByTest(evidence, neighbours));
    } else if (neighbours != null && evidence.history().earlier().length == 0) {
      Dataset data = evidence.data();
      Trainer.Score first = evidence.history().epochs().get(0).training();
      Baseline known = evidence.baseline();
      // Each sample of the first epoch is new when it is answered.
      boolean isNew =
          data.classes() != null
              ? first.accuracy() <= above(known.accuracy(), data.size())
              : first.loss() >= NOTHING_LEARNED * known.loss();
      findings.add(
          shuffled(
              neighbours.agreement(),
              neighbours.threshold(),
              neighbours.areUnrelated() && isNew,
              neighbours.text()));
    }
    return findings;
  }

  /** What is learned does not help with what is held out, or nothing can be learned of it. */
  private static Finding shuffledByTest(Evidence evidence, Neighbours neighbours) {
    boolean isClasses = evidence.data().classes() != null;
    Trainer.Score last = evidence.history().last().training();
    Baseline known = evidence.baseline();
    Trainer.Score test = evidence.history().last().test();
    Baseline chance =
        Baseline.of(evidence.data(), evidence.test(), evidence.loss(), evidence.isWeighted());
    boolean isLearned =
        isClasses
            ? last.accuracy() > known.accuracy() + LEARNED
            : last.loss() < (1 - LEARNED) * known.loss();
    boolean isStrange = isLearned || (neighbours != null && neighbours.areUnrelated());
    double figure = isClasses ? test.accuracy() : test.loss();
    double threshold =
        isClasses
            ? above(chance.accuracy(), evidence.test().size())
            : NOTHING_LEARNED * chance.loss();
    boolean isChance = isClasses ? figure <= threshold : figure >= threshold;
    return shuffled(
        figure,
        threshold,
        isChance && isStrange,
        isClasses
            ? "the accuracy on what is held out is "
                + percent(figure)
                + ", that of always answering the most frequent class "
                + percent(chance.accuracy())
            : "the loss on what is held out is "
                + figure(figure)
                + ", that of the best answer without inputs "
                + figure(chance.loss()));
  }

  /** What chance hardly exceeds: one and a half standard deviations above its share. */
  private static double above(double share, int samples) {
    return share + 1.5 * Math.sqrt(share * (1 - share) / samples);
  }

  private static Finding shuffled(double figure, double threshold, boolean isAlarm, String text) {
    return new Finding(
        Kind.SHUFFLED_LABELS,
        null,
        figure,
        threshold,
        isAlarm,
        text,
        "see whether labels still stand beside their samples, and whether the inputs can tell the"
            + " answer at all");
  }

  /** A loss on what is held out that rises again, far from that on what is learned from. */
  static List<Finding> overfitting(Evidence evidence) {
    List<Finding> findings = new ArrayList<>();
    TrainingHistory history = evidence.history();
    if (evidence.test() == null
        || evidence.test().size() < HELD_OUT
        || history.isBestKept()
        || history.end() != null) {
      return findings;
    }
    Epoch last = history.last();
    int best = 0;
    for (int i = 0; i < history.epochs().size(); i++) {
      best =
          history.epochs().get(i).test().loss() < history.epochs().get(best).test().loss()
              ? i
              : best;
    }
    double least = history.epochs().get(best).test().loss();
    double rise = last.test().loss() / least;
    boolean isApart =
        evidence.data().classes() == null
            ? last.training().loss() < last.test().loss() / 2
            : last.training().accuracy() - last.test().accuracy() > GAP;
    findings.add(
        new Finding(
            Kind.OVERFITTING,
            null,
            rise,
            RISE,
            rise > RISE && isApart,
            "the loss on what is held out ends at "
                + figure(last.test().loss())
                + ", "
                + figure(rise)
                + " times that of epoch "
                + (best + 1)
                + "; the loss on what is learned from ends at "
                + figure(last.training().loss()),
            "more samples, --patience 3, --weight-decay 0.01, Dropout, or a smaller network"));
    return findings;
  }
}
