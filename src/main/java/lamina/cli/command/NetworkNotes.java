package lamina.cli.command;

import lamina.cli.process.Notes;
import lamina.network.NetworkAnalysis;

/** What {@code lamina run} says of a network beside its result. */
final class NetworkNotes {
  private final Notes notes;
  private final boolean verbose;

  /** Whether it is still to be said that weights are drawn. */
  private boolean tellsOfSeed;

  private boolean hasTold;

  /**
   * @param verbose whether also what is known of single layers is said
   * @param isSeedOpen whether nobody chose the seed of drawn weights
   */
  NetworkNotes(Notes notes, boolean verbose, boolean isSeedOpen) {
    this.notes = notes;
    this.verbose = verbose;
    this.tellsOfSeed = isSeedOpen;
  }

  /**
   * Says what is doubtful about a network that was made to fit an input.
   *
   * @param shape the input's; null if there is none
   */
  void fitted(NetworkAnalysis analysis, int[] shape) {
    analysis.gaps().forEach(notes::add);
    if (!hasTold) {
      analysis.doubts().forEach(notes::add);
      // A first axis of 1 is a batch of one to everybody.
      if (analysis.batchReading() != null && shape[0] != 1) {
        notes.add(analysis.batchReading());
      }
    }
    if (verbose) {
      analysis.notes().forEach(notes::add);
    }
    hasTold = true;
  }

  /**
   * Says once that weights are drawn, and not before all went well: an error is one line.
   *
   * @param areDrawn whether they are
   */
  void ran(boolean areDrawn) {
    if (tellsOfSeed && areDrawn) {
      notes.add("no --weights: the parameters are drawn at random; --seed N fixes which");
    }
    tellsOfSeed = false;
  }
}
