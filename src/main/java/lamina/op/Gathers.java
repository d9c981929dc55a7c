package lamina.op;

import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * Elements taken from where indices say, and put there. All work on a list of places: flat offsets
 * in the data. Source: ONNX's Gather, GatherElements, GatherND, ScatterElements and ScatterND.
 */
public final class Gathers {
  private Gathers() {}

  private static int index(long given, int size) {
    if (given < -size || given >= size) {
      throw new InputException(
          "has the index "
              + given
              + " for an axis of "
              + size
              + (size == 1 ? " entry" : " entries"));
    }
    return (int) (given < 0 ? given + size : given);
  }

  /** Gather: the entries of an axis that indices of any shape name, in place of the axis. */
  public static int[] entries(int[] data, Tensor indices, int axis) {
    int inner = Checks.product(data, axis + 1, data.length);
    int outer = Checks.product(data, 0, axis);
    int[] places = new int[Tensor.elements(outer, indices.size(), inner)];
    int to = 0;
    for (int o = 0; o < outer; o++) {
      for (int i = 0; i < indices.size(); i++) {
        int from = (o * data[axis] + index(indices.longs()[i], data[axis])) * inner;
        for (int j = 0; j < inner; j++) {
          places[to++] = from + j;
        }
      }
    }
    return places;
  }

  /** GatherElements and ScatterElements: an index for every element, on one axis. */
  public static int[] elements(int[] data, Tensor indices, int axis) {
    int[] strides = Tensor.strides(data);
    int[] shape = indices.shape();
    int[] places = new int[indices.size()];
    int[] position = new int[shape.length];
    for (int i = 0; i < places.length; i++) {
      for (int a = 0; a < shape.length; a++) {
        int at = a == axis ? index(indices.longs()[i], data[a]) : position[a];
        places[i] += at * strides[a];
      }
      for (int a = shape.length - 1; a >= 0 && ++position[a] == shape[a]; a--) {
        position[a] = 0;
      }
    }
    return places;
  }

  /**
   * GatherND and ScatterND: rows of the last axis of the indices name entries.
   *
   * @param batch how many axes indices and data share
   */
  public static int[] rows(int[] data, Tensor indices, int batch) {
    int length = indices.dim(-1);
    int count = length == 0 ? 1 : indices.size() / length;
    int inner = Checks.product(data, batch + length, data.length);
    int perBatch = count / Math.max(1, Checks.product(data, 0, batch));
    int[] strides = Tensor.strides(data);
    int[] places = new int[Tensor.elements(count, inner)];
    for (int row = 0; row < count; row++) {
      int from = row / perBatch * Checks.product(data, batch, data.length);
      for (int j = 0; j < length; j++) {
        from += index(indices.longs()[row * length + j], data[batch + j]) * strides[batch + j];
      }
      for (int j = 0; j < inner; j++) {
        places[row * inner + j] = from + j;
      }
    }
    return places;
  }

  /** {@code y[i] = x[places[i]]}, in a shape of its own; a place of −1 gives 0. */
  public static Tensor take(Tensor x, int[] places, int... shape) {
    Tensor y = Tensor.zeros(x.dtype(), shape);
    for (int i = 0; i < places.length; i++) {
      if (places[i] < 0) {
        continue;
      }
      switch (x.dtype()) {
        case FLOAT64 -> y.doubles()[i] = x.doubles()[places[i]];
        case FLOAT32 -> y.floats()[i] = x.floats()[places[i]];
        case INT64 -> y.longs()[i] = x.longs()[places[i]];
      }
    }
    return y;
  }

  /** What becomes of an element that is put where another one is. */
  public enum Meeting {
    NONE,
    ADD,
    MUL,
    MAX,
    MIN
  }

  /** A copy of x with {@code x[places[i]]} replaced by, or joined with, {@code updates[i]}. */
  public static Tensor put(Tensor x, int[] places, Tensor updates, Meeting meeting) {
    Tensor y = Tensor.zeros(x.dtype(), x.shape());
    Blocks.copy(x, 0, y, 0, x.size());
    for (int i = 0; i < places.length; i++) {
      int place = places[i];
      if (place < 0) {
        continue;
      }
      if (x.dtype() == DType.INT64) {
        long there = y.longs()[place];
        long update = updates.longs()[i];
        y.longs()[place] =
            switch (meeting) {
              case NONE -> update;
              case ADD -> there + update;
              case MUL -> there * update;
              case MAX -> Math.max(there, update);
              case MIN -> Math.min(there, update);
            };
        continue;
      }
      double there = y.get(place);
      double update = updates.get(i);
      double value =
          switch (meeting) {
            case NONE -> update;
            case ADD -> there + update;
            case MUL -> there * update;
            case MAX -> Math.max(there, update);
            case MIN -> Math.min(there, update);
          };
      if (x.dtype() == DType.FLOAT64) {
        y.doubles()[place] = value;
      } else {
        y.floats()[place] = (float) value;
      }
    }
    return y;
  }

  /** The gradient of {@link #take} with respect to x: each element gathers those of its places. */
  public static Tensor takeBackward(Tensor dy, int[] places, int... inputShape) {
    return put(Tensor.zeros(dy.dtype(), inputShape), places, dy, Meeting.ADD);
  }
}
