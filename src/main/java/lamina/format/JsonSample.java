package lamina.format;

import lamina.tensor.DType;
import lamina.tensor.Tensor;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * An input with its label, as one JSON object: {@code {"x": [1, 2], "y": "spam"}}. Other members
 * are skipped.
 *
 * @param input a tensor; null if the input is a text
 * @param text a text; null if the input is a tensor
 * @param label a word or a number as it is written; null if the label is an array
 * @param target an array; null if the label is one word or number
 */
public record JsonSample(Tensor input, String text, String label, Tensor target) {
  static JsonSample read(JsonParser parser, String x, String y, DType dtype, Source source) {
    try (parser) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw source.error(
            1, 1, "an object with '" + x + "' and '" + y + "' was expected, one a line");
      }
      JsonTensorReader reader = new JsonTensorReader(parser, dtype, source);
      Tensor input = null;
      String text = null;
      String label = null;
      Tensor target = null;
      StringBuilder others = new StringBuilder();
      for (String name = parser.nextName(); name != null; name = parser.nextName()) {
        JsonToken token = parser.nextToken();
        if (name.equals(x) && token == JsonToken.VALUE_STRING) {
          text = parser.getString();
        } else if (name.equals(x)) {
          input = reader.tensor();
        } else if (name.equals(y) && token.isScalarValue() && token != JsonToken.VALUE_NULL) {
          label = parser.getString();
        } else if (name.equals(y)) {
          target = reader.tensor();
        } else {
          others.append(others.length() == 0 ? "" : ", ").append(name);
          parser.skipChildren();
        }
      }
      boolean hasInput = input != null || text != null;
      if (!hasInput || (label == null && target == null)) {
        throw source.error(
            1,
            1,
            "the object has no '"
                + (hasInput ? y : x)
                + "'"
                + (others.length() == 0
                    ? ""
                    : " (it has " + Source.printable(others.toString()) + ")"));
      }
      reader.end();
      return new JsonSample(input, text, label, target);
    } catch (JacksonException e) {
      throw Json.error(e, source);
    }
  }
}
