package lamina.format;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Small JSON texts as plain values: suites of checks, network specifications. */
public final class JsonValues {
  private JsonValues() {}

  /**
   * Reads a JSON text.
   *
   * @param sourceName what messages call the text
   * @return a {@code Map<String, Object>} or {@code List<Object>} in the text's order, a String,
   *     Long, Double or Boolean, or null
   * @throws lamina.text.InputException if the text is malformed, with line and column
   */
  public static Object read(String json, String sourceName) {
    Source source = new Source(sourceName);
    try (JsonParser parser = Json.parser(json)) {
      if (parser.nextToken() == null) {
        throw source.error("is empty; JSON was expected");
      }
      Object value = value(parser, source);
      if (parser.nextToken() != null) {
        throw source.error(parser.currentTokenLocation(), "more text after the end of the JSON");
      }
      return value;
    } catch (JacksonException e) {
      throw Json.error(e, source);
    }
  }

  private static Object value(JsonParser parser, Source source) {
    JsonToken token = parser.currentToken();
    return switch (token) {
      case START_OBJECT -> {
        Map<String, Object> members = new LinkedHashMap<>();
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
          parser.nextToken();
          members.put(name, value(parser, source));
        }
        yield members;
      }
      case START_ARRAY -> {
        List<Object> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          elements.add(value(parser, source));
        }
        yield elements;
      }
      case VALUE_STRING -> parser.getString();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> number(parser, token, source);
    };
  }

  private static Object number(JsonParser parser, JsonToken token, Source source) {
    if (token == JsonToken.VALUE_NUMBER_INT
        && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
      return parser.getLongValue();
    }
    double value = parser.getDoubleValue();
    if (Double.isInfinite(value)) {
      throw source.error(
          parser.currentTokenLocation(), parser.getString() + " is beyond the range of float64");
    }
    return value;
  }
}
