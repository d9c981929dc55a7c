package lamina.format;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import lamina.text.InputException;

/**
 * How a table of numbers is written.
 *
 * @param separator what is between cells; a blank means any number of blanks and tabs
 * @param decimalComma whether fractions come after a comma
 */
record CsvDialect(char separator, boolean decimalComma) {
  private static final String SEPARATORS = ",;\t| ";

  /**
   * The dialect of a table: the one in which all rows of its beginning, but for those without any
   * number, are numbers only and as many; the usual one of the file comes first. If none fits, the
   * one in which most cells are numbers or else all rows have as many: the cell that is wrong is
   * named then.
   *
   * @param usual what the file's name promises
   * @param complete whether the sample is the whole text
   */
  static CsvDialect of(byte[] sample, int from, int to, boolean complete, char usual)
      throws IOException {
    int end = complete ? to : lastBoundary(sample, from, to);
    CsvDialect likely = new CsvDialect(usual, false);
    Rows usualRows = new Rows(likely);
    if (usualRows.fit(sample, from, end, 1)) {
      return likely;
    }
    double most = usualRows.numeric();
    boolean found = usualRows.isTable();
    for (int i = 0; i < 2 * SEPARATORS.length(); i++) {
      CsvDialect candidate =
          new CsvDialect(SEPARATORS.charAt(i % SEPARATORS.length()), i >= SEPARATORS.length());
      if (candidate.decimalComma && candidate.separator == ',') {
        continue;
      }
      Rows rows = new Rows(candidate);
      if (rows.fit(sample, from, end, 2)) {
        return candidate;
      }
      boolean more = !usualRows.isTable() && rows.numeric() > most;
      if (more || (most == 0 && !found && rows.isTable() && candidate.separator != ' ')) {
        likely = candidate;
        most = rows.numeric();
        found = true;
      }
    }
    return likely;
  }

  /** The end of the last whole row, or of the last whole cell if there is no row. */
  private static int lastBoundary(byte[] sample, int from, int to) {
    for (int i = to; i > from; i--) {
      if (sample[i - 1] == '\n' || sample[i - 1] == '\r') {
        return i;
      }
    }
    for (int i = to; i > from; i--) {
      if (SEPARATORS.indexOf(sample[i - 1]) >= 0) {
        return i - 1;
      }
    }
    return to;
  }

  /** What messages call the separator. */
  String separatorName() {
    return switch (separator) {
      case '\t' -> "tabs";
      case ' ' -> "blanks";
      default -> "'" + separator + "'";
    };
  }

  /** What a dialect makes of rows. */
  private static final class Rows implements CsvScanner.Fields {
    private final CsvDialect dialect;
    private int numbers;
    private long allNumbers;
    private long allCells;
    private int columns = -1;
    private int headerRows;
    private boolean namesOnly = true;
    private boolean fits = true;

    /** Whether all rows have as many cells, and how many. */
    private boolean sameLength = true;

    private int length = -1;

    Rows(CsvDialect dialect) {
      this.dialect = dialect;
    }

    /** Whether a text is a table of at least as many columns. */
    boolean fit(byte[] sample, int from, int to, int least) throws IOException {
      InputStream text = new ByteArrayInputStream(sample, from, to - from);
      try {
        new CsvScanner(text, dialect.separator, "", this).scan();
      } catch (InputException e) {
        // What is said of the text is said by who reads it.
        return false;
      }
      return fits && columns >= least;
    }

    /** The part of the cells that are numbers. */
    double numeric() {
      return allCells == 0 ? 0 : (double) allNumbers / allCells;
    }

    /** Whether all rows have as many cells, and more than one. */
    boolean isTable() {
      return sameLength && length > 1;
    }

    @Override
    public void field(String text, int row, int column) {
      allCells++;
      if (CsvCell.isNumber(text, dialect.decimalComma)) {
        numbers++;
        allNumbers++;
      } else {
        namesOnly &= CsvCell.mayNameColumn(text) || (text.isEmpty() && column == 1);
      }
    }

    @Override
    public void endRow(int row, int cells) {
      sameLength &= length < 0 || length == cells;
      length = cells;
      if (numbers > 0) {
        fits &= numbers == cells && (columns < 0 || columns == cells);
        columns = cells;
      } else {
        fits &= columns < 0 && namesOnly && ++headerRows <= Csv.MAX_HEADER;
      }
      numbers = 0;
      namesOnly = true;
    }
  }
}
