package lamina.bench;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes an ONNX model of one node: the few fields of its protocol buffers that ONNX Runtime asks
 * for. Field numbers: onnx.proto of ONNX 1.16.
 */
final class OnnxModel {
  private static final int VARINT = 0;
  private static final int BYTES = 2;

  private final ByteArrayOutputStream node = new ByteArrayOutputStream();
  private final ByteArrayOutputStream graph = new ByteArrayOutputStream();
  private final ByteArrayOutputStream values = new ByteArrayOutputStream();

  OnnxModel(String operator) {
    text(node, 4, operator);
  }

  /** The next input of the node, given when it runs. */
  OnnxModel input(String name, int... shape) {
    text(node, 1, name);
    bytes(values, 11, valueInfo(name, shape));
    return this;
  }

  /** The next input of the node, a constant. */
  OnnxModel weights(String name, float[] data, int... shape) {
    text(node, 1, name);
    ByteArrayOutputStream tensor = new ByteArrayOutputStream();
    for (int size : shape) {
      number(tensor, 1, size);
    }
    number(tensor, 2, 1);
    text(tensor, 8, name);
    ByteBuffer raw = ByteBuffer.allocate(data.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    raw.asFloatBuffer().put(data);
    bytes(tensor, 9, raw.array());
    bytes(graph, 5, tensor.toByteArray());
    return this;
  }

  /** The next output of the node; an empty shape leaves it open. */
  OnnxModel output(String name, int... shape) {
    text(node, 2, name);
    bytes(values, 12, valueInfo(name, shape));
    return this;
  }

  OnnxModel attribute(String name, long value) {
    ByteArrayOutputStream attribute = new ByteArrayOutputStream();
    text(attribute, 1, name);
    number(attribute, 3, value);
    number(attribute, 20, 2);
    bytes(node, 5, attribute.toByteArray());
    return this;
  }

  OnnxModel attribute(String name, int... values) {
    ByteArrayOutputStream attribute = new ByteArrayOutputStream();
    text(attribute, 1, name);
    for (int value : values) {
      number(attribute, 8, value);
    }
    number(attribute, 20, 7);
    bytes(node, 5, attribute.toByteArray());
    return this;
  }

  byte[] toBytes() {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    bytes(whole, 1, node.toByteArray());
    text(whole, 2, "graph");
    whole.writeBytes(graph.toByteArray());
    whole.writeBytes(values.toByteArray());
    ByteArrayOutputStream opset = new ByteArrayOutputStream();
    number(opset, 2, 17);
    ByteArrayOutputStream model = new ByteArrayOutputStream();
    number(model, 1, 8);
    bytes(model, 7, whole.toByteArray());
    bytes(model, 8, opset.toByteArray());
    return model.toByteArray();
  }

  private static byte[] valueInfo(String name, int... shape) {
    ByteArrayOutputStream dims = new ByteArrayOutputStream();
    for (int size : shape) {
      ByteArrayOutputStream dim = new ByteArrayOutputStream();
      number(dim, 1, size);
      bytes(dims, 1, dim.toByteArray());
    }
    ByteArrayOutputStream tensor = new ByteArrayOutputStream();
    number(tensor, 1, 1);
    bytes(tensor, 2, dims.toByteArray());
    ByteArrayOutputStream type = new ByteArrayOutputStream();
    bytes(type, 1, tensor.toByteArray());
    ByteArrayOutputStream info = new ByteArrayOutputStream();
    text(info, 1, name);
    bytes(info, 2, type.toByteArray());
    return info.toByteArray();
  }

  private static void number(ByteArrayOutputStream out, int field, long value) {
    varint(out, ((long) field << 3) | VARINT);
    varint(out, value);
  }

  private static void text(ByteArrayOutputStream out, int field, String value) {
    bytes(out, field, value.getBytes(StandardCharsets.UTF_8));
  }

  private static void bytes(ByteArrayOutputStream out, int field, byte[] value) {
    varint(out, ((long) field << 3) | BYTES);
    varint(out, value.length);
    out.writeBytes(value);
  }

  private static void varint(ByteArrayOutputStream out, long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      out.write((int) ((rest & 0x7F) | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }
}
