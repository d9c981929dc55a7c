package lamina.format;

import java.nio.ByteBuffer;

/** The element types that binary files have. */
enum ElementType {
  F64(8, "f8"),
  F32(4, "f4"),
  F16(2, "f2"),
  BF16(2, ""),
  I64(8, "i8"),
  I32(4, "i4"),
  I16(2, "i2"),
  I8(1, "i1"),
  U64(8, "u8"),
  U32(4, "u4"),
  U16(2, "u2"),
  U8(1, "u1"),
  BOOL(1, "b1");

  private final int bytes;

  /** NumPy's code, without the byte order; empty if NumPy has no such type. */
  private final String code;

  ElementType(int bytes, String code) {
    this.bytes = bytes;
    this.code = code;
  }

  /** The type of a code such as {@code f8}, or null. */
  static ElementType ofNumpy(String code) {
    for (ElementType type : values()) {
      if (!type.code.isEmpty() && type.code.equals(code)) {
        return type;
      }
    }
    return null;
  }

  int bytes() {
    return bytes;
  }

  boolean isFloating() {
    return this == F64 || this == F32 || this == F16 || this == BF16;
  }

  /** The next element of a floating type. */
  double nextFloating(ByteBuffer from) {
    return switch (this) {
      case F64 -> from.getDouble();
      case F32 -> from.getFloat();
      case F16 -> half(from.getShort());
      default -> Float.intBitsToFloat(from.getShort() << 16);
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
