package lamina.format;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import tools.jackson.core.io.NumberOutput;

/**
 * A writer of compact JSON in UTF-8. Doubles and floats get the shortest digits that round-trip
 * (Jackson's Schubfach writer; {@link Double#toString} has them only since JDK 19), NaN and the
 * infinities become strings. Jackson's own generator would add 90 classes to the start of every
 * command in a pipe, a tenth of its time.
 */
public final class JsonOutput {
  private static final int FLUSH_AT = 1 << 13;

  /** More than any number takes. */
  private static final int LONGEST_NUMBER = 32;

  private final OutputStream out;
  private byte[] buffer = new byte[FLUSH_AT + 256];
  private int length;

  /** Whether the next name or value follows another one. */
  private boolean comma;

  /** Writes to a stream, which is neither closed nor flushed. */
  public JsonOutput(OutputStream out) {
    this.out = out;
  }

  /** What is to be written. */
  public interface Content {
    void write(JsonOutput json) throws IOException;
  }

  /** Some JSON as a text, without a line break at its end. */
  public static String text(Content content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    JsonOutput json = new JsonOutput(bytes);
    try {
      content.write(json);
      json.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("memory takes every byte", e);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  public void startObject() throws IOException {
    start('{');
  }

  public void endObject() throws IOException {
    end('}');
  }

  public void startArray() throws IOException {
    start('[');
  }

  public void endArray() throws IOException {
    end(']');
  }

  private void start(char bracket) throws IOException {
    separate();
    buffer[length++] = (byte) bracket;
    comma = false;
  }

  private void end(char bracket) throws IOException {
    room(1);
    buffer[length++] = (byte) bracket;
    comma = true;
  }

  /** A member's name; its value must follow. */
  public void name(String name) throws IOException {
    string(name);
    room(1);
    buffer[length++] = ':';
    comma = false;
  }

  public void number(double value) throws IOException {
    if (NumberOutput.notFinite(value)) {
      string(Double.toString(value));
      return;
    }
    separate();
    length = NumberOutput.outputDouble(value, buffer, length);
  }

  public void number(float value) throws IOException {
    if (NumberOutput.notFinite(value)) {
      string(Float.toString(value));
      return;
    }
    separate();
    length = NumberOutput.outputFloat(value, buffer, length);
  }

  public void number(long value) throws IOException {
    separate();
    length = NumberOutput.outputLong(value, buffer, length);
  }

  /** {@code true}, {@code false} or, for null, {@code null}. */
  public void truth(Boolean value) throws IOException {
    separate();
    ascii(value == null ? "null" : (value ? "true" : "false"));
  }

  public void string(String text) throws IOException {
    separate();
    buffer[length++] = '"';
    int plain = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c == '"' || c == '\\') {
        bytes(text.substring(plain, i).getBytes(StandardCharsets.UTF_8));
        plain = i + 1;
        escape(c);
      }
    }
    bytes(text.substring(plain).getBytes(StandardCharsets.UTF_8));
    room(1);
    buffer[length++] = '"';
  }

  private void escape(char c) throws IOException {
    room(LONGEST_NUMBER);
    int letter = "\"\\\b\f\n\r\t".indexOf(c);
    if (letter >= 0) {
      buffer[length++] = '\\';
      buffer[length++] = (byte) "\"\\bfnrt".charAt(letter);
    } else {
      ascii("\\u00");
      buffer[length++] = (byte) Character.forDigit(c >> 4, 16);
      buffer[length++] = (byte) Character.forDigit(c & 15, 16);
    }
  }

  /** Ends the line and hands everything over to the stream. */
  public void endLine() throws IOException {
    room(1);
    buffer[length++] = '\n';
    comma = false;
    flush();
  }

  /** Hands everything over to the stream. */
  public void flush() throws IOException {
    out.write(buffer, 0, length);
    length = 0;
  }

  /** The comma if one is due, and room for any number. */
  private void separate() throws IOException {
    room(LONGEST_NUMBER);
    if (comma) {
      buffer[length++] = ',';
    }
    comma = true;
  }

  private void ascii(String text) {
    for (int i = 0; i < text.length(); i++) {
      buffer[length++] = (byte) text.charAt(i);
    }
  }

  private void bytes(byte[] bytes) throws IOException {
    room(bytes.length);
    System.arraycopy(bytes, 0, buffer, length, bytes.length);
    length += bytes.length;
  }

  private void room(int needed) throws IOException {
    if (length >= FLUSH_AT) {
      flush();
    }
    if (buffer.length - length < needed) {
      buffer = Arrays.copyOf(buffer, length + needed);
    }
  }
}
