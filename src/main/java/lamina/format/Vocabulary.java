package lamina.format;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * The words that a network for text knows, each with its index: what turns a sentence into the
 * input of an embedding. Index 0 is padding and index 1 stands for every unknown word.
 *
 * <p>As a file: one word a line, so that a word's line, counted from 0, is its index; the first two
 * lines are {@code <pad>} and {@code <unk>}.
 */
public final class Vocabulary {
  /** The index of padding. */
  public static final int PADDING = 0;

  /** The index of words that are not in the vocabulary. */
  public static final int UNKNOWN = 1;

  /** Follows a symbol that is to be drawn in colours, which changes nothing of its meaning. */
  private static final int EMOJI_STYLE = 0xfe0f;

  private static final String PADDING_WORD = "<pad>";
  private static final String UNKNOWN_WORD = "<unk>";

  private final Map<String, Integer> indices = new LinkedHashMap<>();

  /**
   * A vocabulary of these words, in this order from index 2 on.
   *
   * @throws InputException if a word comes twice
   */
  public Vocabulary(Iterable<String> words) {
    indices.put(PADDING_WORD, PADDING);
    indices.put(UNKNOWN_WORD, UNKNOWN);
    for (String word : words) {
      Integer before = indices.put(word, indices.size());
      if (before != null) {
        throw new InputException(
            "the vocabulary has '" + word + "' on line " + (before + 1) + " and again later");
      }
    }
  }

  /**
   * Reads a vocabulary file.
   *
   * @param name the file's name as the user gave it, for messages
   * @throws InputException if it cannot be read or is no vocabulary
   */
  public static Vocabulary read(Path file, String name) {
    List<String> lines;
    try {
      lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (CharacterCodingException e) {
      throw InputException.at(name, "not UTF-8 text", e);
    } catch (IOException e) {
      throw ReadFailure.of(name, e);
    }
    if (lines.size() < 2
        || !lines.get(PADDING).equals(PADDING_WORD)
        || !lines.get(UNKNOWN).equals(UNKNOWN_WORD)) {
      throw InputException.at(
          name,
          "a vocabulary has one word a line, the first two being <pad> and <unk>; line 1 is '"
              + (lines.isEmpty() ? "" : lines.get(0))
              + "'");
    }
    for (int line = 2; line < lines.size(); line++) {
      if (lines.get(line).isBlank() || !lines.get(line).equals(lines.get(line).strip())) {
        throw InputException.at(
            name, "line " + (line + 1) + ": one word a line, without blanks around it");
      }
    }
    try {
      return new Vocabulary(lines.subList(2, lines.size()));
    } catch (InputException e) {
      throw InputException.at(name, e.getMessage(), e);
    }
  }

  /**
   * The words of texts, the most frequent first; equally frequent ones by the alphabet.
   *
   * @param most the number of indices at most, with those of padding and unknown words
   */
  public static Vocabulary ofTexts(Iterable<String> texts, int most) {
    Map<String, Integer> counts = new HashMap<>();
    for (String text : texts) {
      for (String word : split(text)) {
        counts.merge(word, 1, Integer::sum);
      }
    }
    List<String> words = new ArrayList<>(counts.keySet());
    words.sort(Comparator.comparing((String word) -> -counts.get(word)).thenComparing(w -> w));
    return new Vocabulary(words.subList(0, Math.max(0, Math.min(words.size(), most - 2))));
  }

  /** The number of indices, with those of padding and unknown words. */
  public int size() {
    return indices.size();
  }

  /** The words by index: the lines of the file. */
  public List<String> words() {
    return new ArrayList<>(indices.keySet());
  }

  /**
   * The words of a text: in lower case, runs of letters and digits, which may hold apostrophes
   * ({@code don't}); each emoji or other symbol is a word.
   */
  public static List<String> split(String text) {
    List<String> words = new ArrayList<>();
    String lower = text.toLowerCase(Locale.ROOT).replace('\u2019', '\'');
    StringBuilder word = new StringBuilder();
    for (int i = 0; i <= lower.length(); ) {
      int c = i < lower.length() ? lower.codePointAt(i) : ' ';
      i += Character.charCount(c);
      boolean apostrophe =
          c == '\''
              && word.length() > 0
              && i < lower.length()
              && Character.isLetterOrDigit(lower.codePointAt(i));
      boolean mark = Character.getType(c) == Character.NON_SPACING_MARK && c != EMOJI_STYLE;
      if (Character.isLetterOrDigit(c) || mark) {
        word.appendCodePoint(c);
      } else if (apostrophe) {
        word.append('\'');
      } else if (word.length() > 0) {
        words.add(word.toString());
        word.setLength(0);
      }
      if (Character.getType(c) == Character.OTHER_SYMBOL) {
        words.add(Character.toString(c));
      }
    }
    return words;
  }

  /**
   * The indices of a text's words, {@code (T)} of int64.
   *
   * @throws InputException if the text has no word
   */
  public Tensor encode(String text) {
    List<String> words = split(text);
    if (words.isEmpty()) {
      throw new InputException("the text '" + text + "' has no word");
    }
    long[] encoded = new long[words.size()];
    encode(words, encoded, 0, encoded.length);
    return Tensor.of(encoded, encoded.length);
  }

  /**
   * Writes the indices of a text's first words, after padding: a recurrent layer's last step then
   * is the last word.
   *
   * @param length how many indices are written
   */
  public void encode(List<String> words, long[] into, int offset, int length) {
    int count = Math.min(words.size(), length);
    Arrays.fill(into, offset, offset + length - count, PADDING);
    for (int i = 0; i < count; i++) {
      into[offset + length - count + i] = indices.getOrDefault(words.get(i), UNKNOWN);
    }
  }
}
