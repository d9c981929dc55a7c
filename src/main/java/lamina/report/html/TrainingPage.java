package lamina.report.html;

import static lamina.report.html.Html.escaped;
import static lamina.report.html.Html.figure;
import static lamina.report.html.Html.percent;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import lamina.layer.Weights;
import lamina.network.LayerAnalysis;
import lamina.network.NetworkAnalysis;
import lamina.report.Confusion;
import lamina.report.RunLog;
import lamina.report.plot.NetworkPicture;
import lamina.report.plot.NetworkSvg;
import lamina.train.GradientStatistics.Row;
import lamina.train.diagnosis.Diagnosis;
import lamina.train.diagnosis.Finding;
import lamina.train.diagnosis.TrainingHistory;
import lamina.train.diagnosis.TrainingHistory.Epoch;
import lamina.train.diagnosis.TrainingHistory.Snapshot;

/** The report of a training: one page that needs nothing else, neither a server nor a network. */
public final class TrainingPage {
  /** So many layers can be curves of one chart; more become a chart of colours. */
  private static final int CURVES = 8;

  /** So many classes make a table that can be read. */
  private static final int CLASSES = 30;

  private final Content content;
  private final StringBuilder html = new StringBuilder();

  /**
   * What a page is about.
   *
   * @param title the command line that made it
   * @param analysis the network for one sample
   * @param confusion how the classes were told apart, or null where there are none
   * @param pictures what is to be seen of images, by headings; empty for other data
   * @param others runs to be compared with
   */
  public record Content(
      String title,
      NetworkAnalysis analysis,
      TrainingHistory history,
      Diagnosis diagnosis,
      Confusion confusion,
      Map<String, List<Picture>> pictures,
      List<RunLog> others) {}

  /**
   * A small picture.
   *
   * @param source its address, which holds it
   * @param caption what it is
   */
  public record Picture(String source, String caption) {}

  private TrainingPage(Content content) {
    this.content = content;
  }

  /** Writes a page. */
  public static void write(Content content, OutputStream out) throws IOException {
    TrainingPage page = new TrainingPage(content);
    page.build();
    out.write(page.html.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = TrainingPage.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private void build() throws IOException {
    html.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    html.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    html.append(
        "<meta name=\"color-scheme\" content=\"light dark\">\n<title>Training report</title>");
    html.append("\n<style>\n")
        .append(resource("training.css"))
        .append("</style>\n</head>\n<body>\n");
    html.append(
        "<a class=\"skip\" href=\"#main\">Skip to the report</a>\n<header><h1>Training report");
    html.append("</h1>\n<p><code>").append(escaped(content.title())).append("</code></p>\n");
    html.append("</header>\n<main id=\"main\">\n");
    summary();
    diagnosis();
    curves();
    gradients();
    histograms();
    units();
    confusion();
    pictures();
    network();
    html.append("</main>\n<script>\n").append(resource("training.js"));
    html.append("</script>\n</body>\n</html>\n");
  }

  private void heading(String id, String text) {
    html.append("<h2 id=\"" + id + "\">").append(escaped(text)).append("</h2>\n");
  }

  private void summary() {
    List<Epoch> epochs = content.history().epochs();
    html.append("<dl class=\"summary\">");
    long finished = epochs.stream().filter(e -> !Double.isNaN(e.training().loss())).count();
    boolean isBroken = content.history().end() != null;
    entry("epochs", firstEpoch() + finished + (isBroken ? ", then broke off" : ""));
    if (!epochs.isEmpty()) {
      Epoch last = content.history().last();
      entry("loss", figure(last.training().loss()));
      entry("accuracy", percent(last.training().accuracy()));
      if (last.test() != null) {
        entry("test loss", figure(last.test().loss()));
        entry("test accuracy", percent(last.test().accuracy()));
      }
    }
    entry("parameters", content.analysis().params().toString());
    html.append("</dl>\n");
  }

  private void entry(String name, String value) {
    if (!value.isEmpty()) {
      html.append("<div><dt>").append(name).append("</dt><dd>").append(escaped(value));
      html.append("</dd></div>");
    }
  }

  private void diagnosis() {
    heading("diagnosis", "Diagnosis");
    List<Finding> alarms = content.diagnosis().alarms();
    if (alarms.isEmpty()) {
      html.append("<p class=\"well\">Nothing is wrong.</p>\n");
    }
    html.append(alarms.isEmpty() ? "" : "<ul class=\"alarms\">\n");
    for (Finding alarm : alarms) {
      html.append("<li><strong>").append(alarm.kind().label()).append("</strong> ");
      html.append(escaped(alarm.text())).append("<br><span class=\"cure\">Cure: ");
      html.append(escaped(alarm.cure())).append("</span></li>\n");
    }
    html.append(alarms.isEmpty() ? "" : "</ul>\n");
    List<String[]> rows = new ArrayList<>();
    rows.add(new String[] {"looked at", "layer", "figure", "threshold", "alarm"});
    for (Finding finding : content.diagnosis().worst()) {
      rows.add(
          new String[] {
            finding.kind().label(),
            finding.layer(),
            figure(finding.figure()),
            figure(finding.threshold()),
            finding.isAlarm() ? "yes" : "no"
          });
    }
    html.append("<details><summary>What was looked at</summary>\n");
    html.append(DataTable.of("The worst figure of each kind", rows)).append("</details>\n");
  }

  private double[] overEpochs(ToDoubleFunction<Epoch> figure) {
    double[] values = unknown();
    for (int i = 0; i < content.history().epochs().size(); i++) {
      values[firstEpoch() + i] = figure.applyAsDouble(content.history().epochs().get(i));
    }
    return values;
  }

  /** The epochs that a run which goes on had before. */
  private int firstEpoch() {
    return content.history().earlier().length;
  }

  /** A place for each epoch. */
  private double[] unknown() {
    double[] values = new double[firstEpoch() + content.history().epochs().size()];
    Arrays.fill(values, Double.NaN);
    return values;
  }

  private void curves() {
    LineChart loss = new LineChart("Loss", false);
    LineChart accuracy = new LineChart("Accuracy", false);
    String own = content.others().isEmpty() ? "" : "this run, ";
    double[] training = overEpochs(e -> e.training().loss());
    System.arraycopy(content.history().earlier(), 0, training, 0, firstEpoch());
    loss.add(own + "training", training, 0, false);
    accuracy.add(own + "training", overEpochs(e -> e.training().accuracy()), 0, false);
    int testColour = content.others().isEmpty() ? 1 : 0;
    if (content.history().epochs().stream().anyMatch(e -> e.test() != null)) {
      loss.add(
          own + "held out",
          overEpochs(e -> e.test() == null ? Double.NaN : e.test().loss()),
          testColour,
          true);
      accuracy.add(
          own + "held out",
          overEpochs(e -> e.test() == null ? Double.NaN : e.test().accuracy()),
          testColour,
          true);
    }
    int colour = 1;
    for (RunLog other : content.others()) {
      loss.add(other.name() + ", training", other.loss(), colour, false);
      accuracy.add(other.name() + ", training", other.accuracy(), colour, false);
      if (other.hasTest()) {
        loss.add(other.name() + ", held out", other.testLoss(), colour, true);
        accuracy.add(other.name() + ", held out", other.testAccuracy(), colour, true);
      }
      colour++;
    }
    if (loss.isEmpty()) {
      return;
    }
    heading("curves", "Loss and accuracy");
    html.append("<div class=\"pair\">\n");
    chart(loss);
    chart(accuracy);
    html.append("</div>\n");
  }

  private void chart(LineChart chart) {
    html.append(chart.isEmpty() ? "" : chart.html());
  }

  /** The figures of rows by their names, in the order of the network, over the epochs. */
  private Map<String, double[]> series(ToDoubleFunction<Row> figure, String ending) {
    Map<String, double[]> series = new LinkedHashMap<>();
    int epochs = content.history().epochs().size();
    for (LayerAnalysis layer : content.analysis().layers()) {
      for (var parameter : layer.weights()) {
        String name = Weights.full(layer.name(), parameter.name());
        if (parameter.trained() && parameter.name().startsWith(ending)) {
          series.put(name, unknown());
        }
      }
      if (ending.isEmpty()) {
        series.put(layer.name(), unknown());
      }
    }
    for (int i = 0; i < epochs; i++) {
      for (Row row : content.history().epochs().get(i).rows()) {
        if (series.containsKey(row.name())) {
          series.get(row.name())[firstEpoch() + i] = figure.applyAsDouble(row);
        }
      }
    }
    series.values().removeIf(values -> Arrays.stream(values).allMatch(Double::isNaN));
    return series;
  }

  private void gradients() {
    heading("gradients", "Gradients");
    html.append("<div class=\"pair\">\n");
    overTime("L2 norm of the gradient", series(Row::gradL2, "weight"));
    overTime(
        "Update ratio: length of a step over that of the weight",
        series(Row::updateRatio, "weight"));
    html.append("</div>\n");
  }

  private void overTime(String title, Map<String, double[]> series) {
    if (series.isEmpty()) {
      return;
    }
    if (series.size() > CURVES) {
      html.append(
          HeatChart.html(
              title, new ArrayList<>(series.keySet()), new ArrayList<>(series.values())));
      return;
    }
    LineChart chart = new LineChart(title, true);
    int colour = 0;
    for (Map.Entry<String, double[]> each : series.entrySet()) {
      chart.add(each.getKey(), each.getValue(), colour, colour % 2 == 1);
      colour++;
    }
    chart(chart);
  }

  private void histograms() {
    List<Snapshot> snapshots = content.history().snapshots();
    if (snapshots.isEmpty()) {
      return;
    }
    heading("histograms", "Histograms");
    html.append("<p>Of some elements of each tensor at the last step of an epoch.</p>\n");
    List<Map<String, float[]>> gradients = snapshots.stream().map(Snapshot::gradients).toList();
    html.append(HistogramChart.html("gradients-of", "Gradients", snapshots, gradients));
    List<Map<String, float[]>> outputs = snapshots.stream().map(this::namedOutputs).toList();
    if (!outputs.get(outputs.size() - 1).isEmpty()) {
      html.append(HistogramChart.html("outputs-of", "Activations", snapshots, outputs));
    }
  }

  /** The outputs of a snapshot, in the order of the network, with the layers' types. */
  private Map<String, float[]> namedOutputs(Snapshot snapshot) {
    Map<String, float[]> named = new LinkedHashMap<>();
    for (LayerAnalysis layer : content.analysis().layers()) {
      if (snapshot.outputs().containsKey(layer.name())) {
        named.put(layer.name() + " " + layer.type(), snapshot.outputs().get(layer.name()));
      }
    }
    return named;
  }

  private void units() {
    Map<String, double[]> dead = series(Row::dead, "");
    Map<String, double[]> saturated = series(Row::saturated, "");
    if (dead.isEmpty() && saturated.isEmpty()) {
      return;
    }
    heading("units", "Dead and saturated units");
    html.append("<div class=\"pair\">\n");
    units("Dead units: silent for every sample of an epoch", dead);
    units("Saturated units: near a bound", saturated);
    html.append("</div>\n");
  }

  private void units(String title, Map<String, double[]> shares) {
    if (shares.isEmpty()) {
      return;
    }
    if (shares.size() <= CURVES && content.history().epochs().size() > 1) {
      LineChart chart = new LineChart(title, false);
      int colour = 0;
      for (Map.Entry<String, double[]> each : shares.entrySet()) {
        chart.add("layer " + each.getKey(), each.getValue(), colour, colour % 2 == 1);
        colour++;
      }
      chart(chart);
    }
    html.append(
        "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"" + escaped(title));
    html.append("\"><table class=\"bars\"><caption>").append(escaped(title));
    html.append(", last epoch</caption>\n<tbody>");
    shares.forEach(
        (name, values) -> {
          double share = values[values.length - 1];
          html.append("<tr><th scope=\"row\">layer ").append(escaped(name)).append("</th><td>");
          html.append(percent(share)).append("</td><td class=\"bar\" aria-hidden=\"true\"><i ");
          html.append("style=\"width:" + Html.place(100 * (Double.isNaN(share) ? 0 : share)));
          html.append("%\"></i></td></tr>\n");
        });
    html.append("</tbody></table></div>\n");
  }

  private void confusion() {
    Confusion confusion = content.confusion();
    if (confusion == null) {
      return;
    }
    heading("confusion", "Confusion matrix");
    int classes = confusion.classes().size();
    if (classes > CLASSES) {
      mostConfused(confusion);
      return;
    }
    html.append(
        "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Confusion matrix\">");
    html.append(
        "<table class=\"confusion\"><caption>Rows: what it is. Columns: what was answered.");
    html.append("</caption>\n<thead><tr><th scope=\"col\">class</th>");
    for (String name : confusion.classes()) {
      html.append("<th scope=\"col\">").append(escaped(name)).append("</th>");
    }
    html.append("<th scope=\"col\">right</th></tr></thead>\n<tbody>");
    for (int i = 0; i < classes; i++) {
      html.append("<tr><th scope=\"row\">").append(escaped(confusion.classes().get(i)));
      html.append("</th>");
      int sum = 0;
      for (int count : confusion.counts()[i]) {
        sum += count;
      }
      for (int j = 0; j < classes; j++) {
        int count = confusion.counts()[i][j];
        double share = sum == 0 ? 0 : (double) count / sum;
        html.append("<td class=\"" + (i == j ? "hit" : "miss") + (share > 0.5 ? " strong" : ""));
        html.append("\" style=\"--share:" + Html.place(100 * share) + "%\">" + count + "</td>");
      }
      html.append("<td>").append(sum == 0 ? "" : percent((double) confusion.counts()[i][i] / sum));
      html.append("</td></tr>\n");
    }
    html.append("</tbody></table></div>\n");
  }

  private void mostConfused(Confusion confusion) {
    List<int[]> pairs = new ArrayList<>();
    for (int i = 0; i < confusion.classes().size(); i++) {
      for (int j = 0; j < confusion.classes().size(); j++) {
        if (i != j && confusion.counts()[i][j] > 0) {
          pairs.add(new int[] {i, j, confusion.counts()[i][j]});
        }
      }
    }
    pairs.sort((a, b) -> Integer.compare(b[2], a[2]));
    List<String[]> rows = new ArrayList<>();
    rows.add(new String[] {"is", "was answered", "times"});
    for (int[] pair : pairs.subList(0, Math.min(CLASSES, pairs.size()))) {
      rows.add(
          new String[] {
            confusion.classes().get(pair[0]),
            confusion.classes().get(pair[1]),
            Integer.toString(pair[2])
          });
    }
    html.append(DataTable.of("The most frequent mistakes", rows));
  }

  private void pictures() {
    int number = 0;
    for (Map.Entry<String, List<Picture>> group : content.pictures().entrySet()) {
      heading("pictures-" + ++number, group.getKey());
      html.append("<div class=\"pictures\">\n");
      for (Picture picture : group.getValue()) {
        html.append("<figure><img alt=\"").append(escaped(picture.caption())).append("\" src=\"");
        html.append(picture.source()).append("\"><figcaption>");
        html.append(escaped(picture.caption())).append("</figcaption></figure>\n");
      }
      html.append("</div>\n");
    }
  }

  private void network() {
    heading("network", "Network");
    NetworkAnalysis analysis = content.analysis();
    String svg =
        NetworkSvg.of(
            NetworkPicture.of(analysis, null),
            "the layers of the network and the shapes between them");
    String source =
        "data:image/svg+xml;base64,"
            + Base64.getEncoder().encodeToString(svg.getBytes(StandardCharsets.UTF_8));
    html.append(
        "<div class=\"network\" tabindex=\"0\" role=\"group\" aria-label=\"Network\"><img alt=");
    html.append(
        "\"The layers of the network and the shapes between them; the table has the same\" ");
    html.append("src=\"").append(source).append("\"></div>\n");
    List<String[]> rows = new ArrayList<>();
    rows.add(new String[] {"layer", "as written", "output", "parameters"});
    for (LayerAnalysis layer : analysis.layers()) {
      rows.add(
          new String[] {
            layer.name(), layer.text(), layer.output().toString(), layer.params().toString()
          });
    }
    html.append(DataTable.folded("Layers for one sample", rows));
  }
}
