package lamina.format;

import java.io.InputStream;
import java.nio.file.Path;
import lamina.tensor.DType;

/**
 * How TENSOR arguments are read.
 *
 * @param dtype the type of the result
 * @param csvShape the shape of a tensor in a CSV file, or null for the matrix as it is
 * @param csvHeader how many rows of a CSV file are a header, or {@link #FIND_HEADER}
 * @param integerPixels whether pixels stay 0..255 instead of becoming 0..1
 * @param seed the seed of {@code rand:} and {@code randn:}
 * @param standardInput what {@code -} reads, or null if it is closed
 * @param directory what relative paths are relative to
 * @param remarks takes what is to be said of an input that is read all the same
 */
public record ReadOptions(
    DType dtype,
    int[] csvShape,
    int csvHeader,
    boolean integerPixels,
    long seed,
    InputStream standardInput,
    Path directory,
    Remarks remarks) {
  /** The rows of a CSV file tell themselves how many of them are a header. */
  public static final int FIND_HEADER = -1;

  /** Options for reading without remarks, and CSV files with or without a header. */
  public ReadOptions(
      DType dtype,
      int[] csvShape,
      boolean integerPixels,
      long seed,
      InputStream standardInput,
      Path directory) {
    this(dtype, csvShape, FIND_HEADER, integerPixels, seed, standardInput, directory, Remarks.NONE);
  }
}
