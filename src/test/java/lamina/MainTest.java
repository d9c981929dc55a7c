package lamina;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The program as a process of its own: bytes out, exit code, signals, pipes. */
class MainTest {
  private static final Path TUTORIAL = Path.of("src/examples/tutorial9");

  private static Program run(String input, String... args) throws Exception {
    return Program.process(TUTORIAL, input.getBytes(StandardCharsets.UTF_8), args);
  }

  @Test
  void theTutorialsFeatureMap() throws Exception {
    assertThat(run("", "conv", "image.csv", "-k", "kernel.json", "-f", "text"))
        .isEqualTo(new Program(0, "2 x 2\n1.60 2.59\n1.51 1.91\n", ""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "1 | conv [[1]] -k [[2]] --expect [[3]]",
        "2 | conv [[1]] -k [[2]] --stride",
        "2 | nonsense",
        "3 | conv [[1]] -k missing.json",
        "3 | conv [[1]] -k [[1,2]]",
        "3 | pool max [[1]] --size 2",
        "3 | shape Linear(3,2) --input 4",
      })
  void theExitCodeIsThatOfTheProcess(int code, String line) throws Exception {
    Program ran = run("", line.split(" ", -1));

    assertThat(ran.code()).as(ran.err()).isEqualTo(code);
    assertThat(ran.err()).startsWith("lamina").doesNotContain("\tat ");
    assertThat(ran.out().isEmpty()).isEqualTo(code != 1);
  }

  @Test
  void aClosedPipeEndsQuietly() throws Exception {
    // Far more output than a pipe holds, and a reader that takes one byte.
    ProcessBuilder builder =
        Program.processBuilder(TUTORIAL, "conv", "rand:600x600", "-k", "[[1]]");
    Process process = builder.start();
    process.getOutputStream().close();
    assertThat(process.getInputStream().read()).isEqualTo('{');
    process.getInputStream().close();
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(err).isEmpty();
    assertThat(process.exitValue()).isZero();
  }

  @Test
  void anInterruptGives130() throws Exception {
    Process process = Program.processBuilder(TUTORIAL, "conv", "--each", "-k", "[[1]]").start();
    process.getOutputStream().write("[[1]]\n".getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
    assertThat(process.getInputStream().read()).isEqualTo('{'); // answered: it is running

    // The shell's own kill: a small system may have no other.
    new ProcessBuilder("sh", "-c", "kill -INT " + process.pid()).start().waitFor();

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(130);
  }
}
