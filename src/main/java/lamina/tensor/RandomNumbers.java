package lamina.tensor;

import java.util.random.RandomGenerator;

/**
 * Random numbers that are the same on every machine and every JDK: SplitMix64 (Steele, Lea and
 * Flood, Fast splittable pseudorandom number generators, 2014), normal ones from it by the
 * transform of Box and Muller in {@link StrictMath}.
 */
public final class RandomNumbers implements RandomGenerator {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private long state;
  private double second = Double.NaN;

  public RandomNumbers(long seed) {
    this.state = seed;
  }

  @Override
  public long nextLong() {
    state += GOLDEN_GAMMA;
    return mix(state);
  }

  private static long mix(long state) {
    long z = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** Uniform in [0, 1), with all 53 bits of a double's fraction. */
  @Override
  public double nextDouble() {
    return (nextLong() >>> 11) * 0x1p-53;
  }

  /**
   * The number that {@link #nextLong} gives at an index, counted from 0, after a seed: to draw for
   * one of many things without all that are drawn before.
   */
  public static long at(long seed, long index) {
    return mix(seed + (index + 1) * GOLDEN_GAMMA);
  }

  /** Uniform in 0 to {@code bound - 1}; the bias is at most bound / 2^53. */
  public int nextIndex(int bound) {
    return (int) (nextDouble() * bound);
  }

  /** Puts numbers into a random order (Fisher and Yates). */
  public void shuffle(int[] numbers) {
    for (int i = numbers.length - 1; i > 0; i--) {
      int j = nextIndex(i + 1);
      int swapped = numbers[i];
      numbers[i] = numbers[j];
      numbers[j] = swapped;
    }
  }

  /** Uniform in [−bound, bound). */
  public double nextWithin(double bound) {
    return (2 * nextDouble() - 1) * bound;
  }

  /** Standard normal. */
  @Override
  public double nextGaussian() {
    if (!Double.isNaN(second)) {
      double value = second;
      second = Double.NaN;
      return value;
    }
    double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - nextDouble()));
    double angle = 2 * Math.PI * nextDouble();
    second = radius * StrictMath.sin(angle);
    return radius * StrictMath.cos(angle);
  }
}
