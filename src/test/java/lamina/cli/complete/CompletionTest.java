package lamina.cli.complete;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import lamina.Program;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The completions in the repository are those that the definition of the options gives. */
class CompletionTest {
  @ParameterizedTest
  @CsvSource({"bash,lamina.bash", "zsh,_lamina", "fish,lamina.fish"})
  void filesAreUpToDate(String shell, String name) throws IOException {
    String script = Program.run("completion", shell).out();
    Path file = Path.of("completions", name);
    if (Boolean.getBoolean("lamina.regenerate")) {
      Files.writeString(file, script);
    }
    assertThat(Files.readString(file))
        .as("%s; mvn test -Dtest=CompletionTest -Dlamina.regenerate=true writes it anew", file)
        .isEqualTo(script);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "lamina compl | completion",
        "lamina completion z | zsh",
        "lamina completion --col | --color",
        "lamina completion --color al | always",
        "lamina completion --color=ne | never",
        "lamina pool glo | global-max global-avg",
        "lamina activate leaky | leaky-relu",
        "lamina rnn des | design",
        "lamina rnn design image\\ ca | image captioning",
        "lamina run \"'Linear(2,3), LeakyR\" | Linear(2,3), LeakyReLU(",
      })
  void bashCompletes(String line, String expected) throws IOException, InterruptedException {
    assumeThat(Files.isExecutable(Path.of("/bin/bash"))).isTrue();
    // As readline splits the line: = is a word of its own.
    String words = line.replace("=", " = ");
    String script =
        "source completions/lamina.bash; COMP_WORDS=("
            + words
            + "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _lamina; printf '%s\\n' \"${COMPREPLY[@]}\"";
    Process bash = new ProcessBuilder("/bin/bash", "-c", script).redirectErrorStream(true).start();
    String completions =
        new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(bash.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(completions.replace('\n', ' ')).isEqualTo(expected);
  }

  @Test
  void layersAreNamedAsRunNamesThem() {
    assertThat(
            Program.run("completion", "layers", "Sequential(Linear(2, 3), ReLU()), Linear(3, 1)"))
        .isEqualTo(new Program(0, "0.0\n0.1\n1\n", ""));
    Program missing = Program.run("completion", "layers", "none.txt");
    assertThat(missing.code()).isEqualTo(3);
    assertThat(missing.err()).startsWith("lamina completion: there is no file 'none.txt'");
  }

  @Test
  void unknownShellIsWrongUsage() {
    Program result = Program.run("completion", "fihs");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).contains("'fihs'").contains("fish");
  }
}
