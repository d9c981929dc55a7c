package lamina.cli.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import lamina.cli.option.Arguments;
import lamina.cli.option.CommonOptions;
import lamina.cli.option.NetworkArgument;
import lamina.cli.option.OutputOptions;
import lamina.cli.option.TensorInputs;
import lamina.cli.option.TensorOptions;
import lamina.cli.option.TrainData;
import lamina.cli.option.TrainOptions;
import lamina.cli.option.UsageException;
import lamina.cli.process.ExitCode;
import lamina.cli.process.Io;
import lamina.cli.process.Notes;
import lamina.cli.process.Terminal;
import lamina.network.Network;
import lamina.report.DiagnosisText;
import lamina.report.Document;
import lamina.report.Format;
import lamina.report.TrainingText;
import lamina.train.EncoderDecoder;
import lamina.train.GradientVariance;
import lamina.train.data.Dataset;
import lamina.train.diagnosis.Diagnosis;
import picocli.CommandLine.Model.CommandSpec;

/** {@code lamina train}: a small network learns, and says how its gradients fared. */
public final class TrainCommand implements Command {
  /** What is about one training; sizes of batches are compared by several. */
  private static final List<String> SINGLE =
      List.of(
          "--save",
          "--resume",
          "--log",
          "--fail-if-dead",
          "--report",
          "--tensorboard",
          "--stats",
          "--diagnose");

  private final TensorOptions tensors = TensorOptions.ofFloat32();
  private final OutputOptions outputOptions = OutputOptions.ofEveryFormat();

  @Override
  public void define(CommandSpec spec) {
    spec.addPositional(
        CommonOptions.positionals(
            "NET", "1", "layers such as 'Linear(64, 32), ReLU(), Linear(32, 10)', a file, or -"));
    TrainData.define(spec);
    TrainOptions.define(spec);
    option(spec, "FILE", "initial weights by the names of PyTorch's state_dict", "--init");
    option(spec, "FILE.safetensors", "write the weights, after each epoch", "--save");
    option(spec, "FILE.safetensors", "go on from what --save wrote there", "--resume");
    TrainFiles.define(spec);
    tensors.addTo(spec);
    outputOptions.addTo(spec);
    spec.addOption(CommonOptions.quiet());
    Command.examples(
        spec,
        "  Handwritten digits by a small CNN, a fifth held out:",
        "    lamina train 'Conv2d(1, 16, 3, padding=1), ReLU(), MaxPool2d(2),",
        "      Flatten(), Linear(256, 10)' --data digits/digits.csv.gz \\",
        "      --input 1x8x8 --split 0.2 --save digits.safetensors",
        "  What is wrong with a training, and a page of curves and pictures:",
        "    lamina train 'Linear(64, 32), ReLU(), Linear(32, 10)' \\",
        "      --data digits/digits.csv.gz --optimizer sgd --lr 1 --diagnose \\",
        "      --report report.html",
        "  What the network answers to an image afterwards:",
        "    lamina run digits.safetensors image.png",
        "  Dates in words become ISO dates, by an encoder and a decoder:",
        "    lamina train 'Embedding(_, 32), GRU(_, 64, batch_first=True), Mean(1),",
        "      Linear(_, 64)' --data dates/train.csv --text words --label iso \\",
        "      --answer-by characters --save dates.safetensors --decoder \\",
        "      'Embedding(_, 16), GRU(_, 64, batch_first=True), Linear(_, _)'",
        "    lamina run dates.safetensors --text 'may third' --generate");
  }

  private static void option(CommandSpec spec, String label, String text, String name) {
    spec.addOption(CommonOptions.value(label, text, name).build());
  }

  @Override
  public int run(Arguments arguments, Io io) throws IOException {
    if (arguments.positional(0) == null) {
      throw new UsageException("missing argument NET, e.g. 'Linear(4, 2)' or a file of layers");
    }
    Notes notes = new Notes(io, arguments.command(), arguments.has("--quiet"));
    TrainOptions options = TrainOptions.of(arguments);
    TrainFiles.check(arguments, outputOptions, io);
    TensorInputs inputs = new TensorInputs(tensors, arguments, io, notes);
    tensors.useKernels();
    String text = NetworkArgument.text(arguments.positional(0), inputs);
    Network open = NetworkArgument.parse(text, NetworkArgument.sourceName(arguments.positional(0)));
    TrainData data = TrainData.of(arguments, inputs, options, open);
    Network network = data.sized(open);
    EncoderDecoder both = null;
    if (arguments.has("--decoder")) {
      if (!options.loss().kind().hasClasses()) {
        throw new UsageException("--decoder goes with --loss cross-entropy or nll");
      }
      Network decoder =
          NetworkArgument.parse(
              NetworkArgument.text(arguments.text("--decoder"), inputs), "--decoder");
      both = data.withDecoder(open, decoder);
      network = both.network();
      data = data.forced(both);
    }
    if (TrainOptions.batchSizes(arguments).length > 1) {
      return compareBatchSizes(arguments, io, inputs, options, data, network);
    }
    TrainingRun run = new TrainingRun(arguments, io, inputs, options, data);
    run.start(network);
    run.both = both;
    try (Output output = new Output(outputOptions, notes, false);
        TrainFiles files = TrainFiles.of(arguments, io)) {
      boolean isText = output.format() == Format.TEXT && !arguments.has("--member");
      double dead = run.all(text, files, isText ? output : null);
      Diagnosis diagnosis = run.diagnosis();
      boolean isAsked = arguments.has("--diagnose");
      if (isText) {
        output.write(run.end(held(data)));
        output.write(DiagnosisText.text(diagnosis, isAsked, Terminal.width(io)));
      } else {
        Document result = files.addSteps(TrainingText.document(run.epochs));
        if (both != null) {
          result.put("answers", TrainingText.answers(both, run.trainer, held(data)));
        }
        boolean isTable = output.format() == Format.CSV || output.format() == Format.TSV;
        output.write(
            isTable && !arguments.has("--member") && !isAsked && !run.epochs.isEmpty()
                ? TrainingText.epochTable(run.epochs)
                : DiagnosisText.add(result, diagnosis, isAsked));
      }
      if (files.hasReport()) {
        run.report(files, held(data), diagnosis);
      }
      output.commit();
      if (run.history.end() != null) {
        throw run.broken();
      }
      if (dead > options.failIfDead()) {
        io.err()
            .print(
                arguments.command()
                    + ": "
                    + TrainingText.percent(dead)
                    + " of a layer's units are dead,"
                    + " more than --fail-if-dead "
                    + options.failIfDead()
                    + "\n");
        return ExitCode.CHECK_FAILED;
      }
    }
    return ExitCode.OK;
  }

  /** Trains once with each size of batches, from the same weights. */
  private int compareBatchSizes(
      Arguments arguments,
      Io io,
      TensorInputs inputs,
      TrainOptions options,
      TrainData data,
      Network network)
      throws IOException {
    for (String option : SINGLE) {
      if (arguments.has(option)) {
        throw new UsageException(option + " goes with one --batch-size, not with several");
      }
    }
    Notes notes = new Notes(io, arguments.command(), arguments.has("--quiet"));
    List<Document> rows = new ArrayList<>();
    for (int size : TrainOptions.batchSizes(arguments)) {
      int batch = size == 0 ? data.training().size() : size;
      TrainingRun run = new TrainingRun(arguments, io, inputs, options.withBatchSize(size), data);
      run.start(network);
      double variance =
          GradientVariance.of(run.trainer, options.loss(), data.training(), batch, inputs.seed());
      run.all("", TrainFiles.of(arguments, io), null);
      rows.add(
          TrainingText.batchSize(batch, run.fastest, data.training().size(), variance, run.epochs));
    }
    try (Output output = new Output(outputOptions, notes, false)) {
      output.write(new Document().put("batch_sizes", rows));
      output.commit();
    }
    return ExitCode.OK;
  }

  private static Dataset held(TrainData data) {
    return data.test() == null ? data.training() : data.test();
  }
}
