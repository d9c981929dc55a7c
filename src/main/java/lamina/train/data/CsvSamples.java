package lamina.train.data;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lamina.format.CsvScanner;
import lamina.format.ElementBuffer;
import lamina.format.Numbers;
import lamina.format.TensorInput;
import lamina.text.InputException;

/**
 * Rows of a CSV file as samples: numbers with a label, or a text with a label. The label is the
 * last column unless another is named. A first row is a header if a wanted column's name stands in
 * it or if nothing in it is a number.
 */
final class CsvSamples implements CsvScanner.Fields {
  private final String name;
  private final DataOptions options;
  private final ReadingMemory memory;
  private final ElementBuffer numbers;
  private final List<String> texts = new ArrayList<>();
  private final Labels labels = new Labels();
  private int[] rows = new int[16];

  private String[] cells = new String[16];
  private int cellCount;
  private int rowsSeen;

  private int columns = -1;
  private String[] names;
  private int labelColumn;
  private int textColumn = -1;
  private long characters;

  /** A first row such as 0,1,2,label, as pandas writes for columns without names. */
  private boolean startsWithColumnNumbers;

  private CsvSamples(String name, DataOptions options, long length) {
    this.name = name;
    this.options = options;
    this.memory = new ReadingMemory(name, length);
    this.numbers = new ElementBuffer(options.readType());
  }

  static Samples read(TensorInput file, String name, DataOptions options) throws IOException {
    CsvSamples samples = new CsvSamples(name, options, file.length());
    file.readFields(options.text() == null, samples);
    return samples.samples();
  }

  private Samples samples() {
    if (startsWithColumnNumbers && labels.size() > 1 && !labels.isNumber(0) && othersAreNumbers()) {
      throw new InputException(
          name
              + ": row "
              + rows[0]
              + " looks like a header ('"
              + labels.get(0)
              + "' where all other labels are numbers); say --csv-header 1");
    }
    int count = labels.size();
    if (count == 0) {
      throw new InputException(
          name + (names == null ? ": is empty" : ": has a header but no rows of samples"));
    }
    int[] places = Arrays.copyOf(rows, count);
    if (options.text() != null) {
      return Samples.ofTexts(name, texts, labels, sample -> "row " + places[sample]);
    }
    return Samples.ofNumbers(
        name, numbers.toTensor(count, columns - 1), labels, sample -> "row " + places[sample]);
  }

  private boolean othersAreNumbers() {
    for (int i = 1; i < labels.names().size(); i++) {
      if (Double.isNaN(Numbers.parse(labels.names().get(i)))) {
        return false;
      }
    }
    return labels.names().size() > 1;
  }

  @Override
  public void field(String text, int row, int column) {
    if (cellCount == cells.length) {
      cells = Arrays.copyOf(cells, 2 * cellCount);
    }
    cells[cellCount++] = text;
    characters += text.length() + 1;
  }

  @Override
  public void endRow(int row, int count) {
    rowsSeen++;
    if (columns < 0) {
      begin(row);
    } else {
      sample(row);
    }
    cellCount = 0;
  }

  /** Takes the first row: a header, or the first sample. */
  private void begin(int row) {
    if (rowsSeen < options.csvHeader()) {
      return;
    }
    boolean header = options.csvHeader() > 0 || (options.csvHeader() < 0 && isHeader());
    columns = cellCount;
    if (columns < 2) {
      throw new InputException(
          name + ", row " + row + ": has 1 field; at least an input and a label are needed");
    }
    names = header ? Arrays.copyOf(cells, columns) : null;
    labelColumn = options.label() == null ? columns - 1 : column("--label", options.label());
    if (options.text() != null) {
      textColumn = column("--text", options.text());
      if (textColumn == labelColumn) {
        throw new InputException(
            name
                + ": column "
                + title(textColumn)
                + " cannot be both --text and --label; name another one with --label");
      }
    }
    if (!header) {
      startsWithColumnNumbers = options.label() == null && areColumnNumbers();
      sample(row);
    }
  }

  private boolean isHeader() {
    boolean hasNumber = false;
    for (int i = 0; i < cellCount; i++) {
      boolean isNumber = !Double.isNaN(Numbers.parse(cells[i])) || isSpecial(cells[i]);
      if (!isNumber && (cells[i].equals(options.label()) || cells[i].equals(options.text()))) {
        return true;
      }
      hasNumber |= isNumber;
    }
    // Prose has no numbers to tell by: columns by their number are those of a file without header.
    return !hasNumber && (options.text() == null || columnNumber(options.text()) < 0);
  }

  private boolean areColumnNumbers() {
    for (int i = 0; i < columns; i++) {
      if (i != labelColumn && !cells[i].equals(Integer.toString(i))) {
        return false;
      }
    }
    return true;
  }

  private int column(String option, String wanted) {
    int found = names == null ? -1 : Arrays.asList(names).indexOf(wanted);
    if (found >= 0) {
      if (found != Arrays.asList(names).lastIndexOf(wanted)) {
        throw new InputException(
            name
                + ": has several columns '"
                + wanted
                + "'; "
                + option
                + " also takes the number of one, 1 to "
                + columns);
      }
      return found;
    }
    int number = columnNumber(wanted);
    if (number >= 0 && number < columns) {
      return number;
    }
    if (names == null) {
      throw new InputException(
          name
              + ": has no header with '"
              + wanted
              + "'; without one, "
              + option
              + " takes the number of a column, 1 to "
              + columns);
    }
    String hint = Targets.hint(wanted, Arrays.asList(names));
    throw new InputException(
        name
            + ": has no column '"
            + wanted
            + "' for "
            + option
            + (hint.isEmpty()
                ? "; its columns are " + Targets.shortened(Arrays.asList(names))
                : hint));
  }

  /** The index that a column's number from 1 on means, or -1 if the text is none. */
  private static int columnNumber(String text) {
    double value = Numbers.parse(text);
    return value >= 1 && value == Math.rint(value) && value < Integer.MAX_VALUE
        ? (int) value - 1
        : -1;
  }

  private void sample(int row) {
    if (cellCount != columns) {
      throw new InputException(
          name
              + ", row "
              + row
              + ": has "
              + cellCount
              + (cellCount == 1 ? " field" : " fields")
              + " but the "
              + (names == null ? "first row" : "header")
              + " has "
              + columns);
    }
    int sample = labels.size();
    if (sample == rows.length) {
      rows = Arrays.copyOf(rows, 2 * sample);
    }
    rows[sample] = row;
    if (textColumn >= 0) {
      text(row);
    } else {
      for (int i = 0; i < columns; i++) {
        if (i != labelColumn) {
          number(cells[i], row, i);
        }
      }
    }
    String label = cells[labelColumn];
    if (label.isEmpty() || label.equalsIgnoreCase("nan")) {
      throw new InputException(
          at(row, labelColumn)
              + (label.isEmpty() ? "is empty" : "is " + label)
              + "; every sample needs a label");
    }
    labels.add(label);
    memory.add(
        textColumn < 0
            ? (columns - 1L) * options.readType().bytes()
            : cells[textColumn].length() + ReadingMemory.TEXT_OVERHEAD,
        characters);
    characters = 0;
  }

  private void text(int row) {
    if (cells[textColumn].isEmpty()) {
      throw new InputException(at(row, textColumn) + "is empty; every sample needs a text");
    }
    texts.add(cells[textColumn]);
  }

  private void number(String text, int row, int column) {
    double value = Numbers.parse(text);
    if (Double.isNaN(value)) {
      throw new InputException(
          at(row, column)
              + (text.isEmpty()
                  ? "is empty; a number was expected"
                  : isSpecial(text)
                      ? "is " + text + "; only finite numbers can be learned from"
                      : "'" + shown(text) + "' is not a number" + cure(text)));
    }
    String problem = Double.isInfinite(value) ? text + " is beyond float64" : numbers.add(value);
    if (problem != null) {
      throw new InputException(at(row, column) + problem);
    }
  }

  private String cure(String text) {
    if (text.matches("[-+]?[0-9]+,[0-9]+")) {
      return "; write decimals with a point, not with a comma";
    }
    return "; for a file of texts name the column with --text"
        + (options.label() == null
            ? ", and that of the labels, if it is not the last, with --label"
            : "");
  }

  private static String shown(String text) {
    String line = text.replace('\n', ' ').replace('\r', ' ');
    return line.length() > 40 ? line.substring(0, 37) + "..." : line;
  }

  private static boolean isSpecial(String text) {
    String plain = text.startsWith("-") || text.startsWith("+") ? text.substring(1) : text;
    return plain.equalsIgnoreCase("nan")
        || plain.equalsIgnoreCase("inf")
        || plain.equalsIgnoreCase("infinity");
  }

  private String at(int row, int column) {
    return name + ", row " + row + ", column " + title(column) + ": ";
  }

  private String title(int column) {
    return column + 1 + (names == null ? "" : " ('" + shown(names[column]) + "')");
  }
}
