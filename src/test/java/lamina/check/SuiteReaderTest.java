package lamina.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import lamina.text.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuiteReaderTest {
  @TempDir Path folder;

  private Suite read(String name, String text) throws Exception {
    Files.writeString(folder.resolve(name), text);
    return SuiteReader.read(folder.resolve(name), name, Map.of("LANG", "C", "HOME", "/nowhere"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[]                                     | s.json: an object with title,",
        "{\"cases\":[]}                         | s.json: \"cases\" must be a list with a case",
        "{\"case\":[]}                          | s.json: \"case\" is unknown; did you mean 'cases'?",
        "{\"cases\":[{}]}                       | s.json: case 1: \"name\" is missing",
        "{\"cases\":[{\"name\":\"a\"}]}         | s.json: case 1 'a': \"submission\" is missing",
        "{\"cases\":[{\"name\":\"a\",\"point\":1}]} | case 1 'a': \"point\" is unknown; did you mean 'points'?",
        "{\"cases\":[{\"name\":\"a\",\"command\":\"x\"}]} | case 1 'a': \"expect\" is missing",
        "{\"cases\":[{\"name\":\"a\",\"submission\":\"x\"}]} | \"expect\" is missing; or give a \"command\" that answers",
        "{\"cases\":[{\"name\":\"a\",\"command\":\"'x\",\"expect\":1}]} | \"command\" cannot be taken apart: the quote ' is not closed",
        "{\"cases\":[{\"name\":\"a\",\"command\":[],\"expect\":1}]} | \"command\" is empty",
        "{\"cases\":[{\"name\":\"a\",\"command\":\"x\",\"expect\":1,\"points\":-1}]} | \"points\" is -1, but a number from 0 on is needed",
        "{\"cases\":[{\"name\":\"a\",\"command\":\"x\",\"expect\":1,\"points\":0.001}]} | two decimals at most",
        "{\"cases\":[{\"name\":\"a\",\"command\":\"x\",\"expect\":1,\"points\":{\"h_n\":1}}]} | gives some for 'h_n', but what is expected has data",
        "{\"cases\":[{\"name\":\"a\",\"command\":\"x\",\"expect\":1,\"needs\":\"b\"}]} | \"needs\" names 'b', which is no earlier case",
        "{\"cases\":[{\"name\":\"a\",\"command\":\"x\",\"expect\":1,\"stdin\":\"b\"}]} | \"stdin\" goes with \"exec\"",
        "{\"cases\":[{\"name\":\"a\",\"command\":\"x\",\"expect\":1,\"timeout\":0}]} | \"timeout\" is 0.0, but seconds above 0",
        "{\"cases\":[{\"name\":\"a\",\"command\":\"x\",\"expect\":[[1],[2,3]]}]} | case 1 'a': \"expect\": the lists of data are ragged",
        "{\"cases\":[{\"name\":\"a\",\"exec\":\"x\",\"submission\":\"y\",\"expect\":1}]} | does not go with \"submission\"",
        "{\"cases\":[{\"name\":\"a\",\"command\":\"x\",\"expect\":1},{\"name\":\"a\",\"command\":\"x\",\"expect\":1}]} | case 2 'a': \"name\" is another case's too",
        "{\"cases\":[{\"name\":\"a\",\"command\":\"x\",\"expect_file\":\"no.npy\"}]} | \"expect_file\" no.npy: no such file",
        "{\"cases\":[{\"name\":\"a\",\"exec\":\"x\",\"expect\":1,\"output_limit\":\"1 MB\"}]} | \"output_limit\" is '1 MB', but a number of bytes",
        "{\"cases\":[{\"name\":\"a\",}]}        | s.json, line 1",
      })
  void namesCaseAndMember(String suite, String message) {
    assertThatThrownBy(() -> read("s.json", suite))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message)
        .hasMessageStartingWith("s.json")
        .hasMessageNotContaining("\n");
  }

  @Test
  void yamlIsTheSame() throws Exception {
    Suite json =
        read(
            "s.json",
            "{\"title\":\"t\",\"rtol\":1e-3,\"cases\":[{\"name\":\"a\",\"points\":0.1,\"command\":[\"conv\",3],"
                + "\"expect\":{\"data\":[[1,2],[3,4.5]],\"h\":\"x\"},\"partial\":true}]}");
    Suite yaml =
        read(
            "s.yaml",
            """
            title: t
            rtol: 1e-3
            cases:
            - name: a
              points: 0.1
              command: [conv, 3]
              expect:
                data: [[1, 2], [3, 4.5]]
                h: x
              partial: true
            """);
    SuiteCase a = json.cases().get(0);
    SuiteCase b = yaml.cases().get(0);
    assertThat(b.expected().members()).isEqualTo(a.expected().members());
    assertThat(b.command()).isEqualTo(a.command()).containsExactly("conv", "3");
    assertThat(b.points()).isEqualTo(a.points()).isEqualTo("0.1");
    assertThat(b.rtol()).isEqualTo(a.rtol()).isEqualTo(1e-3);
    assertThat(b.partial()).isTrue();
  }

  @Test
  void brokenYamlNamesItsPlace() {
    assertThatThrownBy(() -> read("s.yaml", "cases:\n- name: a\n  points: [1\n"))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("s.yaml, line 4, column 1: not YAML: ");
    assertThatThrownBy(() -> read("s.yaml", "cases: 1\ncases: 2\n"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("duplicate key cases");
  }

  @Test
  void programsGetTheVariablesThatAreNamed() throws Exception {
    String suite =
        "{\"timeout\":3,\"cases\":[{\"name\":\"a\",\"exec\":\"x -y 'z w'\",\"expect\":1,"
            + "\"environment\":[\"LANG\",\"MISSING\"],\"output_limit\":\"2 KiB\"},"
            + "{\"name\":\"b\",\"exec\":\"x\",\"expect\":1,\"environment\":{\"A\":\"1\"}}]}";
    ProgramCall call = read("s.json", suite).cases().get(0).exec();
    assertThat(call.environment()).isEqualTo(Map.of("LANG", "C"));
    assertThat(call.words()).containsExactly("x", "-y", "z w");
    assertThat(call.outputLimit()).isEqualTo(2048);
    assertThat(call.timeout()).isEqualTo(Duration.ofSeconds(3));
    assertThat(read("s.json", suite).cases().get(1).exec().environment())
        .isEqualTo(Map.of("A", "1"));
  }
}
