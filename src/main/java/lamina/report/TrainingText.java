package lamina.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import lamina.train.EncoderDecoder;
import lamina.train.GradientStatistics;
import lamina.train.Trainer;
import lamina.train.data.Dataset;

/** What is said of a training: documents for scripts, lines and tables for people. */
public final class TrainingText {
  private static final int BAR = 24;

  /** The columns of a usual terminal. */
  private static final int TERMINAL = 80;

  private static final int WRONG = 5;

  private static final int ANSWERS_AT_ONCE = 64;

  private TrainingText() {}

  /** The figures of an epoch, as JSON has them. */
  public static Document epoch(
      int epoch, Trainer.Score training, Trainer.Score test, GradientStatistics statistics) {
    Document document =
        new Document()
            .put("epoch", epoch)
            .put("loss", training.loss())
            .put("accuracy", orNull(training.accuracy()));
    if (test != null) {
      document.put("test_loss", test.loss()).put("test_accuracy", orNull(test.accuracy()));
    }
    return document.put("layers", layers(statistics));
  }

  /** The epochs as a table: without their layers, of which a row has no place for any number. */
  public static Document epochTable(List<Document> epochs) {
    List<Document> rows = new ArrayList<>();
    for (Document epoch : epochs) {
      Document row = new Document();
      epoch
          .members()
          .forEach(
              (name, value) -> {
                if (!name.equals("layers")) {
                  row.put(name, value);
                }
              });
      rows.add(row);
    }
    return new Document().put("epochs", rows);
  }

  /** The figures of each parameter and activation, the worst first; null where none applies. */
  public static List<Document> layers(GradientStatistics statistics) {
    List<Document> layers = new ArrayList<>();
    for (GradientStatistics.Row row : statistics.rows()) {
      layers.add(
          new Document()
              .put("name", row.name())
              .put("grad_l2", orNull(row.gradL2()))
              .put("grad_mean", orNull(row.gradMean()))
              .put("grad_std", orNull(row.gradStd()))
              .put("grad_max", orNull(row.gradMax()))
              .put("grad_zero", orNull(row.gradZero()))
              .put("update_ratio", orNull(row.updateRatio()))
              .put("dead", orNull(row.dead()))
              .put("saturated", orNull(row.saturated())));
    }
    return layers;
  }

  /**
   * What a size of batches meant for a training.
   *
   * @param batch the samples of a step
   * @param seconds those of an epoch
   * @param epochs the figures of all epochs, as {@link #epoch} gives them
   */
  public static Document batchSize(
      int batch, double seconds, int samples, double variance, List<Document> epochs) {
    Document last = epochs.get(epochs.size() - 1);
    Document row =
        new Document()
            .put("batch_size", batch)
            .put("steps", (samples + batch - 1) / batch)
            .put("seconds_per_epoch", rounded(seconds))
            .put("samples_per_second", rounded(samples / seconds))
            .put("gradient_variance", orNull(rounded(variance)));
    for (String name : List.of("loss", "accuracy", "test_loss", "test_accuracy")) {
      if (last.members().containsKey(name)) {
        row.put(name, last.member(name));
      }
    }
    return row;
  }

  /** To three digits: more would pretend that a time or a scatter was known better. */
  private static double rounded(double value) {
    return Double.isNaN(value) ? value : Double.parseDouble(format("%.3g", value));
  }

  private static Double orNull(double value) {
    return Double.isNaN(value) ? null : value;
  }

  /** All epochs. */
  public static Document document(List<Document> epochs) {
    return new Document().put("epochs", epochs);
  }

  /** The line of an epoch. */
  public static String line(
      int epoch, Trainer.Score training, Trainer.Score test, double samplesPerSecond) {
    String line = "epoch " + epoch + "  " + score("", training);
    if (test != null) {
      line += "  " + score("test ", test);
    }
    String rate = "  " + Math.round(samplesPerSecond);
    boolean isLong = line.length() + rate.length() + " samples/s".length() > TERMINAL;
    return line + rate + (isLong ? "/s\n" : " samples/s\n");
  }

  private static String score(String prefix, Trainer.Score score) {
    String text = prefix + "loss " + format("%.4f", score.loss());
    return Double.isNaN(score.accuracy()) ? text : text + "  accuracy " + percent(score.accuracy());
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  /** A share as text. */
  public static String percent(double share) {
    return format("%.1f%%", 100 * share);
  }

  /**
   * The bar of an epoch that goes on, which replaces the line before. A terminal that is too narrow
   * cuts it instead of breaking it: of two lines only the second would be replaced.
   */
  public static String bar(int epoch, int samples, int size, Trainer.Score score, double seconds) {
    int full = (int) ((long) BAR * samples / size);
    double rate = samples / seconds;
    return "\r\u001b[K\u001b[?7lepoch "
        + epoch
        + " ["
        + "#".repeat(full)
        + " ".repeat(BAR - full)
        + "] "
        + score("", score)
        + "  "
        + Math.round(rate)
        + "/s  "
        + Math.round((size - samples) / rate)
        + " s left\u001b[?7h";
  }

  /** The gradients of the last epoch, worst first. */
  public static String gradients(GradientStatistics statistics) {
    List<String[]> rows = new ArrayList<>();
    rows.add(
        new String[] {"gradient", "l2", "mean", "std", "max", "zero", "update", "dead", "sat."});
    for (GradientStatistics.Row row : statistics.rows()) {
      rows.add(
          new String[] {
            row.name(),
            figure(row.gradL2()),
            figure(row.gradMean()),
            figure(row.gradStd()),
            figure(row.gradMax()),
            share(row.gradZero()),
            figure(row.updateRatio()),
            share(row.dead()),
            share(row.saturated())
          });
    }
    return table(rows);
  }

  private static String figure(double value) {
    return Double.isNaN(value) ? "" : format("%.1e", value);
  }

  private static String share(double value) {
    return Double.isNaN(value) ? "" : percent(value);
  }

  /** How many columns of a terminal each column of a table takes. */
  static int[] widths(List<String[]> rows) {
    int[] widths = new int[rows.get(0).length];
    for (String[] row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], CellWidth.of(row[i]));
      }
    }
    return widths;
  }

  /** Rows of cells, aligned: the first to the left, the others to the right. */
  static String table(List<String[]> rows) {
    int[] widths = widths(rows);
    StringBuilder text = new StringBuilder();
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        String blanks = " ".repeat(widths[i] - CellWidth.of(row[i]));
        line.append(i == 0 ? row[i] + blanks : "  " + blanks + row[i]);
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  /**
   * How many answers an encoder and its decoder write exactly, and the first of them.
   *
   * @param data samples with their answers, as the network learns from them
   */
  public static Document answers(EncoderDecoder both, Trainer trainer, Dataset data) {
    int right = 0;
    List<Document> examples = new ArrayList<>();
    int[] order = new int[data.size()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    for (int from = 0; from < data.size(); from += ANSWERS_AT_ONCE) {
      int count = Math.min(ANSWERS_AT_ONCE, data.size() - from);
      Dataset some = data.select(Arrays.copyOfRange(order, from, from + count));
      List<String> answers = both.generate(some.inputs(), trainer.weights());
      for (int i = 0; i < count; i++) {
        String wanted = both.answer(some, i);
        right += answers.get(i).equals(wanted) ? 1 : 0;
        if (examples.size() < WRONG) {
          examples.add(new Document().put("answer", answers.get(i)).put("right", wanted));
        }
      }
    }
    return new Document().put("samples", data.size()).put("exact", right).put("examples", examples);
  }

  /** The same for people. */
  public static String answersText(EncoderDecoder both, Trainer trainer, Dataset data) {
    Document answers = answers(both, trainer, data);
    StringBuilder text =
        new StringBuilder()
            .append(answers.member("exact"))
            .append(" of ")
            .append(answers.member("samples"))
            .append(" answers are exactly right; the first:\n");
    for (Object each : (List<?>) answers.member("examples")) {
      Document example = (Document) each;
      text.append("  ").append(example.member("answer"));
      if (!example.member("answer").equals(example.member("right"))) {
        text.append("  (right: ").append(example.member("right")).append(')');
      }
      text.append('\n');
    }
    return text.toString();
  }
}
