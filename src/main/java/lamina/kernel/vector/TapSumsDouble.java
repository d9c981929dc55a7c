package lamina.kernel.vector;

import jdk.incubator.vector.DoubleVector;
import lamina.kernel.Parallel;

/**
 * Sums over the taps of a kernel in float64, for many neighbouring windows at a time: the innermost
 * loops of direct convolution.
 */
final class TapSumsDouble {
  private static final int LANES = TileDouble.LANES;

  private TapSumsDouble() {}

  /** How many vectors {@code count} elements take. */
  static int vectors(int count) {
    return (count + LANES - 1) / LANES;
  }

  /**
   * {@code y[j] = start + Σ w[i] · x[j + offsets[i]]} for each j of some rows, in whole vectors:
   * the last one of a row may reach beyond it, into rows that are written later.
   *
   * @param xStep from a row to the next in x
   */
  static void rows(
      int rows,
      int width,
      double[] x,
      int x0,
      int xStep,
      int[] offsets,
      double[] w,
      int w0,
      double start,
      double[] y,
      int y0,
      int yStep) {
    int perRow = vectors(width);
    int rowsApart = rowsApart(xStep, offsets);
    if (rowsApart == 1 || rowsApart == 2) {
      int second = offsets[1] - offsets[0];
      int third = offsets[2] - offsets[0];
      // The last column is computed first, since it also writes the start of the next rows, which
      // is written again.
      for (int i = (perRow - 1) * LANES; i >= 0; i -= LANES) {
        int from = x0 + offsets[0] + i;
        if (rowsApart == 1) {
          everyRow(rows, x, from, xStep, second, third, w, w0, start, y, y0 + i, yStep);
        } else {
          everySecondRow(rows, x, from, xStep / 2, second, third, w, w0, start, y, y0 + i, yStep);
        }
      }
      return;
    }
    int row = 0;
    if (perRow == 1) {
      for (; row + 4 <= rows; row += 4) {
        Parallel.checkInterrupt();
        int f = x0 + row * xStep;
        int t = y0 + row * yStep;
        fourVectors(
            x,
            f,
            f + xStep,
            f + 2 * xStep,
            f + 3 * xStep,
            offsets,
            w,
            w0,
            start,
            y,
            t,
            t + yStep,
            t + 2 * yStep,
            t + 3 * yStep);
      }
    } else if (perRow == 2) {
      for (; row + 2 <= rows; row += 2) {
        Parallel.checkInterrupt();
        int f = x0 + row * xStep;
        int t = y0 + row * yStep;
        fourVectors(
            x,
            f,
            f + LANES,
            f + xStep,
            f + xStep + LANES,
            offsets,
            w,
            w0,
            start,
            y,
            t,
            t + LANES,
            t + yStep,
            t + yStep + LANES);
      }
    }
    for (; row < rows; row++) {
      Parallel.checkInterrupt();
      int f = x0 + row * xStep;
      int t = y0 + row * yStep;
      int i = 0;
      for (; i + 4 <= perRow; i += 4) {
        int g = f + i * LANES;
        int u = t + i * LANES;
        fourVectors(
            x,
            g,
            g + LANES,
            g + 2 * LANES,
            g + 3 * LANES,
            offsets,
            w,
            w0,
            start,
            y,
            u,
            u + LANES,
            u + 2 * LANES,
            u + 3 * LANES);
      }
      for (; i < perRow; i++) {
        oneVector(x, f + i * LANES, offsets, w, w0, start, y, t + i * LANES);
      }
    }
  }

  private static void oneVector(
      double[] x, int x0, int[] offsets, double[] w, int w0, double start, double[] y, int y0) {
    DoubleVector sum = DoubleVector.broadcast(TileDouble.SPECIES, start);
    for (int i = 0; i < offsets.length; i++) {
      DoubleVector v = DoubleVector.broadcast(TileDouble.SPECIES, w[w0 + i]);
      sum = v.fma(DoubleVector.fromArray(TileDouble.SPECIES, x, x0 + offsets[i]), sum);
    }
    sum.intoArray(y, y0);
  }

  /** By how many rows of a 3×3 kernel its windows are apart; 0 for other kernels. */
  private static int rowsApart(int xStep, int[] offsets) {
    if (offsets.length != 9) {
      return 0;
    }
    int rowStep = offsets[3] - offsets[0];
    for (int i = 3; i < 9; i++) {
      if (offsets[i] != offsets[i - 3] + rowStep) {
        return 0;
      }
    }
    return xStep == rowStep ? 1 : xStep == 2 * rowStep ? 2 : 0;
  }

  /**
   * Computes a column of vectors under a 3×3 kernel whose windows are two rows apart: every second
   * row of x serves two rows of y.
   */
  private static void everySecondRow(
      int rows,
      double[] x,
      int x0,
      int rowStep,
      int second,
      int third,
      double[] w,
      int w0,
      double start,
      double[] y,
      int y0,
      int yStep) {
    DoubleVector w00 = DoubleVector.broadcast(TileDouble.SPECIES, w[w0]);
    DoubleVector w01 = DoubleVector.broadcast(TileDouble.SPECIES, w[w0 + 1]);
    DoubleVector w02 = DoubleVector.broadcast(TileDouble.SPECIES, w[w0 + 2]);
    DoubleVector w10 = DoubleVector.broadcast(TileDouble.SPECIES, w[w0 + 3]);
    DoubleVector w11 = DoubleVector.broadcast(TileDouble.SPECIES, w[w0 + 4]);
    DoubleVector w12 = DoubleVector.broadcast(TileDouble.SPECIES, w[w0 + 5]);
    DoubleVector w20 = DoubleVector.broadcast(TileDouble.SPECIES, w[w0 + 6]);
    DoubleVector w21 = DoubleVector.broadcast(TileDouble.SPECIES, w[w0 + 7]);
    DoubleVector w22 = DoubleVector.broadcast(TileDouble.SPECIES, w[w0 + 8]);
    DoubleVector first = DoubleVector.broadcast(TileDouble.SPECIES, start);
    int x1 = x0 + second;
    int x2 = x0 + third;
    DoubleVector a = DoubleVector.fromArray(TileDouble.SPECIES, x, x0);
    DoubleVector b = DoubleVector.fromArray(TileDouble.SPECIES, x, x1);
    DoubleVector c = DoubleVector.fromArray(TileDouble.SPECIES, x, x2);
    int lineOffset = rowStep;
    for (int row = 0; row < rows; row++) {
      DoubleVector sum = w02.fma(c, w01.fma(b, w00.fma(a, first)));
      a = DoubleVector.fromArray(TileDouble.SPECIES, x, x0 + lineOffset);
      b = DoubleVector.fromArray(TileDouble.SPECIES, x, x1 + lineOffset);
      c = DoubleVector.fromArray(TileDouble.SPECIES, x, x2 + lineOffset);
      sum = w12.fma(c, w11.fma(b, w10.fma(a, sum)));
      lineOffset += rowStep;
      a = DoubleVector.fromArray(TileDouble.SPECIES, x, x0 + lineOffset);
      b = DoubleVector.fromArray(TileDouble.SPECIES, x, x1 + lineOffset);
      c = DoubleVector.fromArray(TileDouble.SPECIES, x, x2 + lineOffset);
      sum = w22.fma(c, w21.fma(b, w20.fma(a, sum)));
      sum.intoArray(y, y0 + row * yStep);
      lineOffset += rowStep;
    }
  }

  /**
   * Computes a column of vectors under a 3×3 kernel whose windows are one row apart: each row of x
   * serves three rows of y.
   */
  private static void everyRow(
      int rows,
      double[] x,
      int x0,
      int xStep,
      int second,
      int third,
      double[] w,
      int w0,
      double start,
      double[] y,
      int y0,
      int yStep) {
    DoubleVector w00 = DoubleVector.broadcast(TileDouble.SPECIES, w[w0]);
    DoubleVector w01 = DoubleVector.broadcast(TileDouble.SPECIES, w[w0 + 1]);
    DoubleVector w02 = DoubleVector.broadcast(TileDouble.SPECIES, w[w0 + 2]);
    DoubleVector w10 = DoubleVector.broadcast(TileDouble.SPECIES, w[w0 + 3]);
    DoubleVector w11 = DoubleVector.broadcast(TileDouble.SPECIES, w[w0 + 4]);
    DoubleVector w12 = DoubleVector.broadcast(TileDouble.SPECIES, w[w0 + 5]);
    DoubleVector w20 = DoubleVector.broadcast(TileDouble.SPECIES, w[w0 + 6]);
    DoubleVector w21 = DoubleVector.broadcast(TileDouble.SPECIES, w[w0 + 7]);
    DoubleVector w22 = DoubleVector.broadcast(TileDouble.SPECIES, w[w0 + 8]);
    DoubleVector first = DoubleVector.broadcast(TileDouble.SPECIES, start);
    int x1 = x0 + second;
    int x2 = x0 + third;
    DoubleVector a = DoubleVector.fromArray(TileDouble.SPECIES, x, x0);
    DoubleVector b = DoubleVector.fromArray(TileDouble.SPECIES, x, x1);
    DoubleVector c = DoubleVector.fromArray(TileDouble.SPECIES, x, x2);
    DoubleVector later = w02.fma(c, w01.fma(b, w00.fma(a, first)));
    a = DoubleVector.fromArray(TileDouble.SPECIES, x, x0 + xStep);
    b = DoubleVector.fromArray(TileDouble.SPECIES, x, x1 + xStep);
    c = DoubleVector.fromArray(TileDouble.SPECIES, x, x2 + xStep);
    DoubleVector sum = w12.fma(c, w11.fma(b, w10.fma(a, later)));
    later = w02.fma(c, w01.fma(b, w00.fma(a, first)));
    int lineOffset = 2 * xStep;
    for (int row = 0; row < rows; row++) {
      a = DoubleVector.fromArray(TileDouble.SPECIES, x, x0 + lineOffset);
      b = DoubleVector.fromArray(TileDouble.SPECIES, x, x1 + lineOffset);
      c = DoubleVector.fromArray(TileDouble.SPECIES, x, x2 + lineOffset);
      w22.fma(c, w21.fma(b, w20.fma(a, sum))).intoArray(y, y0 + row * yStep);
      sum = w12.fma(c, w11.fma(b, w10.fma(a, later)));
      later = w02.fma(c, w01.fma(b, w00.fma(a, first)));
      lineOffset += xStep;
    }
  }

  private static void fourVectors(
      double[] x,
      int x0,
      int x1,
      int x2,
      int x3,
      int[] offsets,
      double[] w,
      int w0,
      double start,
      double[] y,
      int y0,
      int y1,
      int y2,
      int y3) {
    DoubleVector s0 = DoubleVector.broadcast(TileDouble.SPECIES, start);
    DoubleVector s1 = s0;
    DoubleVector s2 = s0;
    DoubleVector s3 = s0;
    for (int i = 0; i < offsets.length; i++) {
      DoubleVector v = DoubleVector.broadcast(TileDouble.SPECIES, w[w0 + i]);
      int lineOffset = offsets[i];
      s0 = v.fma(DoubleVector.fromArray(TileDouble.SPECIES, x, x0 + lineOffset), s0);
      s1 = v.fma(DoubleVector.fromArray(TileDouble.SPECIES, x, x1 + lineOffset), s1);
      s2 = v.fma(DoubleVector.fromArray(TileDouble.SPECIES, x, x2 + lineOffset), s2);
      s3 = v.fma(DoubleVector.fromArray(TileDouble.SPECIES, x, x3 + lineOffset), s3);
    }
    s0.intoArray(y, y0);
    s1.intoArray(y, y1);
    s2.intoArray(y, y2);
    s3.intoArray(y, y3);
  }

  /** Adds products of elements to the lanes of a vector, up to whole vectors of elements. */
  static void addProducts(
      int count, double[] a, int a0, double[] b, int b0, double[] sums, int to) {
    DoubleVector s0 = DoubleVector.fromArray(TileDouble.SPECIES, sums, to);
    DoubleVector s1 = DoubleVector.zero(TileDouble.SPECIES);
    DoubleVector s2 = s1;
    DoubleVector s3 = s1;
    int j = 0;
    for (; j + 3 * LANES < count; j += 4 * LANES) {
      s0 =
          DoubleVector.fromArray(TileDouble.SPECIES, a, a0 + j)
              .fma(DoubleVector.fromArray(TileDouble.SPECIES, b, b0 + j), s0);
      s1 =
          DoubleVector.fromArray(TileDouble.SPECIES, a, a0 + j + LANES)
              .fma(DoubleVector.fromArray(TileDouble.SPECIES, b, b0 + j + LANES), s1);
      s2 =
          DoubleVector.fromArray(TileDouble.SPECIES, a, a0 + j + 2 * LANES)
              .fma(DoubleVector.fromArray(TileDouble.SPECIES, b, b0 + j + 2 * LANES), s2);
      s3 =
          DoubleVector.fromArray(TileDouble.SPECIES, a, a0 + j + 3 * LANES)
              .fma(DoubleVector.fromArray(TileDouble.SPECIES, b, b0 + j + 3 * LANES), s3);
    }
    for (; j < count; j += LANES) {
      s0 =
          DoubleVector.fromArray(TileDouble.SPECIES, a, a0 + j)
              .fma(DoubleVector.fromArray(TileDouble.SPECIES, b, b0 + j), s0);
    }
    s0.add(s1).add(s2.add(s3)).intoArray(sums, to);
  }

  /**
   * As {@link #addProducts}, for four arrays one after another and three places at a time: twelve
   * sums for seven loads, where one sum takes two.
   *
   * @param aStep from an array to the next one
   * @param sumsStep from the first sum of an array to that of the next one
   */
  static void addProducts4x3(
      int count,
      double[] a,
      int a0,
      int aStep,
      double[] b,
      int b0,
      int b1,
      int b2,
      double[] sums,
      int to,
      int sumsStep) {
    DoubleVector s00 = DoubleVector.zero(TileDouble.SPECIES);
    DoubleVector s01 = s00;
    DoubleVector s02 = s00;
    DoubleVector s10 = s00;
    DoubleVector s11 = s00;
    DoubleVector s12 = s00;
    DoubleVector s20 = s00;
    DoubleVector s21 = s00;
    DoubleVector s22 = s00;
    DoubleVector s30 = s00;
    DoubleVector s31 = s00;
    DoubleVector s32 = s00;
    int a1 = a0 + aStep;
    int a2 = a1 + aStep;
    int a3 = a2 + aStep;
    for (int j = 0; j < count; j += LANES) {
      DoubleVector x0 = DoubleVector.fromArray(TileDouble.SPECIES, b, b0 + j);
      DoubleVector x1 = DoubleVector.fromArray(TileDouble.SPECIES, b, b1 + j);
      DoubleVector x2 = DoubleVector.fromArray(TileDouble.SPECIES, b, b2 + j);
      DoubleVector v = DoubleVector.fromArray(TileDouble.SPECIES, a, a0 + j);
      s00 = v.fma(x0, s00);
      s01 = v.fma(x1, s01);
      s02 = v.fma(x2, s02);
      v = DoubleVector.fromArray(TileDouble.SPECIES, a, a1 + j);
      s10 = v.fma(x0, s10);
      s11 = v.fma(x1, s11);
      s12 = v.fma(x2, s12);
      v = DoubleVector.fromArray(TileDouble.SPECIES, a, a2 + j);
      s20 = v.fma(x0, s20);
      s21 = v.fma(x1, s21);
      s22 = v.fma(x2, s22);
      v = DoubleVector.fromArray(TileDouble.SPECIES, a, a3 + j);
      s30 = v.fma(x0, s30);
      s31 = v.fma(x1, s31);
      s32 = v.fma(x2, s32);
    }
    addThree(s00, s01, s02, sums, to);
    addThree(s10, s11, s12, sums, to + sumsStep);
    addThree(s20, s21, s22, sums, to + 2 * sumsStep);
    addThree(s30, s31, s32, sums, to + 3 * sumsStep);
  }

  private static void addThree(
      DoubleVector s0, DoubleVector s1, DoubleVector s2, double[] sums, int to) {
    s0.add(DoubleVector.fromArray(TileDouble.SPECIES, sums, to)).intoArray(sums, to);
    s1.add(DoubleVector.fromArray(TileDouble.SPECIES, sums, to + LANES))
        .intoArray(sums, to + LANES);
    s2.add(DoubleVector.fromArray(TileDouble.SPECIES, sums, to + 2 * LANES))
        .intoArray(sums, to + 2 * LANES);
  }
}
