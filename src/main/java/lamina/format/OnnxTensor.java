package lamina.format;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lamina.tensor.DType;
import lamina.tensor.NarrowNumber;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * ONNX's TensorProto: a tensor in a {@code .pb} file or within a model. Its elements stay where
 * they are until they are asked for. Fields by number: onnx.proto of the ONNX project (Apache-2.0).
 */
public final class OnnxTensor {
  /** Where the elements of a model's tensors are. */
  public interface Bytes {
    /** The bytes from an offset on. */
    InputStream open(long offset) throws IOException;

    /** How many there are. */
    long length();

    /** The folder of external data; null if there is no file. */
    Path folder();
  }

  /** What is to be read, and how: the number of ONNX's data type and the types of its elements. */
  private enum Kind {
    FLOAT(1, ElementType.F32),
    UINT8(2, ElementType.U8),
    INT8(3, ElementType.I8),
    UINT16(4, ElementType.U16),
    INT16(5, ElementType.I16),
    INT32(6, ElementType.I32),
    INT64(7, ElementType.I64),
    BOOL(9, ElementType.BOOL),
    FLOAT16(10, ElementType.F16),
    DOUBLE(11, ElementType.F64),
    UINT32(12, ElementType.U32),
    UINT64(13, ElementType.U64),
    BFLOAT16(16, ElementType.BF16),
    FLOAT8E4M3FN(17, ElementType.F8E4M3FN),
    FLOAT8E4M3FNUZ(18, ElementType.F8E4M3FNUZ),
    FLOAT8E5M2(19, ElementType.F8E5M2),
    FLOAT8E5M2FNUZ(20, ElementType.F8E5M2FNUZ),
    UINT4(21, 4),
    INT4(22, 4),
    FLOAT4E2M1(23, 4),
    FLOAT8E8M0(24, ElementType.F8E8M0),
    UINT2(25, 2),
    INT2(26, 2);

    private final int number;
    private final ElementType elements;

    /** How many bits an element has if several share a byte, the first in its lowest bits. */
    private final int bits;

    Kind(int number, ElementType elements) {
      this.number = number;
      this.elements = elements;
      this.bits = 8 * elements.bytes();
    }

    Kind(int number, int bits) {
      this.number = number;
      this.elements = ElementType.U8;
      this.bits = bits;
    }

    boolean isPacked() {
      return bits < 8;
    }

    /** The element that bits stand for, if several share a byte. */
    double unpacked(int pattern) {
      return switch (this) {
        case FLOAT4E2M1 -> NarrowNumber.E2M1.decode(pattern);
        case INT4, INT2 -> pattern << (32 - bits) >> (32 - bits);
        default -> pattern;
      };
    }

    static Kind of(int number) {
      for (Kind kind : values()) {
        if (kind.number == number) {
          return kind;
        }
      }
      return null;
    }
  }

  private final Bytes bytes;
  private final String source;
  private final List<Long> sizes = new ArrayList<>();
  private final List<ProtoInput.Chunk> chunks = new ArrayList<>();
  private final ElementBuffer integers = new ElementBuffer(DType.INT64);
  private final ElementBuffer numbers = new ElementBuffer(DType.FLOAT64);
  private final Map<String, String> external = new HashMap<>();
  private String name = "";
  private int type;
  private boolean isExternal;

  private OnnxTensor(Bytes bytes, String source) {
    this.bytes = bytes;
    this.source = source;
  }

  /** Bytes in memory. */
  public static Bytes bytes(byte[] all) {
    return new Bytes() {
      @Override
      public InputStream open(long offset) {
        return new ByteArrayInputStream(all, (int) offset, all.length - (int) offset);
      }

      @Override
      public long length() {
        return all.length;
      }

      @Override
      public Path folder() {
        return null;
      }
    };
  }

  /** The bytes of a file, which is opened anew for each tensor. */
  public static Bytes bytes(Path file) throws IOException {
    long length = Files.size(file);
    return new Bytes() {
      @Override
      public InputStream open(long offset) throws IOException {
        SeekableByteChannel channel = Files.newByteChannel(file);
        channel.position(offset);
        return Channels.newInputStream(channel);
      }

      @Override
      public long length() {
        return length;
      }

      @Override
      public Path folder() {
        Path parent = file.toAbsolutePath().getParent();
        return parent == null ? file.toAbsolutePath() : parent;
      }
    };
  }

  /** Reads a whole {@code .pb} file. */
  static Tensor read(InputStream in, DType dtype, String source) throws IOException {
    byte[] all = in.readAllBytes();
    OnnxTensor tensor =
        parse(
            new ProtoInput(new ByteArrayInputStream(all), all.length, source), bytes(all), source);
    return tensor.tensor(dtype);
  }

  /**
   * Reads a whole {@code .pb} file as what it holds.
   *
   * @param dtype what numbers become; whole numbers become int64
   */
  public static Tensor read(Path file, DType dtype) {
    String source = file.toString();
    try {
      Bytes bytes = bytes(file);
      try (InputStream stream = bytes.open(0)) {
        OnnxTensor tensor = parse(new ProtoInput(stream, bytes.length(), source), bytes, source);
        return tensor.tensor(tensor.natural() == DType.INT64 ? DType.INT64 : dtype);
      }
    } catch (IOException e) {
      throw ReadFailure.of(source, e);
    }
  }

  /**
   * Reads the message at hand; elements only as far as they are no plain bytes.
   *
   * @param bytes the file that is read
   * @param source what messages call the file
   */
  public static OnnxTensor parse(ProtoInput in, Bytes bytes, String source) {
    OnnxTensor tensor = new OnnxTensor(bytes, source);
    in.fields(field -> tensor.read(field, in));
    return tensor;
  }

  private boolean read(int field, ProtoInput in) {
    switch (field) {
      case 1 -> in.integers(sizes::add);
      case 2 -> type = (int) in.integer();
      case 4 -> addPacked(in, ElementType.F32);
      case 10 -> addPacked(in, ElementType.F64);
      case 5, 7, 11 -> in.integers(integers::addInteger);
      case 8 -> name = in.text();
      case 9 -> chunks.add(in.chunk());
      case 13 -> in.message(() -> readExternal(in));
      case 14 -> isExternal = in.integer() == 1;
      default -> {
        return false;
      }
    }
    return true;
  }

  /** Numbers of a fixed width lie in the file as raw elements do. */
  private void addPacked(ProtoInput in, ElementType width) {
    if (in.isPacked()) {
      chunks.add(in.chunk());
    } else {
      numbers.add(width == ElementType.F32 ? in.single() : in.number());
    }
  }

  private void readExternal(ProtoInput in) {
    String[] entry = {"", ""};
    in.fields(
        field -> {
          if (field != 1 && field != 2) {
            return false;
          }
          entry[field - 1] = in.text();
          return true;
        });
    external.put(entry[0], entry[1]);
  }

  /** Its name within the model; empty if it has none. */
  public String name() {
    return name;
  }

  private InputException error(String message) {
    return InputException.at(
        source, (name.isEmpty() ? "the tensor" : "tensor '" + name + "'") + " " + message);
  }

  private Kind kind() {
    Kind kind = Kind.of(type);
    if (kind == null) {
      String what =
          switch (type) {
            case 0 -> "has no data type";
            case 8 -> "holds strings, which are no numbers";
            case 14, 15 -> "holds complex numbers, which are not read";
            default -> "has the data type " + type + ", which is not read";
          };
      throw error(what);
    }
    return kind;
  }

  /** The number of its data type in ONNX. */
  public int type() {
    return type;
  }

  /** Its sizes. */
  public Shape shape() {
    return Shape.of(sizes());
  }

  private int[] sizes() {
    long[] all = new long[sizes.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = sizes.get(i);
    }
    try {
      int[] shape = new BinaryInput(InputStream.nullInputStream(), 0, source).shape(all);
      Tensor.elements(shape);
      return shape;
    } catch (InputException e) {
      throw new InputException(
          (name.isEmpty() ? "" : "tensor '" + name + "': ") + e.getMessage(), e);
    }
  }

  /** The type that its elements have here: halves are widened, integers and truth are int64. */
  public DType natural() {
    ElementType elements = kind().elements;
    if (kind() == Kind.FLOAT4E2M1) {
      return DType.FLOAT32;
    }
    if (elements == ElementType.F64) {
      return DType.FLOAT64;
    }
    return elements.isFloating() ? DType.FLOAT32 : DType.INT64;
  }

  /**
   * The tensor with its elements.
   *
   * @throws InputException if there are too few or too many, or they cannot be read
   */
  public Tensor tensor(DType dtype) {
    Kind kind = kind();
    int[] shape = sizes();
    if (kind.isPacked()) {
      int count = Tensor.elements(shape);
      int[] packed = {(int) (((long) count * kind.bits + 7) / 8)};
      return converted(unpacked(stored(kind, packed, DType.INT64), shape), dtype);
    }
    return stored(kind, shape, dtype);
  }

  /** Elements that share bytes. */
  private Tensor unpacked(Tensor bytesOfAll, int... shape) {
    Kind kind = kind();
    Tensor values = Tensor.zeros(natural(), shape);
    int perByte = 8 / kind.bits;
    for (int i = 0; i < values.size(); i++) {
      int pattern = (int) bytesOfAll.longs()[i / perByte] >> (i % perByte * kind.bits);
      double value = kind.unpacked(pattern & ((1 << kind.bits) - 1));
      if (values.dtype() == DType.INT64) {
        values.longs()[i] = (long) value;
      } else {
        values.floats()[i] = (float) value;
      }
    }
    return values;
  }

  private Tensor stored(Kind kind, int[] shape, DType dtype) {
    int size = Tensor.elements(shape);
    try {
      if (isExternal) {
        return external(kind.elements, shape, dtype);
      }
      long length = 0;
      for (ProtoInput.Chunk chunk : chunks) {
        length += chunk.length();
      }
      if (length > 0) {
        check(length, (long) size * kind.elements.bytes(), "bytes", shape);
        return chunked(length, kind.elements, shape, dtype);
      }
    } catch (IOException e) {
      throw ReadFailure.of(source, e);
    }
    ElementBuffer given = numbers.size() > 0 ? numbers : integers;
    check(given.size(), size, size == 1 ? "element" : "elements", shape);
    Tensor values = given.toTensor(shape);
    if (given == integers && kind.elements.isFloating()) {
      values = halves(values, kind.elements);
    }
    return converted(values, dtype);
  }

  private Tensor converted(Tensor values, DType dtype) {
    if (values.dtype() != DType.INT64 && dtype == DType.INT64) {
      ElementBuffer whole = new ElementBuffer(DType.INT64);
      for (int i = 0; i < values.size(); i++) {
        String problem = whole.add(values.get(i));
        if (problem != null) {
          throw error("at " + BinaryInput.index(i, values.shape()) + ": " + problem);
        }
      }
      return whole.toTensor(values.shape());
    }
    return values.as(dtype);
  }

  /** Numbers of 16 and 8 bits that are written as the integers that their bits are. */
  private static Tensor halves(Tensor bits, ElementType type) {
    Tensor values = Tensor.zeros(DType.FLOAT32, bits.shape());
    for (int i = 0; i < values.size(); i++) {
      values.floats()[i] = (float) type.ofBits(bits.longs()[i]);
    }
    return values;
  }

  private void check(long there, long needed, String unit, int... shape) {
    if (there != needed) {
      throw error(
          "of shape "
              + Tensor.text(shape)
              + " needs "
              + needed
              + " "
              + unit
              + " but has "
              + there
              + (isExternal ? " of external data" : ""));
    }
  }

  private Tensor chunked(long length, ElementType elements, int[] shape, DType dtype)
      throws IOException {
    if (chunks.size() == 1) {
      try (InputStream in = bytes.open(chunks.get(0).offset())) {
        return new BinaryInput(in, length, source)
            .elements(elements, ByteOrder.LITTLE_ENDIAN, shape, dtype);
      }
    }
    byte[] all = new byte[(int) length];
    int filled = 0;
    for (ProtoInput.Chunk chunk : chunks) {
      try (InputStream in = bytes.open(chunk.offset())) {
        filled += in.readNBytes(all, filled, (int) chunk.length());
      }
    }
    return new BinaryInput(new ByteArrayInputStream(all), filled, source)
        .elements(elements, ByteOrder.LITTLE_ENDIAN, shape, dtype);
  }

  private Tensor external(ElementType elements, int[] shape, DType dtype) throws IOException {
    String location = external.getOrDefault("location", "");
    Path file = externalFile(location);
    long all = Files.size(file);
    long offset = number("offset", 0);
    long length = number("length", Math.max(0, all - offset));
    if (offset > all || length > all - offset) {
      throw error(
          "lies at byte "
              + offset
              + ", "
              + length
              + " bytes long, in '"
              + Source.printable(location)
              + "', which has "
              + all);
    }
    check(length, (long) Tensor.elements(shape) * elements.bytes(), "bytes", shape);
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      channel.position(offset);
      InputStream in = new BufferedInputStream(Channels.newInputStream(channel), 1 << 16);
      return new BinaryInput(in, length, source + ": " + location)
          .elements(elements, ByteOrder.LITTLE_ENDIAN, shape, dtype);
    }
  }

  /** A file in the model's folder or below it, links followed. */
  private Path externalFile(String location) throws IOException {
    String shown = "'" + Source.printable(location) + "'";
    if (bytes.folder() == null) {
      throw error("has external data " + shown + "; give the model as a file, not as a stream");
    }
    Path folder = bytes.folder().toRealPath();
    Path file;
    try {
      file = folder.resolve(location).normalize();
    } catch (InvalidPathException e) {
      throw error("has external data in " + shown + ", which is no file's name");
    }
    if (location.isEmpty() || !file.startsWith(folder) || file.equals(folder)) {
      throw error("has external data in " + shown + ", which is not in the model's folder");
    }
    if (!Files.isRegularFile(file)) {
      throw error("has external data in " + shown + ", but there is no such file");
    }
    if (!file.toRealPath().startsWith(folder)) {
      throw error("has external data in " + shown + ", a link out of the model's folder");
    }
    return file;
  }

  private long number(String key, long otherwise) {
    String text = external.get(key);
    if (text == null || text.isEmpty()) {
      return otherwise;
    }
    try {
      long value = Long.parseLong(text);
      if (value >= 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw error("has external data with the " + key + " '" + Source.printable(text) + "'");
  }
}
