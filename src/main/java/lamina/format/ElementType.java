package lamina.format;

import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Set;
import lamina.tensor.NarrowNumber;

/** The element types that binary files have. */
enum ElementType {
  F64(8, "f8 d float64 float double float_"),
  F32(4, "f4 f float32 single"),
  F16(2, "f2 e float16 half"),
  BF16(2, ""),
  F8E4M3FN(1, ""),
  F8E4M3FNUZ(1, ""),
  F8E5M2(1, ""),
  F8E5M2FNUZ(1, ""),
  F8E8M0(1, ""),
  I64(8, "i8 l q int64 int int_ long longlong intp"),
  I32(4, "i4 i int32 intc"),
  I16(2, "i2 h int16 short"),
  I8(1, "i1 b int8 byte"),
  U64(8, "u8 L Q uint64 uint ulong ulonglong uintp"),
  U32(4, "u4 I uint32 uintc"),
  U16(2, "u2 H uint16 ushort"),
  U8(1, "u1 B uint8 ubyte"),
  BOOL(1, "b1 ? bool bool_ bool8");

  private static final Set<ElementType> FLOATING = EnumSet.range(F64, F8E8M0);

  private final int bytes;

  /** NumPy's names, without the byte order; empty if NumPy has no such type. */
  private final String names;

  ElementType(int bytes, String names) {
    this.bytes = bytes;
    this.names = names;
  }

  /** The type of a name such as {@code f8}, {@code d} or {@code float64}, or null. */
  static ElementType ofNumpy(String name) {
    for (ElementType type : values()) {
      for (int at = type.names.indexOf(name); at >= 0; at = type.names.indexOf(name, at + 1)) {
        int end = at + name.length();
        boolean starts = at == 0 || type.names.charAt(at - 1) == ' ';
        boolean ends = end == type.names.length() || type.names.charAt(end) == ' ';
        if (starts && ends && end > at && name.indexOf(' ') < 0) {
          return type;
        }
      }
    }
    return null;
  }

  int bytes() {
    return bytes;
  }

  /** Whether its numbers have a fraction. */
  boolean isFloating() {
    return FLOATING.contains(this);
  }

  /** The next element of a floating type. */
  double nextFloating(ByteBuffer from) {
    return switch (this) {
      case F64 -> from.getDouble();
      case F32 -> from.getFloat();
      case F16 -> half(from.getShort());
      case BF16 -> Float.intBitsToFloat(from.getShort() << 16);
      default -> small().decode(from.get() & 0xff);
    };
  }

  private NarrowNumber small() {
    return switch (this) {
      case F8E4M3FN -> NarrowNumber.E4M3FN;
      case F8E4M3FNUZ -> NarrowNumber.E4M3FNUZ;
      case F8E5M2 -> NarrowNumber.E5M2;
      case F8E5M2FNUZ -> NarrowNumber.E5M2FNUZ;
      case F8E8M0 -> NarrowNumber.E8M0;
      default -> throw new IllegalStateException(this + " is no number of 8 bits");
    };
  }

  /** An element whose bits are written as a whole number, of a floating type but F32 and F64. */
  double ofBits(long bits) {
    return switch (this) {
      case F16 -> half((short) bits);
      case BF16 -> Float.intBitsToFloat((int) bits << 16);
      default -> small().decode((int) bits & 0xff);
    };
  }

  /** The next element of an integer type but U64, or a truth value as 0 or 1. */
  long nextInteger(ByteBuffer from) {
    return switch (this) {
      case I64, U64 -> from.getLong();
      case I32 -> from.getInt();
      case I16 -> from.getShort();
      case I8 -> from.get();
      case U32 -> from.getInt() & 0xffffffffL;
      case U16 -> from.getShort() & 0xffff;
      case U8 -> from.get() & 0xff;
      default -> from.get() == 0 ? 0 : 1;
    };
  }

  /** A number of IEEE 754's binary16: 1 sign, 5 exponent and 10 fraction bits. */
  static float half(short bits) {
    int exponent = (bits >> 10) & 0x1f;
    int fraction = bits & 0x3ff;
    float size;
    if (exponent == 0) {
      size = fraction * 0x1p-24f;
    } else if (exponent == 0x1f) {
      size = fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
    } else {
      size = Float.intBitsToFloat(((exponent + 112) << 23) | (fraction << 13));
    }
    return bits < 0 ? -size : size;
  }
}
