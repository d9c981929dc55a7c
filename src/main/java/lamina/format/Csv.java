package lamina.format;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * One matrix as separated values. The separator is what the file's name says or else what all rows
 * agree on: commas, semicolons, tabs, bars or blanks; with any but the comma, fractions may come
 * after a comma. A first line {@code sep=;} decides. Up to two rows before the numbers that may
 * name columns are a header, which a remark says.
 */
public final class Csv implements CsvScanner.Fields {
  private static final int SAMPLE = 1 << 16;

  /** A file with more rows without numbers before its first ones holds more than a matrix. */
  static final int MAX_HEADER = 2;

  private final CsvDialect dialect;

  /** How messages name the separator, if it isn't the usual one. */
  private final String separatorHint;

  private final String name;
  private final ElementBuffer elements;

  /** How many rows are a header, or -1 to find out. */
  private final int header;

  private final StringBuilder headerText = new StringBuilder();
  private int headerRows;
  private int firstHeaderRow;
  private int headerColumns;
  private int rows;
  private int columns = -1;

  /** Of the row at hand, while it may be a header. */
  private int numbers;

  private InputException wrong;

  /** The cell that is wrong, and its column. */
  private String wrongText;

  private int wrongColumn;

  private InputException noColumnName;

  /** The cells of the last row that is a header. */
  private List<String> columnNames = new ArrayList<>();

  private List<String> cellsOfRow = new ArrayList<>();
  private final StringBuilder names = new StringBuilder();

  /** Of the numbers with a decimal comma. */
  private boolean hasGrouped;

  private boolean hasUngrouped;

  private Csv(CsvDialect dialect, boolean usual, DType dtype, int header, String name) {
    this.dialect = dialect;
    this.separatorHint = usual ? "" : " (cells are separated by " + dialect.separatorName() + ")";
    this.name = name;
    this.header = header;
    this.elements = new ElementBuffer(dtype);
  }

  /**
   * Reads a matrix.
   *
   * @param separator what the file's name says: a comma or a tab
   * @throws InputException for text, empty cells and rows of different lengths, with row and column
   */
  static Tensor read(InputStream in, char separator, ReadOptions options, String sourceName)
      throws IOException {
    Opened opened = open(in, separator);
    boolean usual = opened.said || opened.dialect.separator() == separator;
    Csv csv = new Csv(opened.dialect, usual, options.dtype(), options.csvHeader(), sourceName);
    new CsvScanner(opened.text, opened.dialect.separator(), sourceName, csv).scan();
    return shaped(csv.matrix(options.remarks()), options.csvShape(), sourceName);
  }

  /**
   * Hands over the fields of a table in which not all are numbers.
   *
   * @param hasComments whether what follows {@code #} is a comment, as in tables of numbers
   */
  static void readFields(
      InputStream in,
      char separator,
      String sourceName,
      boolean hasComments,
      CsvScanner.Fields fields)
      throws IOException {
    Opened opened = open(in, separator);
    char found = opened.dialect.separator();
    new CsvScanner(opened.text, found, sourceName, fields, hasComments).scan();
  }

  /** A table whose dialect is known; {@code said} where its first line says the separator. */
  private record Opened(CsvDialect dialect, boolean said, InputStream text) {}

  private static Opened open(InputStream in, char separator) throws IOException {
    byte[] sample = in.readNBytes(SAMPLE);
    int from = startsWith(sample, 0, "\ufeff") ? 3 : 0;
    int line = from;
    CsvDialect dialect;
    boolean said = false;
    if (startsWith(sample, from, "sep=") && from + 4 < sample.length) {
      char named = (char) sample[from + 4];
      said = true;
      line = from + 5;
      dialect = CsvDialect.of(sample, line, sample.length, sample.length < SAMPLE, named);
      dialect = new CsvDialect(named, dialect.separator() == named && dialect.decimalComma());
    } else {
      dialect = CsvDialect.of(sample, from, sample.length, sample.length < SAMPLE, separator);
    }
    InputStream text = new ByteArrayInputStream(sample, line, sample.length - line);
    if (sample.length == SAMPLE) {
      text = new SequenceInputStream(text, in);
    }
    return new Opened(dialect, said, text);
  }

  private static boolean startsWith(byte[] text, int from, String start) {
    byte[] bytes = start.getBytes(StandardCharsets.UTF_8);
    if (text.length - from < bytes.length) {
      return false;
    }
    for (int i = 0; i < bytes.length; i++) {
      if (text[from + i] != bytes[i]) {
        return false;
      }
    }
    return true;
  }

  private static Tensor shaped(Tensor matrix, int[] shape, String sourceName) {
    if (shape == null) {
      return matrix;
    }
    try {
      return matrix.reshape(shape);
    } catch (InputException e) {
      throw InputException.at(
          sourceName,
          Tensor.text(matrix.shape()) + " numbers do not fit --csv-shape " + Tensor.text(shape),
          e);
    }
  }

  private Tensor matrix(Remarks remarks) {
    if (rows == 0) {
      throw InputException.at(
          name,
          headerRows > 0
              ? "has a header but no rows of numbers"
              : "is empty; rows of numbers were expected");
    }
    if (header < 0 && headerRows > 0) {
      remarks.add(
          name
              + (headerRows == 1 ? ": row " : ": rows ")
              + firstHeaderRow
              + (headerRows == 1 ? " is taken for a header (" : " ff. are taken for a header (")
              + Source.printable(headerText.toString())
              + "); --csv-header "
              + headerRows
              + " says so");
    }
    if (hasGrouped && !hasUngrouped) {
      remarks.add(name + ": its commas are taken for decimal ones: 1,234 is 1.234");
    }
    return elements.toTensor(rows, columns);
  }

  @Override
  public void field(String text, int row, int column) {
    if (rows == 0) {
      cellsOfRow.add(text);
    }
    if (headerRows < header) {
      return;
    }
    String problem = number(text);
    if (problem == null) {
      numbers++;
      return;
    }
    InputException error = InputException.at(place(row, column), problem + separatorHint);
    if (rows > 0) {
      throw error;
    }
    // Perhaps a header: the row's other fields will tell.
    if (wrong == null) {
      wrong = error;
      wrongText = text;
      wrongColumn = column;
    }
    // The column of a table's row names has none itself.
    if (noColumnName == null && !(text.isEmpty() && column == 1) && !CsvCell.mayNameColumn(text)) {
      noColumnName = InputException.at(place(row, column), problem);
    }
    names.append(column == 1 ? "" : ", ").append(text);
  }

  /** Takes a number; returns what is wrong with it, or null. */
  private String number(String text) {
    String plain = dialect.decimalComma() ? CsvCell.withPoint(text) : text;
    double value = Numbers.parse(plain);
    if (Double.isNaN(value)) {
      if (CsvCell.isSpecial(text)) {
        return elements.add(CsvCell.special(text));
      }
      return text.isEmpty()
          ? "an empty cell; a number was expected"
          : "'" + Source.printable(text) + "' is not a number";
    }
    if (dialect.decimalComma() && text.indexOf(',') >= 0) {
      hasGrouped |= CsvCell.mayBeGrouped(text);
      hasUngrouped |= !CsvCell.mayBeGrouped(text);
    }
    if (Double.isInfinite(value)) {
      return Source.printable(text) + " is beyond the range of float64";
    }
    if (elements.dtype() == DType.INT64 && isInteger(plain)) {
      return addInteger(plain);
    }
    return elements.add(value);
  }

  @Override
  public void endRow(int row, int cells) {
    List<String> own = cellsOfRow;
    cellsOfRow = new ArrayList<>();
    if (headerRows < header) {
      headerRows++;
      columnNames = own;
      return;
    }
    if (wrong != null) {
      endOfText(row, cells);
      columnNames = own;
      return;
    }
    int expected = columns >= 0 ? columns : (header < 0 && headerRows > 0 ? headerColumns : cells);
    if (expected != cells) {
      throw InputException.at(
          place(row, cells),
          "has "
              + cells
              + (cells == 1 ? " field" : " fields")
              + " but the "
              + (columns < 0 ? "header" : "first row")
              + " has "
              + expected
              + separatorHint);
    }
    columns = cells;
    rows++;
  }

  /** Ends a row before the first numbers in which something is no number. */
  private void endOfText(int row, int cells) {
    if (numbers > 0) {
      throw wrong.followedBy(columnHint(cells));
    }
    if (header >= 0) {
      throw wrong;
    }
    if (noColumnName != null || headerRows == MAX_HEADER) {
      InputException first = noColumnName == null ? wrong : noColumnName;
      throw first.followedBy(
          separatorHint + "; --csv-header " + (headerRows + 1) + " skips the row");
    }
    headerText.append(headerRows == 0 ? "" : "; ").append(names);
    firstHeaderRow = headerRows == 0 ? row : firstHeaderRow;
    headerRows++;
    headerColumns = cells;
    names.setLength(0);
    wrong = null;
  }

  /** What to do with a column of words or dates beside columns of numbers. */
  private String columnHint(int cells) {
    boolean isWord = CsvCell.mayNameColumn(wrongText);
    if (!isWord && !CsvCell.isDate(wrongText)) {
      return "";
    }
    String title = wrongColumn <= columnNames.size() ? columnNames.get(wrongColumn - 1) : "";
    boolean isNamed = !title.isBlank() && title.length() <= 40;
    String shown = isNamed ? " '" + Source.printable(title) + "'" : " " + wrongColumn;
    String kept =
        wrongColumn == 1
            ? "2-"
            : "1"
                + (wrongColumn == 2 ? "" : "-" + (wrongColumn - 1))
                + (wrongColumn == cells ? "" : "," + (wrongColumn + 1) + "-");
    char separator = dialect.separator();
    String cut = separator == '\t' ? "cut " : "cut -d'" + separator + "' ";
    String label = isNamed ? "'" + Source.printable(title) + "'" : Integer.toString(wrongColumn);
    return "; column"
        + shown
        + " holds "
        + (isWord ? "words" : "dates")
        + ": leave it out"
        + (separator == ' ' ? "" : ", as " + cut + "-f" + kept + " does")
        + (isWord ? ", or learn it by lamina train --label " + label : "");
  }

  private String place(int row, int column) {
    return name + ", row " + row + ", column " + column;
  }

  private static boolean isInteger(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > '9') {
        return false;
      }
    }
    return text.indexOf('.') < 0;
  }

  private String addInteger(String text) {
    try {
      elements.addInteger(Long.parseLong(text));
      return null;
    } catch (NumberFormatException e) {
      return Source.printable(text) + " is beyond the range of int64";
    }
  }
}
