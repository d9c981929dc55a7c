package lamina.report;

import java.util.ArrayList;
import java.util.List;
import lamina.layer.recurrent.RecurrentTask;
import lamina.layer.recurrent.RecurrentTopology;
import lamina.layer.recurrent.TaskWording;

/** Which topology of a recurrent network a task needs, and why, as a document. */
public final class TopologyDocument {
  private TopologyDocument() {}

  /** All tasks, a row each. */
  public static Document list(List<RecurrentTask> tasks) {
    List<Document> rows = new ArrayList<>();
    for (RecurrentTask task : tasks) {
      rows.add(
          new Document()
              .put("task", task.name())
              .put("topology", task.topology().label())
              .put("input", task.input())
              .put("output", task.output()));
    }
    return new Document().put("tasks", rows);
  }

  /**
   * The answer for a task.
   *
   * @param asked as the user named it
   */
  public static Document of(TaskWording.Match match, String asked) {
    RecurrentTask task = match.task();
    Document document = new Document().put("task", task.name());
    if (!match.exact()) {
      document.put("asked", asked).put("matched", match.name());
    }
    putTopology(task.topology(), document);
    document
        .put("why", task.why())
        .put("input", task.input())
        .put("output", task.output())
        .put("diagram", task.topology().diagram())
        .put("network", String.join("\n", task.network()))
        .put("input_shape", task.inputShape());
    if (task.decoder() != null) {
      document
          .put("decoder", String.join("\n", task.decoder()))
          .put("decoder_input_shape", task.decoderInputShape());
    }
    if (task.note() != null) {
      document.put("note", task.note());
    }
    return document;
  }

  /** A topology, with the tasks that need it. */
  public static Document of(RecurrentTopology topology, List<RecurrentTask> tasks) {
    List<String> examples = new ArrayList<>();
    for (RecurrentTask task : tasks) {
      if (task.topology() == topology) {
        examples.add(task.name());
      }
    }
    Document document = new Document();
    putTopology(topology, document);
    return document
        .put("why", topology.why())
        .put("diagram", topology.diagram())
        .put("network", String.join("\n", topology.network()))
        .put("tasks", examples);
  }

  private static void putTopology(RecurrentTopology topology, Document document) {
    document.put("topology", topology.label());
    // Textbooks name the encoder-decoder by its sequences alone.
    if (topology == RecurrentTopology.ENCODER_DECODER) {
      document.put("pattern", RecurrentTopology.MANY_TO_MANY.label());
    }
  }
}
