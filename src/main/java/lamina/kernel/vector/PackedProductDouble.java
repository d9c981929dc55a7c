package lamina.kernel.vector;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;
import lamina.kernel.Matrix;
import lamina.kernel.RepeatedProduct;

/**
 * Products in float64 with one matrix b, packed once into panels. A few rows are multiplied without
 * being copied, with four panels at a time: these give eight sums, enough for the loop to wait for
 * nothing but the cache. More rows are packed into tiles.
 *
 * <p>Each element is one chain of fused multiply-adds over ascending k.
 */
final class PackedProductDouble implements RepeatedProduct<double[]> {
  private static final VectorSpecies<Double> SPECIES = TileDouble.SPECIES;
  private static final int LANES = TileDouble.LANES;
  private static final int PANEL = TileDouble.PANEL;

  /**
   * How many values of k a piece of a panel has: it then fills the first-level cache, and stays
   * there.
   */
  private static final int DEPTH = Machine.L1_BYTES / (PANEL * Double.BYTES);

  /**
   * How many rows are multiplied with a piece of a panel at a time: they stay in the second-level
   * cache.
   */
  private static final int ROWS = 64;

  private final int k;
  private final int n;

  /** How many panels are full. */
  private final int full;

  private final double[] packed;

  /** Where the rows of a piece of a panel start. */
  private final int[] offsets;

  /** Room for a tile of the result. */
  private final double[] spare = new double[TileDouble.ROWS * PANEL];

  /** Room for the tiles of some rows, once there are rows to pack. */
  private double[] tiles;

  /**
   * Whether the next pass runs from the last panel to the first. Passes go up and down in turns,
   * since the cache holds only what the pass before read last of a matrix that is larger than the
   * cache.
   */
  private boolean downwards;

  /** Packs b. */
  PackedProductDouble(Matrix<double[]> b) {
    this.k = b.rows();
    this.n = b.columns();
    this.full = n / PANEL;
    int size = Math.multiplyExact(MatrixProductDouble.roundUp(n, PANEL), k);
    this.packed = BuffersDouble.take(size);
    this.offsets = new int[Math.min(k, DEPTH)];
    for (int j = 0; j < n; j += PANEL) {
      int columns = Math.min(PANEL, n - j);
      int to = j * k;
      if (columns < PANEL) {
        Arrays.fill(packed, to, to + k * PANEL, 0);
      }
      if (b.transposed()) {
        packTransposed(k, columns, b.values(), b.index(0, j), b.distance(), packed, to);
      } else {
        for (int i = 0; i < k; i++) {
          System.arraycopy(b.values(), b.index(i, j), packed, to + i * PANEL, columns);
        }
      }
    }
  }

  /** Turns rows of the transpose into columns of a panel, eight at a time. */
  private static void packTransposed(
      int k, int columns, double[] b, int b0, int ldb, double[] packed, int p0) {
    int j = 0;
    for (; j + 8 <= columns; j += 8) {
      packEight(k, b, b0 + j * ldb, ldb, packed, p0 + j);
    }
    for (; j < columns; j++) {
      for (int i = 0; i < k; i++) {
        packed[p0 + j + i * PANEL] = b[b0 + j * ldb + i];
      }
    }
  }

  private static void packEight(int k, double[] b, int b0, int ldb, double[] packed, int p0) {
    int b1 = b0 + ldb;
    int b2 = b1 + ldb;
    int b3 = b2 + ldb;
    int b4 = b3 + ldb;
    int b5 = b4 + ldb;
    int b6 = b5 + ldb;
    int b7 = b6 + ldb;
    for (int i = 0; i < k; i++) {
      int to = p0 + i * PANEL;
      packed[to] = b[b0 + i];
      packed[to + 1] = b[b1 + i];
      packed[to + 2] = b[b2 + i];
      packed[to + 3] = b[b3 + i];
      packed[to + 4] = b[b4 + i];
      packed[to + 5] = b[b5 + i];
      packed[to + 6] = b[b6 + i];
      packed[to + 7] = b[b7 + i];
    }
  }

  @Override
  public void release() {
    BuffersDouble.give(packed);
    if (tiles != null) {
      BuffersDouble.give(tiles);
    }
  }

  @Override
  public void add(Matrix<double[]> a, Matrix<double[]> c) {
    multiply(a, null, c);
  }

  @Override
  public void addTo(double[] row, Matrix<double[]> a, Matrix<double[]> c) {
    multiply(a, row, c);
  }

  /** {@code c += a · b}, or {@code c = row + a · b} if there is a row. */
  private void multiply(Matrix<double[]> a, double[] row, Matrix<double[]> c) {
    int m = c.rows();
    double[] sums = c.values();
    if (m < TileDouble.LOW) {
      for (int i = 0; i < m; i++) {
        int to = c.offset() + i * c.distance();
        if (row != null) {
          System.arraycopy(row, 0, sums, to, n);
        }
        addRow(a.values(), a.offset() + i * a.distance(), sums, to);
      }
      return;
    }
    if (tiles == null) {
      tiles = BuffersDouble.take(PackedDouble.size(ROWS, k));
    }
    int panels = (n + PANEL - 1) / PANEL;
    for (int i = 0; i < m; i += ROWS) {
      int rows = Math.min(ROWS, m - i);
      PackedDouble.pack(a.rows(i, rows), tiles, 0);
      for (int index = 0; index < panels; index++) {
        int panel = downwards ? panels - 1 - index : index;
        panel(rows, panel * PANEL, row, sums, c.index(i, panel * PANEL), c.distance());
      }
      downwards = !downwards;
    }
  }

  /**
   * Computes the columns of the panel that starts at column {@code j}, for rows that are packed.
   */
  private void panel(int m, int j, double[] row, double[] c, int c0, int ldc) {
    int columns = Math.min(PANEL, n - j);
    if (row != null) {
      for (int i = 0; i < m; i++) {
        System.arraycopy(row, j, c, c0 + i * ldc, columns);
      }
    }
    int rows = TileDouble.ROWS;
    for (int p = 0; p < k; p += DEPTH) {
      int depth = Math.min(DEPTH, k - p);
      PackedDouble.panelOffsets(depth, j * k + p * PANEL, offsets);
      PackedDouble.multiply(
          m, columns, depth, tiles, p * rows, rows * k, packed, offsets, true, c, c0, ldc, spare);
    }
  }

  private void addRow(double[] a, int a0, double[] c, int c0) {
    int panel = 0;
    for (; panel + 4 <= full; panel += 4) {
      fourPanels(k, a, a0, packed, panel * PANEL * k, PANEL * k, c, c0 + panel * PANEL);
    }
    for (; panel + 2 <= full; panel += 2) {
      twoPanels(k, a, a0, packed, panel * PANEL * k, PANEL * k, c, c0 + panel * PANEL);
    }
    if (panel < full) {
      onePanel(k, a, a0, packed, panel * PANEL * k, c, c0 + panel * PANEL);
    }
    int done = full * PANEL;
    if (done < n) {
      System.arraycopy(c, c0 + done, spare, 0, n - done);
      onePanel(k, a, a0, packed, done * k, spare, 0);
      System.arraycopy(spare, 0, c, c0 + done, n - done);
    }
  }

  /** c (1×4·PANEL) += a (1×k) · four panels that start {@code step} apart. */
  private static void fourPanels(
      int k, double[] a, int a0, double[] panels, int p0, int step, double[] c, int c0) {
    int p1 = p0 + step;
    int p2 = p1 + step;
    int p3 = p2 + step;
    DoubleVector s0 = vector(c, c0);
    DoubleVector s1 = vector(c, c0 + LANES);
    DoubleVector s2 = vector(c, c0 + 2 * LANES);
    DoubleVector s3 = vector(c, c0 + 3 * LANES);
    DoubleVector s4 = vector(c, c0 + 4 * LANES);
    DoubleVector s5 = vector(c, c0 + 5 * LANES);
    DoubleVector s6 = vector(c, c0 + 6 * LANES);
    DoubleVector s7 = vector(c, c0 + 7 * LANES);
    for (int i = 0; i < k; i++) {
      DoubleVector x = DoubleVector.broadcast(SPECIES, a[a0 + i]);
      s0 = x.fma(vector(panels, p0 + i * PANEL), s0);
      s1 = x.fma(vector(panels, p0 + i * PANEL + LANES), s1);
      s2 = x.fma(vector(panels, p1 + i * PANEL), s2);
      s3 = x.fma(vector(panels, p1 + i * PANEL + LANES), s3);
      s4 = x.fma(vector(panels, p2 + i * PANEL), s4);
      s5 = x.fma(vector(panels, p2 + i * PANEL + LANES), s5);
      s6 = x.fma(vector(panels, p3 + i * PANEL), s6);
      s7 = x.fma(vector(panels, p3 + i * PANEL + LANES), s7);
    }
    s0.intoArray(c, c0);
    s1.intoArray(c, c0 + LANES);
    s2.intoArray(c, c0 + 2 * LANES);
    s3.intoArray(c, c0 + 3 * LANES);
    s4.intoArray(c, c0 + 4 * LANES);
    s5.intoArray(c, c0 + 5 * LANES);
    s6.intoArray(c, c0 + 6 * LANES);
    s7.intoArray(c, c0 + 7 * LANES);
  }

  /** c (1×2·PANEL) += a (1×k) · two panels that start {@code step} apart. */
  private static void twoPanels(
      int k, double[] a, int a0, double[] panels, int p0, int step, double[] c, int c0) {
    int p1 = p0 + step;
    DoubleVector s0 = vector(c, c0);
    DoubleVector s1 = vector(c, c0 + LANES);
    DoubleVector s2 = vector(c, c0 + 2 * LANES);
    DoubleVector s3 = vector(c, c0 + 3 * LANES);
    for (int i = 0; i < k; i++) {
      DoubleVector x = DoubleVector.broadcast(SPECIES, a[a0 + i]);
      s0 = x.fma(vector(panels, p0 + i * PANEL), s0);
      s1 = x.fma(vector(panels, p0 + i * PANEL + LANES), s1);
      s2 = x.fma(vector(panels, p1 + i * PANEL), s2);
      s3 = x.fma(vector(panels, p1 + i * PANEL + LANES), s3);
    }
    s0.intoArray(c, c0);
    s1.intoArray(c, c0 + LANES);
    s2.intoArray(c, c0 + 2 * LANES);
    s3.intoArray(c, c0 + 3 * LANES);
  }

  /** c (1×PANEL) += a (1×k) · panel. */
  private static void onePanel(
      int k, double[] a, int a0, double[] panel, int p0, double[] c, int c0) {
    DoubleVector s0 = vector(c, c0);
    DoubleVector s1 = vector(c, c0 + LANES);
    for (int i = 0; i < k; i++) {
      DoubleVector x = DoubleVector.broadcast(SPECIES, a[a0 + i]);
      s0 = x.fma(vector(panel, p0 + i * PANEL), s0);
      s1 = x.fma(vector(panel, p0 + i * PANEL + LANES), s1);
    }
    s0.intoArray(c, c0);
    s1.intoArray(c, c0 + LANES);
  }

  private static DoubleVector vector(double[] from, int offset) {
    return DoubleVector.fromArray(SPECIES, from, offset);
  }
}
