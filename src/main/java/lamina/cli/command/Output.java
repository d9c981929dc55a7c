package lamina.cli.command;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import lamina.cli.option.OutputOptions;
import lamina.cli.option.Suggestions;
import lamina.cli.option.UsageException;
import lamina.cli.process.Io;
import lamina.cli.process.Notes;
import lamina.cli.process.Terminal;
import lamina.format.AtomicFile;
import lamina.report.Document;
import lamina.report.DocumentWriter;
import lamina.report.Format;
import lamina.tensor.Tensor;

/** Where results go and in which format: by options, environment and terminal, in this order. */
final class Output implements AutoCloseable {
  private final Io io;
  private final Notes notes;
  private final Path file;
  private final Format format;
  private final DocumentWriter writer;

  /** The only member that is written, or null for all. */
  private final String member;

  private boolean saidWhatIsLeftOut;
  private AtomicFile pending;

  /**
   * @param notes takes what is to be said of the result, and knows whether nothing is written
   * @param perLine whether results are lines of a stream, so that JSON means one line each
   */
  Output(OutputOptions options, Notes notes, boolean perLine) {
    this.io = notes.io();
    this.notes = notes;
    String name = options.file();
    this.file = name == null ? null : io.directory().resolve(name);
    this.format = options.format(io);
    this.member = options.member();
    this.writer =
        new DocumentWriter(
            perLine && format == Format.JSON ? Format.JSONL : format,
            options.precision(),
            file == null && io.outIsTerminal());
  }

  /** The format of results; text is what a command may lay out itself. */
  Format format() {
    return format;
  }

  /** Whether all members of a result are written. */
  boolean isWhole() {
    return member == null;
  }

  /** Whether the whole result is written as text, which the command may lay out itself. */
  boolean isWholeText() {
    return format == Format.TEXT && isWhole();
  }

  /** Whether anything becomes of a result: quiet commands only write files. */
  boolean isWritten() {
    return file != null || !notes.quiet();
  }

  /** Lets text break between words where the terminal ends; not in files, nor in pipes. */
  void wrap() {
    writer.wrapAt(columns());
  }

  /** As many columns as text may fill: the terminal's; 0 for any number, in files and pipes. */
  int columns() {
    return file == null && format == Format.TEXT ? Terminal.wrapWidth(io) : 0;
  }

  /** Writes text that a command laid out itself, and flushes it. */
  void write(String text) throws IOException {
    OutputStream out = stream();
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  /**
   * What is written of a result: all of it, or the member that {@code --member} names, by its name
   * or along a path of names.
   *
   * @throws UsageException if there is no such member
   */
  Document select(Document result) {
    if (member == null) {
      return result;
    }
    Object found = result.member(member);
    List<String> names = result.memberNames();
    if (found == null && !names.contains(member)) {
      throw new UsageException(
          "the result has no member '" + member + "'",
          Suggestions.didYouMean(member, names, "its members are " + String.join(", ", names)));
    }
    return found instanceof Document document
        ? document
        : found instanceof Tensor tensor ? new Document(tensor) : new Document().put(member, found);
  }

  /** Writes what is asked for of one result and flushes it. */
  void write(Document document) throws IOException {
    Document selected = select(document);
    boolean single = format == Format.CSV || format == Format.TSV || format == Format.NPY;
    if (single && selected.main() != null && !selected.members().isEmpty()) {
      if (!saidWhatIsLeftOut) {
        notes.add(
            format.label()
                + " holds one tensor, the output; left out: "
                + String.join(", ", selected.members().keySet())
                + "; --member NAME writes one of them, -o FILE.npz all");
        saidWhatIsLeftOut = true;
      }
      selected = new Document(selected.main());
    }
    writeWhole(selected);
  }

  /** Writes a document as it is and flushes it. */
  void writeWhole(Document document) throws IOException {
    OutputStream out = stream();
    writer.write(document, out);
    out.flush();
  }

  private OutputStream stream() throws IOException {
    OutputStream out = notes.quiet() ? OutputStream.nullOutputStream() : io.out();
    if (file != null) {
      if (pending == null) {
        pending = AtomicFile.create(file);
      }
      out = pending.stream();
    }
    return out;
  }

  /** Puts the written file in its place; without this, nothing is left of it. */
  void commit() throws IOException {
    if (pending != null) {
      pending.commit();
    }
  }

  @Override
  public void close() throws IOException {
    if (pending != null) {
      pending.close();
    }
  }
}
