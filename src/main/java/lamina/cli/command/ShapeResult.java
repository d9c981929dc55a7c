package lamina.cli.command;

import java.io.IOException;
import java.util.List;
import lamina.cli.option.ShapeOptions;
import lamina.cli.option.TextOption;
import lamina.cli.process.ExitCode;
import lamina.cli.process.Notes;
import lamina.network.NetworkAnalysis;
import lamina.report.Format;
import lamina.report.NetworkDocument;
import lamina.report.NetworkText;
import lamina.tensor.DType;
import lamina.tensor.Layout;
import lamina.tensor.Shape;

/**
 * What {@code lamina shape} reckoned: written, remarked on and compared.
 *
 * @param layout the order of axes that the user chose, or null
 */
record ShapeResult(NetworkAnalysis analysis, Layout layout, Notes notes) {
  /** Formats that hold the table of the layers alone, without what is said about it. */
  private static final List<Format> ONLY_LAYERS = List.of(Format.CSV, Format.TSV, Format.NPY);

  /** Writes it, as text or as a document. */
  void write(Output output, DType memory, boolean explain) throws IOException {
    int bytes = memory.bytes();
    if (output.isWholeText()) {
      output.write(
          new NetworkText(layout, bytes, memory.label(), output.columns()).of(analysis, explain));
    } else {
      boolean flat = isFlat(output.format());
      output.write(new NetworkDocument(layout, bytes, explain, flat).of(analysis));
    }
  }

  /** Whether a format holds tables rather than trees. */
  static boolean isFlat(Format format) {
    return format != Format.JSON && format != Format.JSONL;
  }

  /**
   * Whether what is written says itself that it is partial.
   *
   * @param member the only one that is written, or null
   */
  static boolean saysItself(Format format, String member) {
    return member == null
        ? !ONLY_LAYERS.contains(format)
        : List.of("partial", "gaps", "notes").contains(member);
  }

  /**
   * Says what is doubtful about the numbers.
   *
   * @param standAlone whether what makes them partial is not said beside them
   */
  void remark(boolean standAlone) {
    analysis.doubts().forEach(notes::add);
    List<String> gaps = analysis.gaps();
    if (standAlone && analysis.isPartial()) {
      String more = gaps.size() == 1 ? "" : "; and " + (gaps.size() - 1) + " more (-f text)";
      notes.add("partial: " + gaps.get(0) + more);
    } else if (standAlone && analysis.batchReading() != null) {
      notes.add(analysis.batchReading());
    }
  }

  /** Compares the output with the shape that an option names, if it does; gives the exit code. */
  int compare(TextOption expected) {
    if (!expected.isGiven()) {
      return ExitCode.OK;
    }
    Shape wanted = Shape.parse(expected.text());
    if (ShapeOptions.canonical(wanted, layout).equals(analysis.output())) {
      return ExitCode.OK;
    }
    notes.add(
        "the output is "
            + NetworkText.shape(analysis.output(), layout)
            + " but "
            + NetworkText.shape(wanted, null)
            + " was expected");
    return ExitCode.CHECK_FAILED;
  }
}
