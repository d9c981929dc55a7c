package lamina.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import lamina.Program;
import org.junit.jupiter.api.Test;

/** What users of {@code lamina check} see for a single answer. */
class CheckCommandTest {
  private static final String CONV = "conv tutorial9/image.csv -k tutorial9/kernel.json";

  private static final String SIZE =
      "shape --input 224x224x3 --layout hwc 'Conv2d(3, 96, 11, stride=4)' --member output";

  private static Program check(String... args) {
    return checkInput("", args);
  }

  private static Program checkInput(String input, String... args) {
    String[] words = new String[args.length + 1];
    words[0] = "check";
    System.arraycopy(args, 0, words, 1, args.length);
    return Program.runIn(
        Path.of("src/examples"),
        Map.of(),
        input.getBytes(java.nio.charset.StandardCharsets.UTF_8),
        words);
  }

  @Test
  void rightAnswer() {
    assertThat(check("[[1.6,2.59],[1.51,1.91]]", "--command", CONV))
        .isEqualTo(new Program(0, "right: all 4 elements equal the expected\n", ""));
  }

  @Test
  void wrongAnswerTellsWhereAndHowMuch() {
    assertThat(check("[[1.6,2.5],[1.51,1.75]]", "--expect", "[[1.6,2.5],[1.5,2]]"))
        .isEqualTo(
            new Program(
                1,
                "wrong: 2 of 4 elements differ from the expected; the first at [1, 0]: 1.51,"
                    + " expected 1.5; largest absolute error 0.25, relative 0.125; tolerance: rtol"
                    + " 1e-5, atol 1e-8\n",
                ""));
    assertThat(check("[[1.6,2.5],[1.51,2]]", "--expect", "[[1.6,2.5],[1.5,2]]", "--atol", "0.011"))
        .isEqualTo(new Program(0, "right: all 4 elements equal the expected\n", ""));
  }

  @Test
  void everyMemberCounts() {
    assertThat(
            check(
                "{\"data\":[1,2],\"h_n\":[3]}", "--expect", "{\"data\":[1,2],\"h_n\":[4],\"c\":2}"))
        .isEqualTo(
            new Program(
                1,
                "right: data: all 2 elements equal the expected\n"
                    + "wrong: h_n: 1 of 1 element differs from the expected; the first at [0]: 3.0,"
                    + " expected 4.0; largest absolute error 1.0, relative 0.25; tolerance: rtol"
                    + " 1e-5, atol 1e-8\n"
                    + "wrong: c: there is no c; there is data, h_n\n",
                ""));
  }

  @Test
  void whatIsNoNumberIsNamedByItsPlace() {
    assertThat(check("[1,null]", "--expect", "[1,2]"))
        .isEqualTo(new Program(1, "wrong: a number is expected at [1]; there is null\n", ""));
    assertThat(check("[[1,2],[true,4]]", "--expect", "[[1,2],[3,4]]").out())
        .isEqualTo("wrong: a number is expected at [1, 0]; there is true\n");
    assertThat(check("[[1,\"a\"],[3,4]]", "--expect", "[[1,2],[3,4]]").out())
        .isEqualTo("wrong: a number is expected at [0, 1]; there is 'a'\n");
    assertThat(check("[[\"-Infinity\",\"b\"],[3,4]]", "--expect", "[[1,2],[3,4]]").out())
        .isEqualTo("wrong: a number is expected at [0, 1]; there is 'b'\n");
    assertThat(check("[[\"1\",\"2\"],[3,4]]", "--expect", "[[1,2],[3,4]]").out())
        .isEqualTo("wrong: numbers in [0] are in quotes; write 1, not \"1\"\n");
    assertThat(check("[[[\"1.60\"]],[[\"2\"]]]", "--expect", "[[[1.6]],[[2]]]").out())
        .isEqualTo("wrong: numbers in [0, 0] are in quotes; write 1.60, not \"1.60\"\n");
    assertThat(check("{\"h_n\":[[\"1\"]]}", "--expect", "{\"h_n\":[[1]],\"c_n\":2}").out())
        .startsWith("wrong: h_n: numbers in [0] are in quotes; write 1, not \"1\"\n");
    // A lone list may be sizes, of which some are symbols.
    assertThat(check("[\"1.60\",\"2\"]", "--expect", "[1.6,2]").code()).isZero();
    assertThat(check("\"1.60\"", "--expect", "1.6").code()).isZero();
    assertThat(check("{\"h_n\":[1,null]}", "--expect", "{\"h_n\":[1,2],\"c_n\":[3]}").out())
        .isEqualTo(
            """
            wrong: h_n: a number is expected at [1]; there is null
            wrong: c_n: there is no c_n; there is h_n.length, h_n.0, h_n.1
            """);
    assertThat(check("[1,null]", "--expect", "[1,2]", "--hint-only").out()).isEqualTo("wrong\n");
  }

  /** By hand: h1 = relu(2·1) = 2, h2 = relu(2·2 + 2) = 6. */
  @Test
  void aBareTensorIsComparedWithTheMainMemberOfACommand() {
    String rnn =
        "rnn [[1],[2]] --cell rnn --nonlinearity relu --weights"
            + " '{\"weight_ih_l0\":[[2]],\"weight_hh_l0\":[[1]]}'";
    assertThat(check("[[2],[6]]", "--command", rnn))
        .isEqualTo(new Program(0, "right: all 2 elements equal the expected\n", ""));
    assertThat(check("[[2],[5]]", "--command", rnn).out())
        .startsWith("wrong: 1 of 2 elements differ from the expected; the first at [1, 0]: 5.0,");
    assertThat(check("{\"data\":[[2],[6]],\"h_n\":[[5]]}", "--command", rnn).out())
        .startsWith(
            "right: data: all 2 elements equal the expected\n"
                + "wrong: h_n: 1 of 1 element differs");
    assertThat(check("[[2],[6]]", "--expect", "{\"data\":[[2],[6]],\"h_n\":[[6]]}").code()).isOne();
  }

  @Test
  void sizesMayHaveSymbols() {
    String shape = "shape --input BxHx224x3 --layout nhwc 'Conv2d(3, 96, 11, stride=4)'";
    assertThat(check("[\"B\",\"(H-11)//4+1\",54,96]", "--command", shape + " --member output"))
        .isEqualTo(new Program(0, "right: it equals the expected\n", ""));
  }

  /** By hand: 1.11·1.3 + 3.71·0.7 − 5.07·1.9 + 7.9·0.3 − 9.17·1.1 = −13.31. */
  @Test
  void whatFitsSeveralMistakesIsCalledSo() {
    String conv =
        "conv [[1.11,2.35,3.71,0.4],[4.13,-5.07,6.2,1.3],[7.9,8.03,-9.17,2.2],[1,2,3,4]]"
            + " -k [[1.3,0,0.7],[0,1.9,0],[0.3,0,1.1]]";
    String either =
        "this is the result with stride 2 instead of 1, or the right result without the last row"
            + " and column\n";
    assertThat(check("[[-13.31]]", "--command", conv).out())
        .isEqualTo("wrong: shape 1x1, expected 2x2\n" + either);
    assertThat(check("[[-13.31]]", "--command", conv, "--hint-only").out())
        .isEqualTo(
            "wrong\ncheck how far the window moves; or check where the window's last place is\n");
    assertThat(check("[[-13.32]]", "--command", conv).out())
        .isEqualTo("wrong: shape 1x1, expected 2x2\n");
  }

  @Test
  void sizesNeedNoBrackets() {
    for (String sizes : List.of("96x54x54", "96,54,54", "(96, 54, 54)", "96 × 54 × 54")) {
      String command = "shape 'Conv2d(3, 96, 11, stride=4)' --input 3x224x224 --member output";
      assertThat(check(sizes, "--command", command).code()).as(sizes).isZero();
    }
  }

  @Test
  void standardInputIsOneOfThem() {
    assertThat(checkInput("[1,2]", "-", "--expect", "[1,2]").code()).isZero();
    assertThat(checkInput("[1,2]", "-", "--expect", "-"))
        .isEqualTo(
            new Program(
                2,
                "",
                "lamina check: both ANSWER and --expect would read standard input; give one of"
                    + " them a file\n"));
  }

  @Test
  void namesTheMistake() {
    assertThat(check("[[1.37,2.21],[1.88,2.61]]", "--command", CONV, "--hint-only"))
        .isEqualTo(
            new Program(1, "wrong\ncheck which way round the kernel is laid on the input\n", ""));
    assertThat(check("55x55x96", "--command", SIZE))
        .isEqualTo(
            new Program(
                1,
                """
                wrong: '55x55x96', expected [54, 54, 96]
                this is the size rounded up instead of down
                """,
                ""));
  }

  @Test
  void optionsThatChangeOnlyWhatIsPrintedAreRefused() {
    String answer = "[[1.6,2.59],[1.51,1.91]]";
    for (String format : List.of("text", "csv", "latex", "markdown", "npy")) {
      assertThat(check(answer, "--command", CONV + " -f " + format))
          .isEqualTo(refused("--format " + format));
    }
    assertThat(check(answer, "--command", CONV + " --format=text"))
        .isEqualTo(refused("--format text"));
    assertThat(check(answer, "--command", CONV + " -o target/never.csv")).isEqualTo(refused("-o"));
    assertThat(Path.of("src/examples/target")).doesNotExist();
    assertThat(check(answer, "--command", CONV + " --quiet")).isEqualTo(refused("--quiet"));
    assertThat(check(answer, "--command", CONV + " --help")).isEqualTo(refused("--help"));
    assertThat(check(answer, "--command", "help conv")).isEqualTo(refused("help"));
    String train = "train 'Linear(3, 2)' x.csv";
    for (String[] each :
        new String[][] {
          {"activate relu --plot", "has --plot, which draws and gives no answer; leave it out"},
          {
            "shape --list-layers",
            "has --list-layers, which lists layers and gives no answer; leave it out"
          },
          {CONV + " --expect [[1]]", "has --expect, which compares by itself; leave it out"},
          {
            CONV + " --expect-shape 2x2",
            "has --expect-shape, which compares by itself; leave it out"
          },
          {
            "activate relu x.jsonl --each",
            "has --each, which gives an answer for each line; leave it out"
          },
          {train + " --save w.safetensors", "has --save, which writes a file; leave it out"},
          {train + " --resume w.safetensors", "has --resume, which writes a file; leave it out"},
          {train + " --log l.jsonl", "has --log, which writes a file; leave it out"},
          {train + " --report r.html", "has --report, which writes a file; leave it out"},
          {train + " --tensorboard t", "has --tensorboard, which writes a file; leave it out"},
          {"bench 'Linear(3, 2)'", "is 'bench', which measures times; those have no right answer"},
          {"completion bash", "is 'completion', which gives no answer"},
        }) {
      assertThat(check(answer, "--command", each[0]))
          .isEqualTo(new Program(2, "", "lamina check: --command " + each[1] + "\n"));
    }
    assertThat(check(answer, "--command", CONV + " --format json").code()).isZero();
    assertThat(check("\"x\"", "--command", "rnn design --input many --output many").code()).isOne();
  }

  private static Program refused(String option) {
    return new Program(
        2,
        "",
        "lamina check: --command has "
            + option
            + ", which changes what is printed and not the answer; leave it out\n");
  }

  @Test
  void quietTellsByTheCode() {
    assertThat(check("[1]", "--expect", "[2]", "-q")).isEqualTo(new Program(1, "", ""));
  }

  @Test
  void wrongUsageAndBadInput() {
    assertThat(check("[1]").err())
        .isEqualTo("lamina check: an answer needs --expect TENSOR or --command LINE\n");
    assertThat(check("[1]").code()).isEqualTo(2);
    assertThat(check("[1]", "--command", "check 1 --expect 1"))
        .isEqualTo(
            new Program(3, "", "lamina check: a checked command cannot be 'check' itself\n"));
    assertThat(check("[1]", "--command", "conv x.csv -k '[1]'"))
        .isEqualTo(
            new Program(3, "", "lamina check: --command: lamina conv: x.csv: no such file\n"));
    assertThat(check("", "--expect", "[1]"))
        .isEqualTo(new Program(3, "", "lamina check: the answer is empty\n"));
    assertThat(check("none.json", "--expect", "[1]"))
        .isEqualTo(new Program(3, "", "lamina check: none.json: no such file\n"));
  }
}
