package lamina.network.read.onnx;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes ONNX's messages by the numbers of their fields, right or wrong. */
final class OnnxBytes {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  static OnnxBytes message() {
    return new OnnxBytes();
  }

  private void varint(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      bytes.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    bytes.write((int) rest);
  }

  OnnxBytes number(int field, long value) {
    varint(field * 8L);
    varint(value);
    return this;
  }

  OnnxBytes bytes(int field, byte[] value) {
    return claimed(field, value.length, value);
  }

  /** A field of bytes that says it has others than it has. */
  OnnxBytes claimed(int field, long length, byte[] value) {
    varint(field * 8L + 2);
    varint(length);
    bytes.writeBytes(value);
    return this;
  }

  OnnxBytes text(int field, String value) {
    return bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  OnnxBytes part(int field, OnnxBytes message) {
    return bytes(field, message.done());
  }

  byte[] done() {
    return bytes.toByteArray();
  }

  /** A node: the type, inputs and outputs by commas, attributes as messages. */
  static OnnxBytes node(String type, String inputs, String outputs, OnnxBytes... attributes) {
    OnnxBytes node = message();
    for (String input : inputs.split(",", -1)) {
      node.text(1, input);
    }
    for (String output : outputs.split(",", -1)) {
      node.text(2, output);
    }
    node.text(3, "n_" + outputs.replace(",", "_")).text(4, type);
    for (OnnxBytes attribute : attributes) {
      node.part(5, attribute);
    }
    return node;
  }

  static OnnxBytes attribute(String name, long... values) {
    OnnxBytes attribute = message().text(1, name);
    if (values.length == 1) {
      return attribute.number(3, values[0]).number(20, 2);
    }
    for (long value : values) {
      attribute.number(8, value);
    }
    return attribute.number(20, 7);
  }

  /** An attribute that is a float. */
  static OnnxBytes real(String name, float value) {
    OnnxBytes attribute = message().text(1, name);
    attribute.varint(2 * 8L + 5);
    attribute.bytes.writeBytes(
        ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(value).array());
    return attribute.number(20, 1);
  }

  static OnnxBytes word(String name, String value) {
    return message().text(1, name).text(4, value).number(20, 3);
  }

  /** An input or output of float32. */
  static OnnxBytes info(String name, long... sizes) {
    OnnxBytes shape = message();
    for (long size : sizes) {
      shape.part(1, message().number(1, size));
    }
    OnnxBytes tensor = message().number(1, 1).part(2, shape);
    return message().text(1, name).part(2, message().part(1, tensor));
  }

  /** An input or output of float32 whose sizes have names, or are numbers. */
  static OnnxBytes named(String name, String... sizes) {
    OnnxBytes shape = message();
    for (String size : sizes) {
      boolean isNumber = Character.isDigit(size.charAt(0));
      shape.part(1, isNumber ? message().number(1, Long.parseLong(size)) : message().text(2, size));
    }
    OnnxBytes tensor = message().number(1, 1).part(2, shape);
    return message().text(1, name).part(2, message().part(1, tensor));
  }

  /** A tensor of float32 with so many zeros as its elements. */
  static OnnxBytes tensor(String name, int elements, long... sizes) {
    return head(name, 1, sizes).bytes(9, new byte[4 * elements]);
  }

  /** A tensor of float32 with these elements. */
  static OnnxBytes floats(String name, long[] sizes, float... values) {
    ByteBuffer elements = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      elements.putFloat(value);
    }
    return head(name, 1, sizes).bytes(9, elements.array());
  }

  static OnnxBytes head(String name, int type, long... sizes) {
    OnnxBytes tensor = message();
    for (long size : sizes) {
      tensor.number(1, size);
    }
    return tensor.number(2, type).text(8, name);
  }

  /** A tensor of int64. */
  static OnnxBytes integers(String name, long... values) {
    ByteBuffer elements = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (long value : values) {
      elements.putLong(value);
    }
    return head(name, 7, values.length).bytes(9, elements.array());
  }

  /** A model of opset 17 with this graph. */
  static byte[] model(OnnxBytes graph) {
    return model(graph, 17);
  }

  static byte[] model(OnnxBytes graph, int opset, OnnxBytes... functions) {
    OnnxBytes model = message().number(1, 8).part(7, graph).part(8, version("", opset));
    for (OnnxBytes function : functions) {
      model.part(25, function);
    }
    return model.done();
  }

  private static OnnxBytes version(String domain, int opset) {
    return message().text(1, domain).number(2, opset);
  }

  /** An attribute that is a graph. */
  static OnnxBytes graph(String name, OnnxBytes graph) {
    return message().text(1, name).part(6, graph).number(20, 5);
  }

  /** A function of the domain 'own' for opset 17: inputs and outputs by commas. */
  static OnnxBytes function(String name, String inputs, String outputs, OnnxBytes... nodes) {
    OnnxBytes function = message().text(1, name).text(10, "own").part(9, version("", 17));
    for (String input : inputs.split(",", -1)) {
      function.text(4, input);
    }
    for (String output : outputs.split(",", -1)) {
      function.text(5, output);
    }
    for (OnnxBytes node : nodes) {
      function.part(7, node);
    }
    return function;
  }

  /** This node as one of the domain 'own'. */
  OnnxBytes own() {
    return text(7, "own");
  }

  /** An attribute that is what the function's call has under a name. */
  static OnnxBytes reference(String name, String to) {
    return message().text(1, name).text(21, to).number(20, 1);
  }
}
