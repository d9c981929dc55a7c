package lamina.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import lamina.tensor.Tensor;
import lamina.train.data.Dataset;

/** How classes were told apart: members of a document for scripts, tables for people. */
public final class ConfusionText {
  private static final int WRONG = 5;

  /** The most classes whose counts are told, one for each pair. */
  private static final int CLASSES = 50;

  /** The most classes of which text tells, if not all pairs are. */
  private static final int WORST = 20;

  /** The most classes of steps that are told: more are words. */
  private static final int STEP_CLASSES = 20;

  /** The columns that the name of a class may take, at the head of a row and of a column. */
  private static final int ROW_NAME = 40;

  private static final int COLUMN_NAME = 12;

  private final Confusion confusion;
  private final Dataset data;
  private final int[] samples;

  /**
   * @param data what the classes were told of
   */
  public ConfusionText(Confusion confusion, Dataset data) {
    this.confusion = confusion;
    this.data = data;
    this.samples = confusion.samples();
  }

  /** Whether sequences have too many classes to be told: they are words. */
  public static boolean isTooMuch(Dataset data) {
    return data.targets().size() > data.size() && data.classes().size() > STEP_CLASSES;
  }

  /** Adds the counts, if they are not too many, the share right of each class, and the examples. */
  public void addTo(Document result) {
    int classes = confusion.classes().size();
    Document table = new Document().put("classes", confusion.classes());
    if (classes <= CLASSES) {
      long[] counts =
          Arrays.stream(confusion.counts()).flatMapToInt(Arrays::stream).asLongStream().toArray();
      table.put("counts", Tensor.of(counts, classes, classes));
    }
    List<Double> right = new ArrayList<>();
    for (int i = 0; i < classes; i++) {
      right.add(samples[i] == 0 ? null : share(i));
    }
    result.put("confusion", table.put("right", right));
    List<Document> examples = new ArrayList<>();
    for (Confusion.Wrong wrong : worst()) {
      Document example = new Document().put("sample", data.places().apply(wrong.sample()));
      if (confusion.steps() > 1) {
        example.put("step", wrong.step() + 1);
      }
      examples.add(
          example
              .put("is", confusion.name(wrong.actual()))
              .put("given", confusion.name(wrong.given()))
              .put("margin", wrong.margin()));
    }
    result.put("most_wrong", examples);
  }

  private double share(int c) {
    return (double) confusion.counts()[c][c] / samples[c];
  }

  private List<Confusion.Wrong> worst() {
    return confusion.wrong().subList(0, Math.min(WRONG, confusion.wrong().size()));
  }

  /**
   * The same for people.
   *
   * @param columns what a line may take; 0 for any number
   */
  public String text(int columns) {
    StringBuilder text = new StringBuilder();
    text.append(confusion.classes().size() > CLASSES ? worstClasses() : matrix(columns));
    text.append(worst().isEmpty() ? "" : "\nmost wrong about:\n");
    for (Confusion.Wrong each : worst()) {
      text.append("  ").append(data.places().apply(each.sample()));
      text.append(confusion.steps() == 1 ? "" : ", step " + (each.step() + 1)).append(": is ");
      text.append(name(each.actual(), ROW_NAME)).append(", given ");
      text.append(name(each.given(), ROW_NAME)).append('\n');
    }
    return text.toString();
  }

  private String name(int output, int columns) {
    return CellWidth.fitted(confusion.name(output), columns);
  }

  /** A column for each answer, in as many tables as lines of that length ask for. */
  private String matrix(int columns) {
    int classes = confusion.classes().size();
    List<String[]> cells = new ArrayList<>();
    String[] header = new String[classes + 2];
    header[0] = "class";
    header[classes + 1] = "right";
    int longest = columns > 0 ? COLUMN_NAME : ROW_NAME;
    for (int i = 0; i < classes; i++) {
      header[i + 1] = name(i, longest);
    }
    cells.add(header);
    for (int i = 0; i < classes; i++) {
      String[] row = new String[classes + 2];
      row[0] = name(i, columns > 0 ? Math.min(ROW_NAME, columns / 3) : ROW_NAME);
      for (int j = 0; j < classes; j++) {
        row[j + 1] = Integer.toString(confusion.counts()[i][j]);
      }
      row[classes + 1] = samples[i] == 0 ? "" : TrainingText.percent(share(i));
      cells.add(row);
    }
    StringBuilder text = new StringBuilder("given for each class:\n");
    int[] widths = TrainingText.widths(cells);
    int from = 1;
    while (from < header.length) {
      int to = from;
      for (int line = widths[0]; to < header.length; to++) {
        line += 2 + widths[to];
        if (columns > 0 && line > columns && to > from) {
          break;
        }
      }
      int first = from;
      int end = to;
      text.append(from == 1 ? "" : "\n");
      text.append(TrainingText.table(cells.stream().map(row -> part(row, first, end)).toList()));
      from = to;
    }
    return text.toString();
  }

  /** The first cell of a row and some of the others. */
  private static String[] part(String[] row, int from, int to) {
    String[] part = new String[1 + to - from];
    part[0] = row[0];
    System.arraycopy(row, from, part, 1, to - from);
    return part;
  }

  private String worstClasses() {
    List<Integer> order =
        IntStream.range(0, samples.length)
            .filter(c -> samples[c] > 0)
            .boxed()
            .sorted(Comparator.comparingDouble(this::share))
            .toList();
    List<String[]> rows = new ArrayList<>();
    rows.add(new String[] {"class", "samples", "right", "otherwise mostly"});
    for (int c : order.subList(0, Math.min(WORST, order.size()))) {
      int[] counts = confusion.counts()[c].clone();
      counts[c] = 0;
      int most =
          IntStream.range(0, counts.length)
              .reduce((a, b) -> counts[b] > counts[a] ? b : a)
              .orElse(c);
      rows.add(
          new String[] {
            name(c, ROW_NAME),
            Integer.toString(samples[c]),
            TrainingText.percent(share(c)),
            counts[most] == 0 ? "" : name(most, COLUMN_NAME) + " (" + counts[most] + ")"
          });
    }
    return "the classes least right, of " + samples.length + ":\n" + TrainingText.table(rows);
  }
}
