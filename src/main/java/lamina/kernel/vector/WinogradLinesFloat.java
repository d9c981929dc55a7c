// Derived from WinogradLinesDouble.java: change that file and run DerivedFloat.
package lamina.kernel.vector;

import jdk.incubator.vector.FloatVector;

/**
 * The one-dimensional transforms of Winograd's F(2, 3) and F(4, 3) in float32, applied to all lines
 * of tiles, one tile in each lane of a vector. Element i of a line lies at {@code base + at[line ·
 * next + i · step]} and goes to {@code target + line · nextTarget + i · apart}. Interpolation
 * points 0, ±1 and, for F(4, 3), ±2. Source: A. Lavin and S. Gray, Fast Algorithms for
 * Convolutional Neural Networks, 2016.
 */
final class WinogradLinesFloat {
  private static final float ONE = 1;
  private static final float SIXTH = ONE / 6;

  private WinogradLinesFloat() {}

  private static FloatVector vector(float[] from, int at) {
    return FloatVector.fromArray(TileFloat.SPECIES, from, at);
  }

  /** Bᵀ d for outputs of two: four elements to four. */
  static void input2(
      int lines,
      float[] d,
      int base,
      int[] at,
      int next,
      int step,
      float[] to,
      int target,
      int nextTarget,
      int apart) {
    for (int line = 0; line < lines; line++) {
      int first = line * next;
      int t = target + line * nextTarget;
      FloatVector d0 = vector(d, base + at[first]);
      FloatVector d1 = vector(d, base + at[first + step]);
      FloatVector d2 = vector(d, base + at[first + 2 * step]);
      FloatVector d3 = vector(d, base + at[first + 3 * step]);
      d0.sub(d2).intoArray(to, t);
      d1.add(d2).intoArray(to, t + apart);
      d2.sub(d1).intoArray(to, t + 2 * apart);
      d1.sub(d3).intoArray(to, t + 3 * apart);
    }
  }

  /** Bᵀ d for outputs of four: six elements to six. */
  static void input4(
      int lines,
      float[] d,
      int base,
      int[] at,
      int next,
      int step,
      float[] to,
      int target,
      int nextTarget,
      int apart) {
    for (int line = 0; line < lines; line++) {
      int first = line * next;
      int t = target + line * nextTarget;
      FloatVector d0 = vector(d, base + at[first]);
      FloatVector d1 = vector(d, base + at[first + step]);
      FloatVector d2 = vector(d, base + at[first + 2 * step]);
      FloatVector d3 = vector(d, base + at[first + 3 * step]);
      FloatVector d4 = vector(d, base + at[first + 4 * step]);
      FloatVector d5 = vector(d, base + at[first + 5 * step]);
      FloatVector even = d4.sub(d2.mul(4));
      FloatVector odd = d3.sub(d1.mul(4));
      FloatVector level = d4.sub(d2);
      FloatVector slope = d3.sub(d1).mul(2);
      d0.mul(4).sub(d2.mul(5)).add(d4).intoArray(to, t);
      even.add(odd).intoArray(to, t + apart);
      even.sub(odd).intoArray(to, t + 2 * apart);
      level.add(slope).intoArray(to, t + 3 * apart);
      level.sub(slope).intoArray(to, t + 4 * apart);
      d1.mul(4).sub(d3.mul(5)).add(d5).intoArray(to, t + 5 * apart);
    }
  }

  /** G g for outputs of two: three elements, {@code step} apart, to four. */
  static void kernel2(float[] g, int base, int step, float[] to, int target, int apart) {
    FloatVector g0 = vector(g, base);
    FloatVector g1 = vector(g, base + step);
    FloatVector g2 = vector(g, base + 2 * step);
    FloatVector outer = g0.add(g2).mul(ONE / 2);
    FloatVector inner = g1.mul(ONE / 2);
    g0.intoArray(to, target);
    outer.add(inner).intoArray(to, target + apart);
    outer.sub(inner).intoArray(to, target + 2 * apart);
    g2.intoArray(to, target + 3 * apart);
  }

  /** G g for outputs of four: three elements, {@code step} apart, to six. */
  static void kernel4(float[] g, int base, int step, float[] to, int target, int apart) {
    FloatVector g0 = vector(g, base);
    FloatVector g1 = vector(g, base + step);
    FloatVector g2 = vector(g, base + 2 * step);
    FloatVector outer = g0.add(g2).mul(-SIXTH);
    FloatVector inner = g1.mul(SIXTH);
    FloatVector wide = g0.mul(SIXTH / 4).add(g2.mul(SIXTH));
    FloatVector slope = g1.mul(SIXTH / 2);
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
      float[] m,
      int base,
      int[] at,
      int next,
      int step,
      float[] to,
      int target,
      int nextTarget,
      int apart) {
    for (int line = 0; line < lines; line++) {
      int first = line * next;
      int t = target + line * nextTarget;
      FloatVector m0 = vector(m, base + at[first]);
      FloatVector m1 = vector(m, base + at[first + step]);
      FloatVector m2 = vector(m, base + at[first + 2 * step]);
      FloatVector m3 = vector(m, base + at[first + 3 * step]);
      m0.add(m1.add(m2)).intoArray(to, t);
      m1.sub(m2).sub(m3).intoArray(to, t + apart);
    }
  }

  /** Aᵀ m for outputs of four: six elements to four. */
  static void output4(
      int lines,
      float[] m,
      int base,
      int[] at,
      int next,
      int step,
      float[] to,
      int target,
      int nextTarget,
      int apart) {
    for (int line = 0; line < lines; line++) {
      int first = line * next;
      int t = target + line * nextTarget;
      FloatVector m0 = vector(m, base + at[first]);
      FloatVector m1 = vector(m, base + at[first + step]);
      FloatVector m2 = vector(m, base + at[first + 2 * step]);
      FloatVector m3 = vector(m, base + at[first + 3 * step]);
      FloatVector m4 = vector(m, base + at[first + 4 * step]);
      FloatVector m5 = vector(m, base + at[first + 5 * step]);
      FloatVector sum = m1.add(m2);
      FloatVector difference = m1.sub(m2);
      FloatVector wideSum = m3.add(m4);
      FloatVector wideDifference = m3.sub(m4);
      m0.add(sum).add(wideSum).intoArray(to, t);
      difference.add(wideDifference.mul(2)).intoArray(to, t + apart);
      sum.add(wideSum.mul(4)).intoArray(to, t + 2 * apart);
      difference.add(wideDifference.mul(8)).add(m5).intoArray(to, t + 3 * apart);
    }
  }
}
