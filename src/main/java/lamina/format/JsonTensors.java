package lamina.format;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;

/**
 * Tensors from and to JSON: nested arrays, or a tensor document {@code {"shape": [2, 2], "data":
 * [[1, 2], [3, 4]]}}. Read and written as a stream, without boxed numbers.
 */
public final class JsonTensors {
  /** Longer texts are parsed as they come. */
  private static final int IN_MEMORY =
      (int) Math.min(1 << 28, Runtime.getRuntime().maxMemory() / 16);

  private static final int PIECE = 1 << 16;

  private JsonTensors() {}

  /**
   * Reads one tensor; nothing may follow it.
   *
   * @param sourceName what messages call the input
   * @throws lamina.text.InputException if the text is malformed, with line and column
   */
  public static Tensor read(InputStream in, DType dtype, String sourceName) throws IOException {
    Source source = new Source(sourceName);
    byte[] text = new byte[Math.max(1 << 13, Math.min(in.available(), IN_MEMORY) + 1)];
    int length = 0;
    while (true) {
      // In pieces: for a large one the JDK would fill a second buffer of its size.
      int count = in.read(text, length, Math.min(PIECE, text.length - length));
      if (count < 0) {
        return read(text, 0, length, dtype, source);
      }
      length += count;
      if (length == text.length) {
        if (length > IN_MEMORY) {
          InputStream whole =
              new SequenceInputStream(new ByteArrayInputStream(text, 0, length), in);
          return read(Json.parser(whole), dtype, source);
        }
        text = Arrays.copyOf(text, (int) Math.min(IN_MEMORY + 1L, 2L * length));
      }
    }
  }

  /**
   * Reads one tensor from a file, which is not in memory as a whole; nothing may follow it.
   *
   * @param length the file's
   */
  static Tensor read(SeekableByteChannel file, long length, DType dtype, String sourceName)
      throws IOException {
    long start = file.position();
    Tensor plain = PlainJson.read(Channels.newInputStream(file), length, dtype);
    if (plain != null) {
      return plain;
    }
    file.position(start);
    Source source = new Source(sourceName);
    try {
      return read(Json.parser(Channels.newInputStream(file)), dtype, source);
    } catch (InputException e) {
      if (length > IN_MEMORY) {
        throw e;
      }
      file.position(start);
      byte[] text = Channels.newInputStream(file).readAllBytes();
      return printed(text, 0, text.length, dtype, source, e);
    }
  }

  static Tensor read(byte[] text, int offset, int length, DType dtype, Source source) {
    Tensor plain = PlainJson.read(text, offset, offset + length, dtype);
    return plain == null ? readAny(text, offset, length, dtype, source) : plain;
  }

  /** Reads whatever a tensor may look like, and says what is wrong. */
  static Tensor readAny(byte[] text, int offset, int length, DType dtype, Source source) {
    try {
      return read(Json.parser(text, offset, length), dtype, source);
    } catch (InputException e) {
      return printed(text, offset, length, dtype, source, e);
    }
  }

  /** Reads a text that is no JSON as a print of Python; throws what was wrong with it else. */
  private static Tensor printed(
      byte[] text, int offset, int length, DType dtype, Source source, InputException wrong) {
    Tensor printed =
        PrintedTensor.read(new String(text, offset, length, StandardCharsets.UTF_8), dtype, source);
    if (printed == null) {
      throw wrong;
    }
    return printed;
  }

  static Tensor read(String text, DType dtype, Source source) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return read(bytes, 0, bytes.length, dtype, source);
  }

  private static Tensor read(JsonParser parser, DType dtype, Source source) {
    try (parser) {
      JsonTensorReader reader = new JsonTensorReader(parser, dtype, source);
      reader.start();
      Tensor tensor = reader.tensor();
      reader.end();
      return tensor;
    } catch (JacksonException e) {
      throw Json.error(e, source);
    }
  }

  /** Reads one tensor out of an object: a member's exact name, or a path {@code a.b}. */
  public static Tensor readEntry(InputStream in, String entry, DType dtype, String sourceName) {
    Source source = new Source(sourceName);
    try (JsonParser parser = Json.parser(in)) {
      JsonTensorReader reader = new JsonTensorReader(parser, dtype, source);
      reader.start();
      Tensor tensor = reader.entry(entry);
      reader.end();
      return tensor;
    } catch (JacksonException e) {
      throw Json.error(e, source);
    }
  }

  /**
   * Reads an object of named tensors, in its order. An object without {@code data} within it is a
   * group: its members are named {@code group.member}.
   */
  public static Map<String, Tensor> readAll(InputStream in, DType dtype, String sourceName) {
    return readAll(Json.parser(in), dtype, new Source(sourceName));
  }

  static Map<String, Tensor> readAll(String text, DType dtype, Source source) {
    return readAll(Json.parser(text), dtype, source);
  }

  private static Map<String, Tensor> readAll(JsonParser parser, DType dtype, Source source) {
    try (parser) {
      JsonTensorReader reader = new JsonTensorReader(parser, dtype, source);
      reader.start();
      Map<String, Tensor> tensors = reader.tensors();
      reader.end();
      return tensors;
    } catch (JacksonException e) {
      throw Json.error(e, source);
    }
  }

  /** Writes a tensor document. */
  public static void write(Tensor tensor, JsonOutput json) throws IOException {
    json.startObject();
    writeMembers(tensor, json);
    json.endObject();
  }

  /** Writes the members {@code shape}, {@code dtype} unless it is float64, and {@code data}. */
  public static void writeMembers(Tensor tensor, JsonOutput json) throws IOException {
    int[] shape = tensor.shape();
    json.name("shape");
    json.startArray();
    for (int size : shape) {
      json.number(size);
    }
    json.endArray();
    if (tensor.dtype() != DType.FLOAT64) {
      json.name("dtype");
      json.string(tensor.dtype().label());
    }
    json.name("data");
    writeData(tensor, json);
  }

  /** Writes the elements as nested arrays, a scalar as a bare number. */
  public static void writeData(Tensor tensor, JsonOutput json) throws IOException {
    writeAxis(tensor, tensor.shape(), 0, 0, json);
  }

  private static int writeAxis(Tensor tensor, int[] shape, int axis, int at, JsonOutput json)
      throws IOException {
    if (axis == shape.length) {
      writeElements(tensor, at, 1, json);
      return at + 1;
    }
    json.startArray();
    int next = at;
    if (axis == shape.length - 1) {
      writeElements(tensor, at, shape[axis], json);
      next += shape[axis];
    } else {
      for (int i = 0; i < shape[axis]; i++) {
        next = writeAxis(tensor, shape, axis + 1, next, json);
      }
    }
    json.endArray();
    return next;
  }

  private static void writeElements(Tensor tensor, int from, int count, JsonOutput json)
      throws IOException {
    switch (tensor.dtype()) {
      case FLOAT64 -> {
        double[] data = tensor.doubles();
        for (int i = from; i < from + count; i++) {
          json.number(data[i]);
        }
      }
      case FLOAT32 -> {
        float[] data = tensor.floats();
        for (int i = from; i < from + count; i++) {
          json.number(data[i]);
        }
      }
      case INT64 -> {
        long[] data = tensor.longs();
        for (int i = from; i < from + count; i++) {
          json.number(data[i]);
        }
      }
    }
  }
}
