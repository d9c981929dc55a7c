package lamina.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lamina.Program;
import lamina.format.JsonOutput;
import lamina.format.JsonValues;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers with mistakes made elsewhere are named by the program as users call it. */
class CheckMistakesTest {
  private static final Path EXAMPLES = Path.of("src/examples").toAbsolutePath();

  @TempDir Path folder;

  /** Wrong answers of PyTorch, of numpy and by hand, all as cases of one suite. */
  @Test
  void aSuiteNamesEveryMistake() throws Exception {
    List<String> expected = new ArrayList<>();
    StringBuilder suite = new StringBuilder("{\"cases\":[");
    for (String file : List.of("mistakes.csv", "small-mistakes.csv")) {
      Path lines = Path.of("src/test/resources/lamina/check/diagnosis", file);
      for (String line : Files.readAllLines(lines)) {
        String[] fields = line.split("\\|", -1);
        int number = expected.size();
        Files.writeString(folder.resolve(number + ".json"), fields[2]);
        String command = fields[1].replace(" tutorial9/", " " + EXAMPLES + "/tutorial9/");
        suite.append(number == 0 ? "" : ",").append("{\"name\":\"").append(number);
        suite.append("\",\"submission\":\"").append(number).append(".json\",\"command\":");
        suite.append(JsonOutput.text(json -> json.string(command))).append('}');
        expected.add(number + ": " + fields[0]);
      }
    }
    Files.writeString(folder.resolve("suite.json"), suite.append("]}").toString());
    String json =
        Program.runIn(folder, Map.of(), new byte[0], "check", "suite.json", "--report", "json")
            .out();
    List<String> named = new ArrayList<>();
    for (Object each : (List<?>) ((Map<?, ?>) JsonValues.read(json, "report")).get("cases")) {
      Map<?, ?> result = (Map<?, ?>) each;
      Map<?, ?> mistake = (Map<?, ?>) result.get("mistake");
      named.add(result.get("name") + ": " + (mistake == null ? null : mistake.get("id")));
    }
    assertThat(named).hasSizeGreaterThan(300).isEqualTo(expected);
  }
}
