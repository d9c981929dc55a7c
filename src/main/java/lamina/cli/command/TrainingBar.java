package lamina.cli.command;

import lamina.cli.process.Io;
import lamina.report.TrainingText;
import lamina.train.Trainer;

/** How far an epoch is: drawn on a terminal, ten times a second at most. */
final class TrainingBar {
  private static final long PAUSE_NANOSECONDS = 100_000_000L;

  /** Takes the cursor to the line's begin and wipes the line. */
  private static final String WIPE = "\r\u001b[K";

  private final Io io;
  private final int epoch;
  private final int size;
  private final SavedProgress saved;
  private final long start = System.nanoTime();
  private long drawn;

  /**
   * @param epoch counted from 1
   * @param size the samples of an epoch
   */
  TrainingBar(Io io, int epoch, int size, SavedProgress saved) {
    this.io = io;
    this.epoch = epoch;
    this.size = size;
    this.saved = saved;
  }

  /** Hears of a step; waits for the end of the process after ctrl-C. */
  void stepped(int samples, Trainer.Score soFar) {
    saved.waitIfInterrupted();
    if (!io.errIsTerminal()) {
      return;
    }
    long now = System.nanoTime();
    if (samples == size) {
      io.err().print(WIPE);
    } else if (now - drawn > PAUSE_NANOSECONDS) {
      drawn = now;
      io.err().print(TrainingText.bar(epoch, samples, size, soFar, (now - start) * 1e-9));
    }
    io.err().flush();
  }

  /** Leaves nothing of the bar. */
  void clear() {
    io.err().print(io.errIsTerminal() ? WIPE : "");
  }
}
