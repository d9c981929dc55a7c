package lamina.kernel.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The innermost loops of matrix products in float64. A tile of the result, some rows of two
 * vectors, stays in registers while k runs, and is written once. The rows of the left matrix are
 * packed, element after element of k; a row of the right one is any place in an array from which
 * two vectors can be read, so that the elements under the windows of a convolution need no copy.
 * With 16 registers the loop reaches 85 to 90% of the processor's peak, on Java 17 as on 25, and
 * takes some three instructions for each multiply-add: every address in it follows from the loop's
 * counter or from one load, and where the tile is written to is not needed before its end, which
 * leaves no general register to be spilled.
 *
 * <p>Each element is one chain of fused multiply-adds over ascending k: how a product is cut into
 * tiles does not change a bit of it.
 *
 * <p>What the JIT compilers of Java 17 and 25 both turn into a loop without spills was found by
 * trial: starting from elements of c, or adding to them if a parameter says so, costs up to a
 * third.
 */
final class TileDouble {
  static final VectorSpecies<Double> SPECIES = VectorSpecies.of(double.class, Machine.SHAPE);
  static final int LANES = SPECIES.length();

  /** How many columns a tile has. */
  static final int PANEL = 2 * LANES;

  /** How many rows a low tile has. */
  static final int LOW = 4;

  /**
   * How many rows a tile has. The ten sums of five rows, two vectors of a panel and the elements
   * that the JIT compiler loads ahead take most of 16 registers. With six rows it spills a sum,
   * whose chain then waits for memory at every step; with four rows the loop has more instructions
   * for each product than the processor can take in that time. With AVX-512 there are 32 registers,
   * and eight rows take fewer loads for each product.
   */
  static final int ROWS = SPECIES.vectorBitSize() == 512 ? 8 : 5;

  /** Zeros, for the sums of a tile to start from. */
  static final double[] ZEROS = new double[ROWS];

  private TileDouble() {}

  /**
   * {@code c = start + tile · x}, a tile of {@link #ROWS} rows, of which the first {@code rows},
   * rounded up to {@link #LOW} or {@link #ROWS}, are written.
   *
   * @param columns how many columns count: with up to {@link #LANES} only so many are written, else
   *     {@link #PANEL}
   * @param start what the sums of a row start from, {@link #ROWS} elements from {@code start0} on
   * @param offsets where the row of x begins that belongs to each k
   */
  static void multiply(
      int rows,
      int columns,
      double[] start,
      int start0,
      int k,
      double[] tile,
      int t0,
      double[] x,
      int[] offsets,
      double[] c,
      int c0,
      int ldc) {
    boolean whole = columns > LANES;
    if (rows <= LOW) {
      if (whole) {
        rows4(start, start0, k, tile, t0, x, offsets, c, c0, ldc);
      } else {
        half4(start, start0, k, tile, t0, x, offsets, c, c0, ldc);
      }
    } else if (ROWS == 8) {
      if (whole) {
        rows8(start, start0, k, tile, t0, x, offsets, c, c0, ldc);
      } else {
        half8(start, start0, k, tile, t0, x, offsets, c, c0, ldc);
      }
    } else if (whole) {
      rows5(start, start0, k, tile, t0, x, offsets, c, c0, ldc);
    } else {
      half5(start, start0, k, tile, t0, x, offsets, c, c0, ldc);
    }
  }

  /** Multiplies eight rows with a panel. */
  private static void rows8(
      double[] start,
      int start0,
      int k,
      double[] tile,
      int t0,
      double[] x,
      int[] offsets,
      double[] c,
      int c0,
      int ldc) {
    DoubleVector s00 = DoubleVector.broadcast(SPECIES, start[start0]);
    DoubleVector s01 = s00;
    DoubleVector s10 = DoubleVector.broadcast(SPECIES, start[start0 + 1]);
    DoubleVector s11 = s10;
    DoubleVector s20 = DoubleVector.broadcast(SPECIES, start[start0 + 2]);
    DoubleVector s21 = s20;
    DoubleVector s30 = DoubleVector.broadcast(SPECIES, start[start0 + 3]);
    DoubleVector s31 = s30;
    DoubleVector s40 = DoubleVector.broadcast(SPECIES, start[start0 + 4]);
    DoubleVector s41 = s40;
    DoubleVector s50 = DoubleVector.broadcast(SPECIES, start[start0 + 5]);
    DoubleVector s51 = s50;
    DoubleVector s60 = DoubleVector.broadcast(SPECIES, start[start0 + 6]);
    DoubleVector s61 = s60;
    DoubleVector s70 = DoubleVector.broadcast(SPECIES, start[start0 + 7]);
    DoubleVector s71 = s70;
    int p = 0;
    int end = t0 + k * ROWS;
    for (int i = t0; i < end; i += ROWS) {
      int inputOffset = offsets[p++];
      DoubleVector x0 = DoubleVector.fromArray(SPECIES, x, inputOffset);
      DoubleVector x1 = DoubleVector.fromArray(SPECIES, x, inputOffset + LANES);
      DoubleVector v = DoubleVector.broadcast(SPECIES, tile[i]);
      s00 = v.fma(x0, s00);
      s01 = v.fma(x1, s01);
      v = DoubleVector.broadcast(SPECIES, tile[i + 1]);
      s10 = v.fma(x0, s10);
      s11 = v.fma(x1, s11);
      v = DoubleVector.broadcast(SPECIES, tile[i + 2]);
      s20 = v.fma(x0, s20);
      s21 = v.fma(x1, s21);
      v = DoubleVector.broadcast(SPECIES, tile[i + 3]);
      s30 = v.fma(x0, s30);
      s31 = v.fma(x1, s31);
      v = DoubleVector.broadcast(SPECIES, tile[i + 4]);
      s40 = v.fma(x0, s40);
      s41 = v.fma(x1, s41);
      v = DoubleVector.broadcast(SPECIES, tile[i + 5]);
      s50 = v.fma(x0, s50);
      s51 = v.fma(x1, s51);
      v = DoubleVector.broadcast(SPECIES, tile[i + 6]);
      s60 = v.fma(x0, s60);
      s61 = v.fma(x1, s61);
      v = DoubleVector.broadcast(SPECIES, tile[i + 7]);
      s70 = v.fma(x0, s70);
      s71 = v.fma(x1, s71);
    }
    s00.intoArray(c, c0);
    s01.intoArray(c, c0 + LANES);
    s10.intoArray(c, c0 + ldc);
    s11.intoArray(c, c0 + ldc + LANES);
    s20.intoArray(c, c0 + 2 * ldc);
    s21.intoArray(c, c0 + 2 * ldc + LANES);
    s30.intoArray(c, c0 + 3 * ldc);
    s31.intoArray(c, c0 + 3 * ldc + LANES);
    s40.intoArray(c, c0 + 4 * ldc);
    s41.intoArray(c, c0 + 4 * ldc + LANES);
    s50.intoArray(c, c0 + 5 * ldc);
    s51.intoArray(c, c0 + 5 * ldc + LANES);
    s60.intoArray(c, c0 + 6 * ldc);
    s61.intoArray(c, c0 + 6 * ldc + LANES);
    s70.intoArray(c, c0 + 7 * ldc);
    s71.intoArray(c, c0 + 7 * ldc + LANES);
  }

  /**
   * Multiplies five rows with a panel, two values of k at a time. That halves the cost of the loop
   * and of the checks of its indices. The checks of x's indices keep the JIT compiler from loading
   * so far ahead that it would spill sums.
   */
  private static void rows5(
      double[] start,
      int start0,
      int k,
      double[] tile,
      int t0,
      double[] x,
      int[] offsets,
      double[] c,
      int c0,
      int ldc) {
    DoubleVector s00 = DoubleVector.broadcast(SPECIES, start[start0]);
    DoubleVector s01 = s00;
    DoubleVector s10 = DoubleVector.broadcast(SPECIES, start[start0 + 1]);
    DoubleVector s11 = s10;
    DoubleVector s20 = DoubleVector.broadcast(SPECIES, start[start0 + 2]);
    DoubleVector s21 = s20;
    DoubleVector s30 = DoubleVector.broadcast(SPECIES, start[start0 + 3]);
    DoubleVector s31 = s30;
    DoubleVector s40 = DoubleVector.broadcast(SPECIES, start[start0 + 4]);
    DoubleVector s41 = s40;
    int p = 0;
    int end = t0 + k / 2 * 2 * 5;
    for (int i = t0; i < end; i += 10) {
      int inputOffset = offsets[p];
      DoubleVector x0 = DoubleVector.fromArray(SPECIES, x, inputOffset);
      DoubleVector x1 = DoubleVector.fromArray(SPECIES, x, inputOffset + LANES);
      DoubleVector v = DoubleVector.broadcast(SPECIES, tile[i]);
      s00 = v.fma(x0, s00);
      s01 = v.fma(x1, s01);
      v = DoubleVector.broadcast(SPECIES, tile[i + 1]);
      s10 = v.fma(x0, s10);
      s11 = v.fma(x1, s11);
      v = DoubleVector.broadcast(SPECIES, tile[i + 2]);
      s20 = v.fma(x0, s20);
      s21 = v.fma(x1, s21);
      v = DoubleVector.broadcast(SPECIES, tile[i + 3]);
      s30 = v.fma(x0, s30);
      s31 = v.fma(x1, s31);
      v = DoubleVector.broadcast(SPECIES, tile[i + 4]);
      s40 = v.fma(x0, s40);
      s41 = v.fma(x1, s41);
      inputOffset = offsets[p + 1];
      x0 = DoubleVector.fromArray(SPECIES, x, inputOffset);
      x1 = DoubleVector.fromArray(SPECIES, x, inputOffset + LANES);
      v = DoubleVector.broadcast(SPECIES, tile[i + 5]);
      s00 = v.fma(x0, s00);
      s01 = v.fma(x1, s01);
      v = DoubleVector.broadcast(SPECIES, tile[i + 6]);
      s10 = v.fma(x0, s10);
      s11 = v.fma(x1, s11);
      v = DoubleVector.broadcast(SPECIES, tile[i + 7]);
      s20 = v.fma(x0, s20);
      s21 = v.fma(x1, s21);
      v = DoubleVector.broadcast(SPECIES, tile[i + 8]);
      s30 = v.fma(x0, s30);
      s31 = v.fma(x1, s31);
      v = DoubleVector.broadcast(SPECIES, tile[i + 9]);
      s40 = v.fma(x0, s40);
      s41 = v.fma(x1, s41);
      p += 2;
    }
    if (p < k) {
      int inputOffset = offsets[p];
      DoubleVector x0 = DoubleVector.fromArray(SPECIES, x, inputOffset);
      DoubleVector x1 = DoubleVector.fromArray(SPECIES, x, inputOffset + LANES);
      DoubleVector v = DoubleVector.broadcast(SPECIES, tile[end]);
      s00 = v.fma(x0, s00);
      s01 = v.fma(x1, s01);
      v = DoubleVector.broadcast(SPECIES, tile[end + 1]);
      s10 = v.fma(x0, s10);
      s11 = v.fma(x1, s11);
      v = DoubleVector.broadcast(SPECIES, tile[end + 2]);
      s20 = v.fma(x0, s20);
      s21 = v.fma(x1, s21);
      v = DoubleVector.broadcast(SPECIES, tile[end + 3]);
      s30 = v.fma(x0, s30);
      s31 = v.fma(x1, s31);
      v = DoubleVector.broadcast(SPECIES, tile[end + 4]);
      s40 = v.fma(x0, s40);
      s41 = v.fma(x1, s41);
    }
    s00.intoArray(c, c0);
    s01.intoArray(c, c0 + LANES);
    s10.intoArray(c, c0 + ldc);
    s11.intoArray(c, c0 + ldc + LANES);
    s20.intoArray(c, c0 + 2 * ldc);
    s21.intoArray(c, c0 + 2 * ldc + LANES);
    s30.intoArray(c, c0 + 3 * ldc);
    s31.intoArray(c, c0 + 3 * ldc + LANES);
    s40.intoArray(c, c0 + 4 * ldc);
    s41.intoArray(c, c0 + 4 * ldc + LANES);
  }

  /** Multiplies the first four rows of a tile with a panel. */
  private static void rows4(
      double[] start,
      int start0,
      int k,
      double[] tile,
      int t0,
      double[] x,
      int[] offsets,
      double[] c,
      int c0,
      int ldc) {
    DoubleVector s00 = DoubleVector.broadcast(SPECIES, start[start0]);
    DoubleVector s01 = s00;
    DoubleVector s10 = DoubleVector.broadcast(SPECIES, start[start0 + 1]);
    DoubleVector s11 = s10;
    DoubleVector s20 = DoubleVector.broadcast(SPECIES, start[start0 + 2]);
    DoubleVector s21 = s20;
    DoubleVector s30 = DoubleVector.broadcast(SPECIES, start[start0 + 3]);
    DoubleVector s31 = s30;
    int p = 0;
    int end = t0 + k * ROWS;
    for (int i = t0; i < end; i += ROWS) {
      int inputOffset = offsets[p++];
      DoubleVector x0 = DoubleVector.fromArray(SPECIES, x, inputOffset);
      DoubleVector x1 = DoubleVector.fromArray(SPECIES, x, inputOffset + LANES);
      DoubleVector v = DoubleVector.broadcast(SPECIES, tile[i]);
      s00 = v.fma(x0, s00);
      s01 = v.fma(x1, s01);
      v = DoubleVector.broadcast(SPECIES, tile[i + 1]);
      s10 = v.fma(x0, s10);
      s11 = v.fma(x1, s11);
      v = DoubleVector.broadcast(SPECIES, tile[i + 2]);
      s20 = v.fma(x0, s20);
      s21 = v.fma(x1, s21);
      v = DoubleVector.broadcast(SPECIES, tile[i + 3]);
      s30 = v.fma(x0, s30);
      s31 = v.fma(x1, s31);
    }
    s00.intoArray(c, c0);
    s01.intoArray(c, c0 + LANES);
    s10.intoArray(c, c0 + ldc);
    s11.intoArray(c, c0 + ldc + LANES);
    s20.intoArray(c, c0 + 2 * ldc);
    s21.intoArray(c, c0 + 2 * ldc + LANES);
    s30.intoArray(c, c0 + 3 * ldc);
    s31.intoArray(c, c0 + 3 * ldc + LANES);
  }

  /** Multiplies eight rows with the first vector of a panel. */
  private static void half8(
      double[] start,
      int start0,
      int k,
      double[] tile,
      int t0,
      double[] x,
      int[] offsets,
      double[] c,
      int c0,
      int ldc) {
    DoubleVector s00 = DoubleVector.broadcast(SPECIES, start[start0]);
    DoubleVector s10 = DoubleVector.broadcast(SPECIES, start[start0 + 1]);
    DoubleVector s20 = DoubleVector.broadcast(SPECIES, start[start0 + 2]);
    DoubleVector s30 = DoubleVector.broadcast(SPECIES, start[start0 + 3]);
    DoubleVector s40 = DoubleVector.broadcast(SPECIES, start[start0 + 4]);
    DoubleVector s50 = DoubleVector.broadcast(SPECIES, start[start0 + 5]);
    DoubleVector s60 = DoubleVector.broadcast(SPECIES, start[start0 + 6]);
    DoubleVector s70 = DoubleVector.broadcast(SPECIES, start[start0 + 7]);
    int p = 0;
    int end = t0 + k * ROWS;
    for (int i = t0; i < end; i += ROWS) {
      int inputOffset = offsets[p++];
      DoubleVector x0 = DoubleVector.fromArray(SPECIES, x, inputOffset);
      DoubleVector v = DoubleVector.broadcast(SPECIES, tile[i]);
      s00 = v.fma(x0, s00);
      v = DoubleVector.broadcast(SPECIES, tile[i + 1]);
      s10 = v.fma(x0, s10);
      v = DoubleVector.broadcast(SPECIES, tile[i + 2]);
      s20 = v.fma(x0, s20);
      v = DoubleVector.broadcast(SPECIES, tile[i + 3]);
      s30 = v.fma(x0, s30);
      v = DoubleVector.broadcast(SPECIES, tile[i + 4]);
      s40 = v.fma(x0, s40);
      v = DoubleVector.broadcast(SPECIES, tile[i + 5]);
      s50 = v.fma(x0, s50);
      v = DoubleVector.broadcast(SPECIES, tile[i + 6]);
      s60 = v.fma(x0, s60);
      v = DoubleVector.broadcast(SPECIES, tile[i + 7]);
      s70 = v.fma(x0, s70);
    }
    s00.intoArray(c, c0);
    s10.intoArray(c, c0 + ldc);
    s20.intoArray(c, c0 + 2 * ldc);
    s30.intoArray(c, c0 + 3 * ldc);
    s40.intoArray(c, c0 + 4 * ldc);
    s50.intoArray(c, c0 + 5 * ldc);
    s60.intoArray(c, c0 + 6 * ldc);
    s70.intoArray(c, c0 + 7 * ldc);
  }

  /** Multiplies five rows with the first vector of a panel. */
  private static void half5(
      double[] start,
      int start0,
      int k,
      double[] tile,
      int t0,
      double[] x,
      int[] offsets,
      double[] c,
      int c0,
      int ldc) {
    DoubleVector s00 = DoubleVector.broadcast(SPECIES, start[start0]);
    DoubleVector s10 = DoubleVector.broadcast(SPECIES, start[start0 + 1]);
    DoubleVector s20 = DoubleVector.broadcast(SPECIES, start[start0 + 2]);
    DoubleVector s30 = DoubleVector.broadcast(SPECIES, start[start0 + 3]);
    DoubleVector s40 = DoubleVector.broadcast(SPECIES, start[start0 + 4]);
    int p = 0;
    int end = t0 + k * ROWS;
    for (int i = t0; i < end; i += ROWS) {
      int inputOffset = offsets[p++];
      DoubleVector x0 = DoubleVector.fromArray(SPECIES, x, inputOffset);
      DoubleVector v = DoubleVector.broadcast(SPECIES, tile[i]);
      s00 = v.fma(x0, s00);
      v = DoubleVector.broadcast(SPECIES, tile[i + 1]);
      s10 = v.fma(x0, s10);
      v = DoubleVector.broadcast(SPECIES, tile[i + 2]);
      s20 = v.fma(x0, s20);
      v = DoubleVector.broadcast(SPECIES, tile[i + 3]);
      s30 = v.fma(x0, s30);
      v = DoubleVector.broadcast(SPECIES, tile[i + 4]);
      s40 = v.fma(x0, s40);
    }
    s00.intoArray(c, c0);
    s10.intoArray(c, c0 + ldc);
    s20.intoArray(c, c0 + 2 * ldc);
    s30.intoArray(c, c0 + 3 * ldc);
    s40.intoArray(c, c0 + 4 * ldc);
  }

  /** Multiplies the first four rows of a tile with the first vector of a panel. */
  private static void half4(
      double[] start,
      int start0,
      int k,
      double[] tile,
      int t0,
      double[] x,
      int[] offsets,
      double[] c,
      int c0,
      int ldc) {
    DoubleVector s00 = DoubleVector.broadcast(SPECIES, start[start0]);
    DoubleVector s10 = DoubleVector.broadcast(SPECIES, start[start0 + 1]);
    DoubleVector s20 = DoubleVector.broadcast(SPECIES, start[start0 + 2]);
    DoubleVector s30 = DoubleVector.broadcast(SPECIES, start[start0 + 3]);
    int p = 0;
    int end = t0 + k * ROWS;
    for (int i = t0; i < end; i += ROWS) {
      int inputOffset = offsets[p++];
      DoubleVector x0 = DoubleVector.fromArray(SPECIES, x, inputOffset);
      DoubleVector v = DoubleVector.broadcast(SPECIES, tile[i]);
      s00 = v.fma(x0, s00);
      v = DoubleVector.broadcast(SPECIES, tile[i + 1]);
      s10 = v.fma(x0, s10);
      v = DoubleVector.broadcast(SPECIES, tile[i + 2]);
      s20 = v.fma(x0, s20);
      v = DoubleVector.broadcast(SPECIES, tile[i + 3]);
      s30 = v.fma(x0, s30);
    }
    s00.intoArray(c, c0);
    s10.intoArray(c, c0 + ldc);
    s20.intoArray(c, c0 + 2 * ldc);
    s30.intoArray(c, c0 + 3 * ldc);
  }

  /** Adds {@code rows} rows of {@code columns} elements, {@link #PANEL} apart, to those of c. */
  static void add(int rows, int columns, double[] sums, int s0, double[] c, int c0, int ldc) {
    for (int row = 0; row < rows; row++) {
      int from = s0 + row * PANEL;
      int to = c0 + row * ldc;
      if (columns == PANEL) {
        addVector(sums, from, c, to);
        addVector(sums, from + LANES, c, to + LANES);
      } else {
        for (int j = 0; j < columns; j++) {
          c[to + j] += sums[from + j];
        }
      }
    }
  }

  private static void addVector(double[] x, int from, double[] c, int to) {
    DoubleVector.fromArray(SPECIES, x, from)
        .add(DoubleVector.fromArray(SPECIES, c, to))
        .intoArray(c, to);
  }
}
