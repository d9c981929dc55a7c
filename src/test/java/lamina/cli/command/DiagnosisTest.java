package lamina.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import lamina.Golden;
import lamina.Program;
import lamina.format.JsonValues;
import lamina.tensor.RandomNumbers;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each diagnosis: a training that provokes it, and one like it that is well. */
class DiagnosisTest {
  private static final Path DIGITS = Path.of("src/examples/digits/digits.csv.gz").toAbsolutePath();
  private static final String SMALL = "Linear(2, 8), ReLU(), Linear(8, 2)";

  @TempDir private Path folder;

  /** Two clouds; the same far from 0; the same with labels that belong to other samples. */
  @BeforeEach
  void writeData() throws IOException {
    RandomNumbers random = new RandomNumbers(11);
    StringBuilder clouds = new StringBuilder();
    StringBuilder far = new StringBuilder();
    StringBuilder shuffled = new StringBuilder();
    StringBuilder shuffledFar = new StringBuilder();
    StringBuilder numbers = new StringBuilder();
    for (int i = 0; i < 240; i++) {
      int label = i % 2;
      double x = random.nextGaussian() + (label == 0 ? -2 : 2);
      double y = random.nextGaussian();
      String point = x + "," + y + ",";
      clouds.append(point).append(label).append('\n');
      far.append(100 * x).append(',').append(100 * y).append(',').append(label).append('\n');
      String other = random.nextLong(2) + "\n";
      shuffled.append(point).append(other);
      shuffledFar.append(100 * x).append(',').append(100 * y).append(',').append(other);
      numbers.append(point).append(1000 * x - 500 * y).append('\n');
    }
    Files.writeString(folder.resolve("clouds.csv"), clouds);
    Files.writeString(folder.resolve("far.csv"), far);
    Files.writeString(folder.resolve("shuffled.csv"), shuffled);
    Files.writeString(folder.resolve("shuffledfar.csv"), shuffledFar);
    Files.writeString(folder.resolve("numbers.csv"), numbers);
  }

  private Program train(String net, String options, String... more) {
    List<String> words = new ArrayList<>(List.of("train", net, "--data"));
    words.addAll(Arrays.asList(options.replace("DIGITS", DIGITS.toString()).split(" ", -1)));
    words.addAll(Arrays.asList(more));
    return Program.runIn(folder, Map.of(), new byte[0], words.toArray(String[]::new));
  }

  private static List<Map<String, Object>> members(Program program, String name) {
    List<Map<String, Object>> members = new ArrayList<>();
    Object list = Golden.object(JsonValues.read(program.out(), "output")).get(name);
    for (Object each : (List<?>) list) {
      members.add(Golden.object(each));
    }
    return members;
  }

  private static List<String> kinds(Program program) {
    return members(program, "diagnosis").stream().map(each -> (String) each.get("kind")).toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // A step of a learning rate that is far too large pushes every unit below 0.
        "dying-relu | 1 | Linear(64, 32), ReLU(), Linear(32, 10) | DIGITS --epochs 2 --optimizer"
            + " sgd --lr 1",
        "vanishing-gradient | 0 | Linear(2, 8), Sigmoid(), Linear(8, 8), Sigmoid(), Linear(8, 8),"
            + " Sigmoid(), Linear(8, 8), Sigmoid(), Linear(8, 8), Sigmoid(), Linear(8, 8),"
            + " Sigmoid(), Linear(8, 2) | clouds.csv --epochs 3",
        "vanishing-gradient | 0 | RNN(1, 8, batch_first=True), Select(1, -1), Linear(8, 10)"
            + " | DIGITS --input 64x1 --epochs 1 --batch-size 256",
        "saturation | 1 | Linear(64, 16), Tanh(), Linear(16, 10) | DIGITS --epochs 2 --lr 0.5",
        "saturation | 0 | LSTM(2, 6, batch_first=True), Select(1, -1), Linear(6, 2)"
            + " | shuffledfar.csv --input 1x2 --epochs 2",
        "no-learning | 0.weight_hh_l0_reverse | GRU(1, 4, batch_first=True, bidirectional=True),"
            + " Select(1, -1), Linear(8, 2) | clouds.csv --input 2x1 --epochs 5 --lr 0.02",
        "rate-too-high | 0.weight | Linear(64, 16), Tanh(), Linear(16, 10) | DIGITS --epochs 2 --lr"
            + " 1",
        "rate-too-low | | Linear(2, 8), ReLU(), Linear(8, 2) | clouds.csv --epochs 3 --lr 1e-7",
        "shuffled-labels | | Linear(2, 8), ReLU(), Linear(8, 2) | shuffled.csv --epochs 20",
        "shuffled-labels | | Linear(2, 64), ReLU(), Linear(64, 64), ReLU(), Linear(64, 2)"
            + " | shuffled.csv --epochs 150 --split 0.4 --lr 0.02",
        "linear-collapse | 0 | Linear(2, 4), Linear(4, 2) | clouds.csv --epochs 3",
        "linear-collapse | 0 | Linear(2, 4), LeakyReLU(1), Linear(4, 2), LogSoftmax(-1)"
            + " | clouds.csv --epochs 3 --loss nll",
        "linear-collapse | 0 | Linear(2, 4), BatchNorm1d(4), Identity(), Dropout(0.1), Linear(4, 2)"
            + " | clouds.csv --epochs 5",
        "linear-collapse | 0 | Conv2d(1, 2, 3), LeakyReLU(1), AvgPool2d(2), Flatten(), Linear(18,"
            + " 10) | DIGITS --input 1x8x8 --epochs 1 --batch-size 64",
        "linear-collapse | 2 | Linear(2, 4), ReLU(), Linear(4, 4), LeakyReLU(1), Linear(4, 2)"
            + " | clouds.csv --epochs 3",
      })
  void isMade(String kind, String layer, String net, String options) {
    Program program = train(net, options);
    assertThat(program.err()).isEmpty();
    assertThat(kinds(program)).contains(kind);
    for (Map<String, Object> each : members(program, "diagnosis")) {
      assertThat((String) each.get("text")).isNotBlank();
      assertThat((String) each.get("cure")).isNotBlank();
      if (each.get("kind").equals(kind)) {
        assertThat(each.get("layer")).isEqualTo(layer);
        assertThat(each.get("figure")).isInstanceOf(Number.class);
        assertThat(each.get("threshold")).isInstanceOf(Number.class);
      }
    }
  }

  /** The same networks and data, trained as they should be, and more that are sound. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Linear(64, 32), ReLU(), Linear(32, 10) | DIGITS --epochs 3 --split 0.2",
        "Linear(64, 32), ReLU(), Linear(32, 10) | DIGITS --epochs 3 --normalize --optimizer sgd"
            + " --lr 0.1 --momentum 0.9",
        "Linear(2, 8), ReLU(), Linear(8, 8), ReLU(), Linear(8, 8), ReLU(), Linear(8, 8), ReLU(),"
            + " Linear(8, 8), ReLU(), Linear(8, 8), ReLU(), Linear(8, 2) | clouds.csv --epochs 10"
            + " --lr 0.01",
        "RNN(8, 16, batch_first=True), Select(1, -1), Linear(16, 10)"
            + " | DIGITS --input 8x8 --epochs 3 --normalize --lr 0.01",
        "Linear(2, 8), Tanh(), Linear(8, 2) | far.csv --normalize --epochs 30 --lr 0.02 --split"
            + " 0.4",
        "GRU(1, 4, batch_first=True), Select(1, -1), Linear(4, 2) | clouds.csv --input 2x1 --epochs"
            + " 20 --lr 0.02",
        "Linear(64, 16), Tanh(), Linear(16, 10) | DIGITS --epochs 3 --normalize --optimizer nadam"
            + " --lr 0.01",
        "Linear(2, 8), ReLU(), Linear(8, 2) | clouds.csv --epochs 20 --lr 0.01 --split 0.4",
        "Linear(2, 4), PReLU(), Linear(4, 2) | clouds.csv --epochs 20 --optimizer adagrad --lr 0.1",
        "Linear(2, 2) | clouds.csv --epochs 20 --optimizer adadelta",
        "Conv2d(1, 4, 3), BatchNorm2d(4), ReLU(), MaxPool2d(2), Flatten(), Linear(36, 10)"
            + " | DIGITS --input 1x8x8 --epochs 2 --optimizer adamw --lr 0.01",
        "Linear(2, 16), ReLU(), Linear(16, 1) | numbers.csv --loss huber --epochs 60 --lr 0.3"
            + " --split 0.3",
        "Linear(2, 8), GELU(), Dropout(0.2), Linear(8, 1), Sigmoid()"
            + " | clouds.csv --loss bce --epochs 40 --optimizer rmsprop",
      })
  void isNotMadeOfASoundTraining(String net, String options) {
    Program program = train(net, options);
    assertThat(program.err()).isEmpty();
    assertThat(members(program, "diagnosis")).isEmpty();
  }

  /** A hidden layer of equal units stays so: it gets the same gradient for all of them. */
  @Test
  void equalWeightsAreNamed() throws IOException {
    Files.writeString(
        folder.resolve("init.json"),
        "{\"0.weight\":[[0.5,0.5],[0.5,0.5],[0.5,0.5]],\"0.bias\":[0,0,0],"
            + "\"2.weight\":[[0.1,0.1,0.1],[-0.1,-0.1,-0.1]],\"2.bias\":[0,0]}");
    String net = "Linear(2, 3), ReLU(), Linear(3, 2)";
    Program program = train(net, "clouds.csv --epochs 20 --lr 0.01", "--init", "init.json");
    assertThat(kinds(program)).containsExactly("symmetric-weights");
    assertThat(members(program, "diagnosis").get(0))
        .containsEntry("layer", "0.weight")
        .containsEntry("figure", 1.0)
        .containsEntry("threshold", 0.5);
    assertThat(kinds(train(net, "clouds.csv --epochs 20 --lr 0.01"))).isEmpty();
  }

  /** ReLU units that double what they get, 12 times one after another. */
  @Test
  void anExplodingGradientIsNamed() throws IOException {
    StringBuilder net = new StringBuilder("Linear(2, 2)");
    StringBuilder init = new StringBuilder("{");
    for (int i = 0; i < 12; i++) {
      net.append(", ReLU(), Linear(2, 2)");
      init.append("\"" + 2 * i + ".weight\":[[2.5,0.1],[0.1,2.6]],\"" + 2 * i + ".bias\":[0,0],");
    }
    init.append("\"24.weight\":[[1,-1],[-1,1]],\"24.bias\":[0,0]}");
    Files.writeString(folder.resolve("init.json"), init);
    String options = "clouds.csv --epochs 1 --optimizer sgd --lr 1e-9";
    Program program = train(net.toString(), options, "--init", "init.json");
    assertThat(kinds(program)).contains("exploding-gradient");
    assertThat(kinds(train(net.toString(), options))).doesNotContain("exploding-gradient");
  }

  /** A recurrent weight of 1.8 grows what goes through 64 steps; nothing else is said of it. */
  @Test
  void aGradientThatExplodesThroughTimeIsNamed() throws IOException {
    Files.writeString(
        folder.resolve("init.json"),
        "{\"0.weight_ih_l0\":[[0.1],[0.1]],\"0.weight_hh_l0\":[[1.8,0],[0,1.7]],"
            + "\"0.bias_ih_l0\":[0.01,0.02],\"0.bias_hh_l0\":[0,0],"
            + "\"2.weight\":"
            + "[[1,0],[2,1],[1,1],[0,2],[3,0],[1,3],[2,2],[0,4],[5,0],[0,1]],"
            + "\"2.bias\":[0,0,0,0,0,0,0,0,0,0]}");
    String net = "RNN(1, 2, batch_first=True, nonlinearity=relu), Select(1, -1), Linear(2, 10)";
    String options = "DIGITS --input 64x1 --epochs 1 --batch-size all --optimizer sgd --lr 1e-30";
    List<String> kinds = kinds(train(net, options, "--init", "init.json"));
    assertThat(kinds).contains("exploding-gradient").doesNotContain("no-learning");
    assertThat(kinds(train(net, options))).doesNotContain("exploding-gradient");
  }

  @Test
  void aLossThatIsNoNumberStopsAndSaysWhereItBegan() throws IOException {
    Program program =
        train(SMALL.replace("8, 2)", "8, 1)"), "numbers.csv --loss mse --optimizer sgd --lr 1");
    assertThat(program.code()).isEqualTo(3);
    assertThat(program.err())
        .matches(
            "lamina train: the loss is Infinity at step \\d+; it began at the output of layer '2'"
                + " Linear\\(8, 1\\), which reaches \\S+ \\(epoch 1\\); try a smaller --lr, now"
                + " 1.0, or --clip-norm 1\n");
    assertThat(members(program, "epochs")).isEmpty();
    assertThat(kinds(program)).startsWith("nan-loss");
    assertThat(
            kinds(
                train(
                    SMALL.replace("8, 2)", "8, 1)"),
                    "numbers.csv --loss mse --lr 0.3 --epochs 60")))
        .isEmpty();
  }

  /** Weights so large that the first layer's output is infinite. */
  @Test
  void aLayerWhoseOutputIsInfiniteIsNamed() throws IOException {
    Files.writeString(
        folder.resolve("init.json"),
        "{\"0.weight\":[[1,1],[3e38,3e38],[1,1]],\"0.bias\":[0,0,0],"
            + "\"2.weight\":[[1,1,1],[1,1,1]],\"2.bias\":[0,0]}");
    Program program =
        train(
            "Linear(2, 3), ReLU(), Linear(3, 2)",
            "clouds.csv --epochs 1 --no-shuffle",
            "--init",
            "init.json");
    assertThat(program.code()).isEqualTo(3);
    assertThat(program.err())
        .startsWith(
            "lamina train: the loss is NaN at step 1; it began in layer '0' Linear(2, 3), whose"
                + " input reaches ");
    assertThat(members(program, "diagnosis").get(0)).containsEntry("layer", "0");
  }

  /** The map worked by hand: W2 W1 and W2 b1 + b2. */
  @Test
  void aCollapsedNetworkIsPrintedAsOneMap() throws IOException {
    String weights =
        "{\"0.weight\":[[1,2],[3,4]],\"0.bias\":[1,-1],"
            + "\"2.weight\":[[1,0],[1,1]],\"2.bias\":[0.5,0]}";
    Files.writeString(folder.resolve("w.json"), weights);
    String[] words = {
      "run",
      "Linear(2, 2), LeakyReLU(1), Linear(2, 2)",
      "[[1,0],[0,-3]]",
      "--weights",
      "w.json",
      "--loss",
      "mse",
      "--target",
      "[[0,0],[0,0]]",
      "--diagnose"
    };
    Program program = Program.runIn(folder, Map.of(), new byte[0], words);
    assertThat(program.err()).isEmpty();
    assertThat(program.out())
        .contains(
            "\"figure\":0.0",
            "\"weight\":{\"shape\":[2,2],\"data\":[[1.0,2.0],[4.0,6.0]]},"
                + "\"bias\":{\"shape\":[2],\"data\":[1.5,0.0]}");
  }

  @Test
  void onePassIsDiagnosedToo() {
    Program program =
        Program.run(
            "run",
            "Linear(2, 2), Threshold(100, 0), Linear(2, 2)",
            "[[1,2],[3,4]]",
            "--loss",
            "cross-entropy",
            "--target",
            "[0,1]",
            "--diagnose",
            "--seed",
            "0");
    assertThat(program.err()).isEmpty();
    assertThat(kinds(program)).containsExactly("dying-relu");
    assertThat(members(program, "checks")).isNotEmpty();
    assertThat(Program.run("run", "Linear(2, 2)", "[1,2]", "--diagnose").err())
        .startsWith("lamina run: --diagnose goes with --loss and --target\n");
  }

  @Test
  void overfittingIsNamedAndPatienceCuresIt() throws IOException {
    StringBuilder rows = new StringBuilder();
    RandomNumbers random = new RandomNumbers(5);
    for (int i = 0; i < 160; i++) {
      double x = random.nextGaussian();
      int label = x + 1.2 * random.nextGaussian() > 0 ? 1 : 0;
      rows.append(x);
      for (int j = 0; j < 8; j++) {
        rows.append(',').append(random.nextGaussian());
      }
      rows.append(',').append(label).append('\n');
    }
    Files.writeString(folder.resolve("noisy.csv"), rows);
    String options = "noisy.csv --split 0.5 --lr 0.01 --epochs 60";
    String net = "Linear(9, 32), ReLU(), Linear(32, 2)";
    assertThat(kinds(train(net, options))).containsExactly("overfitting");
    assertThat(kinds(train(net, options, "--patience", "3"))).isEmpty();
  }

  @Test
  void textSaysWhatIsWrongAndWhatWasLookedAt() {
    Program bad = train(SMALL, "clouds.csv --epochs 3 --lr 1e-7 -f text");
    assertThat(bad.out())
        .contains("\ndiagnosis:\n  rate-too-low: all steps moved no weight by more than ")
        .contains("(threshold 0.05)\n    cure: ten times --lr, or more --epochs\n");
    assertThat(bad.out()).doesNotContain("looked at");
    String options = "clouds.csv --epochs 10 --lr 0.02 -f text";
    assertThat(train(SMALL, options).out()).doesNotContain("diagnosis");
    assertThat(train(SMALL, options, "--diagnose").out())
        .contains("\ndiagnosis: nothing is wrong\n\nlooked at and well:\n")
        .contains("  dying-relu: 0.0% of the units of layer '1' ReLU() are dead");
  }
}
