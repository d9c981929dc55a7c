package lamina.cli.command;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import lamina.cli.option.ExpectationOptions;
import lamina.cli.option.ModelInputs;
import lamina.cli.option.ModelTestData;
import lamina.cli.option.RunOptions;
import lamina.cli.option.TensorInputs;
import lamina.cli.option.UsageException;
import lamina.format.TensorArgument;
import lamina.network.FittedNetwork;
import lamina.network.Model;
import lamina.network.Network;
import lamina.tensor.Tensor;
import lamina.train.Checkpoint;
import lamina.train.EncoderDecoder;

/** Reads what {@code lamina run} needs beside its main input, and sets up what is run. */
final class RunSetup {
  private final RunOptions options;
  private final RunNetwork net;
  private final TensorInputs inputs;
  private final NetworkNotes notes;

  /** The file of the weights as typed, which a network that was trained is itself; else null. */
  private final String source;

  RunSetup(RunOptions options, RunNetwork net, TensorInputs inputs, NetworkNotes notes) {
    this.options = options;
    this.net = net;
    this.inputs = inputs;
    this.notes = notes;
    this.source = options.weights().text(net.isTrained() ? net.name() : null);
  }

  /**
   * A model that names its inputs, on all of them.
   *
   * @param given the INPUT arguments
   */
  TensorCommand.Operation ofModel(List<String> given, ExpectationOptions expectations) {
    Model model = net.model().model();
    ModelTestData testData = null;
    if (options.testData().isGiven()) {
      if (!given.isEmpty() || !options.inputTensors().isEmpty()) {
        throw new UsageException("either INPUT or --test-data, not both");
      }
      testData = new ModelTestData(options.testData().text(), model, inputs);
    }
    List<Tensor> read =
        testData == null
            ? new ModelInputs(model, inputs).read(given, options.inputTensors())
            : testData.inputs();
    options.checkGenerated(net.name(), false);
    Network network = testData == null ? net.model() : net.model().withModel(testData.model());
    List<Tensor> expected = testData == null ? null : testData.outputs();
    TrainedInput trained =
        net.isTrained()
            ? new TrainedInput(net.trained(inputs.dtype()).preparation(), /* isImage= */ false)
            : null;
    NetworkRun run = run(network, trained);
    return new ModelRun(run, read, expected, expectations.tolerance(), expectations.isQuiet());
  }

  /**
   * A network of one input, which may have been trained.
   *
   * @param input the INPUT argument, or null
   */
  TensorCommand.Operation ofLayers(String input) throws IOException {
    Checkpoint checkpoint = net.isTrained() ? net.trained(inputs.dtype()) : null;
    boolean hasDecoder = checkpoint != null && checkpoint.decoder() != null;
    Network network = net.read(inputs);
    options.checkGenerated(net.name(), hasDecoder);
    TrainedInput trained = null;
    if (checkpoint != null) {
      boolean isImage = input != null && TensorArgument.parse(input).isImage();
      trained = new TrainedInput(checkpoint.preparation(), isImage);
    }
    if (!hasDecoder) {
      return run(network, trained);
    }
    Map<String, Tensor> given = inputs.readAll("--weights", source);
    Network encoder = network.sizedByWeights(given, EncoderDecoder.ENCODER + ".");
    return DecoderRun.of(
        trained, encoder, checkpoint.decoder(), given, TensorArgument.parse(source).name());
  }

  private NetworkRun run(Network network, TrainedInput trained) {
    Map<String, Tensor> given = source == null ? null : inputs.readAll("--weights", source);
    FittedNetwork fitted =
        new FittedNetwork(
            given == null ? network : network.sizedByWeights(given, ""),
            given,
            source == null ? null : TensorArgument.parse(source).name(),
            inputs.dtype(),
            inputs.seed());
    NetworkGradients gradients =
        new NetworkGradients(
            inputs.read(options.gradient()), options.loss(), inputs.read(options.target()));
    return new NetworkRun(fitted, trained, gradients, options, notes);
  }
}
