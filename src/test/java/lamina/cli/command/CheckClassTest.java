package lamina.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import lamina.Program;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Submissions of a class: made-up ones to the tutorial get the reports that lie beside them. */
class CheckClassTest {
  private static final Path EXAMPLES = Path.of("src/examples");
  private static final String SUITE = "tutorial9/suite.json";

  @TempDir Path folder;

  private static Program check(Path directory, String... args) {
    String[] words = new String[args.length + 1];
    words[0] = "check";
    System.arraycopy(args, 0, words, 1, args.length);
    return Program.runIn(directory, Map.of(), new byte[0], words);
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void everySubmissionGetsItsReport() throws Exception {
    Path reports = folder.resolve("reports").toAbsolutePath();
    assertThat(
            check(
                EXAMPLES,
                SUITE,
                "--submissions",
                "tutorial9/submissions",
                "-o",
                reports.toString()))
        .isEqualTo(new Program(1, "", ""));
    Path expected = EXAMPLES.resolve("tutorial9/reports");
    if (Boolean.getBoolean("lamina.regenerate")) {
      for (String name : names(reports)) {
        Files.writeString(expected.resolve(name), Files.readString(reports.resolve(name)));
      }
    }
    assertThat(names(reports)).isEqualTo(names(expected)).hasSizeGreaterThan(10);
    for (String name : names(expected)) {
      assertThat(reports.resolve(name)).hasSameTextualContentAs(expected.resolve(name));
    }
  }

  @Test
  void withoutAFolderTheSummaryIsPrinted() throws Exception {
    Program result =
        check(EXAMPLES, SUITE, "--submissions", "tutorial9/submissions", "--exit-zero");
    assertThat(result.code()).isZero();
    assertThat(result.out())
        .isEqualTo(Files.readString(EXAMPLES.resolve("tutorial9/reports/summary.csv")));
  }

  @Test
  void aReportOfAClassNeedsAFolder() throws Exception {
    Files.writeString(
        folder.resolve("s.yaml"), "cases: [{name: a, submission: a.json, expect: [1]}]\n");
    for (String name : List.of("one", "two")) {
      Path submission = Files.createDirectories(folder.resolve("class").resolve(name));
      Files.writeString(submission.resolve("a.json"), "[1]");
    }
    assertThat(check(folder, "s.yaml", "--submissions", "class", "--report", "tap"))
        .isEqualTo(
            new Program(
                2, "", "lamina check: a class of 2 folders needs -o FOLDER for --report tap\n"));
    assertThat(check(folder, "s.yaml", "--submissions", "class/one", "--report", "tap").code())
        .isZero();
    assertThat(
            check(folder, "s.yaml", "--submissions", "class", "--report", "tap", "-o", "reports"))
        .isEqualTo(new Program(0, "", ""));
    assertThat(names(folder.resolve("reports")))
        .containsExactly("one.tap", "summary.csv", "two.tap");
  }

  /** Otherwise the right answer beside the suite would be anybody's. */
  @Test
  void linksOutOfASubmissionAreNotRead() throws Exception {
    Files.writeString(
        folder.resolve("s.yaml"),
        "cases: [{name: a, submission: a.json, expect_file: want.json}]\n");
    Files.writeString(folder.resolve("want.json"), "[1]");
    Path submission = Files.createDirectories(folder.resolve("class/one"));
    Files.createSymbolicLink(submission.resolve("a.json"), Path.of("../../want.json"));
    assertThat(check(folder, "s.yaml", "--submissions", "class/one").out())
        .contains("a.json: is a link that leads out of the submission's folder\n");
    Files.delete(submission.resolve("a.json"));
    Files.writeString(submission.resolve("b.json"), "[1]");
    Files.createSymbolicLink(submission.resolve("a.json"), Path.of("b.json"));
    Files.createSymbolicLink(folder.resolve("two"), submission.toAbsolutePath());
    assertThat(check(folder, "s.yaml", "--submissions", "two").code()).isZero();
  }

  @Test
  void anArchiveIsToBeUnpacked() throws Exception {
    Files.writeString(folder.resolve("s.yaml"), "cases: [{name: a, submission: a, expect: 1}]\n");
    Files.writeString(folder.resolve("class.zip"), "PK");
    assertThat(check(folder, "s.yaml", "--submissions", "class.zip"))
        .isEqualTo(
            new Program(
                3,
                "",
                "lamina check: --submissions: 'class.zip' is a file; unpack it, and give the"
                    + " folder\n"));
  }

  @Test
  void allRightPasses() {
    Program result = check(EXAMPLES, SUITE, "--submissions", "tutorial9/submissions/all-right");
    assertThat(result.code()).isZero();
    assertThat(result.out()).endsWith("11 of 11 cases passed, 13 of 13 points\n");
  }

  @Test
  void programsOfAClassRunSideBySide() throws Exception {
    Files.writeString(
        folder.resolve("suite.json"),
        "{\"timeout\":20,\"cases\":[{\"name\":\"a,"
            + " b\",\"exec\":[\"sh\",\"relu.sh\"],\"expect\":[1,0]}]}");
    for (String name : List.of("one", "two", "three", "__pycache__", ".git")) {
      Path submission = Files.createDirectories(folder.resolve("class").resolve(name));
      Files.writeString(submission.resolve("relu.sh"), "echo '[1, 0]'; echo $$ >> log\n");
    }
    Files.writeString(folder.resolve("class/two/relu.sh"), "echo '[-1, 0]'\n");
    assertThat(check(folder, "suite.json", "--submissions", "class"))
        .isEqualTo(
            new Program(
                1,
                """
                submission,points,max_points,passed,"a, b"
                one,1,1,1,1
                three,1,1,1,1
                two,0,1,0,0
                common mistakes,,,,
                """,
                ""));
    assertThat(folder.resolve("class/one/log")).exists();
  }
}
