package lamina.cli.command;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import lamina.cli.option.Arguments;
import lamina.cli.option.CommonOptions;
import lamina.cli.option.ModelInputs;
import lamina.cli.option.NetworkArgument;
import lamina.cli.option.Sizes;
import lamina.cli.option.TensorInputs;
import lamina.cli.option.UsageException;
import lamina.cli.process.ExitCode;
import lamina.cli.process.Io;
import lamina.kernel.Backends;
import lamina.kernel.Parallel;
import lamina.network.LayerAnalysis;
import lamina.network.Network;
import lamina.network.RunnableNetwork;
import lamina.network.Timing;
import lamina.report.Document;
import lamina.tensor.DType;
import lamina.tensor.RandomNumbers;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.text.InputException;
import picocli.CommandLine.Model.CommandSpec;

/** {@code lamina bench}: times a network on this machine, each layer and in all. */
public final class BenchCommand implements Command {
  @Override
  public void define(CommandSpec spec) {
    spec.addPositional(
        CommonOptions.positionals(
            "NET",
            "1",
            "layers such as 'Conv2d(3, 64, 7, 2, 3)', a file of them, an ONNX model, or -"));
    spec.addOption(
        CommonOptions.value("SHAPE", "shape of one sample, e.g. 3x224x224", "--input").build());
    spec.addOption(
        CommonOptions.flag("time the gradients of all parameters too", "--backward").build());
    spec.addOption(
        CommonOptions.value("N,...", "batch sizes to time; default 1", "--batch").build());
    spec.addOption(
        CommonOptions.value(
                "SECONDS", "how long to measure each batch size at least; default 1", "--min-time")
            .build());
    CommonOptions.addTensorsOfFloat32(spec);
    CommonOptions.addOutput(spec);
    Command.examples(
        spec,
        "  A convolution, of one image and of eight:",
        "    lamina bench 'Conv2d(64, 64, 3, padding=1)' --input 64x56x56 --batch 1,8",
        "  A training step of a small network, layer by layer:",
        "    lamina bench net.txt --input 1x28x28 --batch 64 --backward -f text");
  }

  @Override
  public int run(Arguments arguments, Io io) throws IOException {
    TensorInputs inputs = new TensorInputs(arguments, io);
    if (arguments.positional(0) == null) {
      throw new UsageException("missing argument NET, e.g. 'Linear(4, 2)' or a file of layers");
    }
    if (arguments.positional(1) != null) {
      throw new UsageException("unexpected argument '" + arguments.positional(1) + "'");
    }
    int[] batches = batches(arguments);
    double seconds = arguments.number("--min-time", 1);
    if (seconds <= 0) {
      throw new UsageException("--min-time takes a number above 0, not '" + seconds + "'");
    }
    DType dtype = DType.of(arguments.choice("--dtype", "float32", CommonOptions.DTYPES));
    Network network = NetworkArgument.read(arguments.positional(0), inputs);
    ModelInputs ports = network.model() == null ? null : new ModelInputs(network.model(), inputs);
    int[] sample = ports == null ? sample(arguments, network) : null;
    CommonOptions.useKernels(arguments);
    boolean backward = arguments.has("--backward");
    try (Output output = new Output(arguments, io, false)) {
      double peak = Timing.peak(dtype, Math.min(1, seconds));
      List<Document> results = new ArrayList<>();
      for (int batch : batches) {
        if (ports != null) {
          List<Tensor> drawn = ports.random(batch, arguments.text("--input"), dtype);
          RunnableNetwork model = RunnableNetwork.of(network.model(), drawn, dtype, !backward);
          if (results.isEmpty()) {
            model.report().doubts().forEach(doubt -> io.tell(arguments.command() + ": " + doubt));
          }
          Timing timing = new Timing(model, drawn, model.ownWeights(), backward);
          timing.measure(seconds);
          results.add(document(batch, 1, model, timing, dtype, backward, peak));
          continue;
        }
        int[] shape = withBatch(batch, sample, network);
        RunnableNetwork model = model(network, shape, sample);
        if (results.isEmpty()) {
          model.report().gaps().forEach(gap -> io.tell(arguments.command() + ": " + gap));
        }
        Map<String, Tensor> weights = model.initialWeights(dtype, inputs.seed());
        Tensor input = random(shape, model, dtype, inputs.seed());
        Timing timing = new Timing(model, input, weights, backward);
        timing.measure(seconds);
        results.add(document(batch, batch, model, timing, dtype, backward, peak));
      }
      Document document =
          new Document()
              .put("backend", Backends.reason())
              .put("dtype", dtype.label())
              .put("threads", Parallel.threads())
              .put("direction", backward ? "forward and backward" : "forward")
              .put("peak_gflops", rounded(peak * 1e-9))
              .put("batches", results);
      output.write(document);
      output.commit();
    }
    return ExitCode.OK;
  }

  private static int[] batches(Arguments arguments) {
    int[] batches = Sizes.parse("--batch", arguments.text("--batch", "1"));
    for (int batch : batches) {
      if (batch < 1) {
        throw new UsageException("--batch takes numbers from 1 on, not '" + batch + "'");
      }
    }
    return batches;
  }

  private static int[] sample(Arguments arguments, Network network) {
    String given = arguments.text("--input");
    Shape shape = given == null ? network.input() : Shape.parse(given);
    if (shape == null) {
      throw new UsageException(
          "the shape of the input is missing: add --input SHAPE", "e.g. --input 3x224x224");
    }
    if (!shape.isNumber()) {
      throw new UsageException("--input takes numbers here, not '" + shape + "'");
    }
    return shape.sizes();
  }

  /** Named by what was typed: the batch of {@code shape} is added here. */
  private static RunnableNetwork model(Network network, int[] shape, int[] sample) {
    try {
      return RunnableNetwork.of(network, shape);
    } catch (InputException e) {
      if (sample.length < 2) {
        throw e;
      }
      throw new InputException(
          "--input takes the shape of one sample, and "
              + Shape.of(sample)
              + " has a batch already; give "
              + Shape.of(Arrays.copyOfRange(sample, 1, sample.length))
              + ", and --batch "
              + sample[0]);
    }
  }

  /** The shape of a batch: its axis is where running one sample puts it, or the first. */
  private static int[] withBatch(int batch, int[] sample, Network network) {
    int[] single = RunnableNetwork.of(network, sample).report().layers().get(0).taken().sizes();
    int axis = 0;
    while (axis < sample.length && !Arrays.equals(without(axis, single), sample)) {
      axis++;
    }
    axis = axis == sample.length ? 0 : axis;
    int[] shape = new int[sample.length + 1];
    System.arraycopy(sample, 0, shape, 0, axis);
    shape[axis] = batch;
    System.arraycopy(sample, axis, shape, axis + 1, sample.length - axis);
    return shape;
  }

  private static int[] without(int axis, int[] shape) {
    int[] rest = Arrays.copyOf(shape, shape.length - 1);
    System.arraycopy(shape, axis + 1, rest, axis, rest.length - axis);
    return rest;
  }

  /** Normal numbers; for a layer that takes indices, such. */
  private static Tensor random(int[] shape, RunnableNetwork model, DType dtype, long seed) {
    RandomNumbers random = new RandomNumbers(seed);
    LayerAnalysis first = model.report().layers().get(0);
    int indices = first.layer().indices();
    Tensor input = Tensor.zeros(DType.FLOAT64, shape);
    for (int i = 0; i < input.size(); i++) {
      input.doubles()[i] = indices > 0 ? random.nextLong(indices) : random.nextGaussian();
    }
    return input.as(dtype);
  }

  private static Document document(
      int batch,
      int samples,
      RunnableNetwork model,
      Timing timing,
      DType dtype,
      boolean backward,
      double peak) {
    // A file's figures count the batch already. The gradients of the input and of the weights each
    // cost what forward does.
    double work = (backward ? 3.0 : 1.0) * samples;
    List<LayerAnalysis> reports = model.report().layers();
    List<Document> layers = new ArrayList<>();
    for (int i = 0; i < reports.size(); i++) {
      LayerAnalysis layer = reports.get(i);
      Document row = new Document().put("name", layer.name()).put("type", layer.type());
      row.put("output", layer.output().toString());
      row.put("algorithm", algorithm(layer, dtype, !backward));
      addFigures(row, timing.median(i), work * layer.flops().value(), peak);
      layers.add(row);
    }
    Document document = new Document().put("batch", batch).put("passes", timing.passes());
    double total = work * model.report().flops().value();
    addFigures(document, timing.median(reports.size()), total, peak);
    return document.put("layers", layers);
  }

  private static String algorithm(LayerAnalysis layer, DType dtype, boolean repeated) {
    return layer.taken() == null ? null : layer.layer().algorithm(layer.taken(), dtype, repeated);
  }

  private static void addFigures(Document document, double seconds, double flops, double peak) {
    document.put("ms", rounded(seconds * 1e3));
    document.put("gflops", flops == 0 ? null : rounded(flops / seconds * 1e-9));
    document.put("percent_of_peak", flops == 0 ? null : rounded(100 * flops / seconds / peak));
  }

  /** To four significant digits: more would only be noise. */
  private static Double rounded(double value) {
    if (value == 0 || Double.isNaN(value) || Double.isInfinite(value)) {
      return 0.0;
    }
    return new BigDecimal(value).round(new MathContext(4)).doubleValue();
  }
}
