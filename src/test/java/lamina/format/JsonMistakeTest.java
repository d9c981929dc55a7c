package lamina.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The parser tells its mistakes apart by words alone, so each is made here with the parser itself:
 * a version that chooses other words fails.
 */
class JsonMistakeTest {
  @Test
  void everyMistakeIsSaidInOwnWords() {
    Map<String, String> cases = new LinkedHashMap<>();
    cases.put("[1,", "the input ends in the middle of a value: it is truncated");
    cases.put("[\"abc", "the input ends in the middle of a value: it is truncated");
    cases.put("[\"a\nb\"]", "not JSON: a line break or control character in a string");
    cases.put("[1\u0001]", "not JSON: a control character; is it a binary file?");
    cases.put("[\"\u00ff\"]", "not JSON: bytes that are no UTF-8");
    cases.put("[012]", "not JSON: a number with zeros in front");
    cases.put("[\"\\q\"]", "not JSON: an unknown escape in a string");
    cases.put("[\"\\u12g4\"]", "not JSON: found 'g' in an escape of a string");
    cases.put("[".repeat(1001), "is nested more than 1000 deep");
    cases.put("[" + "1".repeat(1001) + "]", "a number of too many digits");
    cases.put("{\"" + "n".repeat(50_001) + "\":1}", "a name of too many characters");
    cases.put("[1 2]", "not JSON: found '2' where ',' or ']' was expected");
    cases.put("{\"a\":1 \"b\":2}", "not JSON: found '\"' where ',' or '}' was expected");
    cases.put("{a:1}", "not JSON: found 'a' where a name in double quotes was expected");
    cases.put("{\"a\" 1}", "not JSON: found '1' where ':' was expected");
    cases.put(
        "[1, /* one */ 2]", "not JSON: found '/'; neither calculations nor comments are read");
    cases.put("[0x10]", "not JSON: found 'x'; write the number in decimal");
    cases.put("[1.e5x]", "not JSON: found 'x' where ',' or ']' was expected");
    cases.put("[1,]", "not JSON: found ']' where a value was expected");
    cases.put("[1}", "not JSON: found '}' where ']' was expected");
    cases.put("]", "not JSON: found ']', which nothing opens");
    cases.put("[one]", "not JSON: 'one' is no value");
    cases.put("{\"a\":1,\"a\":2}", "not JSON: the name \"a\" stands twice");
    cases.forEach(
        (text, words) ->
            assertThat(mistake(text))
                .as(text.substring(0, Math.min(20, text.length())))
                .endsWith(words));
  }

  private static String mistake(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    try (JsonParser parser = Json.parser(bytes, 0, bytes.length)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token.isNumeric()) {
          parser.getNumberValue();
        } else {
          parser.getString();
        }
      }
      return "no mistake";
    } catch (JacksonException e) {
      return Json.error(e, new Source("in.json")).getMessage();
    }
  }
}
