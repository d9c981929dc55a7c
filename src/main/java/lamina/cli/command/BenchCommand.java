package lamina.cli.command;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import lamina.cli.option.Arguments;
import lamina.cli.option.BenchOptions;
import lamina.cli.option.NetworkArgument;
import lamina.cli.option.OutputOptions;
import lamina.cli.option.RandomModelInputs;
import lamina.cli.option.TensorInputs;
import lamina.cli.option.TensorOptions;
import lamina.cli.option.UsageException;
import lamina.cli.process.ExitCode;
import lamina.cli.process.Io;
import lamina.cli.process.Notes;
import lamina.network.Network;
import lamina.network.RandomBatch;
import lamina.network.RunnableNetwork;
import lamina.network.Timing;
import lamina.report.BenchDocument;
import lamina.tensor.DType;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.text.InputException;
import picocli.CommandLine.Model.CommandSpec;

/** {@code lamina bench}: times a network on this machine, each layer and in all. */
public final class BenchCommand implements Command {
  private final BenchOptions options = new BenchOptions();
  private final TensorOptions tensors = TensorOptions.ofFloat32();
  private final OutputOptions outputOptions = OutputOptions.ofEveryFormat();

  @Override
  public void define(CommandSpec spec) {
    Arguments.define(
        spec,
        "NET",
        "1",
        "layers such as 'Conv2d(3, 64, 7, 2, 3)', a file of them, an ONNX model, or -");
    options.addTo(spec);
    tensors.addTo(spec);
    outputOptions.addTo(spec);
    Command.examples(
        spec,
        "  A convolution, of one image and of eight:",
        "    lamina bench 'Conv2d(64, 64, 3, padding=1)' --input 64x56x56 --batch 1,8",
        "  A training step of a small network, layer by layer:",
        "    lamina bench net.txt --input 1x28x28 --batch 64 --backward -f text");
  }

  @Override
  public int run(Arguments arguments, Io io) throws IOException {
    Notes notes = new Notes(io, arguments.command(), false);
    TensorInputs inputs = new TensorInputs(tensors, arguments, io, notes);
    if (arguments.positional(0) == null) {
      throw new UsageException("missing argument NET, e.g. 'Linear(4, 2)' or a file of layers");
    }
    if (arguments.positional(1) != null) {
      throw new UsageException("unexpected argument '" + arguments.positional(1) + "'");
    }
    int[] batches = options.batches();
    double seconds = options.seconds();
    Network network = NetworkArgument.read(arguments.positional(0), inputs);
    int[] sample = network.model() == null ? options.sample(network) : null;
    tensors.useKernels();
    try (Output output = new Output(outputOptions, notes, false)) {
      BenchDocument document = null;
      for (int batch : batches) {
        boolean isFirst = document == null;
        Timing timing =
            sample == null
                ? ofModel(network, batch, inputs, isFirst ? notes : null)
                : ofLayers(network, sample, batch, inputs, isFirst ? notes : null);
        if (isFirst) {
          // Not earlier: a network that does not fit its input is refused at once.
          double peak = Timing.peak(inputs.dtype(), Math.min(1, seconds));
          document = new BenchDocument(inputs.dtype(), options.isBackward(), peak);
        }
        timing.measure(seconds);
        // A model's figures count the batch already.
        document.add(batch, sample == null ? 1 : batch, timing);
      }
      output.write(document.of());
      output.commit();
    }
    return ExitCode.OK;
  }

  /**
   * The timing of a network that names its inputs: from a file, which mostly brings its weights, or
   * one of several inputs.
   *
   * @param notes takes what is doubtful about it, or null
   */
  private Timing ofModel(Network network, int batch, TensorInputs inputs, Notes notes) {
    RandomModelInputs random = new RandomModelInputs(network.model(), inputs.seed());
    List<Shape> shapes = options.inputs().shapes(network);
    List<Tensor> drawn = random.draw(batch, shapes, true, inputs.dtype());
    RunnableNetwork model;
    try {
      model = runnable(network, drawn, inputs.dtype());
    } catch (InputException e) {
      // Where some inputs have no batch, all are given as they are.
      if (batch != 1 || network.model().countsBatch()) {
        throw e;
      }
      drawn = random.draw(batch, shapes, false, inputs.dtype());
      try {
        model = runnable(network, drawn, inputs.dtype());
      } catch (InputException again) {
        throw e;
      }
    }
    if (notes != null) {
      model.report().doubts().forEach(notes::add);
    }
    Map<String, Tensor> weights =
        network.model().bringsWeights()
            ? model.ownWeights()
            : model.initialWeights(inputs.dtype(), inputs.seed());
    return new Timing(model, drawn, weights, options.isBackward());
  }

  private RunnableNetwork runnable(Network network, List<Tensor> drawn, DType dtype) {
    return RunnableNetwork.of(network.model(), drawn, dtype, !options.isBackward());
  }

  /** The same of a network of layers, with a batch of random samples. */
  private Timing ofLayers(
      Network network, int[] sample, int batch, TensorInputs inputs, Notes notes) {
    RandomBatch drawn = RandomBatch.of(network, sample, batch, inputs.dtype(), inputs.seed());
    if (notes != null) {
      drawn.model().report().gaps().forEach(notes::add);
    }
    return new Timing(drawn.model(), drawn.input(), drawn.weights(), options.isBackward());
  }
}
