package lamina.layer.recurrent;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lamina.format.JsonValues;

/**
 * A task for a recurrent network, and the network it needs; the table is the resource {@code
 * rnn-tasks.json}.
 *
 * @param name what the task is usually called
 * @param aliases other names of it
 * @param alone names that fit too much unless they are all that is said
 * @param input what goes in
 * @param output what comes out
 * @param why the reason for the topology
 * @param network layer expressions; of the encoder if there is a decoder
 * @param inputShape the shape the network takes
 * @param decoder layer expressions of a second network, or null
 * @param decoderInputShape the shape the decoder takes, or null
 * @param note what else must be known, or null
 */
public record RecurrentTask(
    String name,
    List<String> aliases,
    List<String> alone,
    RecurrentTopology topology,
    String input,
    String output,
    String why,
    List<String> network,
    String inputShape,
    List<String> decoder,
    String decoderInputShape,
    String note) {
  private static final String RESOURCE = "rnn-tasks.json";

  /** All tasks, in the table's order. */
  public static List<RecurrentTask> all() {
    List<RecurrentTask> tasks = new ArrayList<>();
    try (InputStream stream = RecurrentTask.class.getResourceAsStream(RESOURCE)) {
      String json = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      for (Object entry : (List<?>) JsonValues.read(json, RESOURCE)) {
        tasks.add(of((Map<?, ?>) entry));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return tasks;
  }

  private static RecurrentTask of(Map<?, ?> entry) {
    return new RecurrentTask(
        (String) entry.get("task"),
        strings(entry.get("aliases")),
        entry.containsKey("alone") ? strings(entry.get("alone")) : List.of(),
        RecurrentTopology.of((String) entry.get("topology")),
        (String) entry.get("input"),
        (String) entry.get("output"),
        (String) entry.get("why"),
        strings(entry.get("network")),
        (String) entry.get("input_shape"),
        strings(entry.get("decoder")),
        (String) entry.get("decoder_input_shape"),
        (String) entry.get("note"));
  }

  private static List<String> strings(Object list) {
    if (list == null) {
      return null;
    }
    List<String> strings = new ArrayList<>();
    for (Object element : (List<?>) list) {
      strings.add((String) element);
    }
    return strings;
  }

  /** The name and all others. */
  public List<String> names() {
    List<String> names = new ArrayList<>();
    names.add(name);
    names.addAll(aliases);
    names.addAll(alone);
    return names;
  }
}
