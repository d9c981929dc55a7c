package lamina.cli.command;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import lamina.cli.option.Arguments;
import lamina.cli.option.ModelInputs;
import lamina.cli.option.ModelTestData;
import lamina.cli.option.RunOptions;
import lamina.cli.option.TensorInputs;
import lamina.cli.option.UsageException;
import lamina.cli.process.Io;
import lamina.cli.process.Notes;
import lamina.format.TensorArgument;
import lamina.format.Vocabulary;
import lamina.network.FittedNetwork;
import lamina.network.Model;
import lamina.network.Network;
import lamina.tensor.Tensor;
import lamina.train.Checkpoint;
import lamina.train.EncoderDecoder;
import picocli.CommandLine.Model.CommandSpec;

/** {@code lamina run}: a network forward, in evaluation mode, and backward. */
public final class RunCommand extends TensorCommand {
  private final RunOptions options = new RunOptions();
  private Io io;
  private RunNetwork net;

  @Override
  void defineOwn(CommandSpec spec) {
    Arguments.define(
        spec,
        "NET [INPUT...]",
        "1..*",
        "layers such as 'Linear(4, 2), ReLU()', a file of them (also print(model), JSON,"
            + " Keras), an ONNX model or -; then the tensor to run them on, default: standard"
            + " input; an ONNX model may take several. The first axis is the batch where no"
            + " layer tells how many axes a sample has, as in PyTorch");
    options.addTo(spec);
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
  public int run(Arguments arguments, Io streams) throws IOException {
    io = streams;
    return super.run(arguments, streams);
  }

  @Override
  String mainInput(Arguments arguments) {
    if (arguments.positionals().isEmpty()) {
      throw new UsageException(
          "missing argument NET, e.g. 'Linear(4, 2), ReLU()' or a file of layers");
    }
    net = new RunNetwork(arguments.positional(0), io.directory());
    if (arguments.positionals().size() > 2 && net.model() == null) {
      throw new UsageException("unexpected argument '" + arguments.positional(2) + "'");
    }
    if (net.model() != null && !isEach(arguments)) {
      return null;
    }
    String given = arguments.positional(1);
    if (options.text().isGiven()) {
      return words(given, arguments);
    }
    if (options.vocabulary().isGiven()) {
      throw new UsageException("--vocab goes with --text");
    }
    return given == null ? "-" : given;
  }

  /** Whether a model that names its inputs runs on one after another. */
  private boolean isEach(Arguments arguments) {
    String given = arguments.positional(1);
    return isEachLine() || (given != null && TensorArgument.parse(given).isJsonLines());
  }

  /** The words of {@code --text} as a tensor of their indices. */
  private String words(String input, Arguments arguments) {
    boolean hasFile = options.vocabulary().isGiven();
    if (!hasFile && !net.isTrained()) {
      throw new UsageException("--text needs --vocab, the file of its words");
    }
    if (input != null) {
      throw new UsageException("either INPUT or --text, not both");
    }
    String text = options.text().text();
    String file = options.vocabulary().text();
    Tensor words =
        hasFile
            ? Vocabulary.read(io.directory().resolve(file), file).encode(text)
            : net.trained(inputs(arguments, io).dtype()).preparation().apply(text);
    return Arrays.toString(words.longs());
  }

  @Override
  Operation prepare(Arguments arguments, TensorInputs inputs) throws IOException {
    options.check();
    if (net.model() == null) {
      options.refuseNamedInputs();
      return prepareLayers(arguments, inputs);
    }
    Model model = net.model().model();
    options.refuseBesideModel(model.bringsWeights());
    List<String> given = arguments.positionals();
    if (isEach(arguments) && !options.testData().isGiven()) {
      if (model.inputs().size() != 1 || given.size() > 2) {
        throw new UsageException("--each goes with a model of one input");
      }
      return prepareLayers(arguments, inputs);
    }
    ModelTestData testData = testData(model, given, inputs);
    List<Tensor> read =
        testData != null
            ? testData.inputs()
            : new ModelInputs(model, inputs)
                .read(given.subList(1, given.size()), options.inputTensors());
    return new ModelRun(
        run(net.model(), null, arguments, inputs), read, testData, tolerance(), isQuiet());
  }

  private ModelTestData testData(Model model, List<String> given, TensorInputs inputs) {
    if (!options.testData().isGiven()) {
      return null;
    }
    if (given.size() > 1 || !options.inputTensors().isEmpty()) {
      throw new UsageException("either INPUT or --test-data, not both");
    }
    return new ModelTestData(options.testData().text(), model, inputs);
  }

  /** A network of layers, which may have been trained. */
  private Operation prepareLayers(Arguments arguments, TensorInputs inputs) throws IOException {
    Checkpoint checkpoint = net.isTrained() ? net.trained(inputs.dtype()) : null;
    boolean hasDecoder = checkpoint != null && checkpoint.decoder() != null;
    Network network = net.read(inputs);
    options.checkGenerated(net.name(), hasDecoder);
    TrainedInput trained = null;
    if (checkpoint != null) {
      String input = arguments.positional(1);
      boolean isImage = input != null && TensorArgument.parse(input).isImage();
      trained = new TrainedInput(checkpoint.preparation(), isImage);
    }
    if (!hasDecoder) {
      return run(network, trained, arguments, inputs);
    }
    String source = source();
    Map<String, Tensor> given = inputs.readAll("--weights", source);
    Network encoder = sized(network, given, EncoderDecoder.ENCODER + ".");
    return DecoderRun.of(
        trained, encoder, checkpoint.decoder(), given, TensorArgument.parse(source).name());
  }

  private NetworkRun run(
      Network network, TrainedInput trained, Arguments arguments, TensorInputs inputs) {
    String source = source();
    Map<String, Tensor> given = source == null ? null : inputs.readAll("--weights", source);
    FittedNetwork fitted =
        new FittedNetwork(
            given == null ? network : sized(network, given, ""),
            given,
            source == null ? null : TensorArgument.parse(source).name(),
            inputs.dtype(),
            inputs.seed());
    NetworkGradients gradients =
        new NetworkGradients(
            inputs.read(options.gradient()), options.loss(), inputs.read(options.target()));
    Notes notes = new Notes(io, arguments.command(), isQuiet());
    return new NetworkRun(
        fitted,
        trained,
        gradients,
        options,
        new NetworkNotes(notes, arguments.general().isVerbose(), !isSeedGiven()));
  }

  /** The file of the weights as typed, which a network that was trained is itself; else null. */
  private String source() {
    return options.weights().text(net.isTrained() ? net.name() : null);
  }

  /** The network with the sizes that the rows of its weights tell. */
  private static Network sized(Network network, Map<String, Tensor> given, String scope) {
    return network.sizedByData(
        (path, leaf) -> {
          Tensor weight = given.get(scope + path + ".weight");
          return weight == null || weight.rank() == 0 ? 0 : weight.dim(0);
        });
  }
}
