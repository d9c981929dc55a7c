package lamina.report;

import java.io.IOException;
import java.io.OutputStream;
import lamina.tensor.InputException;

/** Writes documents in one of the formats. */
public final class DocumentWriter {
  private final Format format;
  private final int precision;

  /**
   * A writer.
   *
   * @param precision the most decimals that text, LaTeX and Markdown show
   */
  public DocumentWriter(Format format, int precision) {
    this.format = format;
    this.precision = precision;
  }

  /** Writes a document; never closes {@code out}. */
  public void write(Document document, OutputStream out) throws IOException {
    switch (format) {
      case JSON, JSONL -> JsonDocument.write(document, out);
      case TEXT -> TextDocument.write(document, precision, out);
      default -> throw new InputException("the format " + format.label() + " is not there yet");
    }
  }
}
