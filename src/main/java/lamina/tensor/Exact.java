package lamina.tensor;

import lamina.text.InputException;

/** Arithmetic in 64 bits that refuses to wrap around. */
public final class Exact {
  private Exact() {}

  public static long add(long a, long b) {
    long sum = a + b;
    if (((a ^ sum) & (b ^ sum)) < 0) {
      throw overflow();
    }
    return sum;
  }

  public static long multiply(long a, long b) {
    long product = a * b;
    if (Math.multiplyHigh(a, b) != product >> 63) {
      throw overflow();
    }
    return product;
  }

  public static InputException overflow() {
    return new InputException("a size or count needs more than 64 bits; use smaller sizes");
  }
}
