package lamina.kernel.vector;

import lamina.kernel.Convolution;

/**
 * The columns of one panel after another in float64: their products with the filters of a group,
 * and the end of the convolution, from the complete sums to the output.
 */
final class ColumnsDouble {
  private static final int PANEL = TileDouble.PANEL;
  private static final int LANES = TileDouble.LANES;
  private static final int ROWS = TileDouble.ROWS;

  /** How many filters the group has, and how many weights a filter. */
  private final int filters;

  private final int filter;
  private final int wholeTiles;

  /** How many output positions a filter has. */
  private final int outPlane;

  private final PanelPositions positions;

  /** What the sums start from. */
  private final double[] starts;

  private final double[] y;

  /** Where the output of the first filter starts. */
  private final int y0;

  /** No position from this one on may be written. */
  private final int end;

  private final double[] spare = new double[ROWS * PANEL + PANEL];

  /** The weights {@code p} to {@code p + k − 1} of the filters of some tiles. */
  private int p;

  private int k;
  private int firstTile;
  private int endTile;

  ColumnsDouble(
      Convolution conv,
      int outPlane,
      int filter,
      PanelPositions positions,
      double[] starts,
      double[] y,
      int y0,
      int end) {
    this.filters = conv.outChannels() / conv.groups();
    this.filter = filter;
    this.wholeTiles = PackedDouble.wholeRows(filters) / ROWS;
    this.outPlane = outPlane;
    this.positions = positions;
    this.starts = starts;
    this.y = y;
    this.y0 = y0;
    this.end = end;
  }

  /** Takes the weights {@code p} to {@code p + k − 1} of the filters of some tiles. */
  void take(int p, int k, int firstTile, int endTile) {
    this.p = p;
    this.k = k;
    this.firstTile = firstTile;
    this.endTile = endTile;
  }

  /**
   * Multiplies the weights with rows of the panel, and writes the sums once they are complete.
   *
   * @param t0 where the weights from {@code p} on of the first of all tiles lie
   * @param sums the sums so far, kept from {@code s0} on
   */
  void multiply(double[] tiles, int t0, double[] x, int[] rowOffsets, double[] sums, int s0) {
    int width = positions.width;
    boolean last = p + k == filter;
    boolean straight =
        p == 0
            && last
            && positions.runs == 1
            && positions.length[0] == width
            && (width == PANEL || width == LANES);
    for (int number = firstTile; number < endTile; number++) {
      int i = PackedDouble.firstRow(wholeTiles, number);
      int height = number < wholeTiles ? ROWS : TileDouble.LOW;
      int rows = Math.min(height, filters - i);
      int tile = t0 + number * filter * ROWS;
      double[] start = p == 0 ? starts : TileDouble.ZEROS;
      int start0 = p == 0 ? i : 0;
      int kept = s0 + i * PANEL;
      if (p == 0 && !last) {
        TileDouble.multiply(
            rows, PANEL, start, start0, k, tiles, tile, x, rowOffsets, sums, kept, PANEL);
      } else if (straight && rows == height) {
        int to = y0 + i * outPlane + positions.position[0];
        TileDouble.multiply(
            rows, width, start, start0, k, tiles, tile, x, rowOffsets, y, to, outPlane);
      } else {
        TileDouble.multiply(
            rows, width, start, start0, k, tiles, tile, x, rowOffsets, spare, 0, PANEL);
        if (p > 0) {
          if (last) {
            TileDouble.add(rows, PANEL, sums, kept, spare, 0, PANEL);
          } else {
            TileDouble.add(rows, PANEL, spare, 0, sums, kept, PANEL);
          }
        }
        if (last) {
          write(i, rows);
        }
      }
    }
  }

  /**
   * Multiplies the weights with one column of the panel.
   *
   * @param elements each element of the column {@link TileDouble#ROWS} times, from {@code e0} on
   * @param sums the sums so far, kept from {@code s0} on
   */
  void multiplyOne(
      int column, double[] tiles, int t0, double[] elements, int e0, double[] sums, int s0) {
    boolean last = p + k == filter;
    for (int number = firstTile; number < endTile; number++) {
      int i = PackedDouble.firstRow(wholeTiles, number);
      int rows = Math.min(number < wholeTiles ? ROWS : TileDouble.LOW, filters - i);
      PackedDouble.dots(k, tiles, t0 + number * filter * ROWS, elements, e0, spare);
      for (int row = 0; row < rows; row++) {
        double sum = spare[row] + (p == 0 ? starts[i + row] : sums[s0 + i + row]);
        if (last) {
          int to = y0 + (i + row) * outPlane + positions.position[0] + column;
          y[to] = sum;
        } else {
          sums[s0 + i + row] = sum;
        }
      }
    }
  }

  /** Writes the sums of a tile from {@link #spare}. */
  private void write(int out, int rows) {
    for (int run = 0; run < positions.runs; run++) {
      int count = positions.length[run];
      int position = positions.position[run];
      boolean two = count > LANES;
      // Whole vectors are written as long as later runs overwrite what they write too much.
      boolean vectors = position + (two ? PANEL : LANES) <= end;
      for (int row = 0; row < rows; row++) {
        int spareOffset = row * PANEL + positions.from[run];
        int to = y0 + (out + row) * outPlane + position;
        if (!vectors) {
          System.arraycopy(spare, spareOffset, y, to, count);
        } else {
          UnfoldedDouble.copyVector(spare, spareOffset, y, to);
          if (two) {
            UnfoldedDouble.copyVector(spare, spareOffset + LANES, y, to + LANES);
          }
        }
      }
    }
  }
}
