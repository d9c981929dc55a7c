package lamina.format;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import lamina.tensor.DType;
import lamina.tensor.Tensor;

/** The files that make_fixtures.py made, and short ways to read. */
final class Fixtures {
  private Fixtures() {}

  static Path folder() {
    try {
      return Path.of(Fixtures.class.getResource("/format/scalar.npy").toURI()).getParent();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static ReadOptions options(DType dtype, Path folder, InputStream standardInput) {
    return new ReadOptions(dtype, null, false, 0, standardInput, folder);
  }

  /** Reads an argument from the folder of fixtures. */
  static Tensor read(String argument, DType dtype) {
    return TensorArgument.parse(argument).read(options(dtype, folder(), null));
  }

  static Tensor read(String argument) {
    return read(argument, DType.FLOAT64);
  }

  /** Reads bytes piped in. */
  static Tensor pipe(byte[] bytes) {
    return TensorArgument.parse("-")
        .read(options(DType.FLOAT64, folder(), new ByteArrayInputStream(bytes)));
  }

  static Tensor pipe(String text) {
    return pipe(text.getBytes(StandardCharsets.UTF_8));
  }
}
