package lamina.cli.option;

import java.util.List;
import lamina.train.Loss;
import lamina.train.LossKind;

/** What {@code lamina run} runs a network with, and what it tells of the pass. */
public final class RunOptions extends OptionGroup {
  private final TextOption weights =
      text(
          "FILE",
          "weights by the names of PyTorch's state_dict (0.weight, features.0.bias): a JSON"
              + " object, npz or safetensors; default: initial values drawn with --seed",
          "--weights");

  private final RepeatedOption inputTensors =
      repeated("NAME=TENSOR", "an ONNX model's input by its name; several times", "--input-tensor");

  private final TextOption testData =
      noAnswer(
          text(
              "DIR",
              "run an ONNX model on input_0.pb, input_1.pb, ... of this folder and compare its"
                  + " outputs with output_0.pb, ...; --rtol 1e-3 and --atol 1e-7 by default, as"
                  + " ONNX's own tests",
              "--test-data"),
          COMPARES);

  private final RepeatedOption layers =
      repeated("LAYER", "print this layer's output instead; several: as members", "--layer");

  private final FlagOption all = flag("print the outputs of all layers as members too", "--all");

  private final TextOption gradient =
      text(
          "DY",
          "gradient of the output, or a number for all its elements: adds grad_input and"
              + " grad_<parameter>",
          "--grad");

  private final ChoiceOption loss =
      choice(
          "NAME",
          LossKind.labels(),
          null,
          "adds the loss between output and --target, and its gradients as --grad does: "
              + String.join(", ", LossKind.labels()),
          "--loss");

  private final TextOption target =
      text("TENSOR", "what --loss compares with: class indices, or a tensor", "--target");

  private final FlagOption diagnose =
      flag(
          "with --loss: say what is wrong with this pass, such as dead or saturated units and"
              + " vanishing gradients",
          "--diagnose");

  private final TextOption text =
      text(
          "TEXT",
          "the input as text: its words in lower case become indices by --vocab, or by what"
              + " the network was trained with",
          "--text");

  private final FlagOption generate =
      flag(
          "write the answer of a network that was trained with --decoder, each token the"
              + " likeliest after those before it",
          "--generate");

  private final TextOption vocabulary =
      text(
          "FILE",
          "words of --text, one a line; the line, counted from 0, is the index; the first"
              + " two are <pad> and <unk>",
          "--vocab");

  /** The file of the weights. */
  public TextOption weights() {
    return weights;
  }

  /** Inputs by their names, as {@code NAME=TENSOR}. */
  public List<String> inputTensors() {
    return inputTensors.texts();
  }

  /** The folder of inputs and of what outputs are to be. */
  public TextOption testData() {
    return testData;
  }

  /** The layers whose outputs are wanted. */
  public List<String> layers() {
    return layers.texts();
  }

  /** Whether the outputs of all layers are wanted. */
  public boolean isAll() {
    return all.isGiven();
  }

  /** The gradient of the output. */
  public TextOption gradient() {
    return gradient;
  }

  /** The loss, or null. */
  public Loss loss() {
    return loss.word() == null ? null : Loss.byName(loss.word());
  }

  /** What the loss compares with. */
  public TextOption target() {
    return target;
  }

  /** Whether the pass is diagnosed. */
  public boolean isDiagnosed() {
    return diagnose.isGiven();
  }

  /** The input as text. */
  public TextOption text() {
    return text;
  }

  /** The words of the text. */
  public TextOption vocabulary() {
    return vocabulary;
  }

  /** Whether an answer is to be written, token by token. */
  public boolean isGenerated() {
    return generate.isGiven();
  }

  /**
   * Checks what belongs together.
   *
   * @throws UsageException if options exclude or lack each other
   */
  public void check() {
    if (isAll() && !layers().isEmpty()) {
      throw new UsageException("either --all or --layer, not both");
    }
    boolean hasLoss = loss.word() != null;
    if (hasLoss != target.isGiven()) {
      throw new UsageException("--loss and --target go together");
    }
    if (hasLoss && gradient.isGiven()) {
      throw new UsageException("either --grad or --loss, which gives the gradient itself");
    }
    if (isDiagnosed() && !hasLoss) {
      throw new UsageException("--diagnose goes with --loss and --target");
    }
  }

  /**
   * Refuses options of models that name their inputs.
   *
   * @throws UsageException if one is given
   */
  public void refuseNamedInputs() {
    for (Option option : List.of(testData, inputTensors)) {
      if (option.isGiven()) {
        throw new UsageException(
            option.name() + " goes with an ONNX model, whose inputs have names");
      }
    }
  }

  /**
   * Refuses what does not go with a model that names its inputs.
   *
   * @param bringsWeights whether its file has its weights, too
   * @throws UsageException if one is given
   */
  public void refuseBesideModel(boolean bringsWeights) {
    for (Option option : List.of(weights, text, vocabulary, diagnose)) {
      if (option.isGiven() && (bringsWeights || option != weights)) {
        throw new UsageException(
            option.name()
                + " does not go with "
                + (bringsWeights ? "an ONNX model" : "a model that names its inputs"));
      }
    }
  }

  /**
   * Refuses an answer token by token of a network that was not trained for it, and another one of a
   * network that was.
   *
   * @param net the network as typed
   */
  public void checkGenerated(String net, boolean hasDecoder) {
    if (isGenerated() != hasDecoder) {
      throw new UsageException(
          hasDecoder
              ? net + " was trained with --decoder, so its answer is written by --generate"
              : "--generate goes with a network that was trained with --decoder");
    }
  }
}
