package lamina.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import lamina.cli.option.Arguments;
import lamina.cli.option.CommonOptions;
import lamina.cli.option.ModelInputs;
import lamina.cli.option.NetworkArgument;
import lamina.cli.option.TensorInputs;
import lamina.cli.option.UsageException;
import lamina.cli.process.Io;
import lamina.format.TensorArgument;
import lamina.format.Vocabulary;
import lamina.network.Model;
import lamina.network.Network;
import lamina.network.RunnableNetwork;
import lamina.tensor.Tensor;
import lamina.text.InputException;
import lamina.train.Checkpoint;
import lamina.train.EncoderDecoder;
import lamina.train.Loss;
import lamina.train.LossKind;
import picocli.CommandLine.Model.CommandSpec;

/** {@code lamina run}: a network forward, in evaluation mode, and backward. */
public final class RunCommand extends TensorCommand {
  private Io io;

  /** The network if it names its inputs: an ONNX model, or Keras's with several. */
  private Network modelNetwork;

  /** The file of a trained network, read once, and what is in it. */
  private String trainedName;

  private Checkpoint trained;

  @Override
  void defineOwn(CommandSpec spec) {
    spec.addPositional(
        CommonOptions.positionals(
            "NET [INPUT...]",
            "1..*",
            "layers such as 'Linear(4, 2), ReLU()', a file of them (also print(model), JSON,"
                + " Keras), an ONNX model or -; then the tensor to run them on, default: standard"
                + " input; an ONNX model may take several. The first axis is the batch where no"
                + " layer tells how many axes a sample has, as in PyTorch"));
    spec.addOption(
        CommonOptions.value(
                "FILE",
                "weights by the names of PyTorch's state_dict (0.weight, features.0.bias): a JSON"
                    + " object, npz or safetensors; default: initial values drawn with --seed",
                "--weights")
            .build());
    spec.addOption(
        CommonOptions.repeatable(
                "NAME=TENSOR", "an ONNX model's input by its name; several times", "--input-tensor")
            .build());
    spec.addOption(
        CommonOptions.value(
                "DIR",
                "run an ONNX model on input_0.pb, input_1.pb, ... of this folder and compare its"
                    + " outputs with output_0.pb, ...; --rtol 1e-3 and --atol 1e-7 by default, as"
                    + " ONNX's own tests",
                "--test-data")
            .build());
    spec.addOption(
        CommonOptions.repeatable(
                "LAYER", "print this layer's output instead; several: as members", "--layer")
            .build());
    spec.addOption(
        CommonOptions.flag("print the outputs of all layers as members too", "--all").build());
    spec.addOption(
        CommonOptions.value(
                "DY",
                "gradient of the output, or a number for all its elements: adds grad_input and"
                    + " grad_<parameter>",
                "--grad")
            .build());
    spec.addOption(
        CommonOptions.choice(
                "NAME",
                LossKind.labels(),
                "adds the loss between output and --target, and its gradients as --grad does: "
                    + String.join(", ", LossKind.labels()),
                "--loss")
            .build());
    spec.addOption(
        CommonOptions.value(
                "TENSOR", "what --loss compares with: class indices, or a tensor", "--target")
            .build());
    spec.addOption(
        CommonOptions.flag(
                "with --loss: say what is wrong with this pass, such as dead or saturated units and"
                    + " vanishing gradients",
                "--diagnose")
            .build());
    spec.addOption(
        CommonOptions.value(
                "TEXT",
                "the input as text: its words in lower case become indices by --vocab, or by what"
                    + " the network was trained with",
                "--text")
            .build());
    spec.addOption(
        CommonOptions.flag(
                "write the answer of a network that was trained with --decoder, each token the"
                    + " likeliest after those before it",
                "--generate")
            .build());
    spec.addOption(
        CommonOptions.value(
                "FILE",
                "words of --text, one a line; the line, counted from 0, is the index; the first"
                    + " two are <pad> and <unk>",
                "--vocab")
            .build());
    Command.examples(
        spec,
        "  A small network of random weights, every layer's output:",
        "    lamina run 'Linear(4, 3), ReLU(), Linear(3, 2)' '[1,2,3,4]' --seed 1 --all",
        "  Loss and gradients of weights saved by PyTorch:",
        "    lamina run net.txt x.npy --weights model.safetensors \\",
        "        --loss cross-entropy --target '[2,0]'",
        "  A sentence:",
        "    lamina run 'Embedding(1000, 16), LSTM(16, 8, batch_first=True),",
        "        Select(1, -1), Linear(8, 2), Softmax(-1)' \\",
        "        --text 'a fine film' --vocab words.txt");
  }

  @Override
  String mainInput(Arguments arguments) {
    String text = arguments.text("--text");
    boolean vocabulary = arguments.has("--vocab");
    if (arguments.positionals().isEmpty()) {
      throw new UsageException(
          "missing argument NET, e.g. 'Linear(4, 2), ReLU()' or a file of layers");
    }
    if (arguments.positionals().size() > 2 && model(arguments) == null) {
      throw new UsageException("unexpected argument '" + arguments.positional(2) + "'");
    }
    if (model(arguments) != null && !arguments.has("--each") && !isLines(arguments)) {
      return null;
    }
    String given = arguments.positional(1);
    if (text == null) {
      if (vocabulary) {
        throw new UsageException("--vocab goes with --text");
      }
      return given == null ? "-" : given;
    }
    boolean isTrained = isTrained(arguments.positional(0));
    if (!vocabulary && !isTrained) {
      throw new UsageException("--text needs --vocab, the file of its words");
    }
    if (given != null) {
      throw new UsageException("either INPUT or --text, not both");
    }
    if (!vocabulary) {
      Checkpoint network = trained(arguments.positional(0), inputs(arguments, io));
      return Arrays.toString(network.preparation().apply(text).longs());
    }
    String file = arguments.text("--vocab");
    Tensor words = Vocabulary.read(io.directory().resolve(file), file).encode(text);
    return Arrays.toString(words.longs());
  }

  private static boolean isLines(Arguments arguments) {
    String given = arguments.positional(1);
    return given != null && TensorArgument.parse(given).isJsonLines();
  }

  /** The network that NET is if it names its inputs, read once; null if it does not. */
  private Model model(Arguments arguments) {
    String net = arguments.positional(0);
    try {
      if (modelNetwork == null) {
        modelNetwork = NetworkArgument.readModel(io.directory(), net);
      }
    } catch (IOException e) {
      throw new InputException(net + ": cannot be read: " + e.getMessage(), e);
    }
    return modelNetwork == null ? null : modelNetwork.model();
  }

  @Override
  public int run(Arguments arguments, Io streams) throws IOException {
    io = streams;
    return super.run(arguments, streams);
  }

  @Override
  Operation prepare(Arguments arguments, TensorInputs inputs) throws IOException {
    NetworkRun runner = new NetworkRun();
    runner.layers = arguments.texts("--layer");
    runner.all = arguments.has("--all");
    if (runner.all && !runner.layers.isEmpty()) {
      throw new UsageException("either --all or --layer, not both");
    }
    String loss = arguments.choice("--loss", null, LossKind.labels());
    if ((loss == null) != !arguments.has("--target")) {
      throw new UsageException("--loss and --target go together");
    }
    if (loss != null && arguments.has("--grad")) {
      throw new UsageException("either --grad or --loss, which gives the gradient itself");
    }
    if (arguments.has("--diagnose") && loss == null) {
      throw new UsageException("--diagnose goes with --loss and --target");
    }
    runner.isDiagnosed = arguments.has("--diagnose");
    runner.tellsOfSeed = !arguments.has("--seed") && !arguments.has("--quiet");
    runner.remarks = io;
    runner.warnings =
        note -> {
          if (!arguments.has("--quiet")) {
            io.tell(arguments.command() + ": " + note);
          }
        };
    runner.notes = arguments.has("--verbose") ? runner.warnings : note -> {};
    String weights = arguments.text("--weights");
    String net = arguments.positional(0);
    if (modelNetwork != null) {
      prepareModel(runner, arguments, inputs);
    } else if (arguments.has("--input-tensor") || arguments.has("--test-data")) {
      throw new UsageException(
          (arguments.has("--test-data") ? "--test-data" : "--input-tensor")
              + " goes with an ONNX model, whose inputs have names");
    }
    Checkpoint checkpoint = isTrained(net) ? trained(net, inputs) : null;
    if (checkpoint == null) {
      runner.network = modelNetwork != null ? modelNetwork : NetworkArgument.read(net, inputs);
      if (modelNetwork == null && runner.network.model() != null && net.equals("-")) {
        throw new UsageException("a network that names its inputs comes from a file, not from -");
      }
    } else {
      String input = arguments.positional(1);
      runner.network = NetworkArgument.parse(checkpoint.network(), net);
      runner.preparation = checkpoint.preparation();
      runner.isImage = input != null && TensorArgument.parse(input).isImage();
      runner.classes = checkpoint.preparation().classes();
      runner.decoder = checkpoint.decoder();
      weights = weights == null ? net : weights;
    }
    if (arguments.has("--generate") != (runner.decoder != null)) {
      throw new UsageException(
          runner.decoder == null
              ? "--generate goes with a network that was trained with --decoder"
              : net + " was trained with --decoder, so its answer is written by --generate");
    }
    runner.source = weights == null ? null : TensorArgument.parse(weights).name();
    runner.given = weights == null ? null : inputs.readAll("--weights", weights);
    if (weights != null) {
      Map<String, Tensor> given = runner.given;
      String scope = runner.decoder == null ? "" : EncoderDecoder.ENCODER + ".";
      runner.network =
          runner.network.sizedByData((path, leaf) -> rows(given.get(scope + path + ".weight")));
    }
    if (runner.decoder != null) {
      runner.both = both(runner);
    }
    runner.dtype = inputs.dtype();
    runner.seed = inputs.seed();
    runner.dy = read(inputs, arguments, "--grad");
    runner.loss = loss == null ? null : Loss.byName(loss);
    runner.target = read(inputs, arguments, "--target");
    return runner;
  }

  private static EncoderDecoder both(NetworkRun runner) {
    Network decoder =
        NetworkArgument.parse(runner.decoder.getKey(), runner.source)
            .sizedByData((path, leaf) -> runner.decoder.getValue().vocabulary().size());
    int[] sample = runner.preparation.sampleShape();
    EncoderDecoder both =
        new EncoderDecoder(runner.network, decoder, sample, runner.decoder.getValue());
    int width = Tensor.elements(sample) + runner.decoder.getValue().length();
    runner.weights =
        RunnableNetwork.of(both.network(), 1, width).weights(runner.given, runner.source);
    return both;
  }

  private static int rows(Tensor weight) {
    return weight == null || weight.rank() == 0 ? 0 : weight.dim(0);
  }

  private void prepareModel(NetworkRun runner, Arguments arguments, TensorInputs inputs) {
    Model model = modelNetwork.model();
    for (String option : List.of("--weights", "--text", "--vocab", "--diagnose")) {
      if (arguments.has(option) && (model.bringsWeights() || !option.equals("--weights"))) {
        throw new UsageException(
            option
                + " does not go with "
                + (model.bringsWeights() ? "an ONNX model" : "a model that names its inputs"));
      }
    }
    runner.tellsOfSeed &= !model.bringsWeights();
    runner.testData = arguments.text("--test-data");
    runner.modelInputs = new ModelInputs(model, inputs);
    if (runner.testData != null) {
      if (arguments.positionals().size() > 1 || arguments.has("--input-tensor")) {
        throw new UsageException("either INPUT or --test-data, not both");
      }
      runner.rtol = arguments.number("--rtol", 1e-3);
      runner.atol = arguments.number("--atol", 1e-7);
      runner.quiet = arguments.has("--quiet");
      runner.inputs = runner.modelInputs.readTestData(runner.testData);
      return;
    }
    List<String> positionals = arguments.positionals();
    if (arguments.has("--each") || isLines(arguments)) {
      if (model.inputs().size() != 1 || positionals.size() > 2) {
        throw new UsageException("--each goes with a model of one input");
      }
      return;
    }
    runner.inputs =
        runner.modelInputs.read(
            positionals.subList(1, positionals.size()), arguments.texts("--input-tensor"));
  }

  private static boolean isTrained(String net) {
    return net.endsWith(".safetensors") && !NetworkArgument.isText(net);
  }

  /** The network that {@code train --save} wrote. */
  private Checkpoint trained(String name, TensorInputs inputs) {
    if (!name.equals(trainedName)) {
      try {
        trained = readTrained(name, inputs);
      } catch (IOException e) {
        throw new InputException(name + ": cannot be read: " + e.getMessage(), e);
      }
      trainedName = name;
    }
    return trained;
  }

  private static Checkpoint readTrained(String name, TensorInputs inputs) throws IOException {
    Path file = inputs.options().directory().resolve(name);
    if (!Files.isRegularFile(file)) {
      throw new InputException("there is no file '" + name + "'");
    }
    Checkpoint checkpoint = Checkpoint.read(file, name, inputs.dtype());
    if (checkpoint == null) {
      throw new InputException(
          name + ": has weights but no network; give NET, and this file as --weights");
    }
    return checkpoint;
  }

  private static Tensor read(TensorInputs inputs, Arguments arguments, String option) {
    String argument = arguments.text(option);
    return argument == null ? null : inputs.read(option, argument);
  }
}
