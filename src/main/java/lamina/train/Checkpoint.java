package lamina.train;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import lamina.format.AtomicFile;
import lamina.format.Safetensors;
import lamina.layer.Compatibility;
import lamina.network.Network;
import lamina.tensor.DType;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.text.InputException;
import lamina.train.data.AnswerTexts;
import lamina.train.data.Preparation;

/**
 * A network that was trained, as safetensors with PyTorch's names: its text and how its data was
 * prepared, with the names of the classes, are in the metadata. Beside it, in {@code FILE.state},
 * lies all that training needs to go on, with weights of its own, so that whichever of both files a
 * kill leaves behind is whole in itself.
 *
 * @param network the specification
 * @param preparation how samples are prepared, and what classes there are
 * @param decoder what writes answers from the network's state, and their tokens; null if the
 *     network answers itself
 * @param weights by full name
 */
public record Checkpoint(
    String network,
    Preparation preparation,
    Map.Entry<String, AnswerTexts> decoder,
    Map<String, Tensor> weights) {
  private static final String DECODER = "lamina.decoder";
  private static final String NETWORK = "lamina.network";
  private static final String PREPARATION = "lamina.preparation";
  private static final String SETTINGS = "lamina.settings";
  private static final String EPOCH = "lamina.epoch";
  private static final String STEPS = "lamina.steps";
  private static final String LOSSES = "lamina.losses";
  private static final String STATE = "state/";
  private static final String BEST = "best/";
  private static final String BEST_LOSS = "lamina.best_loss";
  private static final String WAITED = "lamina.waited";
  private static final String WEIGHT = "weight/";

  /**
   * What training goes on from.
   *
   * @param settings what must be the same when it goes on, as text
   * @param epochs how many are done
   * @param losses those of the epochs done
   * @param best what early stopping keeps; null without it
   */
  public record State(
      String settings,
      int epochs,
      long steps,
      double[] losses,
      Map<String, Tensor> weights,
      Map<String, List<Tensor>> optimizer,
      Best best) {
    /** The same with all weights as a function gives them. */
    public State with(UnaryOperator<Map<String, Tensor>> change) {
      Best changed =
          best == null ? null : new Best(best.loss, best.waited, change.apply(best.weights));
      return new State(settings, epochs, steps, losses, change.apply(weights), optimizer, changed);
    }
  }

  /**
   * The best epoch so far.
   *
   * @param loss its loss, of the test part if there is one
   * @param waited the epochs since then
   * @param weights those after it
   */
  public record Best(double loss, int waited, Map<String, Tensor> weights) {}

  /** Where the state of a checkpoint lies. */
  public static Path stateFile(Path file) {
    return file.resolveSibling(file.getFileName() + ".state");
  }

  /**
   * Writes both files, each whole or not at all. Whoever is interrupted must let this end, or parts
   * of files are left under other names.
   */
  public void write(Path file, State state) throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    state.weights.forEach((name, tensor) -> tensors.put(WEIGHT + name, tensor));
    state.optimizer.forEach(
        (name, kept) -> {
          for (int i = 0; i < kept.size(); i++) {
            tensors.put(STATE + i + "/" + name, kept.get(i));
          }
        });
    StringBuilder losses = new StringBuilder();
    for (double loss : state.losses) {
      losses.append(losses.length() == 0 ? "" : " ").append(loss);
    }
    Map<String, String> about = new LinkedHashMap<>();
    about.put(SETTINGS, state.settings);
    about.put(EPOCH, Integer.toString(state.epochs));
    about.put(STEPS, Long.toString(state.steps));
    about.put(LOSSES, losses.toString());
    if (state.best != null) {
      state.best.weights.forEach((name, tensor) -> tensors.put(BEST + name, tensor));
      about.put(BEST_LOSS, Double.toString(state.best.loss));
      about.put(WAITED, Integer.toString(state.best.waited));
    }
    write(stateFile(file), tensors, about);
    about.clear();
    about.put("format", "pt");
    about.put(NETWORK, network);
    about.put(PREPARATION, preparation.toJson());
    if (decoder != null) {
      about.put(DECODER, decoder.getValue().toJson(decoder.getKey()));
    }
    write(file, weights, about);
  }

  private static void write(Path file, Map<String, Tensor> tensors, Map<String, String> about)
      throws IOException {
    try (AtomicFile pending = AtomicFile.createToFinish(file)) {
      Safetensors.write(tensors, about, pending.stream());
      pending.commit();
    }
  }

  /**
   * The specification of a network that was trained, without its weights; null if none is there.
   */
  public static String network(Path file, String name) throws IOException {
    return metadata(file, name).get(NETWORK);
  }

  /**
   * The same of a file that must have one.
   *
   * @param advice what to do with a file that holds weights alone
   */
  public static String requireNetwork(Path file, String name, String advice) throws IOException {
    String text = network(file, name);
    if (text == null) {
      throw withoutNetwork(name, advice);
    }
    return text;
  }

  private static InputException withoutNetwork(String name, String advice) {
    return InputException.at(name, "has weights but no network; " + advice);
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @return null if the file says nothing of a network, as one of another program
   */
  public static Checkpoint read(Path file, String name, DType dtype) throws IOException {
    Map<String, String> about = metadata(file, name);
    if (!about.containsKey(NETWORK) || !about.containsKey(PREPARATION)) {
      return null;
    }
    return new Checkpoint(
        about.get(NETWORK),
        Preparation.fromJson(about.get(PREPARATION), name + " (" + PREPARATION + ")"),
        about.containsKey(DECODER)
            ? AnswerTexts.fromJson(about.get(DECODER), name + " (" + DECODER + ")")
            : null,
        tensors(file, name, dtype));
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @param advice what to do with a file that holds weights alone
   * @throws InputException if the file says nothing of a network
   */
  public static Checkpoint readNetwork(Path file, String name, DType dtype, String advice)
      throws IOException {
    Checkpoint checkpoint = read(file, name, dtype);
    if (checkpoint == null) {
      throw withoutNetwork(name, advice);
    }
    return checkpoint;
  }

  /**
   * The network that answers, for a batch of such samples as it learned from. Of an encoder and a
   * decoder, it is the encoder.
   */
  public Network sized(String name) {
    String scope = decoder == null ? "" : EncoderDecoder.ENCODER + ".";
    Network sized =
        Network.parse(network, name, Compatibility.TORCH).sizedByWeights(weights, scope);
    // The shapes of several inputs are those of the data.
    return sized.model() == null ? sized.ofSamples(Shape.of(preparation.sampleShape())) : sized;
  }

  /** Reads the state beside a checkpoint. */
  public static State readState(Path file, String name, DType dtype) throws IOException {
    Path stateFile = stateFile(file);
    String stateName = name + ".state";
    if (!Files.exists(stateFile)) {
      throw new InputException(
          "--resume needs " + stateName + " beside " + name + ", but there is none");
    }
    Map<String, String> about = metadata(stateFile, stateName);
    if (!about.containsKey(SETTINGS) || !about.containsKey(LOSSES)) {
      throw new InputException(stateName + ": is no state of a training");
    }
    Map<String, Tensor> weights = new LinkedHashMap<>();
    Map<String, Tensor> best = new LinkedHashMap<>();
    Map<String, List<Tensor>> optimizer = new LinkedHashMap<>();
    for (Map.Entry<String, Tensor> entry : tensors(stateFile, stateName, dtype).entrySet()) {
      String key = entry.getKey();
      if (key.startsWith(WEIGHT)) {
        weights.put(key.substring(WEIGHT.length()), entry.getValue());
      } else if (key.startsWith(BEST)) {
        best.put(key.substring(BEST.length()), entry.getValue());
      } else {
        String parameter = key.substring(key.indexOf('/', STATE.length()) + 1);
        optimizer.computeIfAbsent(parameter, each -> new ArrayList<>()).add(entry.getValue());
      }
    }
    double[] losses = losses(about, stateName);
    return new State(
        about.get(SETTINGS),
        losses.length,
        (long) number(about.get(STEPS), stateName),
        losses,
        weights,
        optimizer,
        about.containsKey(BEST_LOSS)
            ? new Best(
                number(about.get(BEST_LOSS), stateName),
                (int) number(about.get(WAITED), stateName),
                best)
            : null);
  }

  /** The losses of all epochs, of which there must be as many as there are epochs. */
  private static double[] losses(Map<String, String> about, String stateName) {
    String[] texts = about.get(LOSSES).split(" ", -1);
    double[] losses = new double[texts.length];
    for (int i = 0; i < losses.length; i++) {
      losses[i] = number(texts[i], stateName);
    }
    double epochs = number(about.get(EPOCH), stateName);
    double steps = number(about.get(STEPS), stateName);
    if (epochs != losses.length || !(steps >= epochs) || steps != Math.rint(steps)) {
      throw new InputException(
          stateName
              + ": is damaged: it tells of "
              + about.get(EPOCH)
              + " epochs and "
              + about.get(STEPS)
              + " steps but holds "
              + losses.length
              + " losses");
    }
    return losses;
  }

  private static double number(String text, String name) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException | NullPointerException e) {
      throw new InputException(name + ": is damaged: '" + text + "' is no number", e);
    }
  }

  private static Map<String, String> metadata(Path file, String name) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return Safetensors.readMetadata(in, Files.size(file), name);
    }
  }

  private static Map<String, Tensor> tensors(Path file, String name, DType dtype)
      throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return Safetensors.readAll(in, Files.size(file), dtype, name);
    }
  }
}
