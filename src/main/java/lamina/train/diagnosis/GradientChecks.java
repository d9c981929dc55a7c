package lamina.train.diagnosis;

import static lamina.train.diagnosis.Evidence.figure;
import static lamina.train.diagnosis.Evidence.named;
import static lamina.train.diagnosis.Evidence.percent;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import lamina.layer.Weights;
import lamina.network.LayerAnalysis;
import lamina.network.NetworkAnalysis;
import lamina.tensor.Tensor;
import lamina.train.GradientStatistics.Row;
import lamina.train.diagnosis.Finding.Kind;
import lamina.train.diagnosis.TrainingHistory.Epoch;

/** How the gradient fares on its way back, and what it does to the weights. */
final class GradientChecks {
  private static final double VANISHED = 1e-4;
  private static final double EXPLODED = 1e3;
  private static final double STILL = 1e-4;

  /** Only where others move so far in all can one be said to stand still. */
  private static final double MOVED = 0.05;

  private static final double SAME_ROWS = 0.5;

  /** How far two rows may differ that began the same, in parts of their length. */
  private static final double ROUNDING = 1e-4;

  private GradientChecks() {}

  /** The gradient at the first layer with weights, as a part of that at the last one. */
  static List<Finding> depth(Evidence evidence, NetworkAnalysis analysis) {
    List<Finding> findings = new ArrayList<>();
    List<LayerAnalysis> weighted = Evidence.weighted(analysis);
    if (weighted.size() < 2) {
      return findings;
    }
    LayerAnalysis first = weighted.get(0);
    LayerAnalysis last = weighted.get(weighted.size() - 1);
    Map<String, Double> signals = evidence.history().last().signals();
    double end = signals.get(last.name());
    double ratio = end == 0 ? Double.NaN : signals.get(first.name()) / end;
    String text =
        "the gradient goes from "
            + figure(end)
            + " at "
            + named(last)
            + " to "
            + figure(signals.get(first.name()))
            + " at "
            + named(first)
            + ", "
            + figure(ratio)
            + " times";
    findings.add(vanished(first.name(), ratio, text));
    findings.add(exploded(first.name(), ratio, text));
    return findings;
  }

  private static Finding vanished(String layer, double ratio, String text) {
    return new Finding(
        Kind.VANISHING_GRADIENT,
        layer,
        ratio,
        VANISHED,
        ratio < VANISHED,
        text,
        "ReLU in place of sigmoid or tanh, larger initial weights, normalisation (BatchNorm) or"
            + " shortcuts (Add) between the layers; LSTM or GRU in place of RNN");
  }

  private static Finding exploded(String layer, double ratio, String text) {
    return new Finding(
        Kind.EXPLODING_GRADIENT,
        layer,
        ratio,
        EXPLODED,
        ratio > EXPLODED,
        text,
        "--clip-norm 1, smaller initial weights, or normalisation (BatchNorm) between the layers");
  }

  /** The gradient at the first step of a sequence, as a part of the largest and of the output's. */
  static List<Finding> time(Evidence evidence, NetworkAnalysis analysis) {
    List<Finding> findings = new ArrayList<>();
    Epoch epoch = evidence.history().last();
    epoch
        .throughTime()
        .forEach(
            (level, norms) -> {
              String layer = level.substring(0, level.lastIndexOf('.'));
              double most = Arrays.stream(norms).max().orElse(0);
              double first = norms[0] / epoch.steps();
              String steps = "the first of " + norms.length + " steps of " + named(analysis, layer);
              if (norms.length < 2 || most == 0) {
                return;
              }
              findings.add(
                  vanished(
                      layer,
                      norms[0] / most,
                      "the gradient at "
                          + steps
                          + " is "
                          + figure(norms[0] / most)
                          + " times that at the step that gets most"));
              double above = epoch.signals().get(layer);
              findings.add(
                  exploded(
                      layer,
                      above == 0 ? Double.NaN : first / above,
                      "the gradient at "
                          + steps
                          + " is "
                          + figure(first / above)
                          + " times that of its output"));
            });
    return findings;
  }

  /** Weights that stand still while others move. */
  static List<Finding> stillness(Evidence evidence) {
    List<Finding> findings = new ArrayList<>();
    if (evidence.isOnePass()) {
      for (Row row : evidence.history().last().rows()) {
        if (evidence.isMatrix(row.name())) {
          findings.add(
              still(
                  row.name(),
                  row.gradL2(),
                  0,
                  row.gradL2() == 0,
                  "the gradient of '" + row.name() + "' has L2 norm " + figure(row.gradL2())));
        }
      }
      return findings;
    }
    Map<String, Double> paths = evidence.history().paths();
    paths.keySet().removeIf(name -> !evidence.isMatrix(name));
    double most = paths.values().stream().mapToDouble(path -> path).max().orElse(0);
    paths.forEach(
        (name, path) ->
            findings.add(
                still(
                    name,
                    path / most,
                    STILL,
                    most > MOVED && path / most < STILL,
                    "all steps moved '"
                        + name
                        + "' by "
                        + figure(path)
                        + " times its length, others by up to "
                        + figure(most))));
    return findings;
  }

  private static Finding still(
      String name, double figure, double threshold, boolean isAlarm, String text) {
    return new Finding(
        Kind.NO_LEARNING,
        name,
        figure,
        threshold,
        isAlarm,
        text,
        "look for what stops the gradient after this layer: dead or saturated units, weights of 0,"
            + " a branch that is not used");
  }

  /** Layers whose units have the same weights, and so always learn the same. */
  static List<Finding> symmetry(Evidence evidence, NetworkAnalysis analysis) {
    List<Finding> findings = new ArrayList<>();
    for (LayerAnalysis layer : Evidence.weighted(analysis)) {
      // Rows of an embedding are words, not units.
      boolean isTable = layer.layer().indices() > 0;
      layer.weights().stream()
          .filter(p -> p.trained() && p.shape().rank() > 1 && !isTable)
          .map(p -> Weights.full(layer.name(), p.name()))
          .filter(name -> evidence.weights().get(name).dim(0) > 1)
          .forEach(
              name -> {
                Tensor weight = evidence.weights().get(name);
                Tensor bias = evidence.weights().get(name.replace("weight", "bias"));
                double share = sameRows(weight, bias);
                findings.add(
                    new Finding(
                        Kind.SYMMETRIC_WEIGHTS,
                        name,
                        share,
                        SAME_ROWS,
                        share > SAME_ROWS,
                        percent(share)
                            + " of the rows of '"
                            + name
                            + "' equal another one, so that their units compute and learn the same",
                        "draw the initial weights at random"));
              });
    }
    return findings;
  }

  /** The share of rows that equal another one, biases with them. */
  private static double sameRows(Tensor weight, Tensor bias) {
    int rows = weight.dim(0);
    int width = weight.size() / rows;
    double[][] all = new double[rows][];
    for (int row = 0; row < rows; row++) {
      all[row] = new double[width + 1];
      for (int i = 0; i < width; i++) {
        all[row][i] = weight.get(row * width + i);
      }
      all[row][width] = bias == null || bias.size() != rows ? 0 : bias.get(row);
    }
    // Equal rows are neighbours in the order of any one weighted sum of their elements.
    Arrays.sort(all, Comparator.comparingDouble(GradientChecks::projection));
    boolean[] same = new boolean[rows];
    for (int row = 1; row < rows; row++) {
      double squares = 0;
      double difference = 0;
      for (int i = 0; i <= width; i++) {
        double gap = all[row][i] - all[row - 1][i];
        squares += all[row][i] * all[row][i];
        difference += gap * gap;
      }
      if (difference <= ROUNDING * ROUNDING * squares) {
        same[row] = true;
        same[row - 1] = true;
      }
    }
    int count = 0;
    for (boolean each : same) {
      count += each ? 1 : 0;
    }
    return (double) count / rows;
  }

  private static double projection(double[] row) {
    double sum = 0;
    for (int i = 0; i < row.length; i++) {
      sum += row[i] * Math.sin(i + 1);
    }
    return sum;
  }
}
