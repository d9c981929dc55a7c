package lamina.format;

import java.util.Arrays;
import java.util.List;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * An input, or several, with its label, as one JSON object: {@code {"x": [1, 2], "y": "spam"}}.
 * Other members are skipped.
 *
 * @param inputs a tensor for each input; empty if the input is a text
 * @param text a text; null if the input is a tensor
 * @param label a word or a number as it is written; null if the label is an array
 * @param target an array; null if the label is one word or number
 */
public record JsonSample(List<Tensor> inputs, String text, String label, Tensor target) {
  static JsonSample read(JsonParser parser, List<String> x, String y, DType dtype, Source source) {
    try (parser) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw source.error(
            1,
            1,
            "an object with '"
                + String.join("', '", x)
                + "' and '"
                + y
                + "' was expected, one a line");
      }
      JsonTensorReader reader = new JsonTensorReader(parser, dtype, source);
      Tensor[] inputs = new Tensor[x.size()];
      String text = null;
      String label = null;
      Tensor target = null;
      StringBuilder others = new StringBuilder();
      for (String name = parser.nextName(); name != null; name = parser.nextName()) {
        JsonToken token = parser.nextToken();
        int index = x.indexOf(name);
        if (index >= 0 && token == JsonToken.VALUE_STRING && x.size() == 1) {
          text = parser.getString();
        } else if (index >= 0) {
          inputs[index] = reader.tensor();
        } else if (name.equals(y) && token.isScalarValue() && token != JsonToken.VALUE_NULL) {
          label = parser.getString();
        } else if (name.equals(y)) {
          target = reader.tensor();
        } else {
          others.append(others.length() == 0 ? "" : ", ").append(name);
          parser.skipChildren();
        }
      }
      int missing = Arrays.asList(inputs).indexOf(null);
      boolean hasInput = missing < 0 || text != null;
      if (!hasInput || (label == null && target == null)) {
        throw source.error(
            1,
            1,
            "the object has no '"
                + (hasInput ? y : x.get(missing))
                + "'"
                + (others.length() == 0
                    ? ""
                    : " (it has " + Source.printable(others.toString()) + ")"));
      }
      reader.end();
      return new JsonSample(text == null ? List.of(inputs) : List.of(), text, label, target);
    } catch (JacksonException e) {
      throw Json.error(e, source);
    }
  }
}
