package lamina.format;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * The bytes of a binary file, in order. What a header claims is checked against the file's length
 * where that is known; elsewhere (compressed or piped) memory grows only as bytes really arrive.
 */
final class BinaryInput {
  private static final int CHUNK = 1 << 16;
  private static final long UNKNOWN = -1;

  private final InputStream in;
  private final String name;
  private long remaining;

  /**
   * Bytes of a stream.
   *
   * @param length how many there are, or -1 if that is unknown
   * @param name what messages call the file
   */
  BinaryInput(InputStream in, long length, String name) {
    this.in = in;
    this.remaining = length;
    this.name = name;
  }

  String name() {
    return name;
  }

  InputException error(String message) {
    return InputException.at(name, message);
  }

  /** The next bytes, all of them. */
  byte[] bytes(int count, String what) throws IOException {
    require(count, what);
    byte[] bytes = in.readNBytes(count);
    consumed(bytes.length);
    if (bytes.length < count) {
      throw truncated(what, count, bytes.length);
    }
    return bytes;
  }

  /** Steps over bytes. */
  void skip(long count, String what) throws IOException {
    require(count, what);
    long left = count;
    byte[] buffer = null;
    while (left > 0) {
      long skipped = in.skip(left);
      if (skipped <= 0) {
        buffer = buffer == null ? new byte[CHUNK] : buffer;
        skipped = in.read(buffer, 0, (int) Math.min(left, CHUNK));
        if (skipped < 0) {
          throw truncated(what, count, count - left);
        }
      }
      left -= skipped;
    }
    consumed(count);
  }

  /** Checks that nothing is left. */
  void end() throws IOException {
    if (remaining > 0 || (remaining == UNKNOWN && in.read() >= 0)) {
      throw error(
          (remaining > 0 ? remaining + " bytes follow" : "more bytes follow")
              + " the tensor's last element: its header does not belong to this file");
    }
  }

  /** The bytes that are left, or -1 if that is unknown. */
  long remaining() {
    return remaining;
  }

  /**
   * Reads a tensor's elements, in row-major order.
   *
   * @param shape what the header claims
   */
  Tensor elements(ElementType type, ByteOrder order, int[] shape, DType dtype) throws IOException {
    int size = Tensor.elements(shape);
    long length = (long) size * type.bytes();
    require(length, "shape " + Tensor.text(shape));
    if (remaining != UNKNOWN) {
      Tensor.allocatable(dtype, shape);
    }
    ElementBuffer elements =
        new ElementBuffer(dtype, remaining == UNKNOWN ? Math.min(size, CHUNK) : size, size);
    byte[] chunk = new byte[(int) Math.min(length, CHUNK)];
    long left = length;
    while (left > 0) {
      int count = in.readNBytes(chunk, 0, (int) Math.min(left, chunk.length));
      left -= count;
      if (count < chunk.length && left > 0) {
        throw truncated("shape " + Tensor.text(shape), length, length - left);
      }
      ByteBuffer bytes = ByteBuffer.wrap(chunk, 0, count).order(order);
      String problem = elements.addAll(bytes, type);
      if (problem != null) {
        String index = index(elements.size(), shape);
        throw error((index.isEmpty() ? "" : "at " + index + ": ") + problem);
      }
    }
    consumed(length);
    return elements.toTensor(shape);
  }

  /** The index path of an element: {@code [1][0]}. */
  static String index(int flat, int... shape) {
    int[] strides = Tensor.strides(shape);
    StringBuilder path = new StringBuilder();
    int rest = flat;
    for (int axis = 0; axis < shape.length; axis++) {
      path.append('[').append(rest / strides[axis]).append(']');
      rest %= strides[axis];
    }
    return path.toString();
  }

  private void require(long needed, String what) {
    if (remaining != UNKNOWN && needed > remaining) {
      throw truncated(what, needed, remaining);
    }
  }

  private InputException truncated(String what, long needed, long there) {
    return error(
        what + " needs " + needed + " bytes but only " + there + " follow: the file is truncated");
  }

  private void consumed(long count) {
    if (remaining != UNKNOWN) {
      remaining -= count;
    }
  }

  /** Sizes read as 64-bit numbers, checked to fit. */
  int[] shape(long... sizes) {
    int[] shape = new int[sizes.length];
    if (sizes.length > JsonTensorReader.MAX_RANK) {
      throw error("has " + sizes.length + " axes; at most 64 are read");
    }
    for (int i = 0; i < sizes.length; i++) {
      if (sizes[i] < 0 || sizes[i] > Tensor.MAX_ELEMENTS) {
        throw error(
            "a size of "
                + sizes[i]
                + " in shape "
                + Arrays.toString(sizes)
                + " is beyond "
                + Tensor.MAX_ELEMENTS);
      }
      shape[i] = (int) sizes[i];
    }
    return shape;
  }
}
