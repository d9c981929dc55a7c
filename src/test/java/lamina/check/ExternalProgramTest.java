package lamina.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import lamina.check.ExternalProgram.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that misbehave get their verdict in time and leave no process. */
@Isolated
class ExternalProgramTest {
  @TempDir Path folder;

  private Outcome sh(String script) {
    return sh(script, Duration.ofSeconds(20), 1 << 12, 1L << 31);
  }

  private Outcome sh(String script, Duration timeout, long output, long memory) {
    return sh(script, timeout, output, memory, true);
  }

  private Outcome sh(String script, Duration timeout, long output, long memory, boolean namespace) {
    ProgramCall call =
        new ProgramCall(
            List.of("sh", "-c", script), "in\n", Map.of("A", "b"), timeout, output, memory);
    return ExternalProgram.run(call, folder, namespace);
  }

  /** Whether a process with this word among its arguments is left. */
  private static boolean isLeft(String word) throws InterruptedException {
    for (int i = 0; i < 100; i++) {
      boolean left =
          ProcessHandle.allProcesses()
              .anyMatch(each -> each.info().commandLine().orElse("").contains(word));
      if (!left) {
        return false;
      }
      Thread.sleep(20);
    }
    return true;
  }

  @Test
  void anAnswerIsWhatItPrints() {
    assertThat(sh("read x; echo \"$x $A\"; echo note >&2"))
        .isEqualTo(new Outcome("in b\n", "note\n", null));
  }

  @Test
  void anAnswerMayBeInUtf16() {
    assertThat(sh("printf '\\377\\376[\\0001\\000]\\000'").out()).isEqualTo("[1]");
    assertThat(sh("printf 'gr\\374n'").out()).isEqualTo("gr\ufffdn");
  }

  @Test
  void theEnvironmentIsWhatTheSuiteNames() {
    assertThat(sh("echo ${HOME-none} ${USER-none} $A").out()).isEqualTo("none none b\n");
  }

  @Test
  void noShellReadsTheWords() {
    ProgramCall call =
        new ProgramCall(
            List.of("echo", "$(touch made)", ";", "*"),
            "",
            Map.of(),
            Duration.ofSeconds(20),
            100,
            1L << 31);
    assertThat(ExternalProgram.run(call, folder).out()).isEqualTo("$(touch made) ; *\n");
    assertThat(folder.resolve("made")).doesNotExist();
  }

  @Test
  void failuresAreSaid() throws Exception {
    assertThat(sh("echo oh >&2; exit 3"))
        .isEqualTo(new Outcome("", "oh\n", "sh ended with exit code 3"));
    assertThat(sh("kill -9 $$").problem()).isEqualTo("sh was ended by signal 9");
    ProgramCall none =
        new ProgramCall(List.of("no-such"), "", Map.of(), Duration.ofSeconds(1), 100, 100);
    assertThat(ExternalProgram.run(none, folder).problem())
        .isEqualTo("there is no program 'no-such'");
    Files.writeString(folder.resolve("a.py"), "print(1)");
    ProgramCall plain =
        new ProgramCall(List.of("./a.py"), "", Map.of(), Duration.ofSeconds(1), 100, 100);
    assertThat(ExternalProgram.run(plain, folder).problem())
        .isEqualTo("'./a.py' is not executable: chmod +x it, or name what runs it before it");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aHangingTreeEnds(boolean namespace) throws Exception {
    long start = System.nanoTime();
    Outcome outcome =
        sh(
            "for i in 1 2 3 4 5; do (setsid sleep 7777.1 &) ; sleep 7777.1 & done; sleep 7777.1",
            Duration.ofMillis(700),
            100,
            1L << 31,
            namespace);
    assertThat(outcome.problem()).isEqualTo("sh was not done within 0.7 s and was ended");
    assertThat((System.nanoTime() - start) / 1e9).isLessThan(8);
    assertThat(isLeft("7777.1")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsLeftBehindEnds(boolean namespace) throws Exception {
    String script = "(setsid sleep 7777.2 &); sleep 7777.2 & echo 1";
    assertThat(sh(script, Duration.ofSeconds(20), 100, 1L << 31, namespace))
        .isEqualTo(new Outcome("1\n", "", null));
    assertThat(isLeft("7777.2")).isFalse();
  }

  @Test
  void aFloodEnds() throws Exception {
    Outcome outcome = sh("yes 7777.3", Duration.ofSeconds(20), 1 << 12, 1L << 31);
    assertThat(outcome.problem()).isEqualTo("sh printed more than 4 KiB and was ended");
    assertThat(outcome.out()).hasSize(1 << 12);
    assertThat(isLeft("7777.3")).isFalse();
  }

  @Test
  void exactlyTheLimitIsAllowed() {
    Outcome outcome = sh("printf 12345678", Duration.ofSeconds(20), 8, 1L << 31);
    assertThat(outcome).isEqualTo(new Outcome("12345678", "", null));
  }

  @Test
  void muchOnStandardErrorDoesNotBlock() {
    Outcome outcome = sh("yes | head -c 300000 >&2; echo 1");
    assertThat(outcome.problem()).isNull();
    assertThat(outcome.out()).isEqualTo("1\n");
    assertThat(outcome.err()).hasSize(1 << 14);
  }

  @Test
  void memoryIsLimited() {
    // The shell doubles a text until it holds 64 MiB.
    Outcome outcome =
        sh("x=1234567890123456; while :; do x=$x$x; done", Duration.ofSeconds(30), 100, 32L << 20);
    assertThat(outcome.problem()).isNotNull().doesNotContain("was not done");
  }
}
