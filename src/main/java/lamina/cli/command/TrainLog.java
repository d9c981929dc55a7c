package lamina.cli.command;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import lamina.cli.Io;
import lamina.cli.option.Arguments;
import lamina.report.Document;
import lamina.report.DocumentWriter;
import lamina.report.Format;

/** The file of {@code --log}: a line of JSON an epoch, written as it ends. */
final class TrainLog implements AutoCloseable {
  private final DocumentWriter writer = new DocumentWriter(Format.JSONL, 0);

  /** Null if no log is wanted. */
  private final OutputStream out;

  private TrainLog(OutputStream out) {
    this.out = out;
  }

  /** The log that the options ask for; a run that goes on adds to it. */
  static TrainLog of(Arguments arguments, Io io) throws IOException {
    String name = arguments.text("--log");
    if (name == null) {
      return new TrainLog(null);
    }
    Path file = io.directory().resolve(name);
    return new TrainLog(
        arguments.has("--resume")
            ? Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)
            : Files.newOutputStream(file));
  }

  void write(Document epoch) throws IOException {
    if (out != null) {
      writer.write(epoch, out);
      out.flush();
    }
  }

  @Override
  public void close() throws IOException {
    if (out != null) {
      out.close();
    }
  }
}
