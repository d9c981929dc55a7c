package lamina.format;

import java.io.InputStream;
import java.nio.file.Path;
import lamina.tensor.DType;

/**
 * How TENSOR arguments are read.
 *
 * @param dtype the type of the result
 * @param csvShape the shape of a tensor in a CSV file, or null for the matrix as it is
 * @param integerPixels whether pixels stay 0..255 instead of becoming 0..1
 * @param seed the seed of {@code rand:} and {@code randn:}
 * @param standardInput what {@code -} reads
 * @param directory what relative paths are relative to
 */
public record ReadOptions(
    DType dtype,
    int[] csvShape,
    boolean integerPixels,
    long seed,
    InputStream standardInput,
    Path directory) {}
