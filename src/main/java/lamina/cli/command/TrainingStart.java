package lamina.cli.command;

import java.io.IOException;
import java.util.Map;
import lamina.cli.option.TrainSettings;
import lamina.cli.process.Notes;
import lamina.kernel.Backends;
import lamina.network.RunnableNetwork;
import lamina.tensor.Tensor;
import lamina.train.Checkpoint;
import lamina.train.EarlyStopping;
import lamina.train.Trainer;
import lamina.train.TrainingData;

/**
 * Where a training begins, or goes on if it was saved.
 *
 * @param losses those of the epochs done
 */
record TrainingStart(Trainer trainer, EarlyStopping stopping, double[] losses) {
  /**
   * Prepares a training.
   *
   * @param seed of shuffling and of what is random in layers
   * @throws lamina.text.InputException if network, samples and weights do not fit each other
   */
  static TrainingStart of(
      TrainSettings settings, Learner learner, TrainCheckpoint checkpoint, Notes notes, long seed)
      throws IOException {
    TrainingData data = learner.data();
    int[] sample = data.training().sampleShape();
    RunnableNetwork one = ofOneSample(learner, sample);
    one.report().gaps().forEach(notes::add);
    data.requireOutput(one.report().output().sizes());
    Backends.settle(one.report().macs().value() * data.training().size(), settings.dtype());
    Map<String, Tensor> weights = checkpoint.initial(one);
    EarlyStopping stopping = new EarlyStopping(settings.patience());
    Checkpoint.State state = checkpoint.resumed(data.preparation());
    if (state != null) {
      weights = checkpoint.checked(one, state.weights());
      if (state.best() != null) {
        stopping.resume(state.best(), checkpoint.checked(one, state.best().weights()));
      }
    }
    Trainer.Settings steps =
        new Trainer.Settings(
            settings.batchSize() == 0 ? data.training().size() : settings.batchSize(),
            settings.shuffle(),
            settings.clipNorm(),
            seed,
            settings.classWeights() ? data.classWeights() : null,
            data.augmentation());
    Trainer trainer =
        new Trainer(
            learner.network(), sample, settings.loss(), settings.optimizer(), steps, weights);
    if (state == null) {
      return new TrainingStart(trainer, stopping, new double[0]);
    }
    trainer.resume(state.optimizer(), state.steps());
    return new TrainingStart(trainer, stopping, state.losses());
  }

  private static RunnableNetwork ofOneSample(Learner learner, int[] sample) {
    int[] shape = new int[sample.length + 1];
    shape[0] = 1;
    System.arraycopy(sample, 0, shape, 1, sample.length);
    return RunnableNetwork.of(learner.network(), shape);
  }
}
