package lamina.report;

import java.io.IOException;
import java.io.OutputStream;

/** Writes documents in one of the formats. */
public final class DocumentWriter {
  private final Format format;
  private final int precision;
  private final boolean abbreviated;

  /** The columns of a line of text, or 0 for as many as it takes. */
  private int width;

  /**
   * A writer.
   *
   * @param precision the most decimals that text, LaTeX and Markdown show
   */
  public DocumentWriter(Format format, int precision) {
    this(format, precision, false);
  }

  /**
   * A writer for people.
   *
   * @param abbreviated whether text leaves out the middle of long tensors
   */
  public DocumentWriter(Format format, int precision, boolean abbreviated) {
    this.format = format;
    this.precision = precision;
    this.abbreviated = abbreviated;
  }

  /** Lets sentences and tables in text break between words; 0 columns mean that they do not. */
  public void wrapAt(int columns) {
    width = columns;
  }

  /**
   * Writes a document; never closes {@code out}.
   *
   * @throws lamina.text.InputException if the format cannot hold the document; nothing was written
   *     then
   */
  public void write(Document document, OutputStream out) throws IOException {
    switch (format) {
      case JSON, JSONL -> JsonDocument.write(document, out);
      case TEXT -> TextDocument.write(document, precision, abbreviated, width, out);
      case CSV -> CsvDocument.write(document, ',', out);
      case TSV -> CsvDocument.write(document, '\t', out);
      case NPY -> NpyDocument.write(document, out);
      case NPZ -> NpyDocument.writeNpz(document, out);
      case SAFETENSORS -> NpyDocument.writeSafetensors(document, out);
      case LATEX -> MarkupDocument.write(document, true, precision, out);
      case MARKDOWN -> MarkupDocument.write(document, false, precision, out);
    }
  }
}
