package lamina.layer;

import lamina.tensor.DType;
import lamina.tensor.Tensor;

/**
 * The same elements as another type: numbers of any width are what is computed in, whole numbers
 * are cut to their bits, truth is 0 or 1.
 *
 * @param number what numbers become
 */
public record Cast(Kind kind, DType number) implements Layer {
  /** What is cast to. */
  public enum Kind {
    NUMBER,
    TRUTH,
    INT8,
    UINT8,
    INT16,
    UINT16,
    INT32,
    UINT32,
    INT64
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
      return input.as(number);
    }
    Tensor y = Tensor.zeros(DType.INT64, input.shape());
    for (int i = 0; i < y.size(); i++) {
      boolean isWhole = input.dtype() == DType.INT64;
      long value = isWhole ? input.longs()[i] : (long) input.get(i);
      y.longs()[i] =
          switch (kind) {
            case TRUTH -> input.get(i) == 0 ? 0 : 1;
            case INT8 -> (byte) value;
            case UINT8 -> value & 0xff;
            case INT16 -> (short) value;
            case UINT16 -> value & 0xffff;
            case INT32 -> (int) value;
            case UINT32 -> value & 0xffffffffL;
            default -> value;
          };
    }
    return y;
  }
}
