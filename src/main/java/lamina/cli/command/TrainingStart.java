package lamina.cli.command;

import java.io.IOException;
import java.util.Map;
import lamina.cli.option.TrainSettings;
import lamina.cli.process.Notes;
import lamina.kernel.Backends;
import lamina.layer.Layer.Parameter;
import lamina.network.RunnableNetwork;
import lamina.tensor.Tensor;
import lamina.text.InputException;
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
    data.requireIndices(learner.network());
    RunnableNetwork one = TrainingFit.ofOneSample(learner.network(), sample);
    TrainingFit.remark(learner.network(), settings.loss().kind(), notes);
    one.report().gaps().forEach(notes::add);
    data.requireOutput(one.report().output().sizes());
    Backends.settle(one.report().macs().value() * data.training().size(), settings.dtype());
    if (one.parameters().values().stream().noneMatch(Parameter::trained)) {
      throw new InputException(
          "the network has no weights, so that it cannot learn; add a layer such as Linear(_, _)");
    }
    Map<String, Tensor> weights = checkpoint.initial(one);
    EarlyStopping stopping = new EarlyStopping(settings.patience());
    Checkpoint.State state = checkpoint.resumed(learner, one);
    if (state != null) {
      weights = state.weights();
      stopping.resume(state.best());
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
    trainer.resume(state.optimizer(), state.steps(), checkpoint.file() + ".state");
    return new TrainingStart(trainer, stopping, state.losses());
  }
}
