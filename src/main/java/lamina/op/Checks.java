package lamina.op;

import java.util.Arrays;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/** What the public operations ask of their tensors before a kernel trusts them. */
public final class Checks {
  private Checks() {}

  /** Refuses indices where numbers are needed. */
  public static void real(Tensor x, String operation) {
    if (x.dtype() == DType.INT64) {
      throw new InputException(operation + " needs float64 or float32, not int64");
    }
  }

  /** A further input must have the main input's type. */
  public static void sameType(Tensor tensor, String name, DType dtype) {
    if (tensor != null && tensor.dtype() != dtype) {
      throw InputException.sentence(
          name + " is " + tensor.dtype().label() + " but the input is " + dtype.label());
    }
  }

  /** A parameter, if there is one, must have this type and shape. */
  static void parameter(Tensor tensor, String name, DType dtype, int... shape) {
    if (tensor == null) {
      return;
    }
    sameType(tensor, name, dtype);
    if (!Arrays.equals(tensor.shape(), shape)) {
      throw InputException.sentence(
          name
              + " has shape "
              + Tensor.text(tensor.shape())
              + " but the input needs "
              + Tensor.text(shape));
    }
  }

  /** A gradient must have the output's type and shape. */
  public static void gradient(Tensor dy, DType dtype, int... shape) {
    sameType(dy, "the output's gradient", dtype);
    if (!Arrays.equals(dy.shape(), shape)) {
      throw InputException.sentence(
          "the output's gradient has shape "
              + Tensor.text(dy.shape())
              + " but the output has "
              + Tensor.text(shape));
    }
  }

  /** An axis counted from the first; a negative one counts from the last, which is -1. */
  static int axis(int axis, String operation, int... shape) {
    int index = axis < 0 ? axis + shape.length : axis;
    if (index < 0 || index >= shape.length) {
      throw new InputException(
          operation
              + " along axis "
              + axis
              + ": the input of shape "
              + Tensor.text(shape)
              + (shape.length == 0
                  ? " has no axes"
                  : " has the axes " + -shape.length + " to " + (shape.length - 1)));
    }
    return index;
  }

  /** The product of some sizes of a shape that is known to be small enough. */
  public static int product(int[] shape, int from, int to) {
    int product = 1;
    for (int i = from; i < to; i++) {
      product *= shape[i];
    }
    return product;
  }

  /** A number for a message: without decimals if it is whole. */
  public static String number(double value) {
    return value == (long) value ? Long.toString((long) value) : Double.toString(value);
  }
}
