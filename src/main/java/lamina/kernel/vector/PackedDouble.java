package lamina.kernel.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The innermost loops of matrix products in float64 of which both sides are packed: the left one
 * into tiles of four rows, element after element of k, the right one into panels of two vectors. A
 * tile of the result stays in registers for all of k and is written once. Four rows, because their
 * eight sums are just enough to keep two multiply-add units busy, and leave registers for whatever
 * order the JIT compiler gives the loads; with packed rows all addresses follow from one index, and
 * the loop runs at about 90% of the processor's peak.
 *
 * <p>Each element is one chain of fused multiply-adds over ascending k: how the columns and rows of
 * a product are cut does not change a bit of it.
 */
final class PackedDouble {
  private static final VectorSpecies<Double> SPECIES = TileDouble.SPECIES;
  private static final int LANES = TileDouble.LANES;
  private static final int PANEL = TileDouble.PANEL;

  /** Rows of a tile. */
  static final int ROWS = 4;

  /** From an element of a panel to the next one of k, for each step of a tile. */
  private static final int STEP = PANEL / ROWS;

  private PackedDouble() {}

  /** Elements that an m×k matrix takes in tiles. */
  static int size(int m, int k) {
    return Math.multiplyExact(MatrixProductDouble.roundUp(m, ROWS), k);
  }

  /** Packs an m×k matrix into tiles, one after another; the last one may have rows of zeros. */
  static void pack(int m, int k, double[] a, int a0, int lda, double[] tiles, int t0) {
    for (int i = 0; i < m; i += ROWS) {
      int from = a0 + i * lda;
      int to = t0 + i * k;
      if (i + ROWS <= m) {
        for (int p = 0; p < k; p++) {
          tiles[to + ROWS * p] = a[from + p];
          tiles[to + ROWS * p + 1] = a[from + lda + p];
          tiles[to + ROWS * p + 2] = a[from + 2 * lda + p];
          tiles[to + ROWS * p + 3] = a[from + 3 * lda + p];
        }
      } else {
        for (int p = 0; p < k; p++) {
          for (int row = 0; row < ROWS; row++) {
            tiles[to + ROWS * p + row] = i + row < m ? a[from + row * lda + p] : 0;
          }
        }
      }
    }
  }

  /**
   * Up to four rows of a product with panels that start {@code step} apart: {@code c = start + tile
   * · panels}, or {@code c += start + tile · panels} with {@code add}.
   *
   * @param rows how many rows of the tile count
   * @param columns how many columns of the panels count
   * @param start what the sums of a row start from: four elements from {@code start0} on
   * @param spare room for {@link #ROWS} rows of as many columns, rounded up to panels
   */
  static void multiply(
      int rows,
      int columns,
      int k,
      double[] tile,
      int t0,
      double[] panels,
      int p0,
      int step,
      double[] start,
      int start0,
      boolean add,
      double[] c,
      int c0,
      int ldc,
      double[] spare) {
    int direct = rows == ROWS ? columns / PANEL : 0;
    tiles(direct, k, tile, t0, panels, p0, step, start, start0, add, c, c0, ldc);
    int done = direct * PANEL;
    if (done < columns) {
      int left = MatrixProductDouble.ceil(columns - done, PANEL);
      int width = left * PANEL;
      int at = p0 + direct * step;
      tiles(left, k, tile, t0, panels, at, step, start, start0, false, spare, 0, width);
      for (int row = 0; row < rows; row++) {
        int to = c0 + row * ldc + done;
        if (add) {
          for (int j = 0; j < columns - done; j++) {
            c[to + j] += spare[row * width + j];
          }
        } else {
          System.arraycopy(spare, row * width, c, to, columns - done);
        }
      }
    }
  }

  /** One tile and some panels: c (4×n·PANEL) = or += start + tile (4×k) · panels (k×PANEL each). */
  static void tiles(
      int n,
      int k,
      double[] tile,
      int t0,
      double[] panels,
      int p0,
      int step,
      double[] start,
      int start0,
      boolean add,
      double[] c,
      int c0,
      int ldc) {
    for (int panel = 0; panel < n; panel++) {
      int from = p0 + panel * step;
      tile(k, tile, t0, panels, from, start, start0, add, c, c0 + panel * PANEL, ldc);
    }
  }

  /**
   * One tile and one panel. On its own, and too large to be inlined, because its loop leaves no
   * general register for anything around it: one that is spilled inside costs a quarter of the
   * speed.
   */
  private static void tile(
      int k,
      double[] tile,
      int t0,
      double[] panel,
      int p0,
      double[] start,
      int start0,
      boolean add,
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
    // One index for both sides: a second one would keep its range checks in the loop.
    int end = t0 + ROWS * k;
    int from = p0 - t0 * STEP;
    for (int i = t0; i < end; i += ROWS) {
      DoubleVector x0 = DoubleVector.fromArray(SPECIES, panel, from + i * STEP);
      DoubleVector x1 = DoubleVector.fromArray(SPECIES, panel, from + i * STEP + LANES);
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
    int r1 = c0 + ldc;
    int r2 = r1 + ldc;
    int r3 = r2 + ldc;
    if (add) {
      s00 = s00.add(DoubleVector.fromArray(SPECIES, c, c0));
      s01 = s01.add(DoubleVector.fromArray(SPECIES, c, c0 + LANES));
      s10 = s10.add(DoubleVector.fromArray(SPECIES, c, r1));
      s11 = s11.add(DoubleVector.fromArray(SPECIES, c, r1 + LANES));
      s20 = s20.add(DoubleVector.fromArray(SPECIES, c, r2));
      s21 = s21.add(DoubleVector.fromArray(SPECIES, c, r2 + LANES));
      s30 = s30.add(DoubleVector.fromArray(SPECIES, c, r3));
      s31 = s31.add(DoubleVector.fromArray(SPECIES, c, r3 + LANES));
    }
    s00.intoArray(c, c0);
    s01.intoArray(c, c0 + LANES);
    s10.intoArray(c, r1);
    s11.intoArray(c, r1 + LANES);
    s20.intoArray(c, r2);
    s21.intoArray(c, r2 + LANES);
    s30.intoArray(c, r3);
    s31.intoArray(c, r3 + LANES);
  }

  /**
   * One column of {@link #multiply}, for columns too few to fill a panel.
   *
   * @param column each element of the column {@link #ROWS} times, to meet the rows of the tile
   * @param spare room for four vectors
   */
  static void multiplyColumn(
      int rows,
      int k,
      double[] tile,
      int t0,
      double[] column,
      int x0,
      double[] start,
      int start0,
      boolean add,
      double[] c,
      int c0,
      int ldc,
      double[] spare) {
    int size = ROWS * k;
    DoubleVector s0 = DoubleVector.zero(SPECIES);
    DoubleVector s1 = s0;
    DoubleVector s2 = s0;
    DoubleVector s3 = s0;
    int whole = size / (4 * LANES) * 4 * LANES;
    for (int i = 0; i < whole; i += 4 * LANES) {
      s0 = vector(tile, t0 + i).fma(vector(column, x0 + i), s0);
      s1 = vector(tile, t0 + i + LANES).fma(vector(column, x0 + i + LANES), s1);
      s2 = vector(tile, t0 + i + 2 * LANES).fma(vector(column, x0 + i + 2 * LANES), s2);
      s3 = vector(tile, t0 + i + 3 * LANES).fma(vector(column, x0 + i + 3 * LANES), s3);
    }
    s0.intoArray(spare, 0);
    s1.intoArray(spare, LANES);
    s2.intoArray(spare, 2 * LANES);
    s3.intoArray(spare, 3 * LANES);
    for (int row = 0; row < rows; row++) {
      double sum = start[start0 + row];
      for (int i = row; i < 4 * LANES; i += ROWS) {
        sum += spare[i];
      }
      for (int i = whole + row; i < size; i += ROWS) {
        sum += tile[t0 + i] * column[x0 + i];
      }
      int at = c0 + row * ldc;
      c[at] = add ? c[at] + sum : sum;
    }
  }

  private static DoubleVector vector(double[] from, int at) {
    return DoubleVector.fromArray(SPECIES, from, at);
  }
}
