package lamina.kernel.vector;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import lamina.kernel.Matrix;

/**
 * Left matrices of products in float64, packed into tiles, one after another: first tiles of {@link
 * TileDouble#ROWS} rows, then tiles of {@link TileDouble#LOW} rows, so many of each that together
 * they have the matrix's rows. Where no such numbers exist, the last tile has rows of zeros. Each
 * tile takes the room of a whole one.
 */
final class PackedDouble {
  private static final int ROWS = TileDouble.ROWS;
  private static final int LANES = TileDouble.LANES;
  private static final int PANEL = TileDouble.PANEL;

  private PackedDouble() {}

  /** How many elements the tiles of an m×k matrix have. */
  static int size(int m, int k) {
    return Math.multiplyExact(MatrixProductDouble.roundUp(m, ROWS), k);
  }

  /**
   * How many rows lie in whole tiles, which may be more than m; those after them lie in low tiles.
   */
  static int wholeRows(int m) {
    for (int low = 0; low <= m && low < TileDouble.LOW * ROWS; low += TileDouble.LOW) {
      if ((m - low) % ROWS == 0) {
        return m - low;
      }
    }
    return m % ROWS <= TileDouble.LOW ? m - m % ROWS : size(m, 1);
  }

  /** How many rows the tiles of m rows have, rows of zeros included. */
  static int computedRows(int m) {
    int whole = wholeRows(m);
    return whole + MatrixProductDouble.roundUp(Math.max(0, m - whole), TileDouble.LOW);
  }

  /** How many tiles a matrix with m rows takes. */
  static int tiles(int m) {
    int whole = wholeRows(m);
    return whole / ROWS + MatrixProductDouble.ceil(Math.max(0, m - whole), TileDouble.LOW);
  }

  /** The first row of a tile of a matrix with so many whole tiles. */
  static int firstRow(int wholeTiles, int tile) {
    int whole = Math.min(tile, wholeTiles);
    return whole * ROWS + (tile - whole) * TileDouble.LOW;
  }

  /** Where the first element of a row lies in the tiles of an m×k matrix. */
  static int rowStart(int m, int k, int row) {
    int low = row - wholeRows(m);
    if (low < 0) {
      return row / ROWS * ROWS * k + row % ROWS;
    }
    return ((row - low) / ROWS + low / TileDouble.LOW) * ROWS * k + low % TileDouble.LOW;
  }

  /** Packs a matrix. */
  static void pack(Matrix<double[]> matrix, double[] tiles, int t0) {
    int m = matrix.rows();
    int k = matrix.columns();
    double[] a = matrix.values();
    int down = matrix.rowStep();
    int across = matrix.columnStep();
    int whole = wholeRows(m);
    int to = t0;
    int height;
    for (int i = 0; i < m; i += height) {
      height = i < whole ? ROWS : TileDouble.LOW;
      int rows = Math.min(height, m - i);
      if (rows < ROWS) {
        Arrays.fill(tiles, to, to + ROWS * k, 0);
      }
      int from = matrix.offset() + i * down;
      if (down == 1 && rows == ROWS) {
        for (int p = 0; p < k; p++) {
          System.arraycopy(a, from + p * across, tiles, to + p * ROWS, ROWS);
        }
      } else {
        int row = 0;
        for (; across == 1 && row + 4 <= rows; row += 4) {
          MatrixProductDouble.interleave(k, a, from + row * down, down, tiles, to + row, ROWS);
        }
        for (; row < rows; row++) {
          packRow(k, a, from + row * down, across, tiles, to + row);
        }
      }
      to += ROWS * k;
    }
  }

  private static void packRow(int k, double[] a, int from, int across, double[] tiles, int to) {
    if (across == 1) {
      for (int p = 0; p < k; p++) {
        tiles[to + p * ROWS] = a[from + p];
      }
    } else {
      for (int p = 0; p < k; p++) {
        tiles[to + p * ROWS] = a[from + p * across];
      }
    }
  }

  /** Sets {@code offsets} to where the rows of a panel lie that starts at {@code start}. */
  static void panelOffsets(int k, int start, int[] offsets) {
    for (int p = 0; p < k; p++) {
      offsets[p] = start + p * PANEL;
    }
  }

  /**
   * {@code c (m×columns) = or += tiles (m×k) · x (k×columns)} for one panel of x, which stays in
   * the first-level cache while the tiles pass by.
   *
   * @param columns at most {@link TileDouble#PANEL}
   * @param tileStep from a tile to the next one
   * @param offsets where the row of x begins that belongs to each k; as many elements as a panel
   *     has columns can be read there
   * @param add whether the product is added to c
   * @param spare room for one tile of the result
   */
  static void multiply(
      int m,
      int columns,
      int k,
      double[] tiles,
      int t0,
      int tileStep,
      double[] x,
      int[] offsets,
      boolean add,
      double[] c,
      int c0,
      int ldc,
      double[] spare) {
    int whole = wholeRows(m);
    int tile = t0;
    int height;
    for (int i = 0; i < m; i += height) {
      height = i < whole ? ROWS : TileDouble.LOW;
      int rows = Math.min(height, m - i);
      int to = c0 + i * ldc;
      if (!add && rows == height && (columns == PANEL || columns == LANES)) {
        TileDouble.multiply(
            rows, columns, TileDouble.ZEROS, 0, k, tiles, tile, x, offsets, c, to, ldc);
      } else {
        TileDouble.multiply(
            rows, columns, TileDouble.ZEROS, 0, k, tiles, tile, x, offsets, spare, 0, PANEL);
        if (add) {
          TileDouble.add(rows, columns, spare, 0, c, to, ldc);
        } else {
          for (int row = 0; row < rows; row++) {
            System.arraycopy(spare, row * PANEL, c, to + row * ldc, columns);
          }
        }
      }
      tile += tileStep;
    }
  }

  /**
   * The rows of one tile of k columns times a column, for columns too few to fill half a panel.
   *
   * @param column each element of the column {@link TileDouble#ROWS} times, to meet the rows of the
   *     tile, from {@code c0} on
   * @param sums where the sums go, and room for five vectors
   */
  static void dots(int k, double[] tile, int t0, double[] column, int c0, double[] sums) {
    // Five vectors hold a whole number of the tile's columns, whether it has five rows or eight.
    int size = ROWS * k;
    DoubleVector s0 = DoubleVector.zero(TileDouble.SPECIES);
    DoubleVector s1 = s0;
    DoubleVector s2 = s0;
    DoubleVector s3 = s0;
    DoubleVector s4 = s0;
    int whole = size / (5 * LANES) * 5 * LANES;
    for (int i = 0; i < whole; i += 5 * LANES) {
      s0 = vector(tile, t0 + i).fma(vector(column, c0 + i), s0);
      s1 = vector(tile, t0 + i + LANES).fma(vector(column, c0 + i + LANES), s1);
      s2 = vector(tile, t0 + i + 2 * LANES).fma(vector(column, c0 + i + 2 * LANES), s2);
      s3 = vector(tile, t0 + i + 3 * LANES).fma(vector(column, c0 + i + 3 * LANES), s3);
      s4 = vector(tile, t0 + i + 4 * LANES).fma(vector(column, c0 + i + 4 * LANES), s4);
    }
    s0.intoArray(sums, 0);
    s1.intoArray(sums, LANES);
    s2.intoArray(sums, 2 * LANES);
    s3.intoArray(sums, 3 * LANES);
    s4.intoArray(sums, 4 * LANES);
    for (int row = 0; row < ROWS; row++) {
      double sum = sums[row];
      for (int i = row + ROWS; i < 5 * LANES; i += ROWS) {
        sum += sums[i];
      }
      for (int i = whole + row; i < size; i += ROWS) {
        sum += tile[t0 + i] * column[c0 + i];
      }
      sums[row] = sum;
    }
  }

  private static DoubleVector vector(double[] from, int offset) {
    return DoubleVector.fromArray(TileDouble.SPECIES, from, offset);
  }
}
