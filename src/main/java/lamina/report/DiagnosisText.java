package lamina.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import lamina.tensor.Tensor;
import lamina.train.diagnosis.Diagnosis;
import lamina.train.diagnosis.Evidence;
import lamina.train.diagnosis.Finding;

/** A diagnosis for people and for scripts. */
public final class DiagnosisText {
  /** A matrix of at most so many rows and columns is printed. */
  private static final int SHOWN = 10;

  private DiagnosisText() {}

  /**
   * What went wrong, in sentences.
   *
   * @param isAsked whether somebody wants to know what was looked at, too
   * @param width the columns of a line
   */
  public static String text(Diagnosis diagnosis, boolean isAsked, int width) {
    List<Finding> alarms = diagnosis.alarms();
    StringBuilder text = new StringBuilder();
    if (!alarms.isEmpty()) {
      text.append("\ndiagnosis:\n");
    }
    for (Finding alarm : alarms) {
      add(text, "  ", alarm.kind().label() + ": " + alarm.text() + limit(alarm), width);
      add(text, "    ", "cure: " + alarm.cure(), width);
      if (alarm.map() != null) {
        add(text, "    ", map(alarm.map()));
      }
    }
    if (!isAsked) {
      return text.toString();
    }
    if (alarms.isEmpty()) {
      text.append("\ndiagnosis: nothing is wrong\n");
    }
    List<Finding> others =
        diagnosis.worst().stream().filter(finding -> !finding.isAlarm()).toList();
    text.append(others.isEmpty() ? "" : "\nlooked at and well:\n");
    for (Finding finding : others) {
      add(text, "  ", finding.kind().label() + ": " + finding.text() + limit(finding), width);
    }
    return text.toString();
  }

  private static String limit(Finding finding) {
    return switch (finding.kind()) {
      case NAN_LOSS, LINEAR_COLLAPSE -> "";
      default -> " (threshold " + Evidence.figure(finding.threshold()) + ")";
    };
  }

  private static void add(StringBuilder text, String indent, String sentence, int width) {
    String blanks = indent;
    for (String line : TextWrap.lines(sentence, width - indent.length(), 2)) {
      text.append(blanks).append(line).append('\n');
      blanks = indent + "  ";
    }
  }

  private static void add(StringBuilder text, String indent, List<String> lines) {
    lines.forEach(line -> text.append(indent).append(line).append('\n'));
  }

  /** The map row by row: {@code y1 = 0.5 x1 - 2 x2 + 1}, or its size if it is large. */
  private static List<String> map(Finding.AffineMap map) {
    Tensor weight = map.weight();
    List<String> lines = new ArrayList<>();
    int rows = weight.dim(0);
    int columns = weight.dim(1);
    for (int row = 0; row < rows && rows <= SHOWN && columns <= SHOWN; row++) {
      StringBuilder line = new StringBuilder("y" + (row + 1) + " =");
      for (int column = 0; column < columns; column++) {
        double factor = weight.get(row * columns + column);
        line.append(term(factor, column == 0)).append(" x").append(column + 1);
      }
      lines.add(line + term(map.bias().get(row), false));
    }
    if (lines.isEmpty()) {
      lines.add("the matrix is in the JSON output (-f json), as \"weight\" and \"bias\"");
    }
    return lines;
  }

  private static String term(double value, boolean isFirst) {
    String size = String.format(Locale.ROOT, "%.4f", Math.abs(value));
    boolean isNegative = value < 0;
    return isFirst ? (isNegative ? " -" : " ") + size : (isNegative ? " - " : " + ") + size;
  }

  /** Adds the members {@code diagnosis} and, if somebody asked, {@code checks}. */
  public static Document add(Document document, Diagnosis diagnosis, boolean isAsked) {
    document.put("diagnosis", diagnosis.alarms().stream().map(DiagnosisText::document).toList());
    if (isAsked) {
      document.put("checks", diagnosis.findings().stream().map(DiagnosisText::check).toList());
    }
    return document;
  }

  private static Document document(Finding finding) {
    Document document = check(finding).put("text", finding.text()).put("cure", finding.cure());
    if (finding.map() != null) {
      document.put("weight", finding.map().weight()).put("bias", finding.map().bias());
    }
    return document;
  }

  private static Document check(Finding finding) {
    return new Document()
        .put("kind", finding.kind().label())
        .put("layer", finding.layer())
        .put("figure", orNull(finding.figure()))
        .put("threshold", orNull(finding.threshold()))
        .put("alarm", finding.isAlarm());
  }

  private static Double orNull(double value) {
    return Double.isNaN(value) ? null : value;
  }
}
