package lamina.train.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lamina.format.JsonOutput;
import lamina.format.JsonValues;
import lamina.format.Vocabulary;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * Answers that are texts, token by token: what a decoder learns to write. The first tokens are
 * padding, the unknown token, the start and the end of an answer.
 *
 * @param characters whether tokens are characters; else words
 * @param vocabulary all tokens, those four first
 * @param length the tokens of the longest answer, with its end
 */
public record AnswerTexts(boolean characters, Vocabulary vocabulary, int length) {
  /** The token that a decoder is given first. */
  public static final int START = 2;

  /** The token after an answer. */
  public static final int END = 3;

  /** The target of steps after the end, which do not count. */
  private static final int IGNORED = -100;

  private static final List<String> MARKS = List.of("<start>", "<end>");

  /**
   * Learns the tokens of answers, the most frequent first.
   *
   * @param rows those of the training part; null for all
   * @throws InputException if no answer has a token
   */
  static AnswerTexts learn(Samples samples, int[] rows, boolean characters) {
    Map<String, Integer> counts = new HashMap<>();
    int length = 0;
    int count = rows == null ? samples.size() : rows.length;
    for (int i = 0; i < count; i++) {
      List<String> tokens = split(answer(samples, rows == null ? i : rows[i]), characters);
      length = Math.max(length, tokens.size() + 1);
      tokens.forEach(token -> counts.merge(token, 1, Integer::sum));
    }
    if (counts.isEmpty()) {
      throw new InputException(samples.name() + ": no answer has a word");
    }
    List<String> tokens = new ArrayList<>(counts.keySet());
    tokens.sort(
        (a, b) ->
            counts.get(a).equals(counts.get(b)) ? a.compareTo(b) : counts.get(b) - counts.get(a));
    return of(characters, tokens, length);
  }

  /** Those that were learned before, of tokens without the first four. */
  static AnswerTexts of(boolean characters, List<String> tokens, int length) {
    List<String> all = new ArrayList<>(MARKS);
    all.addAll(tokens);
    return new AnswerTexts(characters, new Vocabulary(all), length);
  }

  private static String answer(Samples samples, int sample) {
    if (samples.labels() == null) {
      throw new InputException(
          samples.name() + ": a decoder learns answers that are texts, but the targets are arrays");
    }
    return samples.labels().get(sample);
  }

  private static List<String> split(String text, boolean characters) {
    return characters
        ? text.codePoints().mapToObj(Character::toString).toList()
        : Vocabulary.split(text);
  }

  /** The tokens of each answer, then its end; -100 after it: {@code (N, length)} of int64. */
  Tensor targets(Samples samples) {
    Tensor targets = Tensor.zeros(DType.INT64, samples.size(), length);
    Arrays.fill(targets.longs(), IGNORED);
    Map<String, Integer> index = new HashMap<>();
    for (String token : vocabulary.words()) {
      index.put(token, index.size());
    }
    for (int i = 0; i < samples.size(); i++) {
      List<String> tokens = split(answer(samples, i), characters);
      int at = i * length;
      for (int t = 0; t < Math.min(tokens.size(), length); t++) {
        targets.longs()[at + t] = index.getOrDefault(tokens.get(t), Vocabulary.UNKNOWN);
      }
      if (tokens.size() < length) {
        targets.longs()[at + tokens.size()] = END;
      }
    }
    return targets;
  }

  /** The text of some tokens, up to the end. */
  public String text(long[] tokens) {
    List<String> words = vocabulary.words();
    List<String> text = new ArrayList<>();
    for (long token : tokens) {
      if (token == END || token == IGNORED) {
        break;
      }
      text.add(words.get((int) token));
    }
    return String.join(characters ? "" : " ", text);
  }

  /** This, with the network that writes it, as one JSON object. */
  public String toJson(String network) {
    return JsonOutput.text(
        json -> {
          json.startObject();
          json.name("network");
          json.string(network);
          json.name("by");
          json.string(characters ? "characters" : "words");
          json.name("length");
          json.number(length);
          json.name("tokens");
          json.startArray();
          for (String token : vocabulary.words().subList(END + 1, vocabulary.size())) {
            json.string(token);
          }
          json.endArray();
          json.endObject();
        });
  }

  /**
   * What {@link #toJson} wrote.
   *
   * @param sourceName what messages call the text
   * @return with its network
   * @throws InputException if the text is something else
   */
  public static Map.Entry<String, AnswerTexts> fromJson(String text, String sourceName) {
    if (JsonValues.read(text, sourceName) instanceof Map<?, ?> members
        && members.get("network") instanceof String network
        && members.get("length") instanceof Number length
        && members.get("tokens") instanceof List<?> tokens) {
      List<String> words = new ArrayList<>();
      tokens.forEach(token -> words.add(String.valueOf(token)));
      return Map.entry(
          network, of("characters".equals(members.get("by")), words, length.intValue()));
    }
    throw new InputException(sourceName + ": is damaged; was it written by lamina train?");
  }
}
