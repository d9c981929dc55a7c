package lamina.format;

import java.nio.ByteBuffer;
import java.util.Arrays;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/** A growing array of one element type: what is read before its length is known. */
public final class ElementBuffer {
  private static final double TWO_TO_63 = 0x1p63;

  private final DType dtype;
  private double[] doubles;
  private float[] floats;
  private long[] longs;

  /** How many there will be at most. */
  private final int limit;

  private int capacity;
  private int size;

  /** An empty buffer. */
  public ElementBuffer(DType dtype) {
    this(dtype, 16, Tensor.MAX_ELEMENTS);
  }

  /** A buffer with room for {@code capacity} elements that never grows beyond {@code limit}. */
  ElementBuffer(DType dtype, int capacity, int limit) {
    this.dtype = dtype;
    this.limit = limit;
    allocate(capacity);
  }

  /** The number of elements so far. */
  public int size() {
    return size;
  }

  DType dtype() {
    return dtype;
  }

  /**
   * Appends a value.
   *
   * @return null, or why the type cannot hold the value
   */
  public String add(double value) {
    if (size == capacity) {
      grow(size + 1L);
    }
    switch (dtype) {
      case FLOAT64 -> doubles[size] = value;
      case FLOAT32 -> {
        float narrow = (float) value;
        if (Float.isInfinite(narrow) && !Double.isInfinite(value)) {
          return value + " is beyond the range of float32; use --dtype float64";
        }
        floats[size] = narrow;
      }
      case INT64 -> {
        long whole = (long) value;
        if (whole != value || value >= TWO_TO_63) {
          return value + " is not an integer of 64 bits";
        }
        longs[size] = whole;
      }
    }
    size++;
    return null;
  }

  /** Appends an integer; int64 keeps all its bits. */
  void addInteger(long value) {
    if (size == capacity) {
      grow(size + 1L);
    }
    switch (dtype) {
      case FLOAT64 -> doubles[size] = value;
      case FLOAT32 -> floats[size] = value;
      case INT64 -> longs[size] = value;
    }
    size++;
  }

  /** Appends a double. Only for float64. */
  void addDouble(double value) {
    if (size == capacity) {
      grow(size + 1L);
    }
    doubles[size++] = value;
  }

  /** Appends a float that was parsed as one: not rounded twice. Only for float32. */
  void addFloat(float value) {
    if (size == capacity) {
      grow(size + 1L);
    }
    floats[size++] = value;
  }

  /**
   * Appends all elements of a piece of a binary file.
   *
   * @return null, or why the type cannot hold the element at {@link #size()}
   */
  String addAll(ByteBuffer bytes, ElementType type) {
    int count = bytes.remaining() / type.bytes();
    while (size + count > capacity) {
      grow(size + (long) count);
    }
    if (type == ElementType.F64 && dtype == DType.FLOAT64) {
      bytes.asDoubleBuffer().get(doubles, size, count);
      size += count;
    } else if (type == ElementType.F32 && dtype == DType.FLOAT32) {
      bytes.asFloatBuffer().get(floats, size, count);
      size += count;
    } else if (type.isFloating()) {
      for (int i = 0; i < count; i++) {
        String problem = add(type.nextFloating(bytes));
        if (problem != null) {
          return problem;
        }
      }
    } else {
      return addIntegers(bytes, type, count);
    }
    return null;
  }

  private String addIntegers(ByteBuffer bytes, ElementType type, int count) {
    for (int i = 0; i < count; i++) {
      long value = type.nextInteger(bytes);
      if (value >= 0 || type != ElementType.U64) {
        addInteger(value);
      } else if (dtype == DType.INT64) {
        return Long.toUnsignedString(value) + " is beyond the range of int64";
      } else {
        // Halved without losing whether bits below the top 53 were set, then doubled: exact.
        add(((value >>> 1) | (value & 1)) * 2.0);
      }
    }
    return null;
  }

  /** Makes room for as many elements in all, or for the limit. */
  void expect(int count) {
    if (count > capacity) {
      allocate(Math.min(count, limit));
    }
  }

  private void grow(long needed) {
    if (needed > limit) {
      throw new InputException("more than " + limit + " elements do not fit into one tensor");
    }
    allocate((int) Math.min(limit, Math.max(needed, 2L * capacity)));
  }

  private void allocate(int larger) {
    Tensor.allocatable(dtype, larger);
    switch (dtype) {
      case FLOAT64 ->
          doubles = doubles == null ? new double[larger] : Arrays.copyOf(doubles, larger);
      case FLOAT32 -> floats = floats == null ? new float[larger] : Arrays.copyOf(floats, larger);
      case INT64 -> longs = longs == null ? new long[larger] : Arrays.copyOf(longs, larger);
    }
    capacity = larger;
  }

  /** The elements under a shape that has as many. */
  public Tensor toTensor(int... shape) {
    return switch (dtype) {
      case FLOAT64 -> Tensor.of(size == capacity ? doubles : Arrays.copyOf(doubles, size), shape);
      case FLOAT32 -> Tensor.of(size == capacity ? floats : Arrays.copyOf(floats, size), shape);
      case INT64 -> Tensor.of(size == capacity ? longs : Arrays.copyOf(longs, size), shape);
    };
  }
}
