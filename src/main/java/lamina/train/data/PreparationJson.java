package lamina.train.data;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import lamina.format.JsonOutput;
import lamina.format.JsonValues;
import lamina.format.Vocabulary;
import lamina.text.InputException;

/**
 * A preparation as one JSON object, such as {@code {"kind":"texts","shape":[40],"classes":["no",
 * "yes"],"vocabulary":["good"]}}; the vocabulary from index 2 on.
 */
final class PreparationJson {
  private PreparationJson() {}

  static String write(Preparation preparation) {
    return JsonOutput.text(
        json -> {
          json.startObject();
          json.name("kind");
          json.string(preparation.kind().name().toLowerCase(Locale.ROOT));
          json.name("shape");
          json.startArray();
          for (int size : preparation.sampleShape()) {
            json.number(size);
          }
          json.endArray();
          words("classes", preparation.classes(), json);
          numbers("mean", preparation.mean(), json);
          numbers("std", preparation.deviation(), json);
          json.name("scale");
          json.number(preparation.scale());
          json.name("white");
          json.number(preparation.white());
          json.name("resize");
          json.truth(preparation.resize());
          Vocabulary vocabulary = preparation.vocabulary();
          words(
              "vocabulary",
              vocabulary == null ? null : vocabulary.words().subList(2, vocabulary.size()),
              json);
          json.endObject();
        });
  }

  private static void words(String name, List<String> words, JsonOutput json) throws IOException {
    if (words == null) {
      return;
    }
    json.name(name);
    json.startArray();
    for (String word : words) {
      json.string(word);
    }
    json.endArray();
  }

  private static void numbers(String name, double[] numbers, JsonOutput json) throws IOException {
    if (numbers == null) {
      return;
    }
    json.name(name);
    json.startArray();
    for (double number : numbers) {
      json.number(number);
    }
    json.endArray();
  }

  static Preparation read(String text, String sourceName) {
    if (!(JsonValues.read(text, sourceName) instanceof Map<?, ?> members)) {
      throw new InputException(sourceName + ": must be an object");
    }
    double[] sizes =
        required(numbers(members.get("shape"), "shape", sourceName), "shape", sourceName);
    int[] shape = new int[sizes.length];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = (int) sizes[i];
      if (shape[i] != sizes[i] || shape[i] < 1) {
        throw wrong("shape", sourceName);
      }
    }
    double[] mean = numbers(members.get("mean"), "mean", sourceName);
    double[] deviation = numbers(members.get("std"), "std", sourceName);
    if ((mean == null) != (deviation == null)
        || (mean != null && mean.length != deviation.length)) {
      throw wrong("std", sourceName);
    }
    List<String> vocabulary = words(members.get("vocabulary"), "vocabulary", sourceName);
    Preparation.Kind kind = kind(members.get("kind"), sourceName);
    if ((kind == Preparation.Kind.TEXTS) != (vocabulary != null) || shape.length == 0) {
      throw wrong("vocabulary", sourceName);
    }
    return new Preparation(
        kind,
        shape,
        words(members.get("classes"), "classes", sourceName),
        mean,
        deviation,
        members.get("scale") instanceof Number scale ? scale.doubleValue() : 1,
        members.get("white") instanceof Number white ? white.doubleValue() : 0,
        members.get("resize") instanceof Boolean resize && resize,
        vocabulary == null ? null : new Vocabulary(vocabulary));
  }

  private static Preparation.Kind kind(Object value, String sourceName) {
    for (Preparation.Kind kind : Preparation.Kind.values()) {
      if (kind.name().toLowerCase(Locale.ROOT).equals(value)) {
        return kind;
      }
    }
    throw wrong("kind", sourceName);
  }

  private static List<String> words(Object value, String name, String sourceName) {
    if (value == null) {
      return null;
    }
    if (!(value instanceof List<?> words)) {
      throw wrong(name, sourceName);
    }
    String[] texts = new String[words.size()];
    for (int i = 0; i < texts.length; i++) {
      if (!(words.get(i) instanceof String word)) {
        throw wrong(name, sourceName);
      }
      texts[i] = word;
    }
    return List.of(texts);
  }

  private static double[] numbers(Object value, String name, String sourceName) {
    if (value == null) {
      return null;
    }
    if (!(value instanceof List<?> elements)) {
      throw wrong(name, sourceName);
    }
    double[] numbers = new double[elements.size()];
    for (int i = 0; i < numbers.length; i++) {
      if (!(elements.get(i) instanceof Number number)) {
        throw wrong(name, sourceName);
      }
      numbers[i] = number.doubleValue();
    }
    return numbers;
  }

  private static double[] required(double[] value, String name, String sourceName) {
    if (value == null) {
      throw wrong(name, sourceName);
    }
    return value;
  }

  private static InputException wrong(String name, String sourceName) {
    return new InputException(
        sourceName + ": '" + name + "' is missing or wrong; was it written by lamina train?");
  }
}
