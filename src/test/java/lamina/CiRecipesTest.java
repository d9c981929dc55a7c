package lamina;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import lamina.format.JsonValues;
import lamina.format.YamlValues;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The recipes for CI servers do what they say, as far as that goes without the servers. */
class CiRecipesTest {
  private static final Path RECIPES = Path.of("src/guide/ci");
  private static final Path ANSWERS = Path.of("src/examples/tutorial9/submissions/kernel-flipped");

  @TempDir Path folder;

  /** Puts suite and answers into a folder, and a lamina that is these classes. */
  @BeforeEach
  void prepare() throws IOException {
    for (String name : List.of("suite.json", "image.csv", "kernel.json", "collapse-weights.json")) {
      Files.copy(Path.of("src/examples/tutorial9", name), folder.resolve(name));
    }
    try (var files = Files.list(ANSWERS)) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
    Files.createDirectories(folder.resolve("lamina/scripts"));
    String java = String.join(" ", Program.processBuilder(folder).command());
    script(folder.resolve("lamina/scripts/lamina"), "exec " + java + " \"$@\"");
    // What it would clone is there already.
    Files.createDirectories(folder.resolve("bin"));
    script(folder.resolve("bin/git"), "test \"$1\" = clone");
  }

  private static void script(Path file, String line) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + line + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private int sh(Path directory, String line) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder("sh", "-e", "-c", line)
            .directory(directory.toFile())
            .redirectErrorStream(true);
    builder.environment().put("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
    builder.environment().put("AUTOGRADER", folder.resolve("autograder").toString());
    builder.environment().put("LAMINA", "https://git.example.org/lamina.git");
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(said).isTrue();
    return process.exitValue();
  }

  private static Map<?, ?> yaml(String name) throws IOException {
    return (Map<?, ?>) YamlValues.read(Files.readString(RECIPES.resolve(name)), name);
  }

  private void failsWithAReport() throws IOException {
    assertThat(Files.readString(folder.resolve("report.xml")))
        .contains("tests=\"11\" failures=\"1\" errors=\"0\"", "type=\"kernel-flipped\"");
  }

  @Test
  void theGuideShowsThem() throws Exception {
    String page = Files.readString(Path.of("src/guide/check.md"));
    try (var files = Files.walk(RECIPES)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(page).contains("\n" + Files.readString(file) + "```\n");
      }
    }
  }

  @Test
  void githubJob() throws Exception {
    Map<?, ?> job = (Map<?, ?>) ((Map<?, ?>) yaml("github.yml").get("jobs")).get("check");
    int code = 0;
    for (Object step : (List<?>) job.get("steps")) {
      if (((Map<?, ?>) step).get("run") instanceof String line) {
        code = sh(folder, line);
      }
    }
    assertThat(code).isEqualTo(1);
    failsWithAReport();
  }

  @Test
  void gitlabJob() throws Exception {
    Map<?, ?> job = (Map<?, ?>) yaml("gitlab.yml").get("check");
    int code = 0;
    for (Object line : (List<?>) job.get("script")) {
      code = sh(folder, (String) line);
    }
    assertThat(code).isEqualTo(1);
    failsWithAReport();
  }

  @Test
  void gradescopeAutograder() throws Exception {
    Path autograder = folder.resolve("autograder");
    Files.createDirectories(autograder.resolve("results"));
    Path submission = Files.createDirectories(autograder.resolve("submission"));
    // A folder in the submission makes no class of it.
    Files.createDirectories(submission.resolve("answers"));
    Path source = Files.createDirectories(autograder.resolve("source"));
    for (String name : List.of("suite.json", "image.csv", "kernel.json", "collapse-weights.json")) {
      Files.copy(folder.resolve(name), source.resolve(name));
    }
    Files.createSymbolicLink(source.resolve("lamina"), folder.resolve("lamina"));
    Path scripts = RECIPES.resolve("gradescope").toAbsolutePath();
    assertThat(sh(folder, scripts.resolve("setup.sh").toString())).isZero();
    assertThat(sh(folder, scripts.resolve("run_autograder").toString())).isZero();
    Map<?, ?> empty =
        (Map<?, ?>)
            JsonValues.read(Files.readString(autograder.resolve("results/results.json")), "x");
    assertThat(empty.get("score")).isEqualTo(0.0);
    Files.copy(folder.resolve("feature-map.json"), submission.resolve("feature-map.json"));
    Files.copy(folder.resolve("size.txt"), submission.resolve("size.txt"));
    assertThat(sh(folder, scripts.resolve("run_autograder").toString())).isZero();
    Map<?, ?> results =
        (Map<?, ?>)
            JsonValues.read(Files.readString(autograder.resolve("results/results.json")), "x");
    assertThat(results.get("score")).isEqualTo(1.0);
    assertThat((List<?>) results.get("tests")).hasSize(11);
  }
}
