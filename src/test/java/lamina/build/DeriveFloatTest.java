package lamina.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the build makes of float64 kernels. */
class DeriveFloatTest {
  private static final String KERNEL =
      """
      package a;

      /** Sums in float64. */
      final class SumDouble {
        static double sum(double[] x) {
          double sum = 0.5;
          for (double value : x) {
            sum += OtherDouble.checked(DType.FLOAT64, value);
          }
          return Double.max(sum, Tensor.doubles(1e-3));
        }
      }
      """;

  @TempDir private static Path classes;
  @TempDir private Path folder;
  private Path sources;
  private Path targets;

  /** The build starts it from its source, which takes a second each time. */
  @BeforeAll
  static void compile() {
    ToolProvider javac = ToolProvider.findFirst("javac").orElseThrow();
    int code =
        javac.run(System.out, System.err, "-d", classes.toString(), "src/build/DeriveFloat.java");
    assertThat(code).isZero();
  }

  @BeforeEach
  void writeAKernel() throws IOException {
    sources = folder.resolve("src");
    targets = folder.resolve("out");
    Files.createDirectories(sources.resolve("a"));
    Files.writeString(sources.resolve("a/SumDouble.java"), KERNEL);
    Files.writeString(sources.resolve("a/Other.java"), "final class Other {}");
  }

  /** Runs the program; gives its exit code and what it prints. */
  private String derive() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classes.toString(),
                "DeriveFloat",
                sources.toString(),
                targets.toString())
            .redirectErrorStream(true)
            .start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor() + " " + printed;
  }

  @Test
  void changesTheTypeAndNothingElse() throws Exception {
    assertThat(derive()).isEqualTo("0 ");
    try (var files = Files.walk(targets)) {
      assertThat(files.filter(Files::isRegularFile))
          .containsExactly(targets.resolve("a/SumFloat.java"));
    }
    assertThat(targets.resolve("a/SumFloat.java"))
        .hasContent(
            """
            // Derived from SumDouble.java by src/build/DeriveFloat.java: change that file.
            package a;

            /** Sums in float32. */
            final class SumFloat {
              static float sum(float[] x) {
                float sum = 0.5;
                for (float value : x) {
                  sum += OtherFloat.checked(DType.FLOAT32, value);
                }
                return Float.max(sum, Tensor.floats(1e-3));
              }
            }
            """);
  }

  @Test
  void writesOnlyWhatChangedAndDeletesWhatHasNoSource() throws Exception {
    derive();
    Path target = targets.resolve("a/SumFloat.java");
    FileTime longAgo = FileTime.from(Instant.parse("2001-01-01T00:00:00Z"));
    Files.setLastModifiedTime(target, longAgo);
    Path stale = targets.resolve("b/GoneFloat.java");
    Files.createDirectories(stale.getParent());
    Files.writeString(stale, "final class GoneFloat {}");

    assertThat(derive()).isEqualTo("0 ");

    assertThat(Files.getLastModifiedTime(target)).isEqualTo(longAgo);
    assertThat(stale).doesNotExist();
    Files.writeString(sources.resolve("a/SumDouble.java"), KERNEL.replace("0.5", "0.25"));
    derive();
    assertThat(target).content().contains("0.25");
  }

  @Test
  void refusesAFileOfBothPrecisions() throws Exception {
    Files.writeString(sources.resolve("a/SumDouble.java"), KERNEL.replace("0.5", "(float) 1"));
    assertThat(derive())
        .startsWith("1 DeriveFloat: ")
        .endsWith("SumDouble.java uses 'float'; only double can be derived from\n");
    assertThat(targets).doesNotExist();
  }

  @Test
  void refusesATwinWrittenByHand() throws Exception {
    Files.writeString(sources.resolve("a/SumFloat.java"), "final class SumFloat {}");
    assertThat(derive())
        .startsWith("1 DeriveFloat: ")
        .endsWith("has a twin SumFloat.java written by hand; rename one of them\n");
  }

  @Test
  void noFloatKernelIsWrittenByHand() throws IOException {
    try (var files = Files.walk(Path.of("src/main/java"))) {
      assertThat(files.map(Path::toString).filter(file -> file.endsWith("Float.java"))).isEmpty();
    }
  }
}
