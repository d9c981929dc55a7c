package lamina.layer;

import lamina.tensor.DType;
import lamina.tensor.NarrowNumber;
import lamina.tensor.Tensor;

/**
 * The same elements as another type: numbers of any width are what is computed in, whole numbers
 * are cut to their bits, truth is 0 or 1.
 *
 * @param number what numbers become
 * @param format what numbers are rounded to; null if they are not
 * @param saturates whether those beyond the format become its largest
 */
public record Cast(Kind kind, DType number, NarrowNumber format, boolean saturates)
    implements Layer {
  /** A cast that rounds to nothing narrower than what is computed in. */
  public Cast(Kind kind, DType number) {
    this(kind, number, null, false);
  }

  /** What is cast to. */
  public enum Kind {
    NUMBER,
    TRUTH,
    INT2,
    UINT2,
    INT4,
    UINT4,
    INT8,
    UINT8,
    INT16,
    UINT16,
    INT32,
    UINT32,
    INT64;

    /** The kind of one of ONNX's data types by its number; null if there is none. */
    public static Kind ofOnnx(int type) {
      return switch (type) {
        case 1, 10, 11, 16, 17, 18, 19, 20, 23, 24 -> NUMBER;
        case 2 -> UINT8;
        case 3 -> INT8;
        case 4 -> UINT16;
        case 5 -> INT16;
        case 6 -> INT32;
        case 7, 13 -> INT64;
        case 9 -> TRUTH;
        case 12 -> UINT32;
        case 21 -> UINT4;
        case 22 -> INT4;
        case 25 -> UINT2;
        case 26 -> INT2;
        default -> null;
      };
    }

    /** Whether it is a whole number of fewer than 64 bits. */
    public boolean isNarrow() {
      return this != NUMBER && this != TRUTH && this != INT64;
    }

    /** A whole number cut to the bits of a narrow kind; others leave it as it is. */
    public long cut(long value) {
      return switch (this) {
        case INT2 -> value << 62 >> 62;
        case UINT2 -> value & 3;
        case INT4 -> value << 60 >> 60;
        case UINT4 -> value & 0xf;
        case INT8 -> (byte) value;
        case UINT8 -> value & 0xff;
        case INT16 -> (short) value;
        case UINT16 -> value & 0xffff;
        case INT32 -> (int) value;
        case UINT32 -> value & 0xffffffffL;
        default -> value;
      };
    }
  }

  @Override
  public String type() {
    return "Cast";
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    if (kind == Kind.NUMBER) {
      // What comes from whole numbers depends on nothing that has a gradient.
      pass.record((dy, gradients) -> input.dtype() == DType.INT64 ? null : dy);
      return format == null ? input.as(number) : rounded(input);
    }
    pass.record((dy, gradients) -> null);
    Tensor y = Tensor.zeros(DType.INT64, input.shape());
    for (int i = 0; i < y.size(); i++) {
      boolean isWhole = input.dtype() == DType.INT64;
      long value = isWhole ? input.longs()[i] : (long) input.get(i);
      if (kind == Kind.TRUTH) {
        y.longs()[i] = input.get(i) == 0 ? 0 : 1;
      } else {
        y.longs()[i] = kind.cut(value);
      }
    }
    return y;
  }

  private Tensor rounded(Tensor input) {
    Tensor y = Tensor.zeros(DType.FLOAT64, input.shape());
    for (int i = 0; i < y.size(); i++) {
      y.doubles()[i] = format.round(input.get(i), saturates);
    }
    return y.as(number);
  }
}
