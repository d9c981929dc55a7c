package lamina.cli.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import lamina.cli.option.Arguments;
import lamina.cli.option.CheckpointOptions;
import lamina.cli.option.Option;
import lamina.cli.option.OutputOptions;
import lamina.cli.option.QuietOptions;
import lamina.cli.option.TensorInputs;
import lamina.cli.option.TensorOptions;
import lamina.cli.option.TextOption;
import lamina.cli.option.TrainDataOptions;
import lamina.cli.option.TrainFileOptions;
import lamina.cli.option.TrainOptions;
import lamina.cli.option.TrainSettings;
import lamina.cli.option.UsageException;
import lamina.cli.process.Io;
import lamina.cli.process.Notes;
import lamina.report.Format;
import picocli.CommandLine.Model.CommandSpec;

/** {@code lamina train}: a small network learns, and says how its gradients fared. */
public final class TrainCommand implements Command {
  private final TrainDataOptions samples = new TrainDataOptions();
  private final TrainOptions learning = new TrainOptions();
  private final CheckpointOptions saving = new CheckpointOptions();
  private final TrainFileOptions files = new TrainFileOptions();
  private final TensorOptions tensors = TensorOptions.ofFloat32();
  private final OutputOptions outputOptions = OutputOptions.ofEveryFormat();
  private final QuietOptions quiet = new QuietOptions();

  @Override
  public void define(CommandSpec spec) {
    Arguments.define(
        spec, "NET", "1", "layers such as 'Linear(64, 32), ReLU(), Linear(32, 10)', a file, or -");
    samples.addTo(spec);
    learning.addTo(spec);
    saving.addTo(spec);
    files.addTo(spec);
    tensors.addTo(spec);
    outputOptions.addTo(spec);
    quiet.addTo(spec);
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

  @Override
  public int run(Arguments arguments, Io io) throws IOException {
    String net = arguments.positional(0);
    if (net == null) {
      throw new UsageException("missing argument NET, e.g. 'Linear(4, 2)' or a file of layers");
    }
    TrainSettings settings = learning.read(tensors.dtype());
    Notes notes = new Notes(io, arguments.command(), quiet.isQuiet());
    checkWhatIsWritten(net, notes.io());
    TensorInputs inputs = new TensorInputs(tensors, arguments, io, notes);
    tensors.useKernels();
    Learner learner = Learner.read(net, samples, settings, inputs);
    String sameOnResume = settings.lines(inputs.seed()) + samples.settings();
    TrainCheckpoint checkpoint =
        new TrainCheckpoint(saving, inputs, settings.dtype(), sameOnResume);
    int[] sizes = learning.batchSizes();
    if (sizes.length > 1) {
      refuseBesideSeveralSizes();
      return new BatchSizeComparison(settings, learner, checkpoint, notes, inputs.seed())
          .run(sizes, new TrainFiles(files, false, io.directory()), outputOptions);
    }
    TrainingStart start = TrainingStart.of(settings, learner, checkpoint, notes, inputs.seed());
    TrainingRun run = new TrainingRun(settings, learner, checkpoint, start, notes);
    boolean goesOn = saving.resume().isGiven();
    try (Output output = new Output(outputOptions, notes, false);
        TrainFiles written = new TrainFiles(files, goesOn, io.directory())) {
      double dead = run.run(written, output.isWholeText() ? output : null);
      TrainingResult result = new TrainingResult(run, learning.diagnose().isGiven());
      result.write(output, written, io);
      result.report(title(arguments.command(), net), written);
      output.commit();
      return result.exitCode(dead, notes);
    }
  }

  /** Refuses before the training what could not be written after it, or over what it reads. */
  private void checkWhatIsWritten(String net, Io io) throws IOException {
    saving.check();
    if (outputOptions.format(io) == Format.NPY && outputOptions.member() == null) {
      throw new UsageException("npy holds one tensor, but a training has many figures; use .npz");
    }
    WrittenFiles written = new WrittenFiles(io.directory());
    written.add(files.log().name(), files.log().text());
    written.add(files.report().name(), files.report().text());
    written.add("-o", outputOptions.file());
    // Weights may take the place of those that the training began with.
    for (TextOption read : List.of(saving.init(), samples.decoder())) {
      written.refuseOver(read.name(), read.text());
    }
    written.refuseOver("NET", net);
    written.add(saving.save().isGiven() ? "--save" : "--resume", saving.file());
    for (TextOption read : samples.files()) {
      written.refuseOver(read.name(), read.text());
    }
  }

  private void refuseBesideSeveralSizes() {
    BatchSizeComparison.refuse(
        saving.save(),
        saving.resume(),
        files.log(),
        learning.failIfDead(),
        files.report(),
        files.tensorboard(),
        files.statistics(),
        learning.diagnose());
  }

  /** The command line in short, at the head of a report. */
  private String title(String command, String net) {
    StringBuilder title = new StringBuilder(command).append(" '").append(net).append('\'');
    List<Option> shown = new ArrayList<>(samples.files());
    shown.addAll(learning.shown());
    shown.add(tensors.seedOption());
    for (Option option : shown) {
      title.append(option.isGiven() ? " " + option.asTyped() : "");
    }
    return title.toString();
  }
}
