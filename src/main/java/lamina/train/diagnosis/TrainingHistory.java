package lamina.train.diagnosis;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lamina.train.GradientStatistics;
import lamina.train.NonFiniteLoss;
import lamina.train.Trainer;

/** What the epochs of a training were like. */
public final class TrainingHistory {
  /** Snapshots are thinned when there are more, so that they take little memory. */
  private static final int SNAPSHOTS = 24;

  private final List<Epoch> epochs = new ArrayList<>();
  private final List<Snapshot> kept = new ArrayList<>();
  private double[] earlier = new double[0];
  private Snapshot latest;
  private int distance = 1;
  private NonFiniteLoss end;
  private boolean bestKept;

  /**
   * One epoch.
   *
   * @param training loss and accuracy before each step; NaN for an epoch that broke off
   * @param test those after the epoch on what was held out, or null
   * @param rows the figures of each parameter and activation
   * @param signals the L2 norm of the gradient that reaches each layer's output
   * @param throughTime for each level of recurrent layers, the L2 norm of the gradient at each step
   * @param gates the share of saturated values of each gate
   * @param largestUpdates the largest update ratio of each parameter
   * @param steps how many steps it had
   */
  public record Epoch(
      Trainer.Score training,
      Trainer.Score test,
      List<GradientStatistics.Row> rows,
      Map<String, Double> signals,
      Map<String, double[]> throughTime,
      Map<String, Double> gates,
      Map<String, Double> largestUpdates,
      int steps) {}

  /**
   * How tensors were spread at the last step of an epoch.
   *
   * @param epoch counted from 1
   * @param gradients some elements of each gradient, by parameter
   * @param outputs some outputs of each activation, by layer
   */
  public record Snapshot(int epoch, Map<String, float[]> gradients, Map<String, float[]> outputs) {}

  /** Says that the run goes on after epochs of which only the losses are known. */
  public void goOnAfter(double[] losses) {
    earlier = losses.clone();
  }

  /** The losses of the epochs before the first one here. */
  public double[] earlier() {
    return earlier;
  }

  /** Keeps how tensors were spread in the epoch that was added last. */
  public void keepSnapshot(GradientStatistics statistics) {
    int epoch = epochs.size();
    latest =
        new Snapshot(
            earlier.length + epoch, statistics.gradientSamples(), statistics.outputSamples());
    if ((epoch - 1) % distance == 0) {
      kept.add(latest);
    }
    if (kept.size() > SNAPSHOTS) {
      distance *= 2;
      kept.removeIf(snapshot -> (snapshot.epoch() - earlier.length - 1) % distance > 0);
    }
  }

  /** Snapshots at like distances, and the last one. */
  public List<Snapshot> snapshots() {
    List<Snapshot> snapshots = new ArrayList<>(kept);
    if (latest != null && !snapshots.contains(latest)) {
      snapshots.add(latest);
    }
    return snapshots;
  }

  /** Adds an epoch. */
  public void add(Trainer.Score training, Trainer.Score test, GradientStatistics statistics) {
    epochs.add(
        new Epoch(
            training,
            test,
            statistics.rows(),
            statistics.signals(),
            statistics.throughTime(),
            statistics.gates(),
            statistics.largestUpdates(),
            statistics.steps()));
  }

  /** Ends with an epoch that broke off. */
  public void breakOff(NonFiniteLoss reason, GradientStatistics statistics) {
    end = reason;
    if (statistics.steps() > 0) {
      add(new Trainer.Score(Double.NaN, Double.NaN), null, statistics);
    }
  }

  /** Says that the weights are those of the best epoch, not of the last. */
  public void keepBest() {
    bestKept = true;
  }

  /** Whether the weights are those of the best epoch. */
  public boolean isBestKept() {
    return bestKept;
  }

  /** Why training broke off, or null. */
  public NonFiniteLoss end() {
    return end;
  }

  /** First to last; at least one if a step was made. */
  public List<Epoch> epochs() {
    return epochs;
  }

  /** The last epoch. */
  public Epoch last() {
    return epochs.get(epochs.size() - 1);
  }

  /** How far each parameter was moved over all steps, in parts of its length each time. */
  public Map<String, Double> paths() {
    Map<String, Double> paths = new LinkedHashMap<>();
    for (Epoch epoch : epochs) {
      for (GradientStatistics.Row row : epoch.rows()) {
        if (!Double.isNaN(row.updateRatio())) {
          paths.merge(row.name(), row.updateRatio() * epoch.steps(), Double::sum);
        }
      }
    }
    return paths;
  }
}
