package lamina.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import lamina.cli.option.Arguments;
import lamina.cli.option.CommonOptions;
import lamina.format.AtomicFile;
import lamina.report.Document;
import lamina.report.DocumentWriter;
import lamina.report.Format;

/** Where results go and in which format: by options, environment and terminal, in this order. */
public final class Output implements AutoCloseable {
  private final Io io;
  private final Path file;
  private final Format format;
  private final DocumentWriter writer;
  private AtomicFile pending;

  /**
   * @param perLine whether results are lines of a stream, so that JSON means one line each
   */
  public Output(Arguments arguments, Io io, boolean perLine) {
    this(arguments, io, perLine, "--output");
  }

  /** The same, for a command whose option for the file has another name. */
  public Output(Arguments arguments, Io io, boolean perLine, String fileOption) {
    this.io = io;
    String name = arguments.text(fileOption);
    this.file = name == null ? null : io.directory().resolve(name);
    this.format = format(arguments, io, name);
    this.writer =
        new DocumentWriter(
            perLine && format == Format.JSON ? Format.JSONL : format,
            arguments.integer("--precision", 4, 0));
  }

  private static Format format(Arguments arguments, Io io, String file) {
    String given = arguments.choice("--format", null, CommonOptions.FORMATS);
    if (given != null) {
      return Format.of(given);
    }
    if (file != null) {
      Format byName = Format.ofFileName(file);
      if (byName != null) {
        return byName;
      }
      String extension = Format.extension(file);
      if (!extension.isEmpty()) {
        throw new UsageException(
            "no format is known by the extension ." + extension + " of '" + file + "'",
            "use " + Format.EXTENSIONS + ", or say --format");
      }
    }
    String preferred = io.environment().get("LAMINA_FORMAT");
    if (preferred != null && !preferred.isEmpty()) {
      if (!CommonOptions.FORMATS.contains(preferred)) {
        throw new UsageException(
            "LAMINA_FORMAT is '"
                + preferred
                + "', which is none of "
                + String.join(", ", CommonOptions.FORMATS));
      }
      return Format.of(preferred);
    }
    return file == null && io.outIsTerminal() ? Format.TEXT : Format.JSON;
  }

  /** The format of results; text is what a command may lay out itself. */
  public Format format() {
    return format;
  }

  /** Writes text that a command laid out itself, and flushes it. */
  public void write(String text) throws IOException {
    OutputStream out = stream();
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  /** Writes one result and flushes it. */
  public void write(Document document) throws IOException {
    OutputStream out = stream();
    writer.write(document, out);
    out.flush();
  }

  private OutputStream stream() throws IOException {
    OutputStream out = io.out();
    if (file != null) {
      if (pending == null) {
        pending = AtomicFile.create(file);
      }
      out = pending.stream();
    }
    return out;
  }

  /** Puts the written file in its place; without this, nothing is left of it. */
  public void commit() throws IOException {
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
