package lamina.kernel.vector;

import jdk.incubator.vector.DoubleVector;

/**
 * The one-dimensional transforms of Winograd's F(2, 3) and F(4, 3) in float64, applied to all lines
 * of tiles, one tile in each lane of a vector. Element i of a line lies at {@code base + at[line ·
 * next + i · step]} and goes to {@code target + line · nextTarget + i · apart}. The points of
 * interpolation are 0, ±1 and, for F(4, 3), ±2. Source: A. Lavin and S. Gray, Fast Algorithms for
 * Convolutional Neural Networks, 2016.
 */
final class WinogradLinesDouble {
  private static final double ONE = 1;
  private static final double SIXTH = ONE / 6;

  private WinogradLinesDouble() {}

  private static DoubleVector vector(double[] from, int offset) {
    return DoubleVector.fromArray(TileDouble.SPECIES, from, offset);
  }

  /** Bᵀ d for outputs of two: four elements to four. */
  static void input2(
      int lines,
      double[] d,
      int base,
      int[] offsets,
      int next,
      int step,
      double[] to,
      int target,
      int nextTarget,
      int apart) {
    for (int line = 0; line < lines; line++) {
      int first = line * next;
      int t = target + line * nextTarget;
      DoubleVector d0 = vector(d, base + offsets[first]);
      DoubleVector d1 = vector(d, base + offsets[first + step]);
      DoubleVector d2 = vector(d, base + offsets[first + 2 * step]);
      DoubleVector d3 = vector(d, base + offsets[first + 3 * step]);
      d0.sub(d2).intoArray(to, t);
      d1.add(d2).intoArray(to, t + apart);
      d2.sub(d1).intoArray(to, t + 2 * apart);
      d1.sub(d3).intoArray(to, t + 3 * apart);
    }
  }

  /** Bᵀ d for outputs of four: six elements to six. */
  static void input4(
      int lines,
      double[] d,
      int base,
      int[] offsets,
      int next,
      int step,
      double[] to,
      int target,
      int nextTarget,
      int apart) {
    for (int line = 0; line < lines; line++) {
      int first = line * next;
      int t = target + line * nextTarget;
      DoubleVector d0 = vector(d, base + offsets[first]);
      DoubleVector d1 = vector(d, base + offsets[first + step]);
      DoubleVector d2 = vector(d, base + offsets[first + 2 * step]);
      DoubleVector d3 = vector(d, base + offsets[first + 3 * step]);
      DoubleVector d4 = vector(d, base + offsets[first + 4 * step]);
      DoubleVector d5 = vector(d, base + offsets[first + 5 * step]);
      DoubleVector even = d4.sub(d2.mul(4));
      DoubleVector odd = d3.sub(d1.mul(4));
      DoubleVector level = d4.sub(d2);
      DoubleVector slope = d3.sub(d1).mul(2);
      d0.mul(4).sub(d2.mul(5)).add(d4).intoArray(to, t);
      even.add(odd).intoArray(to, t + apart);
      even.sub(odd).intoArray(to, t + 2 * apart);
      level.add(slope).intoArray(to, t + 3 * apart);
      level.sub(slope).intoArray(to, t + 4 * apart);
      d1.mul(4).sub(d3.mul(5)).add(d5).intoArray(to, t + 5 * apart);
    }
  }

  /** G g for outputs of two: three elements, {@code step} apart, to four. */
  static void kernel2(double[] g, int base, int step, double[] to, int target, int apart) {
    DoubleVector g0 = vector(g, base);
    DoubleVector g1 = vector(g, base + step);
    DoubleVector g2 = vector(g, base + 2 * step);
    DoubleVector outer = g0.add(g2).mul(ONE / 2);
    DoubleVector inner = g1.mul(ONE / 2);
    g0.intoArray(to, target);
    outer.add(inner).intoArray(to, target + apart);
    outer.sub(inner).intoArray(to, target + 2 * apart);
    g2.intoArray(to, target + 3 * apart);
  }

  /** G g for outputs of four: three elements, {@code step} apart, to six. */
  static void kernel4(double[] g, int base, int step, double[] to, int target, int apart) {
    DoubleVector g0 = vector(g, base);
    DoubleVector g1 = vector(g, base + step);
    DoubleVector g2 = vector(g, base + 2 * step);
    DoubleVector outer = g0.add(g2).mul(-SIXTH);
    DoubleVector inner = g1.mul(SIXTH);
    DoubleVector wide = g0.mul(SIXTH / 4).add(g2.mul(SIXTH));
    DoubleVector slope = g1.mul(SIXTH / 2);
    g0.mul(ONE / 4).intoArray(to, target);
    outer.sub(inner).intoArray(to, target + apart);
    outer.add(inner).intoArray(to, target + 2 * apart);
    wide.add(slope).intoArray(to, target + 3 * apart);
    wide.sub(slope).intoArray(to, target + 4 * apart);
    g2.intoArray(to, target + 5 * apart);
  }

  /** Aᵀ m for outputs of two: four elements to two. */
  static void output2(
      int lines,
      double[] m,
      int base,
      int[] offsets,
      int next,
      int step,
      double[] to,
      int target,
      int nextTarget,
      int apart) {
    for (int line = 0; line < lines; line++) {
      int first = line * next;
      int t = target + line * nextTarget;
      DoubleVector m0 = vector(m, base + offsets[first]);
      DoubleVector m1 = vector(m, base + offsets[first + step]);
      DoubleVector m2 = vector(m, base + offsets[first + 2 * step]);
      DoubleVector m3 = vector(m, base + offsets[first + 3 * step]);
      m0.add(m1.add(m2)).intoArray(to, t);
      m1.sub(m2).sub(m3).intoArray(to, t + apart);
    }
  }

  /** Aᵀ m for outputs of four: six elements to four. */
  static void output4(
      int lines,
      double[] m,
      int base,
      int[] offsets,
      int next,
      int step,
      double[] to,
      int target,
      int nextTarget,
      int apart) {
    for (int line = 0; line < lines; line++) {
      int first = line * next;
      int t = target + line * nextTarget;
      DoubleVector m0 = vector(m, base + offsets[first]);
      DoubleVector m1 = vector(m, base + offsets[first + step]);
      DoubleVector m2 = vector(m, base + offsets[first + 2 * step]);
      DoubleVector m3 = vector(m, base + offsets[first + 3 * step]);
      DoubleVector m4 = vector(m, base + offsets[first + 4 * step]);
      DoubleVector m5 = vector(m, base + offsets[first + 5 * step]);
      DoubleVector sum = m1.add(m2);
      DoubleVector difference = m1.sub(m2);
      DoubleVector wideSum = m3.add(m4);
      DoubleVector wideDifference = m3.sub(m4);
      m0.add(sum).add(wideSum).intoArray(to, t);
      difference.add(wideDifference.mul(2)).intoArray(to, t + apart);
      sum.add(wideSum.mul(4)).intoArray(to, t + 2 * apart);
      difference.add(wideDifference.mul(8)).add(m5).intoArray(to, t + 3 * apart);
    }
  }
}
