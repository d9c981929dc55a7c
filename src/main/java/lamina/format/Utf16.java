package lamina.format;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** A text in UTF-16, as Excel and PowerShell write it, read as UTF-8. */
public final class Utf16 extends InputStream {
  private final InputStream text;
  private final Reader reader;
  private final char[] chars = new char[1 << 13];
  private byte[] bytes = new byte[0];
  private int at;

  Utf16(InputStream text, Charset charset) {
    this.text = text;
    this.reader = new InputStreamReader(text, charset);
  }

  /** The variant of UTF-16 that a text has by its byte order mark or its zeros, or null. */
  static Charset of(byte[] head) {
    if (head.length < 4) {
      return null;
    }
    int first = (head[0] & 0xff) << 8 | (head[1] & 0xff);
    if (first == 0xfeff || first == 0xfffe) {
      return StandardCharsets.UTF_16;
    }
    if (isText(head[1]) && isText(head[3]) && head[0] == 0 && head[2] == 0) {
      return StandardCharsets.UTF_16BE;
    }
    if (isText(head[0]) && isText(head[2]) && head[1] == 0 && head[3] == 0) {
      return StandardCharsets.UTF_16LE;
    }
    return null;
  }

  /** Whether a text is in UTF-16. */
  public static boolean isIn(byte[] text) {
    return of(text) != null;
  }

  /**
   * A whole text in UTF-16, or else in UTF-8.
   *
   * @throws CharacterCodingException if it is neither
   */
  public static String text(byte[] bytes) throws CharacterCodingException {
    Charset charset = of(bytes);
    return charset != null
        ? new String(bytes, charset)
        : StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
  }

  private static boolean isText(byte b) {
    return (b >= ' ' && b < 0x7f) || b == '\t' || b == '\n' || b == '\r';
  }

  private boolean fill() throws IOException {
    int count = reader.read(chars, 0, chars.length - 1);
    if (count < 0) {
      return false;
    }
    // The halves of a character beyond 16 bits stay together.
    if (Character.isHighSurrogate(chars[count - 1])) {
      int low = reader.read();
      if (low >= 0) {
        chars[count++] = (char) low;
      }
    }
    bytes = new String(chars, 0, count).getBytes(StandardCharsets.UTF_8);
    at = 0;
    return true;
  }

  @Override
  public int read() throws IOException {
    return at < bytes.length || fill() ? bytes[at++] & 0xff : -1;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (at == bytes.length && !fill()) {
      return -1;
    }
    int count = Math.min(length, bytes.length - at);
    System.arraycopy(bytes, at, into, offset, count);
    at += count;
    return count;
  }

  @Override
  public void close() throws IOException {
    text.close();
  }
}
