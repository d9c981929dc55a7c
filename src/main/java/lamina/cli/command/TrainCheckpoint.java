package lamina.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import lamina.cli.option.CheckpointOptions;
import lamina.cli.option.TensorInputs;
import lamina.cli.option.TrainSettings;
import lamina.network.LayerAnalysis;
import lamina.network.RunnableNetwork;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;
import lamina.train.Checkpoint;
import lamina.train.EarlyStopping;
import lamina.train.Trainer;
import lamina.train.data.AnswerTexts;

/**
 * The weights of a training: those it starts from, those it goes on from, and those it saves, in a
 * {@link Checkpoint}'s two files.
 */
final class TrainCheckpoint {
  private final CheckpointOptions options;
  private final TensorInputs inputs;
  private final DType dtype;

  private final String settings;

  /**
   * @param settings what must be the same when the training is taken up again, an option a line
   */
  TrainCheckpoint(CheckpointOptions options, TensorInputs inputs, DType dtype, String settings) {
    this.options = options;
    this.inputs = inputs;
    this.dtype = dtype;
    this.settings = settings;
  }

  /** The name of the file that is saved, or null. */
  String file() {
    return options.file();
  }

  /** The weights before the first step: given, or drawn. */
  Map<String, Tensor> initial(RunnableNetwork network) {
    if (!options.init().isGiven()) {
      return network.initialWeights(dtype, inputs.seed());
    }
    String name = options.init().text();
    Map<String, Tensor> weights = new LinkedHashMap<>();
    network
        .weights(inputs.readAll(options.init()), name)
        .forEach(
            (weight, tensor) ->
                weights.put(
                    weight, weight.endsWith("num_batches_tracked") ? tensor : tensor.as(dtype)));
    return weights;
  }

  /**
   * What the training goes on from; null if it begins.
   *
   * @param learner what learns now
   * @param network it, for one sample
   * @throws InputException if the training was another one
   */
  Checkpoint.State resumed(Learner learner, RunnableNetwork network) throws IOException {
    if (!options.resume().isGiven()) {
      return null;
    }
    String file = options.resume().text();
    Path path = inputs.options().directory().resolve(file);
    Checkpoint.State state = Checkpoint.readState(path, file, dtype);
    if (!state.settings().equals(settings)) {
      throw new InputException(
          file
              + ": was trained with "
              + TrainSettings.differing(state.settings(), settings)
              + ", not with "
              + TrainSettings.differing(settings, state.settings()));
    }
    // A kill before the first epoch's end leaves the state alone.
    Checkpoint before = Files.exists(path) ? Checkpoint.read(path, file, dtype) : null;
    if (before != null) {
      before.preparation().requireSame(learner.data().preparation(), file);
    }
    Checkpoint.State checked = state.with(weights -> network.weights(weights, file));
    if (before != null && learner.both() == null && before.decoder() == null) {
      int[] sample = learner.data().training().sampleShape();
      RunnableNetwork then =
          TrainingFit.ofOneSample(learner.data().packed(before.sized(file)), sample);
      requireSameLayers(then.report().layers(), network.report().layers(), file);
    }
    return checked;
  }

  /** Weights that fit do not tell a ReLU from a Tanh. */
  private static void requireSameLayers(
      List<LayerAnalysis> trained, List<LayerAnalysis> wanted, String file) {
    String told = trained.size() + " layers, not " + wanted.size();
    boolean isSame = trained.size() == wanted.size();
    for (int i = 0; isSame && i < wanted.size(); i++) {
      LayerAnalysis then = trained.get(i);
      LayerAnalysis now = wanted.get(i);
      told = "layer '" + now.name() + "' " + then.text() + ", not " + now.text();
      // Sizes may be left out in one text and stand in the other.
      isSame =
          then.type().equals(now.type())
              && (plain(then.text()).equals(plain(now.text()))
                  || Objects.equals(then.layer(), now.layer()));
    }
    if (!isSame) {
      throw new InputException(
          file + ": was trained with " + told + "; --init takes its weights alone");
    }
  }

  private static String plain(String text) {
    return text.replaceAll("\\s+", "");
  }

  /**
   * Writes the checkpoint.
   *
   * @param losses those of the epochs done
   */
  void save(Learner learner, Trainer trainer, double[] losses, EarlyStopping stopping)
      throws IOException {
    Map.Entry<String, AnswerTexts> decoder =
        learner.both() == null ? null : Map.entry(learner.decoderText(), learner.data().answers());
    Map<String, Tensor> kept = stopping.best() == null ? trainer.weights() : stopping.best();
    new Checkpoint(learner.text(), learner.data().preparation(), decoder, kept)
        .write(
            inputs.options().directory().resolve(file()),
            new Checkpoint.State(
                settings,
                losses.length,
                trainer.steps(),
                losses,
                trainer.weights(),
                trainer.state(),
                stopping.state()));
  }
}
