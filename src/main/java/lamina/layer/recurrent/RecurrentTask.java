package lamina.layer.recurrent;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import lamina.format.JsonValues;
import lamina.text.NearSpelling;

/**
 * A task for a recurrent network, and the network it needs; the table is the resource {@code
 * rnn-tasks.json}.
 *
 * @param name what the task is usually called
 * @param aliases other names of it
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

  /** How many first letters tell words apart. */
  private static final int STEM = 6;

  /** Words that say nothing about the task. */
  private static final List<String> FILLERS =
      List.of(
          "a", "an", "the", "of", "to", "for", "by", "in", "into", "on", "and", "with", "from",
          "per", "an", "my", "is", "are", "rnn", "lstm", "gru", "task");

  /** Names that fit too much unless they are all that is said. */
  private static final List<String> VAGUE =
      List.of("classification", "regression", "filtering", "composition", "feed-forward");

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

  /** The task of this name or alias, written in any case and with any separators; or null. */
  public static RecurrentTask find(List<RecurrentTask> tasks, String name) {
    String plain = NearSpelling.plain(name);
    for (RecurrentTask task : tasks) {
      for (String known : task.names()) {
        if (NearSpelling.plain(known).equals(plain)) {
          return task;
        }
      }
    }
    return null;
  }

  /**
   * The tasks that a description may mean: those with a name all of whose words are in it, of as
   * many words as possible. Words count by their first letters, so that "translate" and
   * "translations" are "translation", in any order.
   */
  public static List<RecurrentTask> meant(List<RecurrentTask> tasks, String description) {
    Set<String> given = stems(description);
    List<RecurrentTask> meant = new ArrayList<>();
    int most = 1;
    for (RecurrentTask task : tasks) {
      int words = 0;
      for (String name : task.names()) {
        Set<String> stems = stems(name);
        if (!VAGUE.contains(name) && given.containsAll(stems)) {
          words = Math.max(words, stems.size());
        }
      }
      if (words > most) {
        meant.clear();
        most = words;
      }
      if (words == most) {
        meant.add(task);
      }
    }
    return meant;
  }

  private static Set<String> stems(String text) {
    Set<String> stems = new LinkedHashSet<>();
    StringBuilder word = new StringBuilder();
    for (char c : (text.toLowerCase(Locale.ROOT) + " ").toCharArray()) {
      if (Character.isLetterOrDigit(c)) {
        word.append(c);
      } else {
        addStem(word.toString().replace("recognis", "recogniz"), stems);
        word.setLength(0);
      }
    }
    return stems;
  }

  private static void addStem(String word, Set<String> stems) {
    String singular = word;
    if (word.length() > 4 && word.endsWith("ies")) {
      singular = word.substring(0, word.length() - 3) + "y";
    } else if (word.length() > 3 && word.endsWith("s") && !word.endsWith("ss")) {
      singular = word.substring(0, word.length() - 1);
    }
    if (!singular.isEmpty() && !FILLERS.contains(word)) {
      stems.add(singular.substring(0, Math.min(STEM, singular.length())));
    }
  }

  /** The name and all aliases. */
  public List<String> names() {
    List<String> names = new ArrayList<>(aliases);
    names.add(0, name);
    return names;
  }
}
