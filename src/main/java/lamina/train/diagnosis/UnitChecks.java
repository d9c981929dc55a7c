package lamina.train.diagnosis;

import static lamina.train.diagnosis.Evidence.named;
import static lamina.train.diagnosis.Evidence.percent;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lamina.network.LayerAnalysis;
import lamina.network.NetworkAnalysis;
import lamina.train.GradientStatistics.Row;
import lamina.train.diagnosis.Finding.Kind;

/** Units that pass no gradient: dead ones, and saturated ones. */
final class UnitChecks {
  /** With fewer samples many a sound unit is silent for all of them. */
  private static final int SAMPLES = 8;

  private static final double DEAD = 0.5;
  private static final double SATURATED = 0.75;

  /** With a loss below this part of the baseline's, saturated units do no harm. */
  private static final double LEARNED = 0.25;

  private UnitChecks() {}

  /** ReLUs of which more than half of the units were silent for every sample of the last epoch. */
  static List<Finding> dying(Evidence evidence, NetworkAnalysis analysis) {
    List<Finding> findings = new ArrayList<>();
    boolean isEpoch = !evidence.isOnePass();
    boolean isFew = evidence.data().size() < SAMPLES;
    for (Row row : evidence.history().last().rows()) {
      if (!Double.isNaN(row.dead())) {
        boolean isAlarm = isFew ? row.dead() == 1 : row.dead() > DEAD;
        String samples =
            evidence.data().size() + (evidence.data().size() == 1 ? " sample" : " samples");
        findings.add(
            new Finding(
                Kind.DYING_RELU,
                row.name(),
                row.dead(),
                isFew ? 1 : DEAD,
                isAlarm,
                percent(row.dead())
                    + " of the units of "
                    + named(analysis, row.name())
                    + " are dead: silent for all "
                    + samples
                    + (isEpoch ? " of the last epoch" : ""),
                "a smaller --lr, biases of 0 or above, or LeakyReLU(0.01), which lets dead units"
                    + " recover"));
      }
    }
    return findings;
  }

  /**
   * Sigmoids, tanhs and gates whose values lie near a bound, while the loss could still fall: a
   * network that has learned may be sure of itself. The output's own are meant to.
   */
  static List<Finding> saturated(Evidence evidence, NetworkAnalysis analysis) {
    List<Finding> findings = new ArrayList<>();
    List<LayerAnalysis> layers = analysis.layers();
    boolean isOpen =
        evidence.isOnePass()
            || !(evidence.history().last().training().loss()
                < LEARNED * evidence.baseline().loss());
    List<LayerAnalysis> weighted = Evidence.weighted(analysis);
    int lastWeighted = weighted.isEmpty() ? -1 : layers.indexOf(weighted.get(weighted.size() - 1));
    for (Row row : evidence.history().last().rows()) {
      boolean isHidden =
          layers.subList(0, Math.max(0, lastWeighted)).stream()
              .anyMatch(layer -> layer.name().equals(row.name()));
      if (!Double.isNaN(row.saturated()) && isHidden) {
        findings.add(saturated(row.name(), row.saturated(), isOpen, named(analysis, row.name())));
      }
    }
    // Of the gates of a layer the one that fares worst tells enough.
    Map<String, Map.Entry<String, Double>> worst = new LinkedHashMap<>();
    for (Map.Entry<String, Double> gate : evidence.history().last().gates().entrySet()) {
      String level = gate.getKey().substring(0, gate.getKey().indexOf(' '));
      worst.merge(level, gate, (a, b) -> b.getValue() > a.getValue() ? b : a);
    }
    worst.forEach(
        (level, gate) -> {
          String layer = level.substring(0, level.lastIndexOf('.'));
          String name = gate.getKey().substring(level.length() + 1);
          findings.add(
              saturated(
                  layer,
                  gate.getValue(),
                  isOpen,
                  "gate " + name + " of " + named(analysis, layer)));
        });
    return findings;
  }

  private static Finding saturated(String layer, double share, boolean isOpen, String subject) {
    return new Finding(
        Kind.SATURATION,
        layer,
        share,
        SATURATED,
        share > SATURATED && isOpen,
        percent(share)
            + " of the outputs of "
            + subject
            + " are saturated: within 0.01 of a bound, where hardly any gradient passes",
        "inputs of mean 0 and deviation 1 (--normalize), smaller initial weights, a smaller --lr, or"
            + " a ReLU");
  }
}
