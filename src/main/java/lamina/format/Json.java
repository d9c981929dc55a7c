package lamina.format;

import java.io.IOException;
import java.io.InputStream;
import lamina.text.InputException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;

/** JSON as a stream of tokens, set up once, and Jackson's errors in our words. */
final class Json {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          // Numbers as Python writes them.
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .enable(JsonReadFeature.ALLOW_LEADING_DECIMAL_POINT_FOR_NUMBERS)
          .enable(JsonReadFeature.ALLOW_TRAILING_DECIMAL_POINT_FOR_NUMBERS)
          .enable(JsonReadFeature.ALLOW_LEADING_PLUS_SIGN_FOR_NUMBERS)
          .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
          .build();

  private Json() {}

  static JsonParser parser(InputStream in) {
    return FACTORY.createParser(ObjectReadContext.empty(), in);
  }

  static JsonParser parser(byte[] text, int offset, int length) {
    return FACTORY.createParser(ObjectReadContext.empty(), text, offset, length);
  }

  static JsonParser parser(String text) {
    return FACTORY.createParser(ObjectReadContext.empty(), text);
  }

  /** What Jackson found wrong, in one line, with the place. */
  static InputException error(JacksonException e, Source source) {
    if (e instanceof JacksonIOException) {
      return source.error("cannot be read: " + ReadFailure.reason((IOException) e.getCause()));
    }
    if (e instanceof UnexpectedEndOfInputException) {
      return source.error(
          e.getLocation(), "the input ends in the middle of a value: it is truncated");
    }
    String message = JsonMistake.words(e.getOriginalMessage());
    // Limits (of nesting, of the digits of a number) come without a place.
    return e.getLocation() == null ? source.error(message) : source.error(e.getLocation(), message);
  }
}
