package lamina.format;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * JSON Lines: one tensor a line, read as the lines arrive and in constant memory. A line that is no
 * tensor does not end the reading: {@link #tensor} says what is wrong with it, and {@link #next}
 * goes on.
 */
public final class TensorLines implements AutoCloseable {
  /** A line beyond this is refused (and skipped), lest one line without an end take all memory. */
  static final int MAX_LINE =
      (int) Math.min(1 << 30, Math.max(1 << 20, Runtime.getRuntime().maxMemory() / 4));

  private final InputStream in;
  private final DType dtype;
  private final String name;
  private final boolean closeInput;
  private final int maxLine;
  private byte[] buffer = new byte[1 << 14];
  private int lineStart;
  private int lineEnd;

  /** Where the next line starts, and the end of what was read. */
  private int position;

  private int limit;
  private long lineNumber;
  private boolean tooLong;
  private Tensor single;

  TensorLines(InputStream in, DType dtype, String name, boolean closeInput) {
    this(in, dtype, name, closeInput, MAX_LINE);
  }

  TensorLines(InputStream in, DType dtype, String name, boolean closeInput, int maxLine) {
    this.maxLine = maxLine;
    this.in = in;
    this.dtype = dtype;
    this.name = name;
    this.closeInput = closeInput;
  }

  /** The one tensor of an argument that is no stream, as a line. */
  static TensorLines single(Tensor tensor, String name) {
    TensorLines lines = new TensorLines(InputStream.nullInputStream(), tensor.dtype(), name, false);
    lines.single = tensor;
    return lines;
  }

  /** Goes to the next line that is not blank; false at the end of the input. */
  public boolean next() throws IOException {
    if (single != null) {
      return ++lineNumber == 1;
    }
    while (nextLine()) {
      if (tooLong || !blank()) {
        return true;
      }
    }
    return false;
  }

  /** The number of the current line in the input, from 1. */
  public long lineNumber() {
    return lineNumber;
  }

  /** The bytes of the current line, with its end. */
  public int lineBytes() {
    return lineEnd - lineStart + 1;
  }

  /**
   * The current line's tensor.
   *
   * @throws InputException if the line is no tensor; names the line
   */
  public Tensor tensor() {
    if (single != null) {
      return single;
    }
    Source source = source();
    return JsonTensors.read(buffer, lineStart, lineEnd - lineStart, dtype, source);
  }

  /**
   * The current line's tensors, by the names of their members.
   *
   * @throws InputException if the line is no object of tensors; names the line
   */
  public Map<String, Tensor> tensors() {
    Source source = source();
    if (single != null) {
      throw InputException.at(name, "is one tensor, where an object of named ones is expected");
    }
    String text = new String(buffer, lineStart, lineEnd - lineStart, StandardCharsets.UTF_8);
    return JsonTensors.readAll(text, dtype, source);
  }

  /**
   * The current line's sample: an object with an input and its label.
   *
   * @param x the names of the inputs' members
   * @param y the name of the label's
   * @throws InputException if the line is no such object; names the line
   */
  public JsonSample sample(List<String> x, String y) {
    Source source = source();
    return JsonSample.read(
        Json.parser(buffer, lineStart, lineEnd - lineStart), x, y, dtype, source);
  }

  private Source source() {
    if (tooLong) {
      throw InputException.at(
          name + ", line " + lineNumber,
          "longer than " + maxLine + " bytes; is it JSON Lines, with one tensor a line?");
    }
    return new Source(name, lineNumber - 1);
  }

  private boolean nextLine() throws IOException {
    lineStart = position;
    tooLong = false;
    int scanned = position;
    while (true) {
      for (; scanned < limit; scanned++) {
        if (buffer[scanned] == '\n') {
          lineEnd = scanned;
          position = scanned + 1;
          lineNumber++;
          return true;
        }
      }
      scanned = makeRoom(scanned);
      int count = in.read(buffer, limit, buffer.length - limit);
      if (count < 0) {
        boolean rest = limit > lineStart || tooLong;
        lineEnd = limit;
        position = limit;
        lineNumber += rest ? 1 : 0;
        return rest;
      }
      limit += count;
    }
  }

  /** Makes room behind {@code limit}; returns where {@code scanned} has moved to. */
  private int makeRoom(int scanned) {
    if (limit < buffer.length) {
      return scanned;
    }
    if (tooLong || limit - lineStart >= maxLine) {
      tooLong = true;
      limit = lineStart;
    } else if (lineStart > 0) {
      System.arraycopy(buffer, lineStart, buffer, 0, limit - lineStart);
      limit -= lineStart;
      scanned -= lineStart;
      lineStart = 0;
      return scanned;
    } else {
      buffer = Arrays.copyOf(buffer, (int) Math.min(maxLine + 1L, 2L * buffer.length));
    }
    return limit;
  }

  private boolean blank() {
    for (int i = lineStart; i < lineEnd; i++) {
      if (buffer[i] != ' ' && buffer[i] != '\t' && buffer[i] != '\r') {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    if (closeInput) {
      in.close();
    }
  }
}
