package lamina.layer.recurrent;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import lamina.text.NearSpelling;

/**
 * Finds the task that somebody describes in words of their own. Words count by their stems and
 * common synonyms, in any order; words that say nothing about a task do not count.
 */
public final class TaskWording {
  /** How many first letters of a word count: "translator" and "translation" are the same. */
  private static final int STEM = 6;

  /** Endings that do not count, the longest first where one is the end of another. */
  private static final List<String> ENDINGS = List.of("ing", "er", "ed", "e");

  /** Words that say nothing about the task. */
  private static final Set<String> FILLERS =
      stemsOf(
          "a an the each about of for by in on at and or with from as per my is are it this that i"
              + " we you me want need would like how do can build make what which whether using use"
              + " some any given rnn rnns lstm gru recurrent neural network networks deep learning"
              + " task problem system automatic automatically analysis analyse short long");

  /** Words in one line mean the same, for which the first stands. */
  private static final List<Set<String>> SYNONYMS =
      List.of(
          stemsOf("image images picture photo photograph img"),
          stemsOf("video clip film"),
          stemsOf("classify classification classifier class categorise"),
          stemsOf("recognise detect detector identify spot"),
          stemsOf("generate write compose create synthesise synthesis draw paint produce"),
          stemsOf("tag label annotate"),
          stemsOf("document article"),
          stemsOf("predict guess"),
          stemsOf("email mail"),
          stemsOf("tweet post comment"),
          stemsOf(
              "language english french german spanish italian portuguese dutch russian polish"
                  + " turkish arabic hindi chinese mandarin japanese korean malay tamil"));

  /** What stands for a number of steps above 1. */
  private static final String SEVERAL = stems("several").get(0);

  private static final Set<String> NUMBERS =
      stemsOf("several few two three four five six seven eight nine ten twelve");

  private static final Set<String> UNITS =
      stemsOf("steps seconds minutes hours days weeks months quarters years values points");

  private TaskWording() {}

  /**
   * A task that a description may mean.
   *
   * @param name the one of its names that the description was taken for
   * @param exact whether the description is that name
   */
  public record Match(RecurrentTask task, String name, boolean exact) {}

  /**
   * The tasks that a description may mean: that whose name it is; otherwise those with a name all
   * of whose words it has, as many as possible; otherwise those with a name that has all of its
   * words.
   */
  public static List<Match> matches(List<RecurrentTask> tasks, String description) {
    String plain = NearSpelling.plain(description);
    for (RecurrentTask task : tasks) {
      for (String name : task.names()) {
        if (NearSpelling.plain(name).equals(plain)) {
          return List.of(new Match(task, name, true));
        }
      }
    }
    List<String> given = words(description);
    List<Match> matches = named(tasks, given);
    List<Match> made = named(tasks, made(description));
    made.removeIf(match -> !words(match.name()).contains("to"));
    if (!made.isEmpty() && (matches.isEmpty() || length(made) > length(matches))) {
      return made;
    }
    return matches.isEmpty() ? begun(tasks, given) : matches;
  }

  private static int length(List<Match> matches) {
    return words(matches.get(0).name()).size();
  }

  /**
   * The words of "something from something else", turned into those of "something else to
   * something".
   */
  private static List<String> made(String description) {
    String plain = " " + description.toLowerCase(Locale.ROOT).replace(" of ", " from ") + " ";
    int from = plain.lastIndexOf(" from ");
    int to = plain.indexOf(" to ", Math.max(0, from));
    if (from < 0 || to >= 0) {
      return List.of();
    }
    List<String> product = words(plain.substring(0, from));
    List<String> turned = new ArrayList<>(words(plain.substring(from + " from ".length())));
    if (product.isEmpty() || turned.isEmpty()) {
      return List.of();
    }
    turned.add("to");
    turned.add(product.get(product.size() - 1));
    return turned;
  }

  /** The tasks of which the description has a whole name, of as many words as possible. */
  private static List<Match> named(List<RecurrentTask> tasks, List<String> given) {
    List<Match> matches = new ArrayList<>();
    int most = 1;
    for (RecurrentTask task : tasks) {
      String best = null;
      for (String name : task.names()) {
        List<String> words = words(name);
        boolean better = best == null ? words.size() >= most : words.size() > most;
        if (better && !task.alone().contains(name) && has(given, words)) {
          if (words.size() > most) {
            matches.clear();
            most = words.size();
          }
          best = name;
        }
      }
      if (best != null) {
        matches.add(new Match(task, best, false));
      }
    }
    return matches;
  }

  /** The tasks with a name that has all words of the description. */
  private static List<Match> begun(List<RecurrentTask> tasks, List<String> given) {
    List<Match> matches = new ArrayList<>();
    if (given.isEmpty()) {
      return matches;
    }
    for (RecurrentTask task : tasks) {
      for (String name : task.names()) {
        if (has(words(name), given)) {
          matches.add(new Match(task, name, false));
          break;
        }
      }
    }
    return matches;
  }

  /** Whether a text has all words of a part; from one thing "to" another only in this order. */
  private static boolean has(List<String> text, List<String> part) {
    return part.contains("to")
        ? (" " + String.join(" ", text) + " ").contains(" " + String.join(" ", part) + " ")
        : text.containsAll(part);
  }

  /** The words of a text that count, as stems; "to" counts between others. */
  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    boolean isNumber = false;
    for (String stem : stems(text)) {
      // "The next 7 days" are several steps, "the next day" is one.
      if (isNumber && UNITS.contains(stem)) {
        words.set(words.size() - 1, SEVERAL);
        continue;
      }
      isNumber = NUMBERS.contains(stem) || (stem.matches("[0-9]+") && !stem.matches("0*1?"));
      if (!FILLERS.contains(stem) && !(stem.equals("to") && words.isEmpty())) {
        words.add(standing(stem));
      }
    }
    if (!words.isEmpty() && words.get(words.size() - 1).equals("to")) {
      words.remove(words.size() - 1);
    }
    return words;
  }

  /** The word that stands for those which mean the same. */
  private static String standing(String stem) {
    for (Set<String> group : SYNONYMS) {
      if (group.contains(stem)) {
        return group.iterator().next();
      }
    }
    return stem;
  }

  private static Set<String> stemsOf(String text) {
    return new LinkedHashSet<>(stems(text));
  }

  private static List<String> stems(String text) {
    List<String> stems = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    for (char c : (text.toLowerCase(Locale.ROOT) + " ").toCharArray()) {
      if (Character.isLetterOrDigit(c)) {
        word.append(c);
      } else if (word.length() > 0) {
        stems.add(stem(word.toString()));
        word.setLength(0);
      }
    }
    return stems;
  }

  /** The part of a word that its forms share: "tag" of "tagging", "tags" and "tagger". */
  private static String stem(String word) {
    if (word.equals("into")) {
      return "to";
    }
    String stem = word.replace("yz", "ys");
    if (stem.length() > 3 && stem.endsWith("s") && !stem.endsWith("ss")) {
      stem = stem.substring(0, stem.length() - 1);
    }
    if (stem.length() > 3 && stem.endsWith("y")) {
      // As in the plural: "stories" loses its other ending below.
      stem = stem.substring(0, stem.length() - 1) + "i";
    }
    for (String ending : ENDINGS) {
      if (stem.endsWith(ending) && stem.length() >= ending.length() + 3) {
        stem = stem.substring(0, stem.length() - ending.length());
      }
    }
    int last = stem.length() - 1;
    if (last > 2 && stem.charAt(last) == stem.charAt(last - 1) && stem.charAt(last) != 's') {
      stem = stem.substring(0, last);
    }
    return stem.substring(0, Math.min(STEM, stem.length()));
  }
}
