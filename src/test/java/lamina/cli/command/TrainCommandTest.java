package lamina.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
import org.junit.jupiter.params.provider.ValueSource;

/** {@code lamina train} as a user runs it. */
class TrainCommandTest {
  private static final String NET = "Linear(2, 6), ReLU(), Dropout(0.1), Linear(6, 2)";

  @TempDir private Path folder;

  @BeforeEach
  void writeTwoClouds() throws IOException {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      int label = i % 2;
      double x = (label == 0 ? -1 : 1) * (1 + (i * 7 % 10) / 10.0);
      rows.append(x).append(',').append((i * 3 % 7) / 7.0).append(',').append(label).append('\n');
    }
    Files.writeString(folder.resolve("data.csv"), rows);
  }

  private Program run(String... words) {
    return Program.runIn(folder, Map.of(), new byte[0], words);
  }

  private Program train(String... more) {
    List<String> words =
        new ArrayList<>(List.of("train", NET, "--data", "data.csv", "--seed", "3"));
    words.addAll(Arrays.asList(more));
    return run(words.toArray(new String[0]));
  }

  @Test
  void printsTheContractsFigures() {
    Program program = train("--epochs", "2", "--split", "0.25");
    assertThat(program.err()).isEmpty();
    List<?> epochs =
        (List<?>) Golden.object(JsonValues.read(program.out(), "output")).get("epochs");
    assertThat(epochs).hasSize(2);
    Map<String, Object> epoch = Golden.object(epochs.get(1));
    assertThat(epoch.keySet())
        .containsExactly("epoch", "loss", "accuracy", "test_loss", "test_accuracy", "layers");
    List<String> names = new ArrayList<>();
    for (Object layer : (List<?>) epoch.get("layers")) {
      Map<String, Object> row = Golden.object(layer);
      names.add((String) row.get("name"));
      assertThat(row.keySet())
          .containsExactly(
              "name",
              "grad_l2",
              "grad_mean",
              "grad_std",
              "grad_max",
              "grad_zero",
              "update_ratio",
              "dead",
              "saturated");
    }
    assertThat(names).containsExactlyInAnyOrder("0.weight", "0.bias", "1", "3.weight", "3.bias");
  }

  @Test
  void sizesOfBatchesAreCompared() throws IOException {
    RandomNumbers random = new RandomNumbers(1);
    StringBuilder samples = new StringBuilder();
    for (int i = 0; i < 800; i++) {
      samples.append(i % 2 + random.nextGaussian()).append(',').append(random.nextGaussian());
      samples.append(',').append(i % 2).append('\n');
    }
    Files.writeString(folder.resolve("data.csv"), samples);
    Program program = train("--epochs", "2", "--batch-size", "5,10,all", "--split", "0.25");
    assertThat(program.err()).isEmpty();
    List<?> rows =
        (List<?>) Golden.object(JsonValues.read(program.out(), "output")).get("batch_sizes");
    assertThat(rows).hasSize(3);
    List<Object> sizes = new ArrayList<>();
    for (Object row : rows) {
      sizes.add(Golden.object(row).get("batch_size"));
    }
    assertThat(sizes.toString()).isEqualTo("[5, 10, 600]");
    Map<String, Object> five = Golden.object(rows.get(0));
    Map<String, Object> ten = Golden.object(rows.get(1));
    assertThat(ten.keySet())
        .containsExactly(
            "batch_size",
            "steps",
            "seconds_per_epoch",
            "samples_per_second",
            "gradient_variance",
            "loss",
            "accuracy",
            "test_loss",
            "test_accuracy");
    double ratio =
        ((Number) five.get("gradient_variance")).doubleValue()
            / ((Number) ten.get("gradient_variance")).doubleValue();
    assertThat(ratio).as("variance goes with 1/B").isBetween(1.5, 2.6);
    assertThat(Golden.object(rows.get(2)).get("gradient_variance")).isNull();
    Program alone = train("--epochs", "2", "--batch-size", "10", "--split", "0.25");
    List<?> epochs = (List<?>) Golden.object(JsonValues.read(alone.out(), "output")).get("epochs");
    for (String figure : List.of("loss", "accuracy", "test_loss", "test_accuracy")) {
      assertThat(ten.get(figure)).isEqualTo(Golden.object(epochs.get(1)).get(figure));
    }
  }

  @Test
  void learnsToTellTheCloudsApart() {
    Program program = train("--epochs", "30", "--lr", "0.05", "-f", "text");
    assertThat(program.out()).contains("\nepoch 30  loss ").contains("accuracy 100.0%");
    assertThat(program.out())
        .contains("given for each class:\nclass   0   1   right\n0      20   0  100.0%\n");
  }

  @Test
  void aSeedFixesEveryByteOnAnyNumberOfThreads() throws IOException {
    train("--epochs", "3", "--save", "a.safetensors", "--threads", "1");
    train("--epochs", "3", "--save", "b.safetensors", "--threads", "2");
    assertThat(folder.resolve("b.safetensors"))
        .hasSameBinaryContentAs(folder.resolve("a.safetensors"));
  }

  @ParameterizedTest
  @CsvSource({
    "sgd --momentum 0.9 --nesterov, constant",
    "adam, cosine",
    "adamw, warmup:2+step:1:0.5",
    "rmsprop --centered, plateau:1:0.5",
    "adagrad, constant",
    "adadelta, constant",
    "nadam, constant"
  })
  void resumeEndsInTheSameBytes(String optimizer, String schedule) throws IOException {
    List<String> words = new ArrayList<>(List.of("--schedule", schedule, "--optimizer"));
    words.addAll(Arrays.asList(optimizer.split(" ", -1)));
    String[] options = words.toArray(new String[0]);
    trainWith(options, "--epochs", "5", "--save", "whole.safetensors");
    if (!schedule.equals("cosine")) {
      // Cosine depends on the number of epochs, which the first part must know too.
      trainWith(options, "--epochs", "2", "--save", "part.safetensors");
      trainWith(options, "--epochs", "5", "--resume", "part.safetensors");
      assertThat(folder.resolve("part.safetensors"))
          .hasSameBinaryContentAs(folder.resolve("whole.safetensors"));
      assertThat(folder.resolve("part.safetensors.state"))
          .hasSameBinaryContentAs(folder.resolve("whole.safetensors.state"));
    }
    assertThat(folder.resolve("whole.safetensors")).isNotEmptyFile();
  }

  /** What early stopping waits for goes on, too; and a training that it ended stays ended. */
  @Test
  void resumeStopsWhereAWholeRunStops() throws IOException {
    String[] options = {"--patience", "3", "--split", "0.25", "--lr", "0.3"};
    trainWith(options, "--epochs", "40", "--save", "whole.safetensors", "--log", "whole.jsonl");
    int epochs = Files.readAllLines(folder.resolve("whole.jsonl")).size();
    assertThat(epochs).isBetween(4, 39);
    for (int first : new int[] {1, epochs - 2, epochs - 1}) {
      trainWith(options, "--epochs", Integer.toString(first), "--save", "part.safetensors");
      for (int again = 0; again < 2; again++) {
        trainWith(options, "--epochs", "40", "--resume", "part.safetensors");
        for (String name : List.of(".safetensors", ".safetensors.state")) {
          assertThat(folder.resolve("part" + name))
              .hasSameBinaryContentAs(folder.resolve("whole" + name));
        }
      }
    }
  }

  /** Also where the epochs end before the patience: the file has the best, the state the last. */
  @Test
  void theBestWeightsAreKept() throws IOException {
    String[] options = {"--patience", "30", "--split", "0.25", "--lr", "0.3"};
    trainWith(
        options,
        "--epochs",
        "12",
        "--log",
        "log.jsonl",
        "-o",
        "all.json",
        "--save",
        "all.safetensors");
    trainWith(options, "--epochs", "12", "-o", "all.txt");
    int best = 0;
    double least = Double.POSITIVE_INFINITY;
    List<String> lines = Files.readAllLines(folder.resolve("log.jsonl"));
    for (int i = 0; i < lines.size(); i++) {
      Map<String, Object> line = Golden.object(JsonValues.read(lines.get(i), "log"));
      double loss = ((Number) line.get("test_loss")).doubleValue();
      best = loss < least ? i + 1 : best;
      least = Math.min(least, loss);
    }
    assertThat(best).isBetween(2, 11);
    trainWith(options, "--epochs", Integer.toString(best), "--save", "best.safetensors");
    assertThat(folder.resolve("all.safetensors"))
        .hasSameBinaryContentAs(folder.resolve("best.safetensors"));
    assertThat(Files.readString(folder.resolve("all.json")))
        .contains("\"best_epoch\":" + best + ",");
    assertThat(Files.readString(folder.resolve("all.txt")))
        .contains("\nthe weights kept are those of epoch " + best + "\n\ngradient");
  }

  @Test
  void epochsThatAreThereAreNotTrainedAgain() throws IOException {
    train("--epochs", "2", "--save", "net.safetensors");
    byte[] before = Files.readAllBytes(folder.resolve("net.safetensors"));
    Program program = train("--epochs", "1", "--resume", "net.safetensors", "--member", "epochs");
    assertThat(program)
        .isEqualTo(
            new Program(
                0,
                "{\"epochs\":[]}\n",
                "lamina train: net.safetensors holds 2 epochs already; --epochs 1 counts them,"
                    + " too\n"));
    assertThat(Files.readAllBytes(folder.resolve("net.safetensors"))).isEqualTo(before);
  }

  /** Weights that fit do not make it the same training. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Linear(2, 4), Tanh(), Linear(4, 2) | | layer '1' ReLU(), not Tanh(); --init takes its"
            + " weights alone",
        "Linear(2, 4), ReLU(), Linear(4, 2), Dropout(0.5) | | 3 layers, not 4; --init takes its"
            + " weights alone",
        "Linear(2, 4), ReLU(), Linear(4, 2) | --schedule cosine | no --schedule, not with"
            + " --schedule cosine",
        "nn.Linear(_,4),  ReLU( ), Linear(in_features=4, out_features=_) | |",
      })
  void aCheckpointOfOtherLayersIsRefused(String net, String more, String message)
      throws IOException {
    String[] words = {
      "train",
      "Linear(2, 4), ReLU(), Linear(4, 2)",
      "--data",
      "data.csv",
      "--epochs",
      "1",
      "--save",
      "net.safetensors",
      "-q"
    };
    assertThat(run(words).code()).isZero();
    byte[] before = Files.readAllBytes(folder.resolve("net.safetensors"));
    words[1] = net;
    words[5] = "2";
    words[6] = "--resume";
    List<String> resumed = new ArrayList<>(Arrays.asList(words));
    resumed.addAll(more == null ? List.of() : List.of(more.split(" ", -1)));
    Program program = run(resumed.toArray(new String[0]));
    assertThat(program.err())
        .isEqualTo(
            message == null
                ? ""
                : "lamina train: net.safetensors: was trained with " + message + "\n");
    assertThat(program.code()).isEqualTo(message == null ? 0 : 3);
    if (message != null) {
      assertThat(Files.readAllBytes(folder.resolve("net.safetensors"))).isEqualTo(before);
    }
  }

  /** The header of a state, changed; what it says then cannot be. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"lamina.epoch\":\"1\" | \"lamina.epoch\":\"7\" | it tells of 7 epochs and 2 steps but"
            + " holds 1 losses",
        "\"lamina.steps\":\"2\" | \"lamina.steps\":\"0\" | it tells of 1 epochs and 0 steps but"
            + " holds 1 losses",
        "state/0/0.weight | state/0/9.weight | what adam keeps of '0.weight' is not [2x2, 2x2]",
        "state/1/0.bias | state/1/9.bias | what adam keeps of '0.bias' is not [2, 2]",
        "weight/0.bias | weight/0.bia5 | '0.bias' of shape 2 is missing, which layer '0' Linear(2,"
            + " 2) needs; there is '0.bia5'",
      })
  void aDamagedStateIsRefused(String from, String to, String message) throws IOException {
    String net = "Linear(2, 2)";
    String[] words = {
      "train", net, "--data", "data.csv", "--epochs", "1", "--save", "n.safetensors"
    };
    assertThat(run(words).code()).isZero();
    Path state = folder.resolve("n.safetensors.state");
    String bytes = Files.readString(state, StandardCharsets.ISO_8859_1);
    assertThat(bytes).contains(from);
    Files.writeString(state, bytes.replace(from, to), StandardCharsets.ISO_8859_1);
    words[5] = "2";
    words[6] = "--resume";
    Program program = run(words);
    assertThat(program.err()).startsWith("lamina train: n.safetensors").contains(message);
    assertThat(program.err().lines()).hasSize(1);
    assertThat(program.code()).isEqualTo(3);
  }

  private void trainWith(String[] options, String... more) {
    List<String> words = new ArrayList<>(Arrays.asList(options));
    words.addAll(Arrays.asList(more));
    Program program = train(words.toArray(new String[0]));
    assertThat(program.err()).isEmpty();
    assertThat(program.code()).isZero();
  }

  @Test
  void aTrainedNetworkAnswersWithItsClass() {
    train("--epochs", "30", "--lr", "0.05", "--save", "net.safetensors");
    Program program = run("run", "net.safetensors", "[2, 0.5]");
    assertThat(program.err()).isEmpty();
    assertThat(program.out()).contains("\"class\":\"1\"").containsPattern("\"probability\":0\\.9");
    assertThat(run("run", "net.safetensors", "[-2, 0.5]").out()).contains("\"class\":\"0\"");
    Map<String, Object> both =
        Golden.object(
            JsonValues.read(run("run", "net.safetensors", "[[2, 0.5], [-2, 0.5]]").out(), "both"));
    assertThat(both.get("classes")).isEqualTo(List.of("1", "0"));
    assertThat(((List<?>) both.get("probabilities")).get(0))
        .isEqualTo(Golden.object(JsonValues.read(program.out(), "one")).get("probability"));
  }

  @Test
  void theLogHasALineAnEpoch() throws IOException {
    train("--epochs", "3", "--log", "log.jsonl");
    List<String> lines = Files.readAllLines(folder.resolve("log.jsonl"), StandardCharsets.UTF_8);
    assertThat(lines).hasSize(3).allSatisfy(line -> assertThat(line).startsWith("{\"epoch\":"));
  }

  @Test
  void deadUnitsFailWhereAsked() throws IOException {
    Files.writeString(
        folder.resolve("init.json"),
        "{\"0.weight\":[[0,0],[0,0],[0,0],[0,0],[0,0],[0,0]],\"0.bias\":[-1,-1,-1,-1,1,1],"
            + "\"3.weight\":[[0,0,0,0,0,0],[0,0,0,0,0,0]],\"3.bias\":[0,0]}");
    Program program =
        train("--epochs", "1", "--init", "init.json", "--fail-if-dead", "0.5", "-f", "json");
    assertThat(program.code()).isEqualTo(1);
    assertThat(program.err())
        .isEqualTo(
            "lamina train: 66.7% of a layer's units are dead, more than --fail-if-dead 0.5\n");
    assertThat(train("--epochs", "1", "--init", "init.json", "--fail-if-dead", "0.7").code())
        .isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1,2,0.5;1,2,1 | 3 | data.csv, row 1: label 0.5 is not a whole number; to learn numbers use"
            + " --loss mse",
        "1,2,-1;1,2,1 | 3 | data.csv, row 1: label -1 is negative",
        "1,2,1;3,4,1 | 3 | data.csv: all 2 samples have the label '1'; at least 2 classes are"
            + " needed",
        "1,NaN,0;1,2,1 | 3 | data.csv, row 1, column 2: is NaN",
        "1,2,0;1,2,1;1,2,2 | 3 | data.csv, row 3: label 2 is out of range: the network tells 2"
            + " classes apart, 0 to 1",
        "1,2,3,0;1,2,3,1 | 3 | expects 2 features",
        "1,2,0;1,2 | 3 | row 2",
        "5;6 | 3 | row 1: has 1 field; at least an input and a label are needed"
      })
  void badDataIsOneLine(String rows, int code, String message) throws IOException {
    Files.writeString(folder.resolve("data.csv"), rows.replace(';', '\n') + "\n");
    Program program = train("--epochs", "1", "--save", "none.safetensors");
    assertThat(program.err()).contains(message).startsWith("lamina train: ");
    assertThat(program.err().strip().lines()).hasSize(1);
    assertThat(program.code()).isEqualTo(code);
    assertThat(folder.resolve("none.safetensors")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--momentum 0.9 | 2 | --momentum goes with --optimizer sgd, rmsprop, not adam",
        "--lr 0 | 2 | --lr takes a number above 0",
        "--epochs 0 | 2 | --epochs",
        "--batch-size 0 | 2 | --batch-size takes whole numbers from 1 on such as 32 or 8,16,32, or"
            + " 'all', not '0'",
        "--batch-size 8,x | 2 | not '8,x'",
        "--batch-size 8,16 --save a.safetensors | 2 | --save goes with one --batch-size, not with"
            + " several",
        "--schedule cosin | 2 | 'cosin' is no schedule",
        "--optimizer adan | 2 | adam",
        "--betas 0.9 | 2 | --betas takes two numbers",
        "--label-smoothing 2 | 2 | --label-smoothing takes a share from 0 to 1",
        "--split 0.2 --test data.csv | 2 | either --test or --split",
        "--split 0.001 | 3 | --split 0.001 of 40 samples leaves none for the test",
        "--resume none.safetensors | 3 | --resume needs none.safetensors.state beside",
        "--test none.csv | 3 | none.csv",
        "--input 3 | 3 | a sample has 2 elements, which do not make 3",
      })
  void optionsThatCannotBeAreOneLine(String words, int code, String message) {
    Program program = train(words.split(" ", -1));
    assertThat(program.err()).contains(message);
    assertThat(program.code()).isEqualTo(code);
    assertThat(program.out()).isEmpty();
  }

  @Test
  void aCheckpointOfOtherSettingsIsRefused() {
    train("--epochs", "1", "--save", "net.safetensors");
    Program program = train("--epochs", "2", "--lr", "0.5", "--resume", "net.safetensors");
    assertThat(program.code()).isEqualTo(3);
    assertThat(program.err())
        .isEqualTo(
            "lamina train: net.safetensors: was trained with --lr 0.001, not with --lr 0.5\n");
    program =
        train(
            "--epochs",
            "2",
            "--resume",
            "net.safetensors",
            "--optimizer",
            "sgd",
            "--momentum",
            "0.9",
            "--normalize");
    assertThat(program.code()).isEqualTo(3);
    assertThat(program.err())
        .isEqualTo(
            "lamina train: net.safetensors: was trained with --optimizer adam, --lr 0.001,"
                + " no --momentum, no --normalize, not with --optimizer sgd, --lr 0.01,"
                + " --momentum 0.9, --normalize\n");
    Program other =
        run(
            "train",
            "Linear(2, 2)",
            "--data",
            "data.csv",
            "--seed",
            "3",
            "--epochs",
            "2",
            "--resume",
            "net.safetensors");
    assertThat(other.code()).isEqualTo(3);
    assertThat(other.err()).contains("net.safetensors: ");
  }

  /** The outputs would be called by other names than those that they learned. */
  @Test
  void aCheckpointOfOtherDataIsRefused() throws IOException {
    Files.writeString(folder.resolve("a.csv"), "1,2,cat\n2,1,dog\n3,3,red fox\n0,1,cat\n");
    Files.writeString(folder.resolve("b.csv"), "1,2,ant\n2,1,cat\n3,3,dog\n0,1,cat\n");
    Files.writeString(folder.resolve("c.csv"), "1,2,cat\n2,1,dog\n3,3,red fox\n9,1,cat\n");
    String[] words = {
      "train",
      "Linear(2, 3)",
      "--normalize",
      "--epochs",
      "1",
      "--data",
      "a.csv",
      "--save",
      "z.safetensors"
    };
    assertThat(run(words).err()).isEmpty();
    byte[] before = Files.readAllBytes(folder.resolve("z.safetensors"));
    words[4] = "2";
    words[6] = "b.csv";
    words[7] = "--resume";
    Program program = run(words);
    assertThat(program.err())
        .isEqualTo(
            "lamina train: z.safetensors: was trained with the classes cat, dog, red fox,"
                + " not ant, cat, dog; --init takes its weights alone\n");
    assertThat(program.code()).isEqualTo(3);
    assertThat(program.out()).isEmpty();
    words[6] = "c.csv";
    Program scaled = run(words);
    assertThat(scaled.err())
        .isEqualTo(
            "lamina train: z.safetensors: was trained with another normalisation than this data"
                + " gives; go on with the data of the first run\n");
    assertThat(scaled.code()).isEqualTo(3);
    assertThat(Files.readAllBytes(folder.resolve("z.safetensors"))).isEqualTo(before);
    words[6] = "a.csv";
    assertThat(run(words).err()).isEmpty();
  }

  @Test
  void aCheckpointOfOtherWordsIsRefused() throws IOException {
    Files.writeString(folder.resolve("a.csv"), "text,y\na fine film,1\na dull film,0\n");
    Files.writeString(folder.resolve("b.csv"), "text,y\na good film,1\na dull film,0\n");
    String[] words = {
      "train",
      "Embedding(9, 4), Mean(1), Linear(4, 2)",
      "--text",
      "text",
      "--epochs",
      "1",
      "--data",
      "a.csv",
      "--save",
      "z.safetensors"
    };
    assertThat(run(words).err()).isEmpty();
    words[5] = "2";
    words[7] = "b.csv";
    words[8] = "--resume";
    Program program = run(words);
    assertThat(program.err()).contains("z.safetensors: was trained with another vocabulary than");
    assertThat(program.code()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[NaN,1] | 3 | input 1 of 2 is NaN",
        "[[1,2],[1,-Infinity]] | 3 | input 4 of 4 is -Infinity",
        "[3e38,-3e38] | 3 | output 1 of 2 is ",
        "[1,2] | 0 | ''"
      })
  void whatIsNotFiniteHasNoClass(String input, int code, String message) throws IOException {
    // These weights take the third input beyond float32.
    Files.writeString(folder.resolve("big.json"), "{\"0.weight\":[[4,-4],[1,0]],\"0.bias\":[0,0]}");
    String[] words = {
      "train",
      "Linear(2, 2)",
      "--data",
      "data.csv",
      "--init",
      "big.json",
      "--lr",
      "1e-9",
      "--epochs",
      "1",
      "--save",
      "m.safetensors"
    };
    assertThat(run(words).code()).isZero();
    Program program = run("run", "m.safetensors", input, "--dtype", "float32");
    if (code == 0) {
      assertThat(program.err()).isEmpty();
      assertThat(program.out()).contains("\"class\":");
    } else {
      assertThat(program.err())
          .startsWith("lamina run: " + message)
          .endsWith("; only finite numbers have a class\n");
      assertThat(program.out()).isEmpty();
    }
    assertThat(program.code()).isEqualTo(code);
  }

  /** The two samples of a wrong label are named as the file counts them, its header included. */
  @Test
  void wrongAnswersAreFoundAgainInTheFile() throws IOException {
    StringBuilder rows = new StringBuilder("a,b,label\n");
    for (int i = 0; i < 40; i++) {
      boolean isWrong = i == 13 || i == 30;
      rows.append(i % 2 == 0 ? "-1," : "1,").append(i % 3).append(',');
      rows.append(isWrong ? 1 - i % 2 : i % 2).append('\n');
    }
    Files.writeString(folder.resolve("wrong.csv"), rows);
    String[] words = {
      "train", "Linear(2, 2)", "--data", "wrong.csv", "--lr", "0.1", "-f", "text", "--epochs", "20"
    };
    assertThat(wrong(run(words).out()))
        .containsExactlyInAnyOrder("row 15: is 0, given 1", "row 32: is 1, given 0");
    List<String> split = new ArrayList<>(Arrays.asList(words));
    split.addAll(List.of("--split", "0.5", "--seed", "SEED"));
    List<String> found = new ArrayList<>();
    for (int seed = 0; seed < 4; seed++) {
      split.set(split.size() - 1, Integer.toString(seed));
      found.addAll(wrong(run(split.toArray(new String[0])).out()));
    }
    assertThat(found).isNotEmpty().isSubsetOf("row 15: is 0, given 1", "row 32: is 1, given 0");
  }

  private static List<String> wrong(String out) {
    return out.lines()
        .dropWhile(line -> !line.equals("most wrong about:"))
        .skip(1)
        .takeWhile(line -> line.startsWith("  "))
        .map(String::strip)
        .toList();
  }

  @Test
  void regressionLearnsNumbers() throws IOException {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < 30; i++) {
      rows.append(i / 10.0).append(',').append(0.5 * i / 10.0 + 1).append('\n');
    }
    Files.writeString(folder.resolve("line.csv"), rows);
    Program program =
        run(
            "train",
            "Linear(1, 1)",
            "--data",
            "line.csv",
            "--loss",
            "mse",
            "--epochs",
            "200",
            "--lr",
            "0.05",
            "--batch-size",
            "all",
            "--save",
            "line.safetensors");
    assertThat(program.err()).isEmpty();
    assertThat(run("run", "line.safetensors", "[4]", "--expect", "[3]", "--atol", "0.05").err())
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Embedding(30, 8), LSTM(8, 8, batch_first=True), Select(1, -1), Linear(8, 2)",
        "Embedding(30, 8), Permute(0, 2, 1), Conv1d(8, 8, 3), ReLU(), AdaptiveMaxPool1d(1),"
            + " Flatten(), Linear(8, 2)",
        "Embedding(30, 8), Mean(1), Linear(8, 2)"
      })
  void textsAreLearnedAndAnswered(String net) throws IOException {
    StringBuilder rows = new StringBuilder("text,label\n");
    for (int i = 0; i < 20; i++) {
      rows.append("\"a ").append(i % 2 == 0 ? "good" : "bad").append(", film ").append(i);
      rows.append("\",").append(i % 2 == 0 ? "yes\n" : "no\n");
    }
    Files.writeString(folder.resolve("texts.csv"), rows);
    Program program =
        run(
            "train",
            net,
            "--data",
            "texts.csv",
            "--text",
            "text",
            "--label",
            "label",
            "--vocab-size",
            "30",
            "--max-len",
            "5",
            "--epochs",
            "40",
            "--lr",
            "0.02",
            "--save",
            "texts.safetensors");
    assertThat(program.err()).isEmpty();
    assertThat(run("run", "texts.safetensors", "--text", "A good one!").out())
        .contains("\"class\":\"yes\"");
    assertThat(run("run", "texts.safetensors", "--text", "so bad").out())
        .contains("\"class\":\"no\"");
    assertThat(run("run", "texts.safetensors", "--text", "...").err())
        .isEqualTo("lamina run: the text '...' has no word\n");
    assertThat(run("run", "Linear(2, 2)", "--text", "a").err())
        .startsWith("lamina run: --text needs --vocab");
  }

  @Test
  void imagesAreLearnedAugmentedAndAnswered() throws IOException {
    for (int i = 0; i < 20; i++) {
      String pixels = i % 2 == 0 ? "200 220\n 10 %d\n" : "10 20\n 210 %d\n";
      Path file = folder.resolve((i % 2 == 0 ? "up/" : "down/") + i + ".pgm");
      Files.createDirectories(folder.resolve("pictures").resolve(file.getParent().getFileName()));
      Files.writeString(
          folder.resolve("pictures").resolve(folder.relativize(file)),
          "P2 2 2 255\n" + pixels.replace("%d", Integer.toString(100 + i)));
    }
    String[] words = {
      "train", "Flatten(), Linear(4, 2)", "--data", "pictures", "--normalize", "--flip", "--split",
      "0.2", "--epochs", "30", "--lr", "0.1", "--save", "whole.safetensors"
    };
    assertThat(run(words).err()).isEmpty();
    assertThat(run("run", "whole.safetensors", "pictures/down/3.pgm").out())
        .contains("\"class\":\"down\"");
    words[words.length - 1] = "part.safetensors";
    words[9] = "11";
    run(words);
    words[9] = "30";
    words[words.length - 2] = "--resume";
    assertThat(run(words).err()).isEmpty();
    assertThat(folder.resolve("part.safetensors"))
        .hasSameBinaryContentAs(folder.resolve("whole.safetensors"));
    words[5] = "--shift=1";
    assertThat(run(words).err())
        .contains("part.safetensors: was trained with --", ", not with --shift 1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--vocab-size 30 | 2 | --vocab-size goes with --text",
        "--resize 3 | 2 | --resize takes WxH such as 32x32, not '3'",
        "--resize 3x3 | 3 | data.csv: --resize goes with a folder of images",
        "--flip | 3 | only images can be shifted or flipped, but samples have shape 2",
        "--label price | 3 | data.csv: has no header with 'price'",
      })
  void optionsOfDataAreChecked(String words, int code, String message) {
    optionsThatCannotBeAreOneLine(words, code, message);
  }
}
