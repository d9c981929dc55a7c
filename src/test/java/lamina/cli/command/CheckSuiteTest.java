package lamina.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.SchemaFactory;
import lamina.Program;
import lamina.format.JsonValues;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Suites from the command line: what is printed, and the reports. */
class CheckSuiteTest {
  private static final String SUITE =
      """
      {"title": "Tensors <&> \\"co\\"", "cases": [
        {"name": "right", "command": ["activate", "relu", "[-1, 0, 2]"], "expect": [0, 0, 2]},
        {"name": "half # \\\\", "points": 1, "submission": "half.json", "expect": {"data": [1, 2, 3], "b": [4]},
         "partial": true, "hint": "look at b"},
        {"name": "members", "points": {"data": 0.1, "b": 0.2}, "submission": "half.json",
         "expect": {"data": [1, 2, 0], "b": [5]}},
        {"name": "needing", "command": "activate relu 1", "expect": 1, "needs": ["right", "members"]},
        {"name": "missing", "submission": "none.json", "expect": 1},
        {"name": "refused", "command": "activate relu none.csv", "expect": 1}
      ]}
      """;

  @TempDir Path folder;

  @BeforeEach
  void write() throws Exception {
    Files.writeString(folder.resolve("suite.json"), SUITE);
    Files.createDirectory(folder.resolve("alpha"));
    Files.writeString(folder.resolve("alpha/half.json"), "{\"data\":[1,2,0],\"b\":[4]}");
  }

  private Program check(String... args) {
    List<String> words = new ArrayList<>(List.of("check"));
    words.addAll(Arrays.asList(args));
    return Program.runIn(folder, Map.of(), new byte[0], words.toArray(String[]::new));
  }

  @Test
  void textReport() {
    assertThat(check("suite.json", "--submissions", "alpha"))
        .isEqualTo(
            new Program(
                1,
                """
                Tensors <&> "co"

                passed       1/1  right
                failed    0.75/1  half # \\
                                  data: 1 of 3 elements differ from the expected; the first at [2]: 0.0, expected 3.0; largest absolute error 3.0, relative 1.0; tolerance: rtol 1e-5, atol 1e-8
                                  hint: look at b
                failed   0.1/0.3  members
                                  b: 1 of 1 element differs from the expected; the first at [0]: 4.0, expected 5.0; largest absolute error 1.0, relative 0.2; tolerance: rtol 1e-5, atol 1e-8
                skipped      0/1  needing
                                  needs 'members', which was not passed
                error        0/1  missing
                                  none.json: no such file
                error        0/1  refused
                                  the command: lamina activate: none.csv: no such file

                1 of 6 cases passed, 1.85 of 5.3 points
                """,
                ""));
  }

  @Test
  void theFormatOfACommandIsNoAnswer() throws Exception {
    Files.writeString(
        folder.resolve("s.yaml"),
        """
        cases:
          - {name: a, command: "activate relu [1]", expect: [1]}
          - {name: b, command: "activate relu [1] -f text", expect: [1]}
        """);
    assertThat(check("s.yaml"))
        .isEqualTo(
            new Program(
                3,
                "",
                "lamina check: s.yaml: case 2 'b': \"command\" has --format text, which changes"
                    + " what is printed and not the answer; leave it out\n"));
  }

  /** What another case asks for is not what was meant. */
  @Test
  void aMissingFileIsNotThatOfAnotherCase() throws Exception {
    Files.writeString(
        folder.resolve("s.yaml"),
        """
        cases:
          - {name: a, submission: 1a.json, expect: [1]}
          - {name: b, submission: 1b.json, expect: [1]}
          - {name: c, submission: sizes.json, expect: [1]}
        """);
    Files.createDirectory(folder.resolve("beta"));
    Files.writeString(folder.resolve("beta/1a.json"), "[1]");
    Files.writeString(folder.resolve("beta/Size.json"), "[1]");
    assertThat(check("s.yaml", "--submissions", "beta").out())
        .contains("1b.json: no such file\n")
        .contains("sizes.json: no such file; did you mean 'Size.json'?\n");
  }

  /**
   * Files are exchanged when many are handed in; few small numbers, or those of two cases, are not
   * told.
   */
  @Test
  void anAnswerOfAnotherCaseIsNamed() throws Exception {
    Files.writeString(
        folder.resolve("s.yaml"),
        """
        cases:
          - {name: maximum, submission: a.json, command: "pool max [[13,24],[7,5]] --size 1,2"}
          - {name: average, submission: b.json, command: "activate tanh [[0.5],[-0.25]]"}
          - {name: two, submission: c.json, expect: [[3.25], [4.5]]}
          - {name: three, submission: d.json, expect: [[3.25], [4.5]]}
          - {name: first, submission: e.json, expect: [6, 24, 24]}
          - {name: second, submission: f.json, expect: [6, 12, 12]}
        """);
    Files.createDirectory(folder.resolve("beta"));
    Files.writeString(folder.resolve("beta/a.json"), "[[0.46],[-0.24]]");
    Files.writeString(folder.resolve("beta/b.json"), "[[3.25],[4.5]]");
    Files.writeString(folder.resolve("beta/c.json"), "[[24],[8]]");
    Files.writeString(folder.resolve("beta/e.json"), "[6, 12, 12]");
    Files.writeString(folder.resolve("beta/f.json"), "[6, 24, 24]");
    Files.writeString(folder.resolve("beta/d.json"), "[[0.4621172],[-0.2449185]]");
    String out = check("s.yaml", "--submissions", "beta").out();
    assertThat(out.lines().map(String::strip).filter(line -> line.startsWith("this is")))
        .containsExactly("this is the answer of 'average'", "this is the answer of 'average'");
  }

  /** Even where no file was handed in that could be compared. */
  @Test
  void whatNobodyCanPassIsSaid() throws Exception {
    Files.writeString(
        folder.resolve("s.yaml"),
        """
        cases:
          - {name: a, submission: a.json, command: "conv x.csv -k [1]"}
          - {name: b, submission: half.json, command: "activate relu [1,2,0]"}
        """);
    Program result = check("s.yaml", "--submissions", "alpha");
    assertThat(result.err())
        .isEqualTo(
            "lamina check: case 'a': the right answer cannot be computed:"
                + " the command: lamina conv: x.csv: no such file\n");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out()).contains("a.json: no such file", "passed   1/1  b");
  }

  @Test
  void hintOnlyHidesTheAnswer() {
    String out = check("suite.json", "--submissions", "alpha", "--hint-only").out();
    assertThat(out).contains("the answer is wrong", "hint: look at b").doesNotContain("expected 3");
  }

  @Test
  void exitZeroAndFiles() throws Exception {
    assertThat(check("suite.json", "--submissions", "alpha", "--exit-zero", "-o", "out.txt"))
        .isEqualTo(new Program(0, "", ""));
    assertThat(Files.readString(folder.resolve("out.txt"))).contains("1.85 of 5.3 points");
  }

  @Test
  void tapReport() {
    String out = check("suite.json", "--submissions", "alpha", "--report", "tap").out();
    assertThat(out.lines().filter(line -> line.matches("(TAP|1\\.|ok|not ok).*")))
        .containsExactly(
            "TAP version 14",
            "1..6",
            "ok 1 - right",
            "not ok 2 - half \\# \\\\",
            "not ok 3 - members",
            "ok 4 - needing # SKIP needs 'members', which was not passed",
            "not ok 5 - missing",
            "not ok 6 - refused");
    assertThat(out).contains("  ---\n  points: 0.75\n  max_points: 1\n");
  }

  @Test
  void junitReportFitsJenkinsSchemaAndOurOwn() throws Exception {
    String xml = check("suite.json", "--submissions", "alpha", "--report", "junit").out();
    validate(xml);
    assertThat(xml)
        .contains("tests=\"6\" failures=\"2\" errors=\"2\"", "skipped=\"1\"")
        .contains("name=\"Tensors &lt;&amp;&gt; &quot;co&quot;\"");
  }

  private static void validate(String xml) throws Exception {
    for (String schema : List.of("jenkins-junit.xsd", "junit.xsd")) {
      SchemaFactory.newDefaultInstance()
          .newSchema(Path.of("src/test/resources/lamina/check", schema).toFile())
          .newValidator()
          .validate(new StreamSource(new StringReader(xml)));
    }
  }

  @Test
  void reportsAreValidWhateverNamesAndPrograms() throws Exception {
    Files.writeString(
        folder.resolve("odd.json"),
        """
        {"title": " ", "cases": [
          {"name": "a # TODO \\"q\\" ' <b>]]> \\\\", "command": "activate relu 1", "expect": 1},
          {"name": "lines\\r\\nand\\ttabs", "command": "activate relu 1", "expect": 2},
          {"name": "control \\u0000\\u001b[31m \\u0085\\ufffe \\ud800", "submission": "none", "expect": 2},
          {"name": "1 - 😀", "exec": ["printf", "]]>\\\\001\\nok 9\\nBail out!"], "expect": "words"},
          {"name": "nothing", "exec": ["true"], "expect": 1},
          {"name": " ", "exec": ["sh", "-c", "echo '# <no>' >&2; exit 3"], "expect": 1}
        ]}
        """);
    validate(check("odd.json", "--report", "junit").out());
    String tap = check("odd.json", "--report", "tap").out();
    assertThat(tap.lines().filter(line -> line.matches("(ok|not ok|Bail).*")))
        .containsExactly(
            "ok 1 - a \\# TODO \"q\" ' <b>]]> \\\\",
            "not ok 2 - lines  and tabs",
            "not ok 3 - control \ufffd\ufffd[31m \ufffd\ufffe ?",
            "not ok 4 - 1 - 😀",
            "not ok 5 - nothing",
            "not ok 6 -  ");
    assertThat(tap).contains("message: \"true printed nothing\"");
    for (String report : List.of("json", "gradescope")) {
      String json = check("odd.json", "--report", report).out();
      assertThat(JsonValues.read(json, report)).isInstanceOf(Map.class);
    }
  }

  @Test
  void gradescopeReportHasTheDocumentedMembers() {
    String json = check("suite.json", "--submissions", "alpha", "--report", "gradescope").out();
    Map<?, ?> results = (Map<?, ?>) JsonValues.read(json, "results.json");
    assertThat(results.get("score")).isEqualTo(1.85);
    assertThat(results.keySet())
        .hasToString(
            "[score, execution_time, output, output_format, test_output_format, test_name_format,"
                + " tests]");
    assertThat(results.get("output")).isEqualTo("1 of 6 cases passed");
    List<?> tests = (List<?>) results.get("tests");
    assertThat(tests).hasSize(6);
    assertThat(((Map<?, ?>) tests.get(1)).keySet())
        .hasToString("[name, number, score, max_score, status, output]");
    assertThat(((Map<?, ?>) tests.get(1)).get("score")).isEqualTo(0.75);
    assertThat(((Map<?, ?>) tests.get(0)).get("status")).isEqualTo("passed");
  }

  @Test
  void jsonReportTellsAll() {
    String json = check("suite.json", "--submissions", "alpha", "--report", "json").out();
    Map<?, ?> report = (Map<?, ?>) JsonValues.read(json, "report");
    assertThat(report.get("passed")).isEqualTo(1L);
    assertThat(report.get("errors")).isEqualTo(2L);
    Map<?, ?> half = (Map<?, ?>) ((List<?>) report.get("cases")).get(1);
    assertThat(half.get("status")).isEqualTo("failed");
    assertThat(half.get("members").toString()).startsWith("[{name=data, right=2, elements=3, ");
  }

  @Test
  void startsOfSuitesAreSuites() throws Exception {
    assertThat(check("new.yaml", "--init")).isEqualTo(new Program(0, "", ""));
    assertThat(check("new.yaml", "--init").err())
        .isEqualTo("lamina check: new.yaml: is there already; give another name\n");
    Files.writeString(folder.resolve("new.json"), check("--init").out());
    Files.writeString(folder.resolve("size.txt"), "96x54x54\n");
    for (String name : List.of("new.yaml", "new.json")) {
      assertThat(check(name).out()).contains("passed   1/1  feature map", "passed   2/2  size");
    }
    Map<?, ?> schema = (Map<?, ?>) JsonValues.read(check("--schema").out(), "schema");
    assertThat(schema.get("title")).isEqualTo("A suite of lamina check");
  }

  @Test
  void wrongUsageAndBadSuites() {
    assertThat(check("suite.json", "--rtol", "1").err())
        .isEqualTo(
            "lamina check: --rtol goes with one answer and --expect or --command; a suite says it"
                + " itself\n");
    assertThat(check("[1]", "--expect", "[1]", "--report", "tap").err())
        .isEqualTo("lamina check: --report goes with a suite, not with --expect or --command\n");
    assertThat(check("suite.json", "--submissions", "beta"))
        .isEqualTo(new Program(3, "", "lamina check: --submissions: there is no folder 'beta'\n"));
    assertThat(check("none.json"))
        .isEqualTo(
            new Program(
                3,
                "",
                "lamina check: none.json: no such file; 'lamina check --init' writes one to start"
                    + " from\n"));
  }

  @Test
  void commandsThatHangFloodOrCallThemselvesAreCases() throws Exception {
    Files.writeString(
        folder.resolve("hang.json"),
        """
        {"cases": [
          {"name": "hang", "command": ["conv", "rand:500x500", "-k", "rand:150x150", "--backend", "scalar"],
           "expect": 1, "timeout": 0.2},
          {"name": "pool", "command": ["pool", "max", "rand:1000x1000", "--size", "500", "--stride", "1"],
           "expect": 1, "timeout": 0.2},
          {"name": "rnn", "command": ["rnn", "rand:20000x8", "--cell", "lstm", "--hidden-size", "128"],
           "expect": 1, "timeout": 0.2},
          {"name": "run", "command": ["run", "Conv2d(8,128,7), Conv2d(128,128,7)", "rand:8x256x256"],
           "expect": 1, "timeout": 0.2},
          {"name": "itself", "command": ["check", "hang.json"], "expect": 1},
          {"name": "right", "command": ["conv", "[[1]]", "-k", "[[1]]"], "expect": [[1]]}
        ]}
        """);
    Program result = check("hang.json", "--report", "junit");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out())
        .contains("tests=\"6\" failures=\"0\" errors=\"5\"")
        .contains("lamina conv was not done within 0.2 s; raise &quot;timeout&quot;")
        .contains("a checked command cannot be &apos;check&apos; itself".replace("&apos;", "'"));
    // Nothing goes on behind the report.
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().equals("lamina-command"));
  }

  @Test
  void manyCasesRunInOneProcess() throws Exception {
    StringBuilder suite = new StringBuilder("{\"cases\":[");
    for (int i = 0; i < 300; i++) {
      suite.append(i == 0 ? "" : ",").append("{\"name\":\"c").append(i);
      suite.append("\",\"command\":[\"conv\",\"[[1,2,3],[4,5,6],[7,8,9]]\",\"-k\",\"[[1,0],[0,");
      suite
          .append(i)
          .append("]]\",\"--stride\",\"2\"],\"expect\":[[")
          .append(1 + 5 * i)
          .append("]]}");
    }
    Files.writeString(folder.resolve("many.json"), suite.append("]}").toString());
    assertThat(check("many.json").out()).endsWith("300 of 300 cases passed, 300 of 300 points\n");
  }
}
