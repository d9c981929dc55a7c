package lamina.check.report;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import lamina.format.JsonOutput;

/** JSON that is written to a text. */
final class JsonText {
  /** Writes something with a JSON writer. */
  interface Content {
    void write(JsonOutput json) throws IOException;
  }

  private JsonText() {}

  /** What is written, on one line. */
  static String of(Content content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    JsonOutput json = new JsonOutput(bytes);
    try {
      content.write(json);
      json.endLine();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /** A text as a string of JSON. */
  static String quoted(String text) {
    return of(json -> json.string(text)).stripTrailing();
  }

  /** Seconds to the millisecond. */
  static double seconds(java.time.Duration time) {
    return Math.round(time.toNanos() / 1e6) / 1e3;
  }
}
