package lamina.cli.command;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import lamina.cli.option.Arguments;
import lamina.cli.option.RunOptions;
import lamina.cli.option.TensorInputs;
import lamina.cli.option.TextOption;
import lamina.cli.option.UsageException;
import lamina.cli.process.Io;
import lamina.cli.process.Notes;
import lamina.format.TensorArgument;
import lamina.format.Vocabulary;
import lamina.network.Model;
import lamina.tensor.Tensor;
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
    return lines.each().isGiven() || (given != null && TensorArgument.parse(given).isJsonLines());
  }

  /** The words of {@code --text} as a tensor of their indices. */
  private String words(String input, Arguments arguments) {
    TextOption file = options.vocabulary();
    if (!file.isGiven() && !net.isTrained()) {
      throw new UsageException("--text needs --vocab, the file of its words");
    }
    if (input != null) {
      throw new UsageException("either INPUT or --text, not both");
    }
    String text = options.text().text();
    Tensor words =
        file.isGiven()
            ? Vocabulary.read(io.directory().resolve(file.text()), file.text()).encode(text)
            : net.trained(inputs(arguments, io).dtype()).preparation().apply(text);
    return Arrays.toString(words.longs());
  }

  @Override
  Operation prepare(Arguments arguments, TensorInputs inputs) throws IOException {
    options.check();
    NetworkNotes notes =
        new NetworkNotes(
            new Notes(io, arguments.command(), expectations.isQuiet()),
            arguments.general().isVerbose(),
            !tensors.seedOption().isGiven());
    RunSetup setup = new RunSetup(options, net, inputs, notes);
    List<String> given = arguments.positionals();
    if (net.model() == null) {
      options.refuseNamedInputs();
      return setup.ofLayers(arguments.positional(1));
    }
    Model model = net.model().model();
    options.refuseBesideModel(model.bringsWeights());
    if (!isEach(arguments) || options.testData().isGiven()) {
      return setup.ofModel(given.subList(1, given.size()), expectations);
    }
    if (given.size() > 2 || !options.inputTensors().isEmpty() || model.inputs().isEmpty()) {
      throw new UsageException(
          "JSON Lines give all inputs of a model, each as a member by its name; give them alone");
    }
    return setup.ofLayers(arguments.positional(1));
  }
}
