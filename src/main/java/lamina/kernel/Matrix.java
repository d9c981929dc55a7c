package lamina.kernel;

/**
 * A matrix that lies in an array row by row, or whose transpose does.
 *
 * @param values the array: of float64 or of float32
 * @param offset where the matrix starts in it
 * @param rows the number of rows, after the transposition if there is one
 * @param columns the number of columns, likewise
 * @param distance how far apart in the array two rows lie; of a transposed matrix, two columns
 * @param transposed whether it is the transpose that lies in the array row by row
 */
public record Matrix<A>(
    A values, int offset, int rows, int columns, int distance, boolean transposed) {

  /** A matrix that is the whole array. */
  public static <A> Matrix<A> of(A values, int rows, int columns) {
    return of(values, 0, rows, columns, columns);
  }

  /** A matrix that lies in an array row by row. */
  public static <A> Matrix<A> of(A values, int offset, int rows, int columns, int distance) {
    return new Matrix<>(values, offset, rows, columns, distance, false);
  }

  /** The transpose: the same elements of the array. */
  public Matrix<A> transpose() {
    return new Matrix<>(values, offset, columns, rows, distance, !transposed);
  }

  /** Some of the rows: the same elements of the array. */
  public Matrix<A> rows(int first, int count) {
    return part(first, count, 0, columns);
  }

  /** Some of the rows of some of the columns: the same elements of the array. */
  public Matrix<A> part(int firstRow, int rowCount, int firstColumn, int columnCount) {
    if (rowCount == rows && columnCount == columns) {
      return this;
    }
    return new Matrix<>(
        values, index(firstRow, firstColumn), rowCount, columnCount, distance, transposed);
  }

  /** Where the element in a row and a column lies in the array. */
  public int index(int row, int column) {
    return offset + row * rowStep() + column * columnStep();
  }

  /** How far apart in the array two rows lie. */
  public int rowStep() {
    return transposed ? 1 : distance;
  }

  /** How far apart in the array two columns lie. */
  public int columnStep() {
    return transposed ? distance : 1;
  }
}
