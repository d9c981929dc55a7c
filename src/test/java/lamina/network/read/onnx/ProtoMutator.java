package lamina.network.read.onnx;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Changes ONNX files at random: their bytes, or the fields of their messages. */
final class ProtoMutator {
  private static final long[] NUMBERS = {
    0,
    1,
    2,
    3,
    5,
    7,
    8,
    16,
    -1,
    -2,
    63,
    64,
    127,
    128,
    255,
    65_536,
    1_000_000,
    0x7fffffffL,
    0x80000000L,
    0xffffffffL,
    1L << 33,
    1L << 62,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };

  private static final String[] WORDS = {
    "",
    "x",
    "y",
    "../m.onnx",
    "/etc/passwd",
    "link",
    "location",
    "offset",
    "length",
    "-1",
    "99999999",
    "9223372036854775807",
    "Conv",
    "Add",
    "Reshape",
    "Concat",
    "If",
    "Loop",
    "Scan",
    "Gather",
    "Slice",
    "Pad",
    "Resize",
    "Tile",
    "Expand",
    "ConstantOfShape",
    "Range",
    "OneHot",
    "LSTM",
    "Einsum",
    "MatMul",
    "Softmax",
    "Transpose",
    "Split",
    "TopK",
    "MaxPool",
    "Upsample",
    "Cast",
    "Shape",
    "Unsqueeze",
    "Squeeze",
    "NonZero",
    "CumSum",
    "Where",
    "ScatterND",
    "GatherND",
    "BatchNormalization",
    "ConvTranspose",
    "QuantizeLinear",
    "SequenceAt",
    "Attention",
    "axis",
    "axes",
    "pads",
    "kernel_shape",
    "strides",
    "perm",
    "mode",
    "to",
    "equation",
    "SAME_UPPER",
    "ii,ii->i",
    "...i->i",
    "own",
    "ai.onnx",
    "value",
    "body",
    "then_branch",
    "\u0000",
    "n\nx"
  };

  /** The fields that are messages, by the message that they stand in. */
  private static final Map<String, Map<Integer, String>> MESSAGES =
      Map.of(
          "model", Map.of(7, "graph", 8, "opset", 25, "function"),
          "graph", Map.of(1, "node", 5, "tensor", 11, "info", 12, "info", 13, "info"),
          "function", Map.of(7, "node", 9, "opset", 11, "attribute"),
          "node", Map.of(5, "attribute"),
          "attribute", Map.of(5, "tensor", 6, "graph"),
          "info", Map.of(2, "type"),
          "type", Map.of(1, "tensortype", 4, "wrapped", 9, "wrapped"),
          "wrapped", Map.of(1, "type"),
          "tensortype", Map.of(2, "shape"),
          "shape", Map.of(1, "dim"));

  private static final Map<Integer, String> OF_TENSOR = Map.of(13, "entry");

  private final Random random;

  ProtoMutator(Random random) {
    this.random = random;
  }

  /** A field: a number, bytes, or a message of further fields. */
  private static final class Field {
    private final int number;
    private int wire;
    private long value;
    private byte[] bytes;
    private List<Field> parts;
    private String kind;

    /** What it says of its length beyond the truth. */
    private long lie;

    Field(int number, int wire) {
      this.number = number;
      this.wire = wire;
    }

    Field copy() {
      Field copy = new Field(number, wire);
      copy.value = value;
      copy.bytes = bytes;
      copy.kind = kind;
      copy.lie = lie;
      if (parts != null) {
        copy.parts = new ArrayList<>();
        parts.forEach(part -> copy.parts.add(part.copy()));
      }
      return copy;
    }
  }

  private static List<Field> parse(ByteBuffer in, String kind) {
    List<Field> fields = new ArrayList<>();
    while (in.hasRemaining()) {
      int key = (int) Proto.varint(in);
      Field field = new Field(key >>> 3, key & 7);
      fields.add(field);
      if (field.wire == 0) {
        field.value = Proto.varint(in);
        continue;
      }
      long length = field.wire == 2 ? Proto.varint(in) : field.wire == 5 ? 4 : 8;
      if (length < 0 || length > in.remaining()) {
        throw new IllegalArgumentException("a false length");
      }
      byte[] bytes = new byte[(int) length];
      in.get(bytes);
      Map<Integer, String> known =
          kind.equals("tensor") ? OF_TENSOR : MESSAGES.getOrDefault(kind, Map.of());
      field.kind = field.wire == 2 ? known.get(field.number) : null;
      if (field.kind == null) {
        field.bytes = bytes;
      } else {
        field.parts = parse(ByteBuffer.wrap(bytes), field.kind);
      }
    }
    return fields;
  }

  private static void write(ByteArrayOutputStream out, long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  private static byte[] written(List<Field> fields) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (Field field : fields) {
      write(out, (long) field.number << 3 | field.wire);
      if (field.wire == 0) {
        write(out, field.value);
        continue;
      }
      byte[] bytes = field.parts != null ? written(field.parts) : field.bytes;
      if (field.wire == 2) {
        write(out, bytes.length + field.lie);
      }
      out.writeBytes(bytes);
    }
    return out.toByteArray();
  }

  /**
   * A file changed somewhere, in one to three ways.
   *
   * @param kind what message it is: a model or a tensor
   */
  byte[] changed(byte[] file, String kind) {
    byte[] changed = file;
    for (int times = 1 + random.nextInt(3); times > 0; times--) {
      changed = random.nextInt(4) == 0 ? byteChange(changed) : fieldChange(changed, kind);
    }
    return changed;
  }

  private byte[] byteChange(byte[] model) {
    if (model.length == 0) {
      return model;
    }
    int from = random.nextInt(model.length);
    switch (random.nextInt(3)) {
      case 0 -> {
        return Arrays.copyOf(model, from);
      }
      case 1 -> {
        byte[] changed = model.clone();
        changed[from] = (byte) random.nextInt(256);
        return changed;
      }
      default -> {
        int count = random.nextInt(Math.min(32, model.length - from) + 1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(model, 0, from + (random.nextBoolean() ? count : 0));
        out.write(model, from + (random.nextBoolean() ? count : 0), model.length - from - count);
        return out.toByteArray();
      }
    }
  }

  private byte[] fieldChange(byte[] model, String kind) {
    List<Field> fields;
    try {
      fields = parse(ByteBuffer.wrap(model), kind);
    } catch (RuntimeException e) {
      // Bytes were changed before: what remains has no fields to tell apart.
      return byteChange(model);
    }
    List<List<Field>> lists = new ArrayList<>();
    collect(fields, lists);
    List<Field> list = lists.get(random.nextInt(lists.size()));
    if (list.isEmpty()) {
      return model;
    }
    int index = random.nextInt(list.size());
    Field field = list.get(index);
    switch (random.nextInt(9)) {
      case 0 -> list.remove(index);
      case 1 -> list.add(random.nextInt(list.size() + 1), field.copy());
      case 2 -> Collections.shuffle(list, random);
      case 3 -> field.lie = NUMBERS[random.nextInt(NUMBERS.length)];
      case 4 -> field.wire = random.nextInt(8);
      case 5 -> {
        // A field of another message of this or any kind.
        List<Field> other = lists.get(random.nextInt(lists.size()));
        if (!other.isEmpty()) {
          list.set(index, other.get(random.nextInt(other.size())).copy());
        }
      }
      case 6 -> nest(list, field);
      default -> field(field, lists);
    }
    if (field.wire != 0 && field.bytes == null && field.parts == null) {
      field.bytes = new byte[random.nextInt(12)];
    }
    return written(fields);
  }

  private static void collect(List<Field> fields, List<List<Field>> lists) {
    lists.add(fields);
    for (Field field : fields) {
      if (field.parts != null) {
        collect(field.parts, lists);
      }
    }
  }

  /** A graph within itself, over and over. */
  private void nest(List<Field> list, Field field) {
    if (!"graph".equals(field.kind)) {
      list.add(field.copy());
      return;
    }
    Field inner = field.copy();
    for (int depth = random.nextInt(80); depth > 0; depth--) {
      Field attribute = new Field(5, 2);
      attribute.parts = new ArrayList<>(List.of(text(1, "body"), graph(inner)));
      Field node = new Field(1, 2);
      node.parts = new ArrayList<>(List.of(text(1, "x"), text(2, "y"), text(4, "Loop"), attribute));
      inner = new Field(6, 2);
      inner.parts = new ArrayList<>(List.of(node));
    }
    field.parts.addAll(0, inner.parts);
  }

  private static Field graph(Field inner) {
    Field graph = new Field(6, 2);
    graph.parts = inner.parts;
    return graph;
  }

  private static Field text(int number, String text) {
    Field field = new Field(number, 2);
    field.bytes = text.getBytes(StandardCharsets.UTF_8);
    return field;
  }

  /** Another number, text or length. */
  private void field(Field field, List<List<Field>> lists) {
    field.value = NUMBERS[random.nextInt(NUMBERS.length)];
    if (field.bytes == null) {
      return;
    }
    switch (random.nextInt(4)) {
      case 0 -> field.bytes = Arrays.copyOf(field.bytes, random.nextInt(40));
      case 1 -> {
        List<Field> texts = new ArrayList<>();
        for (List<Field> list : lists) {
          list.stream().filter(f -> f.bytes != null && f.wire == 2).forEach(texts::add);
        }
        field.bytes = texts.isEmpty() ? field.bytes : texts.get(random.nextInt(texts.size())).bytes;
      }
      case 2 -> {
        field.bytes = field.bytes.clone();
        for (int i = 0; i < field.bytes.length; i++) {
          field.bytes[i] = (byte) random.nextInt(256);
        }
      }
      default -> field.bytes = WORDS[random.nextInt(WORDS.length)].getBytes(StandardCharsets.UTF_8);
    }
  }
}
