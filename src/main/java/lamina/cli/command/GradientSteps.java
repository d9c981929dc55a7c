package lamina.cli.command;

import java.util.ArrayList;
import java.util.List;
import lamina.report.Document;
import lamina.report.TrainingLog;
import lamina.report.TrainingText;
import lamina.train.GradientStatistics;
import lamina.train.Trainer;

/** The gradients of a training stated for some steps at once, rather than for an epoch. */
final class GradientSteps {
  private final int every;
  private final List<Document> stated = new ArrayList<>();

  /** The sum of the losses when the steps at hand began, and the samples then. */
  private double lossBefore;

  private int samplesBefore;

  /**
   * @param every so many steps at once; 0 for epochs alone
   */
  GradientSteps(int every) {
    this.every = every;
  }

  /** Begins an epoch. */
  void begin(GradientStatistics statistics) {
    lossBefore = 0;
    samplesBefore = 0;
    if (every > 0) {
      statistics.openWindow();
    }
  }

  /** Whether the steps up to this one are stated. */
  boolean isEnd(long step, boolean isLastOfEpoch) {
    return every > 0 && (step % every == 0 || isLastOfEpoch);
  }

  /**
   * States the steps that went by.
   *
   * @param samples those of the epoch so far
   * @param soFar the means over them
   * @return a line for the log
   */
  Document close(
      int epoch, long step, int samples, Trainer.Score soFar, GradientStatistics statistics) {
    double sum = soFar.loss() * samples;
    double loss = (sum - lossBefore) / (samples - samplesBefore);
    lossBefore = sum;
    samplesBefore = samples;
    GradientStatistics window = statistics.closeWindow();
    statistics.openWindow();
    stated.add(
        new Document()
            .put("step", step)
            .put("epoch", epoch)
            .put("loss", loss)
            .put("layers", TrainingText.layers(window)));
    return TrainingLog.step(epoch, step, loss, window);
  }

  /** Adds all of them to a result, if they are stated at all. */
  Document addTo(Document result) {
    return every == 0 ? result : result.put("steps", stated);
  }
}
