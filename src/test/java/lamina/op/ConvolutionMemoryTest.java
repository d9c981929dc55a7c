package lamina.op;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import lamina.tensor.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A convolution holds its input, its weights and its output, and little more. */
class ConvolutionMemoryTest {
  /** What the JVM and this program's classes need of the heap (measured: 2 MiB), with some room. */
  private static final long OWN = 8 << 20;

  /**
   * The heap leaves a quarter of the output for everything else: no room for a padded copy of the
   * input, let alone for its unfolded or transformed elements.
   */
  @ParameterizedTest
  @CsvSource({
    "scalar, 1, AUTO",
    "vector, 1, AUTO",
    "vector, 2, AUTO",
    "vector, 1, GEMM",
    "vector, 2, GEMM",
    "vector, 1, WINOGRAD",
    "vector, 2, WINOGRAD"
  })
  void fitsInAHeapLittleLargerThanItsTensors(String backend, String threads, String algorithm)
      throws Exception {
    long input = bytes(ConvolutionInMemory.INPUT);
    long weights = bytes(ConvolutionInMemory.KERNEL);
    long output = bytes(ConvolutionInMemory.OUTPUT);
    long heap = OWN + input + weights + output + output / 4;
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap / 1024 + "k",
                // Nearly all of the heap for one generation, so that its sum is what counts.
                "-Xmn2m",
                "-XX:+UseSerialGC",
                "--add-exports=java.base/jdk.internal.module=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                ConvolutionInMemory.class.getName(),
                backend,
                threads,
                algorithm)
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    // 9 and 4 taps of 64 channels.
    assertThat(out).isEqualTo("576 256");
    assertThat(process.exitValue()).isZero();
  }

  private static long bytes(int[] shape) {
    return (long) Tensor.elements(shape) * Float.BYTES;
  }
}
