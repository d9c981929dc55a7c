package lamina.cli.command;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import lamina.cli.option.TrainFileOptions;
import lamina.format.AtomicFile;
import lamina.format.NamedOutput;
import lamina.report.Document;
import lamina.report.DocumentWriter;
import lamina.report.Format;
import lamina.report.RunLog;
import lamina.report.TensorBoard;
import lamina.report.TrainingLog;
import lamina.report.html.TrainingPage;
import lamina.train.GradientStatistics;
import lamina.train.Trainer;

/** What a training writes beside its result: the log, TensorBoard's events, the report. */
final class TrainFiles implements AutoCloseable {
  private final DocumentWriter writer = new DocumentWriter(Format.JSONL, 0);
  private final List<RunLog> others = new ArrayList<>();

  private final GradientSteps steps;
  private final OutputStream log;
  private final TensorBoard board;
  private final AtomicFile report;

  /**
   * Opens the files that the options ask for.
   *
   * @param goesOn whether the log of a training that goes on is added to
   */
  TrainFiles(TrainFileOptions options, boolean goesOn, Path directory) throws IOException {
    steps = new GradientSteps(options.every());
    for (String name : options.compared()) {
      others.add(RunLog.read(directory.resolve(name), name));
    }
    String file = options.report().text();
    report = file == null ? null : AtomicFile.create(directory.resolve(file));
    file = options.log().text();
    log = file == null ? null : log(directory.resolve(file), file, goesOn);
    file = options.tensorboard().text();
    board = file == null ? null : TensorBoard.create(directory.resolve(file), file);
  }

  private static OutputStream log(Path file, String name, boolean goesOn) {
    return goesOn
        ? NamedOutput.open(file, name, StandardOpenOption.CREATE, StandardOpenOption.APPEND)
        : NamedOutput.open(file, name);
  }

  /** Prepares the statistics of an epoch for what is to be written of it. */
  void begin(GradientStatistics statistics) {
    steps.begin(statistics);
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
    if (!steps.isEnd(step, isLast)) {
      return;
    }
    Document line = steps.close(epoch, step, samples, soFar, statistics);
    try {
      write(line);
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
      board.write(epoch, rate, training, test, statistics);
    }
  }

  /** Adds the steps to a result, if they are wanted. */
  Document addSteps(Document result) {
    return steps.addTo(result);
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
    // Each is closed, even if closing another one fails.
    try (report;
        board;
        log) {
      return;
    }
  }
}
