package lamina.cli.command;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lamina.cli.option.Arguments;
import lamina.cli.option.CommonOptions;
import lamina.cli.option.OutputOptions;
import lamina.cli.option.UsageException;
import lamina.cli.process.Io;
import lamina.cli.process.Notes;
import lamina.format.AtomicFile;
import lamina.report.Document;
import lamina.report.DocumentWriter;
import lamina.report.Format;
import lamina.report.RunLog;
import lamina.report.TensorBoard;
import lamina.report.TrainingLog;
import lamina.report.TrainingText;
import lamina.report.html.TrainingPage;
import lamina.text.InputException;
import lamina.train.GradientStatistics;
import lamina.train.Trainer;
import picocli.CommandLine.Model.CommandSpec;

/** What a training writes beside its result: the log, TensorBoard's events, the report. */
final class TrainFiles implements AutoCloseable {
  private final DocumentWriter writer = new DocumentWriter(Format.JSONL, 0);
  private final List<Document> steps = new ArrayList<>();
  private final List<RunLog> others = new ArrayList<>();

  /** Statistics are stated for so many steps at once; 0 for those of an epoch. */
  private final int every;

  private final OutputStream log;
  private final TensorBoard board;
  private final AtomicFile report;

  /** The sum of the losses when the latest window of steps began, and the samples then. */
  private double lossBefore;

  private int samplesBefore;

  private TrainFiles(Arguments arguments, Io io) throws IOException {
    every = every(arguments);
    boolean isCompared = !arguments.texts("--compare").isEmpty();
    if (isCompared && !arguments.has("--report")) {
      throw new UsageException("--compare goes with --report");
    }
    for (String name : arguments.texts("--compare")) {
      others.add(RunLog.read(io.directory().resolve(name), name));
    }
    String file = arguments.text("--report");
    report = file == null ? null : AtomicFile.create(io.directory().resolve(file));
    file = arguments.text("--log");
    log = file == null ? null : log(io.directory().resolve(file), arguments.has("--resume"));
    file = arguments.text("--tensorboard");
    board = file == null ? null : TensorBoard.create(io.directory().resolve(file));
  }

  /** Adds the options. */
  static void define(CommandSpec spec) {
    value(spec, "FILE.jsonl", "write a line of figures for each epoch", "--log");
    value(
        spec,
        "every|N|epoch",
        "state the gradients of every step, of each N steps, or of an epoch (default), in the log"
            + " and in JSON",
        "--stats");
    value(spec, "FILE.html", "write a report with curves, histograms and pictures", "--report");
    spec.addOption(
        CommonOptions.repeatable(
                "FILE.jsonl", "with --report: draw the curves of this log, too", "--compare")
            .build());
    value(spec, "DIR", "write an event file for TensorBoard into this folder", "--tensorboard");
  }

  private static void value(CommandSpec spec, String label, String text, String name) {
    spec.addOption(CommonOptions.value(label, text, name).build());
  }

  /** The files that the options ask for; the log of a run that goes on is added to. */
  static TrainFiles of(Arguments arguments, Io io) throws IOException {
    return new TrainFiles(arguments, io);
  }

  private static int every(Arguments arguments) {
    String text = arguments.text("--stats", "epoch");
    try {
      int every = text.equals("epoch") ? 0 : text.equals("every") ? 1 : Integer.parseInt(text);
      if (every > 0 || text.equals("epoch")) {
        return every;
      }
    } catch (NumberFormatException e) {
      // Said below, with the numbers that are too small.
    }
    throw new UsageException(
        "--stats takes 'every', 'epoch' or a number of steps, not '" + text + "'");
  }

  /**
   * Refuses before the training what could not be written after it.
   *
   * @throws UsageException if --save names no safetensors file
   * @throws InputException if a file's folder is missing, or the file is a folder
   */
  static void check(Arguments arguments, OutputOptions outputs, Io io) throws IOException {
    String file = arguments.text("--save");
    if (file != null && !file.endsWith(".safetensors")) {
      throw new UsageException(
          "--save writes safetensors; '" + file + "' must end with .safetensors");
    }
    try (Output output = new Output(outputs, new Notes(io, arguments.command(), false), false)) {
      if (output.format() == Format.NPY && !arguments.has("--member")) {
        throw new UsageException("npy holds one tensor, but a training has many figures; use .npz");
      }
    }
    for (String option : List.of("--save", "--log")) {
      file = arguments.text(option);
      if (file == null) {
        continue;
      }
      Path path = io.directory().resolve(file);
      Path folder = path.toAbsolutePath().getParent();
      if (Files.isDirectory(path)) {
        throw new InputException(option + ": '" + file + "' is a folder");
      }
      if (folder == null || !Files.isDirectory(folder)) {
        throw new InputException(
            option
                + ": there is no folder '"
                + Path.of(file).getParent()
                + "' for '"
                + file
                + "'; make it first");
      }
    }
  }

  private static OutputStream log(Path file, boolean goesOn) throws IOException {
    return goesOn
        ? Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)
        : Files.newOutputStream(file);
  }

  /** Prepares the statistics of an epoch for what is to be written of it. */
  void begin(GradientStatistics statistics) {
    lossBefore = 0;
    samplesBefore = 0;
    if (every > 0) {
      statistics.openWindow();
    }
    if (board != null || report != null) {
      statistics.keepSamples();
    }
  }

  /**
   * Writes the steps that went by, if they are enough.
   *
   * @param samples those of the epoch so far
   * @param soFar the means over them
   * @param isLast whether this step is the last of the epoch
   */
  void stepped(
      int epoch,
      long step,
      int samples,
      Trainer.Score soFar,
      boolean isLast,
      GradientStatistics statistics) {
    if (every == 0 || (step % every != 0 && !isLast)) {
      return;
    }
    double sum = soFar.loss() * samples;
    double loss = (sum - lossBefore) / (samples - samplesBefore);
    lossBefore = sum;
    samplesBefore = samples;
    GradientStatistics window = statistics.closeWindow();
    statistics.openWindow();
    steps.add(
        new Document()
            .put("step", step)
            .put("epoch", epoch)
            .put("loss", loss)
            .put("layers", TrainingText.layers(window)));
    try {
      write(TrainingLog.step(epoch, step, loss, window));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(Document line) throws IOException {
    if (log != null) {
      writer.write(line, log);
      log.flush();
    }
  }

  /** Writes an epoch. */
  void epoch(
      int epoch,
      double rate,
      Trainer.Score training,
      Trainer.Score test,
      GradientStatistics statistics)
      throws IOException {
    write(TrainingLog.epoch(epoch, rate, training, test, statistics));
    if (board != null) {
      Map<String, Double> scalars = new LinkedHashMap<>();
      scalars.put("loss/training", training.loss());
      scalars.put("accuracy/training", training.accuracy());
      if (test != null) {
        scalars.put("loss/held out", test.loss());
        scalars.put("accuracy/held out", test.accuracy());
      }
      scalars.put("learning rate", rate);
      for (GradientStatistics.Row row : statistics.rows()) {
        scalars.put("grad_l2/" + row.name(), row.gradL2());
        scalars.put("update_ratio/" + row.name(), row.updateRatio());
        scalars.put("dead/" + row.name(), row.dead());
        scalars.put("saturated/" + row.name(), row.saturated());
      }
      Map<String, float[]> histograms = new LinkedHashMap<>();
      statistics
          .gradientSamples()
          .forEach((name, each) -> histograms.put("gradient/" + name, each));
      statistics.outputSamples().forEach((name, each) -> histograms.put("output/" + name, each));
      board.write(epoch, scalars, histograms);
    }
  }

  /** Adds the steps to a result, if they are wanted. */
  Document addSteps(Document result) {
    return every == 0 ? result : result.put("steps", steps);
  }

  boolean hasReport() {
    return report != null;
  }

  /** The runs to be compared with. */
  List<RunLog> others() {
    return others;
  }

  void report(TrainingPage.Content content) throws IOException {
    TrainingPage.write(content, report.stream());
    report.commit();
  }

  @Override
  public void close() throws IOException {
    try (report;
        board;
        log) {
      return;
    }
  }
}
