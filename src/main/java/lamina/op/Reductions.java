package lamina.op;

import java.util.Arrays;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * What some axes of a tensor come to, one number for each index of the others. Source: ONNX's
 * operators of these names; whole numbers stay whole.
 */
public enum Reductions {
  SUM,
  MEAN,
  MAX,
  MIN,
  PROD,
  L1,
  L2,
  LOG_SUM,
  LOG_SUM_EXP,
  SUM_SQUARE;

  /**
   * The order of axes in which those that stay come first and those that go come last, so that what
   * is reduced together is a row.
   */
  private static int[] order(int rank, boolean[] reduced) {
    int[] order = new int[rank];
    int next = 0;
    for (boolean last : new boolean[] {false, true}) {
      for (int axis = 0; axis < rank; axis++) {
        if (reduced[axis] == last) {
          order[next++] = axis;
        }
      }
    }
    return order;
  }

  private static int[] inverse(int... order) {
    int[] inverse = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      inverse[order[i]] = i;
    }
    return inverse;
  }

  private static int count(int[] shape, boolean[] reduced) {
    int count = 1;
    for (int axis = 0; axis < shape.length; axis++) {
      count *= reduced[axis] ? shape[axis] : 1;
    }
    return count;
  }

  private static int[] shape(int[] input, boolean[] reduced) {
    int[] shape = new int[input.length];
    int rank = 0;
    for (int axis = 0; axis < input.length; axis++) {
      if (!reduced[axis]) {
        shape[rank++] = input[axis];
      }
    }
    return Arrays.copyOf(shape, rank);
  }

  /**
   * The reduced tensor, without the axes.
   *
   * @param reduced which axes go
   * @throws InputException if nothing is there to take the greatest or smallest of
   */
  public Tensor forward(Tensor x, boolean... reduced) {
    int count = count(x.shape(), reduced);
    int[] shape = shape(x.shape(), reduced);
    Tensor rows = x.permute(order(x.rank(), reduced));
    Tensor y = Tensor.zeros(x.dtype(), shape);
    for (int row = 0; row < y.size(); row++) {
      if (x.dtype() == DType.INT64) {
        y.longs()[row] = whole(rows.longs(), row * count, count);
        continue;
      }
      double value = value(rows, row * count, count);
      if (x.dtype() == DType.FLOAT64) {
        y.doubles()[row] = value;
      } else {
        y.floats()[row] = (float) value;
      }
    }
    return y;
  }

  private long whole(long[] x, int from, int count) {
    long value =
        switch (this) {
          case PROD -> 1;
          case MAX -> Long.MIN_VALUE;
          case MIN -> Long.MAX_VALUE;
          default -> 0;
        };
    double sum = 0;
    for (int i = from; i < from + count; i++) {
      switch (this) {
        case SUM, MEAN -> value += x[i];
        case MAX -> value = Math.max(value, x[i]);
        case MIN -> value = Math.min(value, x[i]);
        case PROD -> value *= x[i];
        case L1 -> value += Math.abs(x[i]);
        case SUM_SQUARE -> value += x[i] * x[i];
        case L2 -> sum += (double) x[i] * x[i];
        default -> throw new InputException("takes no whole numbers");
      }
    }
    return switch (this) {
      case MEAN -> count == 0 ? 0 : value / count;
      case L2 -> (long) Math.sqrt(sum);
      default -> value;
    };
  }

  private double value(Tensor x, int from, int count) {
    double sum = 0;
    double greatest = Double.NEGATIVE_INFINITY;
    double smallest = Double.POSITIVE_INFINITY;
    double product = 1;
    for (int i = from; i < from + count; i++) {
      double element = x.get(i);
      switch (this) {
        case SUM, MEAN, LOG_SUM -> sum += element;
        case L1 -> sum += Math.abs(element);
        case L2, SUM_SQUARE -> sum += element * element;
        case PROD -> product *= element;
        case MIN -> smallest = Math.min(smallest, element);
        case MAX, LOG_SUM_EXP -> greatest = Math.max(greatest, element);
      }
    }
    if (this == LOG_SUM_EXP && !Double.isInfinite(greatest)) {
      for (int i = from; i < from + count; i++) {
        sum += Math.exp(x.get(i) - greatest);
      }
    }
    return switch (this) {
      case SUM, L1, SUM_SQUARE -> sum;
      case MEAN -> sum / count;
      case L2 -> Math.sqrt(sum);
      case LOG_SUM -> Math.log(sum);
      case PROD -> product;
      case MIN -> smallest;
      case MAX -> greatest;
      case LOG_SUM_EXP -> Double.isInfinite(greatest) ? greatest : greatest + Math.log(sum);
    };
  }

  /**
   * The gradient with respect to the input; equal greatest or smallest elements share it.
   *
   * @param y the output
   * @param dy the gradient with respect to it
   */
  public Tensor backward(Tensor x, Tensor y, Tensor dy, boolean... reduced) {
    int count = count(x.shape(), reduced);
    int[] order = order(x.rank(), reduced);
    Tensor rows = x.permute(order);
    Tensor gradient = Tensor.zeros(dy.dtype(), rows.shape());
    for (int row = 0; row < y.size(); row++) {
      int from = row * count;
      int ties = 0;
      for (int i = from; i < from + count; i++) {
        ties += rows.get(i) == y.get(row) ? 1 : 0;
      }
      for (int i = from; i < from + count; i++) {
        double slope = dy.get(row) * slope(rows, i, from, count, y.get(row), ties);
        if (dy.dtype() == DType.FLOAT64) {
          gradient.doubles()[i] = slope;
        } else {
          gradient.floats()[i] = (float) slope;
        }
      }
    }
    return gradient.permute(inverse(order));
  }

  private double slope(Tensor rows, int index, int from, int count, double y, int ties) {
    double x = rows.get(index);
    return switch (this) {
      case SUM -> 1;
      case MEAN -> 1.0 / count;
      case MAX, MIN -> x == y ? 1.0 / ties : 0;
      case L1 -> Math.signum(x);
      case L2 -> y == 0 ? 0 : x / y;
      case SUM_SQUARE -> 2 * x;
      case LOG_SUM -> Math.exp(-y);
      case LOG_SUM_EXP -> Math.exp(x - y);
      case PROD -> {
        double others = 1;
        for (int i = from; i < from + count; i++) {
          others *= i == index ? 1 : rows.get(i);
        }
        yield others;
      }
    };
  }

  /**
   * The index of the greatest or smallest element of each row of an axis, without the axis.
   *
   * @param last whether the last of equal ones counts rather than the first
   */
  public static Tensor index(Tensor x, int axis, boolean greatest, boolean last) {
    int size = x.dim(axis);
    int[] shape = x.shape();
    if (size == 0) {
      throw new InputException("finds nothing on the empty axis " + axis);
    }
    boolean[] reduced = new boolean[x.rank()];
    reduced[axis] = true;
    Tensor rows = x.permute(order(x.rank(), reduced));
    Tensor y = Tensor.zeros(DType.INT64, shape(shape, reduced));
    for (int row = 0; row < y.size(); row++) {
      int best = 0;
      for (int i = 1; i < size; i++) {
        double a = rows.get(row * size + i);
        double b = rows.get(row * size + best);
        boolean isBetter = greatest ? a > b : a < b;
        if (isBetter || (last && a == b)) {
          best = i;
        }
      }
      y.longs()[row] = best;
    }
    return y;
  }
}
