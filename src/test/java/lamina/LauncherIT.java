package lamina;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code scripts/lamina} on a copy of a checkout that is built, at a path that hurts. */
class LauncherIT {
  private static final String PREPARING =
      "lamina: preparing fast starts (once for each build and JDK)\n";

  @TempDir Path folder;
  private Path checkout;

  private record Result(int code, String out, String err) {}

  @BeforeEach
  void copyCheckout() throws IOException {
    checkout = folder.resolve("a checkout\nof ours");
    for (String part : List.of("scripts", "target/lamina.jar")) {
      try (Stream<Path> files = Files.walk(Path.of(part))) {
        for (Path file : (Iterable<Path>) files::iterator) {
          Path copy = checkout.resolve(file.toString());
          Files.createDirectories(copy.getParent());
          if (Files.isRegularFile(file)) {
            Files.copy(file, copy, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
          }
        }
      }
    }
  }

  @AfterEach
  void removeLinks() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        if (Files.isSymbolicLink(file)) {
          Files.delete(file);
        }
      }
    }
  }

  private ProcessBuilder launcher(Path launcher, String... arguments) {
    ProcessBuilder builder = new ProcessBuilder(launcher.toString());
    builder.command().addAll(Arrays.asList(arguments));
    builder.directory(folder.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("XDG_CACHE_HOME", folder.resolve("cache").toString());
    return builder;
  }

  private ProcessBuilder launcher(String... arguments) {
    return launcher(checkout.resolve("scripts/lamina"), arguments);
  }

  private static Result result(Process process) throws IOException, InterruptedException {
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Result(process.exitValue(), out, err);
  }

  private static Result run(ProcessBuilder builder) throws IOException, InterruptedException {
    return result(builder.start());
  }

  private static final Result VERSION = new Result(0, version(), "");
  private static final Result FIRST_VERSION = new Result(0, version(), PREPARING);

  private static String version() {
    try {
      return "lamina " + Program.version() + "\n";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<Path> starts(Path parent) {
    if (!Files.isDirectory(parent)) {
      return List.of();
    }
    try (Stream<Path> starts = Files.list(parent)) {
      return starts.toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void onlyTheFirstStartPrepares() throws Exception {
    assertThat(run(launcher("--version"))).isEqualTo(FIRST_VERSION);
    assertThat(run(launcher("--version"))).isEqualTo(VERSION);
    assertThat(starts(checkout.resolve("target/start"))).hasSize(1);
  }

  @Test
  void classesComeFromTheArchive() throws Exception {
    // The JVM of JDK 17 archives no classes of a jar whose path has a blank in it.
    checkout = Files.move(checkout, folder.resolve("checkout"));
    // As the README calls it: by a relative path, which no longer holds in another folder.
    ProcessBuilder first = launcher(Path.of("scripts/lamina"), "--version");
    first.command().set(0, "./scripts/lamina");
    assertThat(run(first.directory(checkout.toFile()))).isEqualTo(FIRST_VERSION);
    Path log = folder.resolve("classes.log");
    ProcessBuilder builder = launcher("completion", "--help");
    // Read after the command line, so that it outdoes -Xlog:disable.
    builder.environment().put("_JAVA_OPTIONS", "-Xlog:class+load:file=" + log);
    assertThat(run(builder).code()).isZero();
    List<String> lines = Files.readAllLines(log);
    for (String name : List.of("lamina.cli.Program", "picocli.CommandLine ")) {
      assertThat(lines)
          .filteredOn(line -> line.contains(" " + name))
          .as(name)
          .isNotEmpty()
          .allMatch(line -> line.contains("shared objects file"));
    }
  }

  @Test
  void worksThroughChainsOfSymbolicLinks() throws Exception {
    run(launcher("--version"));
    Path first =
        Files.createSymbolicLink(folder.resolve("one"), checkout.resolve("scripts/lamina"));
    Path other = Files.createDirectory(folder.resolve("other folder"));
    Path second =
        Files.createSymbolicLink(other.resolve("two"), Path.of("../" + first.getFileName()));
    Path third = Files.createSymbolicLink(folder.resolve("three"), other);
    assertThat(run(launcher(second, "--version"))).isEqualTo(VERSION);
    assertThat(run(launcher(third.resolve("two"), "--version"))).isEqualTo(VERSION);
  }

  @Test
  void isFoundOnThePath() throws Exception {
    run(launcher("--version"));
    ProcessBuilder builder =
        new ProcessBuilder("sh", "-c", "PATH=$1:$PATH; lamina --version", "sh");
    builder.command().add(checkout.resolve("scripts").toString());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    assertThat(run(builder)).isEqualTo(VERSION);
  }

  @Test
  void saysThatStandardInputIsClosed() throws Exception {
    String script = checkout.resolve("scripts/lamina").toString();
    for (String command : new String[] {"activate relu", "activate relu -", "conv -k -"}) {
      ProcessBuilder builder =
          new ProcessBuilder("sh", "-c", "'" + script + "' " + command + " <&-");
      builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
      Process process = builder.redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(said).isEqualTo(command.startsWith("conv") ? 2 : 3);
      assertThat(said)
          .contains(
              command.startsWith("conv")
                  ? "both INPUT and --kernel would read standard input"
                  : "standard input is closed; give a file or a literal");
    }
  }

  @Test
  void argumentsAndExitCodesPassUntouched() throws Exception {
    run(launcher("--version"));
    Result result = run(launcher("completion", "* $HOME 'a\"\n b"));
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).contains("'* $HOME 'a\"\\n b'");
  }

  @Test
  void preparesAgainForANewJar() throws Exception {
    run(launcher("--version"));
    Files.setLastModifiedTime(
        checkout.resolve("target/lamina.jar"), FileTime.from(Instant.now().plusSeconds(1)));
    TimeUnit.MILLISECONDS.sleep(1100);
    assertThat(run(launcher("--version"))).isEqualTo(FIRST_VERSION);
    assertThat(run(launcher("--version"))).isEqualTo(VERSION);
    assertThat(starts(checkout.resolve("target/start"))).hasSize(1);
  }

  @Test
  void preparesAgainForAMovedCheckout() throws Exception {
    run(launcher("--version"));
    checkout = Files.move(checkout, folder.resolve("moved"));
    assertThat(run(launcher("--version"))).isEqualTo(FIRST_VERSION);
    assertThat(run(launcher("--version"))).isEqualTo(VERSION);
  }

  @Test
  void usesTheCacheIfTheCheckoutCannotBeWritten() throws Exception {
    // A file where the folder should be: chmod would not stop root.
    Files.createFile(checkout.resolve("target/start"));
    assertThat(run(launcher("--version"))).isEqualTo(FIRST_VERSION);
    assertThat(run(launcher("--version"))).isEqualTo(VERSION);
    assertThat(starts(folder.resolve("cache/lamina"))).hasSize(1);
  }

  @Test
  void runsInSilenceWhereNothingCanBeWritten() throws Exception {
    Files.createFile(checkout.resolve("target/start"));
    Files.createFile(folder.resolve("cache"));
    assertThat(run(launcher("--version"))).isEqualTo(VERSION);
  }

  @Test
  void aBrokenArchiveIsIgnoredInSilence() throws Exception {
    run(launcher("--version"));
    Path start = starts(checkout.resolve("target/start")).get(0);
    for (Path archive : starts(start)) {
      if (archive.toString().matches("(?s).*\\.(jsa|aot)")) {
        Files.delete(archive);
        Files.writeString(archive, "no archive");
      }
    }
    assertThat(run(launcher("--version"))).isEqualTo(VERSION);
  }

  @Test
  void twoMayStartAtOnce() throws Exception {
    Process first = launcher("--version").start();
    Process second = launcher("--version").start();
    for (Process process : List.of(first, second)) {
      Result result = result(process);
      assertThat(result.code()).isZero();
      assertThat(result.out()).isEqualTo(VERSION.out());
      assertThat(result.err()).isIn("", PREPARING);
    }
    assertThat(run(launcher("--version"))).isEqualTo(VERSION);
    assertThat(starts(checkout.resolve("target/start"))).hasSize(1);
  }

  @Test
  void aJavaThatIsMissingBrokenOrOldGivesOneLine() throws Exception {
    ProcessBuilder missing = launcher("--version");
    missing.environment().put("JAVA_HOME", folder.resolve("nowhere").toString());
    Result other = run(missing);
    assertThat(other.code()).isZero();
    assertThat(other.out()).startsWith("lamina ");
    assertThat(other.err())
        .startsWith("lamina: JAVA_HOME is '")
        .contains("there is no bin/java in it; looking for another Java\n");

    Path old = folder.resolve("old");
    Path java = Files.createDirectories(old.resolve("bin")).resolve("java");
    Map<String, String> messages =
        Map.of(
            "exit 1",
            "does not run; set JAVA_HOME",
            "echo 'openjdk version \"11.0.2\" 2019-01-15' >&2",
            "is Java 11, older than 17; set JAVA_HOME");
    for (Map.Entry<String, String> script : messages.entrySet()) {
      Files.writeString(java, "#!/bin/sh\n" + script.getKey() + "\n");
      assertThat(java.toFile().setExecutable(true)).isTrue();
      ProcessBuilder builder = launcher("--version");
      builder.environment().put("JAVA_HOME", old.toString());
      assertFailsToStart(run(builder), script.getValue());
    }
  }

  private static void assertFailsToStart(Result result, String message) {
    assertThat(result.code()).isEqualTo(127);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).startsWith("lamina: ").contains(message).endsWith("\n");
    assertThat(result.err().lines()).hasSize(1);
  }
}
