package lamina.report;

import lamina.train.GradientStatistics;
import lamina.train.Trainer;

/**
 * The lines of a log of training: numbers only, each under a name of its own, so that readers make
 * one column of each ({@code layers.0.weight.grad_l2} by pandas' json_normalize).
 */
public final class TrainingLog {
  private TrainingLog() {}

  /**
   * The line of an epoch.
   *
   * @param epoch counted from 1
   * @param test null if nothing is held out
   */
  public static Document epoch(
      int epoch,
      double rate,
      Trainer.Score training,
      Trainer.Score test,
      GradientStatistics statistics) {
    Document line = new Document().put("epoch", epoch);
    put(line, "loss", training.loss());
    put(line, "accuracy", training.accuracy());
    if (test != null) {
      put(line, "test_loss", test.loss());
      put(line, "test_accuracy", test.accuracy());
    }
    put(line, "lr", rate);
    return line.put("layers", layers(statistics));
  }

  /**
   * The line of one or several steps.
   *
   * @param step the last one, counted from 1 over all epochs
   * @param loss the mean over those steps
   */
  public static Document step(int epoch, long step, double loss, GradientStatistics statistics) {
    Document line = new Document().put("epoch", epoch).put("step", step);
    put(line, "loss", loss);
    return line.put("layers", layers(statistics));
  }

  private static Document layers(GradientStatistics statistics) {
    Document layers = new Document();
    for (GradientStatistics.Row row : statistics.rows()) {
      Document figures = new Document();
      put(figures, "grad_l2", row.gradL2());
      put(figures, "grad_mean", row.gradMean());
      put(figures, "grad_std", row.gradStd());
      put(figures, "grad_max", row.gradMax());
      put(figures, "grad_zero", row.gradZero());
      put(figures, "update_ratio", row.updateRatio());
      put(figures, "dead", row.dead());
      put(figures, "saturated", row.saturated());
      layers.put(row.name(), figures);
    }
    return layers;
  }

  /** What does not apply is left out, because a null is no number. */
  private static void put(Document document, String name, double value) {
    if (Double.isFinite(value)) {
      document.put(name, value);
    }
  }
}
