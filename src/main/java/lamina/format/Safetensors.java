package lamina.format;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * Hugging Face's format for named tensors: the length of a header in 8 bytes, the header in JSON
 * ({@code {"name": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}}), then the elements,
 * little-endian, without gaps.
 */
public final class Safetensors {
  /** The limit of the reference implementation. */
  private static final long MAX_HEADER = 100_000_000;

  /** The member of the header that holds texts about the tensors. */
  private static final String METADATA = "__metadata__";

  private record Entry(String name, ElementType type, int[] shape, long from, long to) {}

  private Safetensors() {}

  /**
   * Reads all tensors, in the order of their bytes.
   *
   * @param length the number of bytes, or -1 if that is unknown
   */
  public static Map<String, Tensor> readAll(
      InputStream in, long length, DType dtype, String sourceName) throws IOException {
    BinaryInput input = new BinaryInput(in, length, sourceName);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Entry entry : header(input)) {
      tensors.put(
          entry.name, input.elements(entry.type, ByteOrder.LITTLE_ENDIAN, entry.shape, dtype));
    }
    input.end();
    return tensors;
  }

  /**
   * Reads one tensor.
   *
   * @param wanted its name, or null for the only one
   */
  public static Tensor read(
      InputStream in, long length, String wanted, DType dtype, String sourceName)
      throws IOException {
    if (wanted == null) {
      return Npz.only(readAll(in, length, dtype, sourceName), sourceName);
    }
    BinaryInput input = new BinaryInput(in, length, sourceName);
    StringBuilder names = new StringBuilder();
    for (Entry entry : header(input)) {
      if (entry.name.equals(wanted)) {
        input.skip(entry.from, "tensor '" + wanted + "'");
        return input.elements(entry.type, ByteOrder.LITTLE_ENDIAN, entry.shape, dtype);
      }
      names.append(names.length() == 0 ? "" : ", ").append(entry.name);
    }
    throw input.error("has no entry '" + wanted + "'; its entries are " + names);
  }

  /** The texts about the tensors, by their names; empty if there are none. */
  public static Map<String, String> readMetadata(InputStream in, long length, String sourceName)
      throws IOException {
    BinaryInput input = new BinaryInput(in, length, sourceName);
    Map<String, String> texts = new LinkedHashMap<>();
    if (members(input).get(METADATA) instanceof Map<?, ?> metadata) {
      metadata.forEach((name, text) -> texts.put(name.toString(), String.valueOf(text)));
    }
    return texts;
  }

  private static List<Entry> header(BinaryInput input) throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (Map.Entry<?, ?> member : members(input).entrySet()) {
      if (!member.getKey().equals(METADATA)) {
        entries.add(entry(member.getKey().toString(), member.getValue(), input));
      }
    }
    return inOrder(entries, input);
  }

  private static Map<?, ?> members(BinaryInput input) throws IOException {
    long length =
        ByteBuffer.wrap(input.bytes(8, "the header's length"))
            .order(ByteOrder.LITTLE_ENDIAN)
            .getLong();
    if (length < 2 || length > MAX_HEADER) {
      throw input.error(
          "not a safetensors file: its header would have "
              + Long.toUnsignedString(length)
              + " bytes");
    }
    String text =
        new String(input.bytes((int) length, "the header"), StandardCharsets.UTF_8).stripTrailing();
    String source = input.name() + " (header)";
    if (!(JsonValues.read(text, source) instanceof Map<?, ?> members)) {
      throw InputException.at(source, "must be an object");
    }
    return members;
  }

  /** The entries in the order of their bytes, which must follow each other without gaps. */
  private static List<Entry> inOrder(List<Entry> entries, BinaryInput input) {
    entries.sort(
        (a, b) -> a.from != b.from ? Long.compare(a.from, b.from) : Long.compare(a.to, b.to));
    long end = 0;
    for (Entry entry : entries) {
      if (entry.from != end) {
        throw input.error(
            "tensor '" + entry.name + "' starts at byte " + entry.from + " instead of " + end);
      }
      end = entry.to;
    }
    return entries;
  }

  private static Entry entry(String name, Object description, BinaryInput input) {
    if (description instanceof Map<?, ?> members
        && members.get("dtype") instanceof String dtype
        && members.get("shape") instanceof List<?> sizes
        && members.get("data_offsets") instanceof List<?> offsets
        && offsets.size() == 2
        && offsets.get(0) instanceof Long from
        && offsets.get(1) instanceof Long to) {
      int[] shape = input.shape(longs(sizes));
      ElementType type = type(name, dtype, input);
      long bytes = (long) Tensor.elements(shape) * type.bytes();
      if (from < 0 || to < from || to - from != bytes) {
        throw input.error(
            "tensor '"
                + name
                + "' of shape "
                + Tensor.text(shape)
                + " needs "
                + bytes
                + " bytes but its data_offsets are "
                + offsets);
      }
      return new Entry(name, type, shape, from, to);
    }
    throw input.error("tensor '" + name + "' has no valid dtype, shape and data_offsets");
  }

  private static long[] longs(List<?> sizes) {
    long[] longs = new long[sizes.size()];
    for (int i = 0; i < longs.length; i++) {
      longs[i] = sizes.get(i) instanceof Long size ? size : -1;
    }
    return longs;
  }

  private static ElementType type(String name, String dtype, BinaryInput input) {
    for (ElementType type : ElementType.values()) {
      if (type.name().equals(dtype)) {
        return type;
      }
    }
    throw input.error(
        "tensor '"
            + name
            + "' has elements of type "
            + dtype
            + ", which is not read; save it as F64, F32, F16, BF16, I8 to I64, U8 to U64 or BOOL");
  }

  /** Writes named tensors, in their order. */
  public static void write(Map<String, Tensor> tensors, OutputStream out) throws IOException {
    write(tensors, Map.of(), out);
  }

  /** Writes named tensors, in their order, after texts about them. */
  public static void write(
      Map<String, Tensor> tensors, Map<String, String> metadata, OutputStream out)
      throws IOException {
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    JsonOutput json = new JsonOutput(header);
    json.startObject();
    if (!metadata.isEmpty()) {
      json.name(METADATA);
      json.startObject();
      for (Map.Entry<String, String> text : metadata.entrySet()) {
        json.name(text.getKey());
        json.string(text.getValue());
      }
      json.endObject();
    }
    long from = 0;
    for (Map.Entry<String, Tensor> named : tensors.entrySet()) {
      from = writeEntry(named.getKey(), named.getValue(), from, json);
    }
    json.endObject();
    json.flush();
    // The elements start at a multiple of 8 bytes.
    while (header.size() % 8 != 0) {
      header.write(' ');
    }
    ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    out.write(length.putLong(header.size()).array());
    header.writeTo(out);
    for (Tensor tensor : tensors.values()) {
      Npy.writeElements(tensor, out);
    }
  }

  private static long writeEntry(String name, Tensor tensor, long from, JsonOutput json)
      throws IOException {
    json.name(name);
    json.startObject();
    json.name("dtype");
    json.string(
        switch (tensor.dtype()) {
          case FLOAT64 -> "F64";
          case FLOAT32 -> "F32";
          case INT64 -> "I64";
        });
    json.name("shape");
    json.startArray();
    for (int size : tensor.shape()) {
      json.number(size);
    }
    json.endArray();
    long to = from + (long) tensor.size() * tensor.dtype().bytes();
    json.name("data_offsets");
    json.startArray();
    json.number(from);
    json.number(to);
    json.endArray();
    json.endObject();
    return to;
  }
}
