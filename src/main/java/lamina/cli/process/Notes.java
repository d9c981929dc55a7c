package lamina.cli.process;

import lamina.format.Remarks;

/**
 * What a command says on stderr beside its result, a line each.
 *
 * @param command the program and command as called: how each line begins
 * @param quiet whether nothing is said
 */
public record Notes(Io io, String command, boolean quiet) implements Remarks {
  @Override
  public void add(String note) {
    if (!quiet) {
      io.tell(command + ": " + note);
    }
  }
}
