package lamina.cli.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import lamina.cli.option.Option;
import lamina.cli.option.OutputOptions;
import lamina.cli.option.TrainSettings;
import lamina.cli.option.UsageException;
import lamina.cli.process.ExitCode;
import lamina.cli.process.Notes;
import lamina.report.Document;
import lamina.report.TrainingText;
import lamina.train.GradientVariance;
import lamina.train.data.Dataset;

/** Trains once with each of several sizes of batches, from the same weights. */
final class BatchSizeComparison {
  private final TrainSettings settings;
  private final Learner learner;
  private final TrainCheckpoint checkpoint;
  private final Notes notes;
  private final long seed;

  BatchSizeComparison(
      TrainSettings settings, Learner learner, TrainCheckpoint checkpoint, Notes notes, long seed) {
    this.settings = settings;
    this.learner = learner;
    this.checkpoint = checkpoint;
    this.notes = notes;
    this.seed = seed;
  }

  /**
   * Refuses options of one training.
   *
   * @throws UsageException if one is given
   */
  static void refuse(Option... options) {
    for (Option option : options) {
      if (option.isGiven()) {
        throw new UsageException(option.name() + " goes with one --batch-size, not with several");
      }
    }
  }

  /**
   * Trains with each size and writes a row for it.
   *
   * @param sizes 0 for all samples
   * @return the exit code
   */
  int run(int[] sizes, TrainFiles files, OutputOptions options) throws IOException {
    Dataset training = learner.data().training();
    List<Document> rows = new ArrayList<>();
    for (int size : sizes) {
      int batch = size == 0 ? training.size() : size;
      TrainSettings sized = settings.withBatchSize(size);
      TrainingStart start = TrainingStart.of(sized, learner, checkpoint, notes, seed);
      TrainingRun run = new TrainingRun(sized, learner, checkpoint, start, notes);
      double variance = GradientVariance.of(run.trainer(), settings.loss(), training, batch, seed);
      run.run(files, null);
      rows.add(
          TrainingText.batchSize(batch, run.fastest(), training.size(), variance, run.epochs()));
    }
    try (Output output = new Output(options, notes, false)) {
      output.write(new Document().put("batch_sizes", rows));
      output.commit();
    }
    return ExitCode.OK;
  }
}
