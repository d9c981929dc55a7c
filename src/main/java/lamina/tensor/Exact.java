package lamina.tensor;

/** Arithmetic in 64 bits that refuses to wrap around. */
final class Exact {
  private Exact() {}

  static long add(long a, long b) {
    long sum = a + b;
    if (((a ^ sum) & (b ^ sum)) < 0) {
      throw overflow();
    }
    return sum;
  }

  static long multiply(long a, long b) {
    long product = a * b;
    if (Math.multiplyHigh(a, b) != product >> 63) {
      throw overflow();
    }
    return product;
  }

  static InputException overflow() {
    return new InputException("a size or count needs more than 64 bits; use smaller sizes");
  }
}
