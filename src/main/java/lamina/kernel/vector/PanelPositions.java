package lamina.kernel.vector;

/**
 * Which output positions the columns of the panels of a matrix product with an unfolded input
 * belong to. Panels run on over the ends of rows, into columns that belong to no position, or the
 * rows are joined.
 */
final class PanelPositions {
  /** How many columns a panel has. */
  private final int panel;

  /** How many output positions a row has. */
  private final int rowLength;

  /** How many columns lie between the first positions of two neighbouring rows; 0 if joined. */
  private final int pitch;

  /** How many columns the panels of a slice of the output have; of the whole output if joined. */
  private final int columns;

  /** How many positions a slice has. */
  private final int slicePositions;

  final int perSlice;

  /**
   * The runs of columns of the panel at hand whose positions are neighbours: the first column of
   * each, its position, and the length.
   */
  final int[] from;

  final int[] position;
  final int[] length;
  int runs;

  /** How many columns the panel at hand has. */
  int width;

  private PanelPositions(int panel, int rowLength, int pitch, int columns, int slicePositions) {
    this.panel = panel;
    this.rowLength = rowLength;
    this.pitch = pitch;
    this.columns = columns;
    this.slicePositions = slicePositions;
    perSlice = MatrixProductDouble.ceil(columns, panel);
    from = new int[panel];
    position = new int[panel];
    length = new int[panel];
  }

  /** Panels of so many columns over all positions, side by side. */
  static PanelPositions joined(int panel, int positions) {
    return new PanelPositions(panel, positions, 0, positions, positions);
  }

  /**
   * Panels of so many columns over some rows of each slice.
   *
   * @param pitch how many columns lie between the first positions of two neighbouring rows
   */
  static PanelPositions runningOn(int panel, int rows, int rowLength, int pitch) {
    int columns = (rows - 1) * pitch + rowLength;
    return new PanelPositions(panel, rowLength, pitch, columns, rows * rowLength);
  }

  /** Takes the columns of a panel. */
  void take(int number) {
    int first = number % perSlice * panel;
    width = Math.min(panel, columns - first);
    runs = 0;
    if (pitch == 0) {
      add(0, first, width);
      return;
    }
    int row = first / pitch;
    int slice = number / perSlice * slicePositions;
    for (int column = first; column < first + width; column = ++row * pitch) {
      int run = Math.min(first + width, row * pitch + rowLength) - column;
      if (run > 0) {
        add(column - first, slice + row * rowLength + column % pitch, run);
      }
    }
  }

  /** Leaves out the last columns of a panel over joined rows, which are one run. */
  void shorten(int count) {
    width -= count;
    length[0] -= count;
  }

  private void add(int column, int outputOffset, int count) {
    from[runs] = column;
    position[runs] = outputOffset;
    length[runs++] = count;
  }

  /** The first output position of a panel, or the one after the last if there is no such panel. */
  int first(int number) {
    if (pitch == 0) {
      return Math.min(columns, number * panel);
    }
    int column = number % perSlice * panel;
    return number / perSlice * slicePositions
        + column / pitch * rowLength
        + Math.min(column % pitch, rowLength);
  }
}
