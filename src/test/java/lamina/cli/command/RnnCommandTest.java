package lamina.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import lamina.Program;
import lamina.layer.recurrent.RecurrentTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code lamina rnn}, {@code rnn design} and {@code tokenize} as a user runs them. */
class RnnCommandTest {
  private static final Path EXAMPLES = Path.of("src", "examples", "rnn");

  private static Program run(String input, String... args) {
    return Program.runIn(EXAMPLES, Map.of(), input.getBytes(StandardCharsets.UTF_8), args);
  }

  private static String out(String input, String line) {
    Program program = run(input, words(line));
    assertThat(program.err()).isEmpty();
    assertThat(program.code()).isZero();
    return program.out();
  }

  /** Splits at blanks; within '...' they stay. */
  private static String[] words(String line) {
    String[] quoted = line.split("'", -1);
    StringBuilder marked = new StringBuilder();
    for (int i = 0; i < quoted.length; i++) {
      marked.append(i % 2 == 0 ? quoted[i].replace(' ', '\n') : quoted[i]);
    }
    return marked.toString().split("\n+");
  }

  @Test
  void imageInPatchesThroughAGruToOneVector() {
    String tokens = out("", "tokenize seven.png --by patches --size 4");
    assertThat(tokens)
        .isEqualTo(
            """
            {"shape":[4,16],"data":[\
            [0.0,0.0,0.0,0.0,1.0,1.0,1.0,1.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,1.0],\
            [0.0,0.0,0.0,0.0,1.0,1.0,0.0,0.0,1.0,1.0,0.0,0.0,1.0,0.0,0.0,0.0],\
            [0.0,0.0,1.0,1.0,0.0,0.0,1.0,1.0,0.0,1.0,1.0,0.0,0.0,0.0,0.0,0.0],\
            [1.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0]]}
            """);
    assertThat(out(tokens, "rnn --cell gru --weights patches-gru.json --mode many-to-one -f text"))
        .isEqualTo(
            """
            2
            -0.8673  1.0396

            h_n: 1 x 3
            -0.8363  0.1347 -0.8250
            """);
  }

  @Test
  void oneVectorToFiveSteps() {
    assertThat(
            out(
                "",
                "rnn '[1,0,0]' --cell rnn --weights melody-rnn.json --mode one-to-many --steps 5"
                    + " -f text"))
        .isEqualTo(
            """
            5 x 3
            -1.2289 -1.5713  0.8606
            -0.6801 -2.0184  0.7525
            -0.7153 -1.8557  0.7806
            -0.7409 -1.7115  0.8107
            -0.7766 -1.5732  0.8393

            h_n: 1 x 4
            -0.6882  0.0485  0.9966 -0.9537
            """);
  }

  @Test
  void encoderAndDecoder() {
    assertThat(
            out(
                "",
                "rnn sentence.json --cell gru --weights translation-gru.json --mode"
                    + " encoder-decoder --steps 4 -f text"))
        .isEqualTo(
            """
            4 x 4
            -0.1285  0.4414  0.3237  0.5366
            -0.1337  0.3924  0.3682  0.5269
            -0.1376  0.3708  0.3879  0.5210
            -0.1401  0.3615  0.3964  0.5179

            h_n: 1 x 2
            -0.4207  0.3120
            """);
  }

  @ParameterizedTest
  @ValueSource(strings = {"torch", "onnx", "keras"})
  void oneLstmInThreeConventions(String convention) {
    assertThat(
            out(
                "",
                "rnn '[[1,2],[3,4]]' --cell lstm --weights lstm-"
                    + convention
                    + ".json -f text --convention "
                    + convention))
        .isEqualTo(
            """
            2 x 2
            -0.0909  0.1075
            -0.0883  0.0515

            h_n: 1 x 2
            -0.0883  0.0515

            c_n: 1 x 2
            -0.1020  0.0518
            """);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "torch|weight_ih_l0 weight_hh_l0 bias_ih_l0 bias_hh_l0",
        "onnx|W R B",
        "keras|kernel recurrent_kernel bias"
      })
  void gradientsHaveTheNamesOfTheWeights(String convention, String names) {
    String out =
        out(
            "",
            "rnn '[[1,2],[3,4]]' --cell lstm --weights lstm-"
                + convention
                + ".json --grad 1 --convention "
                + convention);
    StringBuilder order = new StringBuilder();
    for (String name : ("grad_input h0 c0 " + names).split(" ", -1)) {
      String member = "\"" + (name.startsWith("grad") ? name : "grad_" + name) + "\":{\"shape\":";
      assertThat(out).contains(member);
      order.append(out.indexOf(member)).append(' ');
    }
    assertThat(out.split("\"grad_", -1)).hasSize(names.split(" ", -1).length + 4);
    assertThat(order.toString()).isNotEmpty();
  }

  @Test
  void handWorkedLstmStepWithTrace() {
    String weights = "{\"weight_ih_l0\":[[1],[1],[1],[1]],\"weight_hh_l0\":[[1],[1],[1],[1]]}";
    Program program =
        run(
            weights,
            words("rnn '[[1]]' --cell lstm --weights - --h0 '[[-1]]' --c0 '[[2]]' --trace"));
    assertThat(program.err()).isEmpty();
    assertThat(program.out())
        .isEqualTo(
            """
            {"shape":[1,1],"data":[[0.3807970779778824]],\
            "h_n":{"shape":[1,1],"data":[[0.3807970779778824]]},\
            "c_n":{"shape":[1,1],"data":[[1.0]]},\
            "trace":{"i":{"shape":[1,1],"data":[[0.5]]},"f":{"shape":[1,1],"data":[[0.5]]},\
            "g":{"shape":[1,1],"data":[[0.0]]},"o":{"shape":[1,1],"data":[[0.5]]},\
            "c":{"shape":[1,1],"data":[[1.0]]},"h":{"shape":[1,1],"data":[[0.3807970779778824]]}}}
            """);
  }

  @Test
  void outputsBeyondAnEndAreZero() {
    String out =
        out(
            "",
            "rnn ones:3x2x1 --cell gru --hidden-size 1 --direction bidirectional --lengths 3,1"
                + " -f text --precision 2");
    assertThat(out).startsWith("3 x 2 x 2\n").contains("[1]\n").containsPattern("0\\.00 +0\\.00\n");
  }

  @Test
  void linesInLinesOut() {
    String lines = "[[1,0]]\n\n[[0,1],[1,1]]\n";
    String out = out(lines, "rnn --each --cell rnn --hidden-size 2 --mode many-to-one");
    assertThat(out.split("\n", -1)).hasSize(3);
    assertThat(out).startsWith("{\"shape\":[2],");
  }

  @Test
  void seedsDecideTheWeights() {
    String line = "rnn '[[1,0]]' --cell lstm --hidden-size 3 --num-layers 2 --seed ";
    assertThat(out("", line + "1"))
        .isEqualTo(out("", line + "1"))
        .isNotEqualTo(out("", line + "2"));
  }

  @Test
  void expectedOutputsAreCompared() {
    String line = "rnn '[[1]]' --cell rnn --weights - --expect ";
    String weights = "{\"weight_ih_l0\":[[1]],\"weight_hh_l0\":[[1]]}";
    assertThat(run(weights, words(line + "'[[0.76159415]]'")).code()).isZero();
    assertThat(run(weights, words(line + "'[[0.5]]'")).code()).isEqualTo(1);
  }

  @Test
  void designOfATask() {
    assertThat(out("", "rnn design 'Sentiment Analysis' -f text"))
        .isEqualTo(
            """
            task: sentiment analysis
            topology: many-to-one
            why: The opinion is a property of the whole text, and a late "not" can turn it: one \
            output, from the last state.
            input: a review, word by word
            output: positive or negative
            diagram:
                               y
                               ^
              [h1] -> [h2] -> [h3]
               ^       ^       ^
               x1      x2      x3
            network:
              Embedding(20000, 64)
              LSTM(64, 64, batch_first=True)
              Select(1, -1)
              Linear(64, 2)
            input_shape: Bx100
            """);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'image captioning'|one-to-many",
        "'text classification'|many-to-one",
        "translation|encoder-decoder",
        "ner|many-to-many",
        "'pos tagging'|many-to-many",
        "speech-to-text|encoder-decoder",
        "'--input one --output one'|one-to-one",
        "'--input one --output many'|one-to-many",
        "'--input many --output one'|many-to-one",
        "'--input many --output many'|encoder-decoder",
        "'--input many --output many --aligned'|many-to-many"
      })
  void topologies(String task, String topology) {
    assertThat(out("", "rnn design " + task)).contains("\"topology\":\"" + topology + "\"");
  }

  @Test
  void designSaysWhatADescriptionWasTakenFor() {
    assertThat(out("", "rnn design 'covid tweets sentiment'"))
        .startsWith(
            "{\"task\":\"sentiment analysis\",\"asked\":\"covid tweets sentiment\","
                + "\"matched\":\"sentiment analysis\",\"topology\":\"many-to-one\",\"why\":");
    assertThat(out("", "rnn design the language translation"))
        .startsWith(
            "{\"task\":\"translation\",\"asked\":\"the language translation\","
                + "\"matched\":\"language translation\",\"topology\":\"encoder-decoder\","
                + "\"pattern\":\"many-to-many\",\"why\":");
    assertThat(out("", "rnn design Language-Translation"))
        .startsWith("{\"task\":\"translation\",\"topology\":\"encoder-decoder\",");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "speech and image recognition|'image classification by rows' or 'speech recognition'",
        "time series|'time series classification' or 'time series forecasting'",
        "detection|'text classification' or 'sentiment analysis' or 'language identification'"
            + " or 'sentence similarity' or 'DNA classification'"
            + " or 'video classification' or one of 10 others"
      },
      quoteCharacter = '"')
  void designNamesCandidates(String words, String candidates) {
    Program program = run("", "rnn", "design", words);
    assertThat(program.err())
        .isEqualTo(
            "lamina rnn design: '" + words + "' may be " + candidates + "; name one of them\n");
    assertThat(program.code()).isEqualTo(2);
    assertThat(program.out()).isEmpty();
  }

  @Test
  void designTakesTheNameOfATopology() {
    for (String name : new String[] {"one-to-one", "one-to-many", "many-to-one"}) {
      String[] counts = name.split("-to-", -1);
      assertThat(out("", "rnn design " + name))
          .isEqualTo(out("", "rnn design --input " + counts[0] + " --output " + counts[1]));
    }
    assertThat(out("", "rnn design Many to Many"))
        .isEqualTo(out("", "rnn design --input many --output many --aligned"));
    assertThat(out("", "rnn design encoder-decoder"))
        .isEqualTo(out("", "rnn design --input many --output many"))
        .startsWith("{\"topology\":\"encoder-decoder\",\"pattern\":\"many-to-many\",");
  }

  @Test
  void designBreaksBetweenWordsWhereTheTerminalEnds() {
    Map<String, String> narrow = Map.of("COLUMNS", "40");
    byte[] nothing = {};
    String text = "rnn design 'image classification by rows' -f text";
    assertThat(Program.runIn(EXAMPLES, narrow, nothing, words(text)).out())
        .startsWith(
            """
            task: image classification by rows
            topology: many-to-one
            why: Read as a sequence of rows, an
              image has one label: the state after
              the last row is read.
            input: an image, row by row or patch by
              patch (lamina tokenize)
            output: one class
            diagram:
            """);
    for (String task : RecurrentTask.all().stream().map(RecurrentTask::name).toList()) {
      String wrapped =
          Program.runIn(EXAMPLES, narrow, nothing, "rnn", "design", task, "-f", "text").out();
      assertThat(wrapped.lines().limit(8)).allMatch(line -> line.length() <= 40);
      assertThat(wrapped.replaceAll("\\s+", " "))
          .isEqualTo(run("", "rnn", "design", task, "-f", "text").out().replaceAll("\\s+", " "));
    }
    String list =
        Program.runIn(
                EXAMPLES, Map.of("COLUMNS", "80"), nothing, words("rnn design --list -f text"))
            .out();
    assertThat(list.lines()).allMatch(line -> line.length() <= 80);
    assertThat(list)
        .contains(
            """
              image                many-to-one      an image, row by     one class
              classification by                     row or patch by
              rows                                  patch (lamina
                                                    tokenize)
            """);
    assertThat(Program.runOnTerminal("rnn", "design", "translation").out().lines().limit(7))
        .allMatch(line -> line.length() <= 80);
  }

  @Test
  void listHasTwentyTasksOrMore() {
    assertThat(out("", "rnn design --list -f text").lines().count()).isGreaterThan(21);
    assertThat(out("", "rnn design --list")).startsWith("{\"tasks\":[{\"task\":");
  }

  @Test
  void tokensOfAColourImage() {
    assertThat(out("", "tokenize flag.png --by rows --map"))
        .isEqualTo(
            """
            {"shape":[2,9],"data":[[1.0,0.0,0.0,0.0,1.0,0.0,0.0,0.0,1.0],\
            [1.0,0.2,0.0,1.0,0.4,0.0,1.0,0.6,0.0]],\
            "map":{"shape":[2,3,2],"dtype":"int64","data":[[[0,0],[0,1],[0,2]],\
            [[1,0],[1,1],[1,2]]]}}
            """);
    assertThat(out("", "tokenize flag.png --by pixels --pixels 0..255 -f text"))
        .isEqualTo(
            """
            6 x 3
            255   0   0
              0 255   0
              0   0 255
            255 255 255
             51 102 153
              0   0   0
            """);
  }

  @Test
  void layoutsNameTheAxes() {
    String planes = "[[[1,2],[3,4]],[[5,6],[7,8]]]";
    String interleaved = "[[[1,5],[2,6]],[[3,7],[4,8]]]";
    String expected = "{\"shape\":[2,4],\"data\":[[1.0,2.0,5.0,6.0],[3.0,4.0,7.0,8.0]]}\n";
    assertThat(out("", "tokenize --by rows " + planes)).isEqualTo(expected);
    assertThat(out("", "tokenize --by rows --layout hwc " + interleaved)).isEqualTo(expected);
    assertThat(out("", "tokenize --by rows --layout nhwc [" + interleaved + "]"))
        .isEqualTo("{\"shape\":[2,1,4],\"data\":[[[1.0,2.0,5.0,6.0]],[[3.0,4.0,7.0,8.0]]]}\n");
  }
}
