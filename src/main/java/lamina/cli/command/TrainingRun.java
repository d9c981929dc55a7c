package lamina.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lamina.cli.option.Arguments;
import lamina.cli.option.NetworkArgument;
import lamina.cli.option.TensorInputs;
import lamina.cli.option.TrainData;
import lamina.cli.option.TrainOptions;
import lamina.cli.process.Io;
import lamina.kernel.Backends;
import lamina.network.Network;
import lamina.network.RunnableNetwork;
import lamina.report.Confusion;
import lamina.report.Document;
import lamina.report.TrainingText;
import lamina.report.html.TrainingPage;
import lamina.report.html.TrainingPictures;
import lamina.tensor.Tensor;
import lamina.text.InputException;
import lamina.train.Checkpoint;
import lamina.train.EncoderDecoder;
import lamina.train.GradientStatistics;
import lamina.train.Loss;
import lamina.train.NonFiniteLoss;
import lamina.train.Trainer;
import lamina.train.data.AnswerTexts;
import lamina.train.data.Dataset;
import lamina.train.diagnosis.Diagnosis;
import lamina.train.diagnosis.Evidence;
import lamina.train.diagnosis.TrainingHistory;

/** One training, from its options. */
final class TrainingRun {
  /** The options that a report names. */
  private static final List<String> SHOWN_OPTIONS =
      List.of(
          "--data",
          "--test",
          "--split",
          "--loss",
          "--optimizer",
          "--lr",
          "--schedule",
          "--epochs",
          "--batch-size",
          "--seed");

  private final Arguments arguments;
  private final Io io;
  private final TensorInputs inputs;
  private final TrainOptions options;
  private final TrainData data;
  final List<Document> epochs = new ArrayList<>();
  private Network network;
  Trainer trainer;

  /** Null but for a network with a decoder. */
  EncoderDecoder both;

  private double[] losses = new double[0];

  /** What early stopping keeps: the best epoch's loss, the epochs since then, its weights. */
  private double least = Double.POSITIVE_INFINITY;

  private int waited;
  private Map<String, Tensor> best;

  private GradientStatistics statistics;
  final TrainingHistory history = new TrainingHistory();

  /** The seconds of the fastest epoch: the first ones run while the program still warms up. */
  double fastest = Double.POSITIVE_INFINITY;

  TrainingRun(
      Arguments arguments, Io io, TensorInputs inputs, TrainOptions options, TrainData data) {
    this.arguments = arguments;
    this.io = io;
    this.inputs = inputs;
    this.options = options;
    this.data = data;
  }

  void start(Network toLearn) throws IOException {
    network = toLearn;
    int[] sample = data.training().sampleShape();
    int[] shape = new int[sample.length + 1];
    shape[0] = 1;
    System.arraycopy(sample, 0, shape, 1, sample.length);
    RunnableNetwork one = RunnableNetwork.of(network, shape);
    if (!arguments.has("--quiet")) {
      one.report().gaps().forEach(gap -> io.tell(arguments.command() + ": " + gap));
    }
    checkOutput(one);
    Backends.expect(one.report().macs().value() * data.training().size(), options.dtype());
    String init = arguments.text("--init");
    Map<String, Tensor> weights =
        init == null
            ? one.initialWeights(options.dtype(), inputs.seed())
            : cast(one.weights(inputs.readAll("--init", init), init));
    Checkpoint.State state = state();
    if (state != null) {
      weights = one.weights(state.weights(), arguments.text("--resume"));
      losses = state.losses();
      history.goOnAfter(losses);
      if (state.best() != null) {
        least = state.best().loss();
        waited = state.best().waited();
        best = one.weights(state.best().weights(), arguments.text("--resume"));
      }
    }
    trainer =
        new Trainer(
            network,
            sample,
            options.loss(),
            options.optimizer(),
            new Trainer.Settings(
                options.batchSize() == 0 ? data.training().size() : options.batchSize(),
                options.shuffle(),
                options.clipNorm(),
                inputs.seed(),
                options.classWeights() ? classWeights() : null,
                data.augmentation()),
            weights);
    if (state != null) {
      trainer.resume(state.optimizer(), state.steps());
    }
  }

  private Map<String, Tensor> cast(Map<String, Tensor> weights) {
    Map<String, Tensor> cast = new LinkedHashMap<>();
    weights.forEach(
        (name, tensor) ->
            cast.put(
                name, name.endsWith("num_batches_tracked") ? tensor : tensor.as(options.dtype())));
    return cast;
  }

  private void checkOutput(RunnableNetwork one) {
    List<String> classes = data.training().classes();
    if (classes == null) {
      return;
    }
    int[] output = one.report().output().sizes();
    int[] target = data.training().targetShape();
    if (target.length == 1) {
      checkSteps(output, target[0], classes.size());
    } else if (output.length != 2 || output[1] < classes.size()) {
      throw new InputException(
          "the network gives "
              + Tensor.text(output)
              + " for one sample, but there are "
              + classes.size()
              + " classes; it must end with one number for each");
    }
  }

  private static void checkSteps(int[] output, int steps, int classes) {
    boolean fits =
        output.length == 3
            && ((output[1] == steps && output[2] >= classes)
                || (output[2] == steps && output[1] >= classes));
    if (!fits) {
      throw new InputException(
          "the network gives "
              + Tensor.text(output)
              + " for one sample, but the targets are a class for each of "
              + steps
              + " steps, of "
              + classes
              + " classes; it must give 1x"
              + steps
              + "x"
              + classes
              + " or 1x"
              + classes
              + "x"
              + steps);
    }
  }

  /** What must be the same when the run is taken up again. */
  private String settings() {
    return options.settings(inputs.seed()) + data.settings();
  }

  private double[] classWeights() {
    Dataset training = data.training();
    double[] counts = new double[training.classes().size()];
    double counted = 0;
    for (int i = 0; i < training.targets().size(); i++) {
      int target = (int) training.targets().longs()[i];
      if (target != Loss.IGNORED) {
        counts[target]++;
        counted++;
      }
    }
    for (int i = 0; i < counts.length; i++) {
      counts[i] = counts[i] == 0 ? 0 : counted / (counts.length * counts[i]);
    }
    return counts;
  }

  private Checkpoint.State state() throws IOException {
    String file = arguments.text("--resume");
    if (file == null) {
      return null;
    }
    Path path = io.directory().resolve(file);
    Checkpoint.State state = Checkpoint.readState(path, file, options.dtype());
    String now = settings();
    if (!state.settings().equals(now)) {
      throw new InputException(
          file
              + ": was trained with "
              + TrainOptions.differing(state.settings(), now)
              + ", not with "
              + TrainOptions.differing(now, state.settings()));
    }
    // A kill before the first epoch's end leaves the state alone.
    Checkpoint before = Files.exists(path) ? Checkpoint.read(path, file, options.dtype()) : null;
    if (before != null) {
      before.preparation().requireSame(data.preparation(), file);
    }
    return state;
  }

  /** All epochs that are left; gives the largest share of dead units in the last one. */
  double all(String text, TrainFiles files, Output lines) throws IOException {
    String file = arguments.text("--save", arguments.text("--resume"));
    try (SavedProgress saved =
        new SavedProgress(io, arguments.command(), file, losses.length, options.epochs())) {
      return all(text, files, lines, saved);
    }
  }

  double all(String text, TrainFiles files, Output lines, SavedProgress saved) throws IOException {
    double dead = 0;
    for (int epoch = losses.length; epoch < options.epochs() && !isWaitedOut(); epoch++) {
      double factor = options.schedule().factor(epoch, options.epochs(), losses);
      statistics = trainer.statistics();
      files.begin(statistics);
      long start = System.nanoTime();
      Trainer.Score score;
      try {
        score =
            trainer.epoch(
                data.training(),
                epoch,
                options.rate() * factor,
                statistics,
                progress(epoch, bar(epoch, start, saved), files));
      } catch (NonFiniteLoss e) {
        history.breakOff(e, statistics);
        io.err().print(io.errIsTerminal() ? "\r\u001b[K" : "");
        break;
      }
      double seconds = (System.nanoTime() - start) * 1e-9;
      fastest = Math.min(fastest, seconds);
      Trainer.Score test = data.test() == null ? null : trainer.evaluate(data.test());
      losses = Arrays.copyOf(losses, epoch + 1);
      losses[epoch] = score.loss();
      dead = statistics.mostDead();
      history.add(score, test, statistics);
      if (files.hasReport()) {
        history.keepSnapshot(statistics);
      }
      files.epoch(epoch + 1, options.rate() * factor, score, test, statistics);
      Document row = TrainingText.epoch(epoch + 1, score, test, statistics);
      epochs.add(row);
      if (lines != null) {
        lines.write(TrainingText.line(epoch + 1, score, test, data.training().size() / seconds));
      }
      double watched = test == null ? score.loss() : test.loss();
      if (watched < least) {
        least = watched;
        waited = 0;
        best = options.patience() > 0 ? trainer.snapshot() : null;
      } else if (options.patience() > 0) {
        waited++;
      }
      if (isWaitedOut()) {
        trainer.weights().putAll(best);
        history.keepBest();
      }
      saved.save(epoch + 1, () -> save(text));
    }
    return dead;
  }

  /** Whether early stopping ends the training, or ended it before it was taken up again. */
  private boolean isWaitedOut() {
    return options.patience() > 0 && waited >= options.patience();
  }

  private Trainer.Progress progress(int epoch, Trainer.Progress bar, TrainFiles files) {
    int size = data.training().size();
    return (samples, score) -> {
      bar.stepped(samples, score);
      files.stepped(epoch + 1, trainer.steps(), samples, score, samples == size, statistics);
    };
  }

  /** The command line in short. */
  private String title() {
    StringBuilder title = new StringBuilder(arguments.command());
    title.append(" '").append(arguments.positional(0)).append('\'');
    for (String option : SHOWN_OPTIONS) {
      if (arguments.has(option)) {
        title.append(' ').append(option).append(' ').append(arguments.text(option));
      }
    }
    return title.toString();
  }

  /** The report, with pictures if images were learned. */
  void report(TrainFiles files, Dataset held, Diagnosis diagnosis) throws IOException {
    Confusion confusion = held.classes() == null ? null : Confusion.of(trainer, held);
    files.report(
        new TrainingPage.Content(
            title(),
            trainer.networkFor(1).report(),
            history,
            diagnosis,
            confusion,
            TrainingPictures.of(trainer, held, data.preparation(), confusion),
            files.others()));
  }

  /** What went wrong. */
  Diagnosis diagnosis() {
    return Diagnosis.of(
        new Evidence(
            network,
            trainer.weights(),
            history,
            data.training(),
            data.test(),
            options.loss(),
            options.classWeights(),
            false));
  }

  /** Why training could not go on. */
  InputException broken() {
    NonFiniteLoss end = history.end();
    return new InputException(
        end.getMessage()
            + " (epoch "
            + (losses.length + 1)
            + "); try a smaller --lr, now "
            + options.rate()
            + ", or --clip-norm 1",
        end);
  }

  /** What is said at the end: the last gradients, and how the classes were told apart. */
  String end(Dataset held) {
    String text = statistics == null ? "" : "\n" + TrainingText.gradients(statistics);
    if (both != null) {
      return text + "\n" + TrainingText.answersText(both, trainer, held);
    }
    return held.classes() == null ? text : text + "\n" + TrainingText.confusion(trainer, held);
  }

  private Trainer.Progress bar(int epoch, long start, SavedProgress saved) {
    if (!io.errIsTerminal()) {
      return (samples, score) -> saved.waitIfInterrupted();
    }
    int size = data.training().size();
    long[] drawn = {0};
    return (samples, score) -> {
      saved.waitIfInterrupted();
      long now = System.nanoTime();
      if (samples == size) {
        io.err().print("\r\u001b[K");
      } else if (now - drawn[0] > 100_000_000L) {
        drawn[0] = now;
        io.err().print(TrainingText.bar(epoch + 1, samples, size, score, (now - start) * 1e-9));
      }
      io.err().flush();
    };
  }

  private String decoderText() throws IOException {
    return NetworkArgument.text(arguments.text("--decoder"), inputs);
  }

  private void save(String text) throws IOException {
    String file = arguments.text("--save", arguments.text("--resume"));
    Path path = io.directory().resolve(file);
    Map.Entry<String, AnswerTexts> decoder =
        both == null ? null : Map.entry(decoderText(), data.answers());
    new Checkpoint(text, data.preparation(), decoder, trainer.weights())
        .write(
            path,
            new Checkpoint.State(
                settings(),
                losses.length,
                trainer.steps(),
                losses,
                trainer.weights(),
                trainer.state(),
                best == null ? null : new Checkpoint.Best(least, waited, best)));
  }
}
