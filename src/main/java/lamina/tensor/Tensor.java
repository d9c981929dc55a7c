package lamina.tensor;

import java.util.Arrays;
import java.util.Objects;
import lamina.text.InputException;

/**
 * A dense tensor: a type, a shape and its elements in row-major order (the last axis varies
 * fastest). A rank-0 tensor is a scalar and holds one element. The array is not copied: whoever
 * creates a tensor hands the array over.
 */
public final class Tensor {
  /** The largest number of elements: what one Java array holds. */
  public static final int MAX_ELEMENTS = Integer.MAX_VALUE - 8;

  private final DType dtype;
  private final int[] shape;
  private final Object data;
  private final int size;

  private Tensor(DType dtype, Object data, int length, int[] shape) {
    this.dtype = dtype;
    this.data = data;
    this.shape = shape.clone();
    this.size = elements(shape);
    if (length != size) {
      throw new InputException(
          "shape " + text(shape) + " has " + size + " elements but the data has " + length);
    }
  }

  /** A float64 tensor over {@code data}. */
  public static Tensor of(double[] data, int... shape) {
    return new Tensor(DType.FLOAT64, data, data.length, shape);
  }

  /** A float32 tensor over {@code data}. */
  public static Tensor of(float[] data, int... shape) {
    return new Tensor(DType.FLOAT32, data, data.length, shape);
  }

  /** An int64 tensor over {@code data}. */
  public static Tensor of(long[] data, int... shape) {
    return new Tensor(DType.INT64, data, data.length, shape);
  }

  /** A tensor of rank 0. */
  public static Tensor scalar(double value) {
    return of(new double[] {value});
  }

  /**
   * A tensor of zeros.
   *
   * @throws InputException if the shape has more elements than memory can hold
   */
  public static Tensor zeros(DType dtype, int... shape) {
    return allocate(dtype, true, shape);
  }

  /**
   * A tensor whose elements may be anything until all of them are set; see {@link Buffers}.
   *
   * @throws InputException if the shape has more elements than memory can hold
   */
  public static Tensor unset(DType dtype, int... shape) {
    return allocate(dtype, false, shape);
  }

  private static Tensor allocate(DType dtype, boolean cleared, int... shape) {
    int n = allocatable(dtype, shape);
    return switch (dtype) {
      case FLOAT64 -> of(Buffers.doubles(n, cleared), shape);
      case FLOAT32 -> of(Buffers.floats(n, cleared), shape);
      case INT64 -> of(Buffers.longs(n, cleared), shape);
    };
  }

  /** A tensor whose elements all have one value. */
  public static Tensor filled(DType dtype, double value, int... shape) {
    Tensor tensor = zeros(dtype, shape);
    switch (dtype) {
      case FLOAT64 -> Arrays.fill(tensor.doubles(), value);
      case FLOAT32 -> Arrays.fill(tensor.floats(), (float) value);
      case INT64 -> Arrays.fill(tensor.longs(), Math.round(value));
    }
    return tensor;
  }

  /**
   * The number of elements of a shape.
   *
   * @throws InputException if a size is negative or the product is beyond {@link #MAX_ELEMENTS}
   */
  public static int elements(int... shape) {
    long n = 1;
    boolean empty = false;
    for (int size : shape) {
      if (size < 0) {
        throw new InputException("shape " + text(shape) + " has a negative size");
      }
      empty |= size == 0;
    }
    if (empty) {
      return 0;
    }
    for (int size : shape) {
      n *= size;
      if (n > MAX_ELEMENTS) {
        throw new InputException(
            "a tensor of shape "
                + text(shape)
                + " is too large: at most "
                + MAX_ELEMENTS
                + " elements fit");
      }
    }
    return (int) n;
  }

  /**
   * The number of elements of a shape, after a check that memory for them can be had.
   *
   * @throws InputException as {@link #elements}, or if the heap's limit is below what they need
   */
  public static int allocatable(DType dtype, int... shape) {
    int n = elements(shape);
    Runtime runtime = Runtime.getRuntime();
    long free = runtime.maxMemory() - (runtime.totalMemory() - runtime.freeMemory());
    long needed = (long) n * dtype.bytes();
    // Small arrays are not checked, since the question takes time. Garbage counts as used here, so
    // a collection comes before a refusal.
    if (needed > (1 << 24) && needed > free) {
      System.gc();
      free = runtime.maxMemory() - (runtime.totalMemory() - runtime.freeMemory());
      if (needed > free) {
        throw new InputException(
            "a tensor of shape "
                + text(shape)
                + " needs "
                + mebibytes(needed)
                + " MiB but only "
                + mebibytes(free)
                + " MiB of memory are free; use a smaller size or raise the limit with"
                + " JAVA_TOOL_OPTIONS=-Xmx...");
      }
    }
    return n;
  }

  private static long mebibytes(long bytes) {
    return (bytes + (1 << 20) - 1) >> 20;
  }

  public DType dtype() {
    return dtype;
  }

  /** The sizes of the axes; a copy. */
  public int[] shape() {
    return shape.clone();
  }

  public int rank() {
    return shape.length;
  }

  /** The number of elements. */
  public int size() {
    return size;
  }

  /** The size of an axis; a negative axis counts from the last one, which is -1. */
  public int dim(int axis) {
    return shape[axis < 0 ? axis + shape.length : axis];
  }

  /** The elements of a float64 tensor: the array itself, not a copy. */
  public double[] doubles() {
    return (double[]) data;
  }

  /** The elements of a float32 tensor: the array itself, not a copy. */
  public float[] floats() {
    return (float[]) data;
  }

  /** The elements of an int64 tensor: the array itself, not a copy. */
  public long[] longs() {
    return (long[]) data;
  }

  /** The elements, as {@link #doubles}, {@link #floats} or {@link #longs} gives them. */
  public Object array() {
    return data;
  }

  /** The element at a flat index, widened to double. */
  public double get(int index) {
    return switch (dtype) {
      case FLOAT64 -> doubles()[index];
      case FLOAT32 -> floats()[index];
      case INT64 -> longs()[index];
    };
  }

  /** Sets the element at a flat index, as a cast to the tensor's type gives it. */
  public void set(int index, double value) {
    switch (dtype) {
      case FLOAT64 -> doubles()[index] = value;
      case FLOAT32 -> floats()[index] = (float) value;
      case INT64 -> longs()[index] = (long) value;
    }
  }

  /** This tensor in another type; itself if it has that type. Rounds to nearest. */
  public Tensor as(DType type) {
    if (type == dtype) {
      return this;
    }
    Tensor result = zeros(type, shape);
    for (int i = 0; i < size; i++) {
      switch (type) {
        case FLOAT64 -> result.doubles()[i] = get(i);
        case FLOAT32 -> result.floats()[i] = (float) get(i);
        case INT64 -> result.longs()[i] = Math.round(get(i));
      }
    }
    return result;
  }

  /**
   * The same elements under another shape; shares the array.
   *
   * @throws InputException if the shape has another number of elements
   */
  public Tensor reshape(int... newShape) {
    return new Tensor(dtype, data, size, newShape);
  }

  /** Whether both are views of one array. */
  public boolean sharesElements(Tensor other) {
    return data == other.data;
  }

  /**
   * A copy with its axes in another order: axis {@code i} of the result is {@code axes[i]} here.
   */
  public Tensor permute(int... axes) {
    if (axes.length != shape.length) {
      throw new IllegalArgumentException(axes.length + " axes for rank " + shape.length);
    }
    boolean inOrder = true;
    int[] resultShape = new int[axes.length];
    int[] steps = new int[axes.length];
    int[] strides = strides(shape);
    for (int i = 0; i < axes.length; i++) {
      inOrder &= axes[i] == i;
      resultShape[i] = shape[axes[i]];
      steps[i] = strides[axes[i]];
    }
    if (inOrder) {
      return this;
    }
    // The last axes that stay where they are make blocks that are copied as they lie.
    int moved = axes.length;
    int block = 1;
    while (axes[moved - 1] == moved - 1) {
      block *= shape[--moved];
    }
    Tensor result = unset(dtype, resultShape);
    int[] position = new int[moved];
    int from = 0;
    for (int to = 0; to < size; to += block) {
      if (block > 1) {
        System.arraycopy(data, from, result.data, to, block);
      } else {
        switch (dtype) {
          case FLOAT64 -> result.doubles()[to] = doubles()[from];
          case FLOAT32 -> result.floats()[to] = floats()[from];
          case INT64 -> result.longs()[to] = longs()[from];
        }
      }
      for (int axis = moved - 1; axis >= 0; axis--) {
        from += steps[axis];
        if (++position[axis] < resultShape[axis]) {
          break;
        }
        from -= steps[axis] * resultShape[axis];
        position[axis] = 0;
      }
    }
    return result;
  }

  /** How far apart two neighbours along each axis lie in row-major order. */
  public static int[] strides(int... shape) {
    int[] strides = new int[shape.length];
    int step = 1;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      strides[axis] = step;
      step *= shape[axis];
    }
    return strides;
  }

  /** A shape as users read and write it, {@code 3x224x224}; {@code scalar} for rank 0. */
  public static String text(int... shape) {
    if (shape.length == 0) {
      return "scalar";
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < shape.length; i++) {
      text.append(i == 0 ? "" : "x").append(shape[i]);
    }
    return text.toString();
  }

  /** Equal type, shape and elements; NaN equals NaN. */
  @Override
  public boolean equals(Object other) {
    if (!(other instanceof Tensor that)
        || dtype != that.dtype
        || !Arrays.equals(shape, that.shape)) {
      return false;
    }
    return switch (dtype) {
      case FLOAT64 -> Arrays.equals(doubles(), that.doubles());
      case FLOAT32 -> Arrays.equals(floats(), that.floats());
      case INT64 -> Arrays.equals(longs(), that.longs());
    };
  }

  @Override
  public int hashCode() {
    int hash =
        switch (dtype) {
          case FLOAT64 -> Arrays.hashCode(doubles());
          case FLOAT32 -> Arrays.hashCode(floats());
          case INT64 -> Arrays.hashCode(longs());
        };
    return Objects.hash(dtype, Arrays.hashCode(shape), hash);
  }

  /** Type, shape and the first elements, for debugging and for failing tests. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(dtype.label()).append(' ').append(text(shape));
    for (int i = 0; i < Math.min(size, 16); i++) {
      text.append(i == 0 ? " [" : ", ").append(get(i));
    }
    return text.append(size > 16 ? ", ...]" : "]").toString();
  }
}
