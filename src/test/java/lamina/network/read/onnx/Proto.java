package lamina.network.read.onnx;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Messages of protocol buffers, taken apart to be changed. */
final class Proto {
  private Proto() {}

  /** A field: a number, or bytes; four bytes are a float. */
  private record Field(int number, int wire, long value, byte[] bytes) {}

  static Message message() {
    return new Message();
  }

  static Message parse(byte[] bytes) {
    Message message = new Message();
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    while (in.hasRemaining()) {
      int key = (int) varint(in);
      int wire = key & 7;
      long value = wire == 0 ? varint(in) : 0;
      byte[] content = new byte[wire == 2 ? (int) varint(in) : wire == 5 ? 4 : wire == 1 ? 8 : 0];
      in.get(content);
      message.fields.add(new Field(key >>> 3, wire, value, content));
    }
    return message;
  }

  static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = in.get();
      value |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }

  /** A message: its fields in order. */
  static final class Message {
    private final List<Field> fields = new ArrayList<>();

    List<byte[]> all(int number) {
      return fields.stream().filter(f -> f.number == number).map(Field::bytes).toList();
    }

    List<Message> parts(int number) {
      return all(number).stream().map(Proto::parse).toList();
    }

    Message part(int number) {
      return parts(number).get(0);
    }

    String text(int number) {
      List<byte[]> found = all(number);
      return found.isEmpty() ? "" : new String(found.get(0), StandardCharsets.UTF_8);
    }

    long number(int number) {
      List<Long> found = numbers(number);
      return found.isEmpty() ? 0 : found.get(0);
    }

    List<Long> numbers(int number) {
      List<Long> numbers = new ArrayList<>();
      for (Field field : fields) {
        if (field.number == number && field.wire == 0) {
          numbers.add(field.value);
        } else if (field.number == number) {
          ByteBuffer packed = ByteBuffer.wrap(field.bytes);
          while (packed.hasRemaining()) {
            numbers.add(varint(packed));
          }
        }
      }
      return numbers;
    }

    float single(int number) {
      List<byte[]> found = all(number);
      return found.isEmpty()
          ? 0
          : ByteBuffer.wrap(found.get(0)).order(ByteOrder.LITTLE_ENDIAN).getFloat();
    }

    Message number(int number, long value) {
      fields.add(new Field(number, 0, value, new byte[0]));
      return this;
    }

    Message single(int number, float value) {
      byte[] bytes = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(value).array();
      fields.add(new Field(number, 5, 0, bytes));
      return this;
    }

    Message text(int number, String value) {
      return add(number, value.getBytes(StandardCharsets.UTF_8));
    }

    Message add(int number, byte[] value) {
      fields.add(new Field(number, 2, 0, value));
      return this;
    }

    Message addAll(Message other) {
      fields.addAll(other.fields);
      return this;
    }

    void drop(int number, Predicate<Message> which) {
      fields.removeIf(f -> f.number == number && which.test(parse(f.bytes)));
    }

    /** Puts a message in place of the first of a field. */
    void replace(int number, Message value) {
      for (int i = 0; i < fields.size(); i++) {
        if (fields.get(i).number == number) {
          fields.set(i, new Field(number, 2, 0, value.done()));
          return;
        }
      }
    }

    byte[] done() {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      for (Field field : fields) {
        write(out, (long) field.number << 3 | field.wire);
        if (field.wire == 0) {
          write(out, field.value);
        } else {
          if (field.wire == 2) {
            write(out, field.bytes.length);
          }
          out.writeBytes(field.bytes);
        }
      }
      return out.toByteArray();
    }

    private static void write(ByteArrayOutputStream out, long value) {
      long rest = value;
      while ((rest & ~0x7fL) != 0) {
        out.write((int) ((rest & 0x7f) | 0x80));
        rest >>>= 7;
      }
      out.write((int) rest);
    }
  }
}
