package lamina.kernel.vector;

/**
 * Where the elements of a channel lie in a copy that taps read at fixed distances: slices of rows
 * with padding above and below. The padding behind a row is also the one before the next.
 */
final class PlaneLayout {
  /** Rows of a slice. */
  final int rows;

  /** Elements from one row to the next. */
  final int pitch;

  /** Elements of a channel. */
  final int channel;

  /** Padding in front of the first channel. */
  final int margin;

  /**
   * The layout of rows of {@code width} elements.
   *
   * @param before how far before a row a tap reads
   * @param after how far behind it
   */
  PlaneLayout(int slices, int rows, int width, int before, int after) {
    this.rows = rows;
    margin = Math.max(0, before);
    pitch = Math.addExact(width, Math.max(margin, after));
    channel = Math.multiplyExact(Math.multiplyExact(slices, rows), pitch);
  }

  /** Where a row of the first channel starts. */
  int row(int slice, int row) {
    return margin + (slice * rows + row) * pitch;
  }
}
