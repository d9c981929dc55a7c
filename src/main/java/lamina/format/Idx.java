package lamina.format;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import lamina.tensor.DType;
import lamina.tensor.Tensor;

/**
 * IDX, the format of MNIST's files: two zero bytes, the element type, the rank, the sizes in 4
 * bytes each, then the elements; everything big-endian.
 */
public final class Idx {
  private Idx() {}

  /** Takes what a file's header says before its elements are read. */
  public interface Header {
    /** The sizes, and whether the elements are unsigned bytes, as pixels are. */
    void read(int[] shape, boolean areBytes);
  }

  /**
   * Reads a tensor; pixels stay 0..255.
   *
   * @param length the number of bytes, or -1 if that is unknown
   */
  public static Tensor read(InputStream in, long length, DType dtype, String sourceName)
      throws IOException {
    return read(in, length, dtype, sourceName, null);
  }

  /**
   * Reads a tensor.
   *
   * @param beforehand is told what the header says; may be null
   */
  static Tensor read(InputStream in, long length, DType dtype, String sourceName, Header beforehand)
      throws IOException {
    BinaryInput input = new BinaryInput(in, length, sourceName);
    byte[] magic = input.bytes(4, "the start of an IDX file");
    if (magic[0] != 0 || magic[1] != 0) {
      throw input.error("not an IDX file: it does not start with two zero bytes");
    }
    ElementType type =
        switch (magic[2]) {
          case 0x08 -> ElementType.U8;
          case 0x09 -> ElementType.I8;
          case 0x0B -> ElementType.I16;
          case 0x0C -> ElementType.I32;
          case 0x0D -> ElementType.F32;
          case 0x0E -> ElementType.F64;
          default -> throw input.error("element type " + magic[2] + " is unknown to IDX");
        };
    long[] sizes = new long[magic[3] & 0xff];
    ByteBuffer header = ByteBuffer.wrap(input.bytes(4 * sizes.length, "the sizes"));
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = header.getInt() & 0xffffffffL;
    }
    int[] shape = input.shape(sizes);
    if (beforehand != null) {
      beforehand.read(shape, type == ElementType.U8);
    }
    Tensor tensor = input.elements(type, ByteOrder.BIG_ENDIAN, shape, dtype);
    input.end();
    return tensor;
  }
}
