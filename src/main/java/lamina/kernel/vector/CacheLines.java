package lamina.kernel.vector;

import java.lang.reflect.Method;

/**
 * Where in an array a line of the cache starts. A vector as wide as a line, loaded from anywhere
 * else, takes two of them; where a loop does little but load, that costs a third of its speed. Java
 * does not say where an array lies, and moves it now and then, so the answer is good for a while,
 * and nothing but speed may depend on it.
 */
final class CacheLines {
  static final int BYTES = 64;

  private static final Addresses ADDRESSES = addresses();

  private CacheLines() {}

  /** The index of the first element at the start of a line, or 0 if that cannot be known. */
  static int start(Object array, int elementBytes) {
    return ADDRESSES == null ? 0 : ADDRESSES.toLine(array) / elementBytes;
  }

  private static Addresses addresses() {
    try {
      Class.forName("jdk.internal.module.Modules")
          .getMethod("addExportsToAllUnnamed", Module.class, String.class)
          .invoke(null, Object.class.getModule(), "jdk.internal.misc");
      return new Addresses();
    } catch (ReflectiveOperationException | LinkageError e) {
      return null;
    }
  }

  /** Reads references as numbers. */
  private static final class Addresses {
    private final Object unsafe;
    private final Method getInt;
    private final Method getLong;
    private final long ofFirstReference;
    private final boolean compressed;
    private final int shift;

    Addresses() throws ReflectiveOperationException {
      Class<?> type = Class.forName("jdk.internal.misc.Unsafe");
      unsafe = type.getMethod("getUnsafe").invoke(null);
      getInt = type.getMethod("getInt", Object.class, long.class);
      getLong = type.getMethod("getLong", Object.class, long.class);
      ofFirstReference = base(Object[].class);
      compressed =
          ((Number) type.getMethod("arrayIndexScale", Class.class).invoke(unsafe, Object[].class))
                  .intValue()
              == Integer.BYTES;
      shift = compressed ? compressionShift() : 0;
    }

    /** Bytes before the first element of an array. */
    private long base(Class<?> array) throws ReflectiveOperationException {
      return ((Number)
              unsafe.getClass().getMethod("arrayBaseOffset", Class.class).invoke(unsafe, array))
          .longValue();
    }

    private long reference(Object object) throws ReflectiveOperationException {
      Object[] holder = {object};
      return compressed
          ? ((Integer) getInt.invoke(unsafe, holder, ofFirstReference)) & 0xffffffffL
          : (Long) getLong.invoke(unsafe, holder, ofFirstReference);
    }

    /** References count bytes, or units of 8: then neighbours are less than 8 apart. */
    private int compressionShift() throws ReflectiveOperationException {
      Object[] neighbours = new Object[8];
      for (int i = 0; i < neighbours.length; i++) {
        neighbours[i] = new Object();
      }
      for (int i = 1; i < neighbours.length; i++) {
        if (Math.abs(reference(neighbours[i]) - reference(neighbours[i - 1])) < 8) {
          return 3;
        }
      }
      return 0;
    }

    /** Bytes from an array's first element to the start of a line. */
    int toLine(Object array) {
      try {
        long first = (reference(array) << shift) + base(array.getClass());
        return (int) -(first % BYTES) + (first % BYTES == 0 ? 0 : BYTES);
      } catch (ReflectiveOperationException e) {
        return 0;
      }
    }
  }
}
