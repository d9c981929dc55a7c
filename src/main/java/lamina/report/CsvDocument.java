package lamina.report;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import lamina.tensor.Tensor;
import lamina.text.InputException;
import tools.jackson.core.io.NumberOutput;

/** Documents as CSV or TSV: one matrix, or one table of figures. */
final class CsvDocument {
  private CsvDocument() {}

  static void write(Document document, char separator, OutputStream out) throws IOException {
    Writer writer =
        new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), 1 << 14);
    if (document.main() != null) {
      if (!document.members().isEmpty()) {
        throw new InputException(
            "CSV holds one matrix, but the result has the further members "
                + String.join(", ", document.members().keySet())
                + "; use --format json or -o FILE.npz");
      }
      matrix(document.main(), separator, writer);
    } else {
      table(document, separator, writer);
    }
    writer.flush();
  }

  private static void matrix(Tensor tensor, char separator, Writer out) throws IOException {
    if (tensor.rank() > 2) {
      throw new InputException(
          "CSV holds one matrix, but the result has shape "
              + Tensor.text(tensor.shape())
              + "; use --format json or -o FILE.npy");
    }
    int columns = tensor.rank() == 0 ? 1 : tensor.dim(-1);
    for (int i = 0; i < tensor.size(); i++) {
      out.write(number(tensor, i));
      out.write((i + 1) % columns == 0 ? '\n' : separator);
    }
  }

  /** The shortest digits that round-trip; NaN and infinities by NumPy's names. */
  private static String number(Tensor tensor, int index) {
    return switch (tensor.dtype()) {
      case FLOAT64 -> number(tensor.doubles()[index]);
      case FLOAT32 ->
          Float.isFinite(tensor.floats()[index])
              ? NumberOutput.toString(tensor.floats()[index], true)
              : number(tensor.floats()[index]);
      case INT64 -> Long.toString(tensor.longs()[index]);
    };
  }

  private static String number(double value) {
    if (Double.isFinite(value)) {
      return NumberOutput.toString(value, true);
    }
    return Double.isNaN(value) ? "nan" : (value < 0 ? "-inf" : "inf");
  }

  /** The first list of documents is the table; members beside it do not fit into CSV. */
  private static void table(Document document, char separator, Writer out) throws IOException {
    for (Map.Entry<String, Object> member : document.members().entrySet()) {
      if (member.getValue() instanceof List<?> list && !list.isEmpty()) {
        TextTable table = TextTable.of(list, 17);
        if (table != null) {
          for (List<String> row : table.cells()) {
            for (int column = 0; column < row.size(); column++) {
              if (column > 0) {
                out.write(separator);
              }
              out.write(quoted(row.get(column), separator));
            }
            out.write('\n');
          }
          return;
        }
      } else if (member.getValue() instanceof Tensor tensor && document.members().size() == 1) {
        matrix(tensor, separator, out);
        return;
      }
    }
    throw new InputException("the result is neither a matrix nor a table; use --format json");
  }

  private static String quoted(String cell, char separator) {
    boolean plain = true;
    for (int i = 0; i < cell.length(); i++) {
      char c = cell.charAt(i);
      plain &= c != separator && c != '"' && c != '\r' && c != '\n';
    }
    return plain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
  }
}
