package lamina.cli.command;

import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import lamina.cli.process.Io;

/**
 * What of a training is saved, and what becomes of it at ctrl-C: a checkpoint that is being written
 * is finished first, none is begun after it, and the user is told what there is.
 */
final class SavedProgress implements AutoCloseable {
  /** Writes a checkpoint. */
  interface Writing {
    void run() throws IOException;
  }

  private final Io io;
  private final String command;

  /** The checkpoint's name as typed; null if nothing is saved. */
  private final String file;

  private final int epochs;
  private final Thread hook = new Thread(this::interrupted);
  private int done;
  private volatile boolean isInterrupted;

  /**
   * @param done the epochs that are there already
   * @param epochs those wanted
   */
  SavedProgress(Io io, String command, String file, int done, int epochs) {
    this.io = io;
    this.command = command;
    this.file = file;
    this.done = done;
    this.epochs = epochs;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Writes the checkpoint after an epoch. */
  synchronized void save(int epochsDone, Writing writing) throws IOException {
    waitIfInterrupted();
    if (file != null) {
      writing.run();
    }
    done = epochsDone;
  }

  /** Nothing goes on after ctrl-C, so that nothing is printed after what was said then. */
  void waitIfInterrupted() {
    while (isInterrupted) {
      LockSupport.park();
    }
  }

  private void interrupted() {
    isInterrupted = true;
    synchronized (this) {
      String state = done + (done == 1 ? " epoch of " : " epochs of ") + epochs;
      String kept =
          file == null
              ? " after " + state + "; --save FILE keeps them"
              : done == 0
                  ? " before the first epoch ended; nothing is saved"
                  : "; " + file + " holds " + state + ", go on with --resume " + file;
      io.err().print((io.errIsTerminal() ? "\r\u001b[K" : "") + command + ": interrupted" + kept);
      io.err().println();
      io.err().flush();
    }
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // Ctrl-C came meanwhile: the hook runs, and ends the program.
      waitIfInterrupted();
    }
  }
}
