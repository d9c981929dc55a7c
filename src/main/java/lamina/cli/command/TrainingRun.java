package lamina.cli.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import lamina.cli.option.TrainSettings;
import lamina.cli.process.Io;
import lamina.cli.process.Notes;
import lamina.kernel.Backends;
import lamina.network.RunnableNetwork;
import lamina.report.Document;
import lamina.report.TrainingText;
import lamina.tensor.Tensor;
import lamina.text.InputException;
import lamina.train.Checkpoint;
import lamina.train.EarlyStopping;
import lamina.train.GradientStatistics;
import lamina.train.NonFiniteLoss;
import lamina.train.Trainer;
import lamina.train.TrainingData;
import lamina.train.diagnosis.Diagnosis;
import lamina.train.diagnosis.Evidence;
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
  private double[] losses = new double[0];

  /** Those of the epoch at hand; null before the first. */
  private GradientStatistics statistics;

  /** The seconds of the fastest epoch: the first ones run while the program still warms up. */
  private double fastest = Double.POSITIVE_INFINITY;

  /**
   * Prepares a training; it begins, or goes on where it was saved.
   *
   * @param seed of shuffling and of what is random in layers
   */
  TrainingRun(
      TrainSettings settings, Learner learner, TrainCheckpoint checkpoint, Notes notes, long seed)
      throws IOException {
    this.settings = settings;
    this.learner = learner;
    this.data = learner.data();
    this.checkpoint = checkpoint;
    this.notes = notes;
    this.stopping = new EarlyStopping(settings.patience());
    int[] sample = data.training().sampleShape();
    RunnableNetwork one = ofOneSample(sample);
    one.report().gaps().forEach(notes::add);
    data.requireOutput(one.report().output().sizes());
    Backends.expect(one.report().macs().value() * data.training().size(), settings.dtype());
    Map<String, Tensor> weights = checkpoint.initial(one);
    Checkpoint.State state = checkpoint.resumed(data.preparation());
    if (state != null) {
      weights = checkpoint.checked(one, state.weights());
      losses = state.losses();
      history.goOnAfter(losses);
      if (state.best() != null) {
        stopping.resume(state.best(), checkpoint.checked(one, state.best().weights()));
      }
    }
    trainer =
        new Trainer(
            learner.network(),
            sample,
            settings.loss(),
            settings.optimizer(),
            new Trainer.Settings(
                settings.batchSize() == 0 ? data.training().size() : settings.batchSize(),
                settings.shuffle(),
                settings.clipNorm(),
                seed,
                settings.classWeights() ? data.classWeights() : null,
                data.augmentation()),
            weights);
    if (state != null) {
      trainer.resume(state.optimizer(), state.steps());
    }
  }

  private RunnableNetwork ofOneSample(int[] sample) {
    int[] shape = new int[sample.length + 1];
    shape[0] = 1;
    System.arraycopy(sample, 0, shape, 1, sample.length);
    return RunnableNetwork.of(learner.network(), shape);
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
    if (stopping.isOver()) {
      trainer.weights().putAll(stopping.best());
      history.keepBest();
    }
    return true;
  }

  /** What went wrong, in words. */
  Diagnosis diagnosis() {
    return Diagnosis.of(
        new Evidence(
            learner.network(),
            trainer.weights(),
            history,
            data.training(),
            data.test(),
            settings.loss(),
            settings.classWeights(),
            false));
  }

  /**
   * Tells if training could not go on.
   *
   * @throws InputException with the reason, if it could not
   */
  void requireFinite() {
    NonFiniteLoss end = history.end();
    if (end != null) {
      throw new InputException(
          end.getMessage()
              + " (epoch "
              + (losses.length + 1)
              + "); try a smaller --lr, now "
              + settings.rate()
              + ", or --clip-norm 1",
          end);
    }
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
