package lamina.cli.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lamina.cli.option.TrainSettings;
import lamina.cli.process.Io;
import lamina.cli.process.Notes;
import lamina.report.Document;
import lamina.report.TrainingText;
import lamina.train.EarlyStopping;
import lamina.train.GradientStatistics;
import lamina.train.NonFiniteLoss;
import lamina.train.Trainer;
import lamina.train.TrainingData;
import lamina.train.diagnosis.TrainingHistory;

/** One training, epoch by epoch. */
final class TrainingRun {
  private final TrainSettings settings;
  private final Learner learner;
  private final TrainingData data;
  private final TrainCheckpoint checkpoint;
  private final Notes notes;
  private final Trainer trainer;
  private final EarlyStopping stopping;
  private final List<Document> epochs = new ArrayList<>();
  private final TrainingHistory history = new TrainingHistory();

  /** Those of the epochs done. */
  private double[] losses;

  /** Those of the epoch at hand; null before the first. */
  private GradientStatistics statistics;

  /** The seconds of the fastest epoch: the first ones run while the program still warms up. */
  private double fastest = Double.POSITIVE_INFINITY;

  /** A training that begins, or goes on where it was saved. */
  TrainingRun(
      TrainSettings settings,
      Learner learner,
      TrainCheckpoint checkpoint,
      TrainingStart start,
      Notes notes) {
    this.settings = settings;
    this.learner = learner;
    this.data = learner.data();
    this.checkpoint = checkpoint;
    this.notes = notes;
    this.trainer = start.trainer();
    this.stopping = start.stopping();
    this.losses = start.losses();
    history.goOnAfter(losses);
    if (losses.length >= settings.epochs()) {
      notes.add(
          checkpoint.file()
              + " holds "
              + losses.length
              + (losses.length == 1 ? " epoch" : " epochs")
              + " already; --epochs "
              + settings.epochs()
              + " counts them, too");
    }
  }

  /**
   * Runs all epochs that are left.
   *
   * @param lines where a line an epoch goes, or null
   * @return the largest share of dead units of a layer in the last epoch
   */
  double run(TrainFiles files, Output lines) throws IOException {
    double dead = 0;
    String file = checkpoint.file();
    try (SavedProgress saved =
        new SavedProgress(notes.io(), notes.command(), file, losses.length, settings.epochs())) {
      for (int epoch = losses.length; epoch < settings.epochs() && !stopping.isOver(); epoch++) {
        if (!epoch(epoch, files, lines, saved)) {
          break;
        }
        dead = statistics.mostDead();
        saved.save(epoch + 1, () -> checkpoint.save(learner, trainer, losses, stopping));
      }
    }
    if (stopping.best() != null && history.end() == null) {
      trainer.weights().putAll(stopping.best());
      if (stopping.waited() > 0) {
        history.keepBest();
      }
    }
    return dead;
  }

  /** Runs one epoch; false if its loss was no number any more. */
  private boolean epoch(int epoch, TrainFiles files, Output lines, SavedProgress saved)
      throws IOException {
    double rate = settings.rate() * settings.schedule().factor(epoch, settings.epochs(), losses);
    statistics = trainer.statistics();
    files.begin(statistics);
    Io io = notes.io();
    int size = data.training().size();
    TrainingBar bar = new TrainingBar(io, epoch + 1, size, saved);
    long start = System.nanoTime();
    Trainer.Score score;
    try {
      score =
          trainer.epoch(
              data.training(),
              epoch,
              rate,
              statistics,
              (samples, soFar) -> {
                bar.stepped(samples, soFar);
                files.stepped(
                    epoch + 1, trainer.steps(), samples, soFar, samples == size, statistics);
              });
    } catch (NonFiniteLoss e) {
      history.breakOff(e, statistics);
      bar.clear();
      return false;
    }
    double seconds = (System.nanoTime() - start) * 1e-9;
    fastest = Math.min(fastest, seconds);
    Trainer.Score test = data.test() == null ? null : trainer.evaluate(data.test());
    losses = Arrays.copyOf(losses, epoch + 1);
    losses[epoch] = score.loss();
    history.add(score, test, statistics);
    if (files.hasReport()) {
      history.keepSnapshot(statistics);
    }
    files.epoch(epoch + 1, rate, score, test, statistics);
    epochs.add(TrainingText.epoch(epoch + 1, score, test, statistics));
    if (lines != null) {
      lines.write(TrainingText.line(epoch + 1, score, test, size / seconds));
    }
    stopping.add(test == null ? score.loss() : test.loss(), trainer);
    return true;
  }

  /** How it trained. */
  TrainSettings settings() {
    return settings;
  }

  /** How many epochs are done, those before it went on included. */
  int epochsDone() {
    return losses.length;
  }

  /** The epoch whose weights are kept, counted from 1; 0 if it is the last one in any case. */
  int bestEpoch() {
    return stopping.best() == null ? 0 : losses.length - stopping.waited();
  }

  /** What was learned, and from what. */
  Learner learner() {
    return learner;
  }

  /** What trained, with the weights. */
  Trainer trainer() {
    return trainer;
  }

  /** A document an epoch. */
  List<Document> epochs() {
    return epochs;
  }

  /** What happened, for the report. */
  TrainingHistory history() {
    return history;
  }

  /** The gradients of the last epoch; null if there was none. */
  GradientStatistics statistics() {
    return statistics;
  }

  /** The seconds of the fastest epoch. */
  double fastest() {
    return fastest;
  }
}
