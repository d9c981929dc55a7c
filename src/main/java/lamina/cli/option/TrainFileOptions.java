package lamina.cli.option;

import java.util.List;

/** What {@code lamina train} writes beside its result. */
public final class TrainFileOptions extends OptionGroup {
  private final TextOption log =
      noAnswer(
          text("FILE.jsonl", "write a line of figures for each epoch", "--log"), WRITES_A_FILE);

  private final TextOption statistics =
      text(
          "every|N|epoch",
          "state the gradients of every step, of each N steps, or of an epoch (default), in the"
              + " log and in JSON",
          "--stats");

  private final TextOption report =
      noAnswer(
          text("FILE.html", "write a report with curves, histograms and pictures", "--report"),
          WRITES_A_FILE);

  private final RepeatedOption compare =
      repeated("FILE.jsonl", "with --report: draw the curves of this log, too", "--compare");

  private final TextOption tensorboard =
      noAnswer(
          text("DIR", "write an event file for TensorBoard into this folder", "--tensorboard"),
          WRITES_A_FILE);

  /** The file of figures, a line an epoch. */
  public TextOption log() {
    return log;
  }

  /** How often gradients are stated. */
  public Option statistics() {
    return statistics;
  }

  /** The page of curves and pictures. */
  public TextOption report() {
    return report;
  }

  /** The folder of TensorBoard's events. */
  public TextOption tensorboard() {
    return tensorboard;
  }

  /**
   * The steps whose gradients are stated at once; 0 for those of an epoch.
   *
   * @throws UsageException if it is no number of steps
   */
  public int every() {
    String text = statistics.text("epoch");
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
   * The logs whose curves a report draws, too.
   *
   * @throws UsageException if there is no report
   */
  public List<String> compared() {
    List<String> logs = compare.texts();
    if (!logs.isEmpty() && !report.isGiven()) {
      throw new UsageException("--compare goes with --report");
    }
    return logs;
  }
}
