package lamina.format;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import lamina.tensor.DType;
import lamina.tensor.Tensor;

/**
 * NumPy's format for one array: a magic number, a header that is the text of a Python dictionary,
 * and the elements. Versions 1 to 3, numbers and truth values, either byte order, C or Fortran
 * order. The format is described in {@code numpy.lib.format}.
 */
public final class Npy {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  /** NumPy itself refuses headers beyond 10,000 characters. */
  private static final int MAX_HEADER = 1 << 16;

  private Npy() {}

  /** Whether bytes begin as a file in this format. */
  static boolean matches(byte[] head) {
    return head.length >= MAGIC.length && Arrays.equals(Arrays.copyOf(head, MAGIC.length), MAGIC);
  }

  /**
   * Reads an array.
   *
   * @param length the number of bytes, or -1 if that is unknown
   * @throws lamina.text.InputException if the file is malformed, truncated or too large
   */
  public static Tensor read(InputStream in, long length, DType dtype, String sourceName)
      throws IOException {
    BinaryInput input = new BinaryInput(in, length, sourceName);
    byte[] start = input.bytes(8, "the start of an npy file");
    if (!matches(start)) {
      throw input.error("not an npy file: it does not start with \\x93NUMPY");
    }
    int version = start[6];
    if (version < 1 || version > 3) {
      throw input.error("version " + version + " of npy is unknown; 1 to 3 are read");
    }
    int lengthBytes = version == 1 ? 2 : 4;
    long headerLength = 0;
    byte[] lengthField = input.bytes(lengthBytes, "the header's length");
    for (int i = lengthBytes - 1; i >= 0; i--) {
      headerLength = (headerLength << 8) | (lengthField[i] & 0xff);
    }
    if (headerLength > MAX_HEADER) {
      throw input.error(
          "a header of " + headerLength + " bytes; at most " + MAX_HEADER + " are read");
    }
    String header =
        new String(input.bytes((int) headerLength, "the header"), StandardCharsets.UTF_8);
    Tensor tensor = new NpyHeader(header, input).read(dtype);
    input.end();
    return tensor;
  }

  /** Writes an array, little-endian, in C order, with a header of version 1. */
  public static void write(Tensor tensor, OutputStream out) throws IOException {
    StringBuilder header = new StringBuilder("{'descr': '");
    header.append(
        switch (tensor.dtype()) {
          case FLOAT64 -> "<f8";
          case FLOAT32 -> "<f4";
          case INT64 -> "<i8";
        });
    header.append("', 'fortran_order': False, 'shape': (");
    int[] shape = tensor.shape();
    for (int i = 0; i < shape.length; i++) {
      header.append(i == 0 ? "" : ", ").append(shape[i]);
    }
    header.append(shape.length == 1 ? ",), }" : "), }");
    // The elements start at a multiple of 64 bytes.
    while ((MAGIC.length + 4 + header.length() + 1) % 64 != 0) {
      header.append(' ');
    }
    header.append('\n');
    out.write(MAGIC);
    out.write(new byte[] {1, 0, (byte) header.length(), (byte) (header.length() >> 8)});
    out.write(header.toString().getBytes(StandardCharsets.US_ASCII));
    writeElements(tensor, out);
  }

  /** Writes the elements, little-endian, a piece at a time. */
  static void writeElements(Tensor tensor, OutputStream out) throws IOException {
    int width = tensor.dtype().bytes();
    int piece = 1 << 13;
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.min(piece, tensor.size()) * width).order(ByteOrder.LITTLE_ENDIAN);
    for (int from = 0; from < tensor.size(); from += piece) {
      int count = Math.min(piece, tensor.size() - from);
      switch (tensor.dtype()) {
        case FLOAT64 -> bytes.asDoubleBuffer().put(tensor.doubles(), from, count);
        case FLOAT32 -> bytes.asFloatBuffer().put(tensor.floats(), from, count);
        case INT64 -> bytes.asLongBuffer().put(tensor.longs(), from, count);
      }
      out.write(bytes.array(), 0, count * width);
    }
  }
}
