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
import lamina.Program;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code lamina train} makes of its data: sizes, classes of steps, what it refuses. */
class TrainInputTest {
  @TempDir private Path folder;

  private Program run(String... words) {
    return Program.runIn(folder, Map.of(), new byte[0], words);
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a.csv | 1,2,x;3,4, | a.csv, row 2, column 3: is empty; every sample needs a label",
        "a.csv | 1,2,0;3,4,1;5,6 | a.csv, row 3: has 2 fields but the first row has 3",
        "a.csv | 1,2,0;3,4,0 | a.csv: all 2 samples have the label '0'; at least 2 classes are"
            + " needed",
        "a.csv | 1,nan,0;3,4,1 | a.csv, row 1, column 2: is nan; only finite numbers can be learned"
            + " from",
        "a.csv | 1,2,0;3,4,1;5,6,2 | a.csv, row 3: label 2 is out of range: the network tells 2"
            + " classes apart, 0 to 1",
        "a.csv | '' | a.csv: is empty",
        "a.jsonl | {\"x\":[1,2],\"y\":0};{\"x\":[1,2]} | a.jsonl, line 2, column 1: the object has"
            + " no 'y'",
        "a.jsonl | {\"x\":[1,2],\"y\":0};{\"x\":[1],\"y\":1} | a.jsonl, line 2: x has shape 1 but"
            + " on line 1 it has 2",
        "a.jsonl | {\"x\":[1,\"NaN\"],\"y\":0};{\"x\":[1,2],\"y\":1} | a.jsonl, line 1: input 2 of"
            + " 2 is NaN; only finite numbers can be learned from",
        "a.jsonl | {\"x\":[1,2],\"y\":[0,1]};{\"x\":[1,2],\"y\":[0]} | a.jsonl, line 2: y has shape"
            + " 1 but on line 1 it has 2",
        "a.jsonl | {\"x\":[1,2],\"y\":[0,1]};{\"x\":[1,2],\"y\":[0,5]} | a.jsonl, line 2: target 2"
            + " of 2 is 5 but there are the classes 0 to 1",
        "a.jsonl | {\"x\":[1,2],\"y\":[0,-1]};{\"x\":[1,2],\"y\":[0,1]} | a.jsonl, line 1: target 2"
            + " of 2 is -1; the class of a step is a whole number from 0, or -100 where none"
            + " counts; to learn numbers use --loss mse",
        "a.jsonl | {\"x\":[1,2],\"y\":[0,1]};{\"x\":[1,2],\"y\":[1,1]} | the network gives 1x2 for"
            + " one sample, but the targets are a class for each of 2 steps, of 2 classes; it must"
            + " give 1x2x2 or 1x2x2",
      })
  void dataThatNothingCanLearnFromIsOneLine(String file, String rows, String message)
      throws IOException {
    write(file, rows.isEmpty() ? "" : rows.replace(';', '\n') + "\n");
    refuses(message, "train", "Linear(_, 2)", "--data", file);
  }

  private void refuses(String message, String... words) {
    List<String> all = new ArrayList<>(Arrays.asList(words));
    all.addAll(List.of("--epochs", "1", "--save", "net.safetensors"));
    Program program = run(all.toArray(new String[0]));
    assertThat(program.err()).isEqualTo("lamina train: " + message + "\n");
    assertThat(program.code()).isEqualTo(3);
    assertThat(program.out()).isEmpty();
    assertThat(folder.resolve("net.safetensors")).doesNotExist();
  }

  @Test
  void textsNeedAnEmbedding() throws IOException {
    write("t.csv", "text,y\na fine film,1\na dull film,0\n");
    refuses(
        "--text gives the network the indices of words, which an Embedding(_, 16) at its begin"
            + " turns into numbers",
        "train",
        "Linear(_, _)",
        "--data",
        "t.csv",
        "--text",
        "text");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "LSTM(3, 4, batch_first=True), Select(1, -1), Linear(4, 2) | layer 1 '0' LSTM(3, 4,"
            + " batch_first=True) expects 3 features but the input has 9;"
            + " samples are 9, but --input 3x3 would fit",
        "Conv2d(1, 2, 2), Flatten(), Linear(8, 2) | layer 1 '0' Conv2d(1, 2, 2) expects 3 to 4"
            + " axes, the batch included, but the input is 1x9; samples are 9, but --input 1x3x3"
            + " would fit",
        "Conv1d(_, 2, 3), Flatten(), Linear(14, 2) | the network takes the samples of a batch for"
            + " channels; samples are 9, but --input 1x9 would fit",
        "Linear(4, 2) | layer 1 '0' Linear(4, 2) expects 4 features but the input has 9",
      })
  void aShapeThatFitsIsTold(String net, String message) throws IOException {
    write("n.csv", "1,2,3,4,5,6,7,8,9,0\n9,8,7,6,5,4,3,2,1,1\n");
    refuses(message, "train", net, "--data", "n.csv");
  }

  @Test
  void tooFewRowsOfAnEmbeddingAreFoundFirst() throws IOException {
    write("t.csv", "text,y\na fine film,1\na dull film,0\n");
    refuses(
        "the texts have a vocabulary of 6 words, but Embedding(4, 2) has 4 rows; say --vocab-size 4"
            + " to keep the most frequent, or leave the number of rows to the data: Embedding(_,"
            + " ...)",
        "train",
        "Embedding(4, 2), Mean(1), Linear(2, 2)",
        "--data",
        "t.csv",
        "--text",
        "text");
    write("i.csv", "1,2,0\n3,0,1\n");
    write("j.csv", "1,9,0\n");
    refuses(
        "the largest index in the data is 9, but Embedding(4, 2) has 4 rows; leave the number of"
            + " rows to the data: Embedding(_, ...)",
        "train",
        "Embedding(4, 2), Mean(1), Linear(2, 2)",
        "--data",
        "i.csv",
        "--test",
        "j.csv");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Linear(2, 2), Softmax(1) | cross-entropy | cross-entropy has a softmax of its own, so that"
            + " the one at the end of the network makes two; leave it out, or end with"
            + " LogSoftmax(1) for --loss nll",
        "Linear(2, 2), LogSoftmax(1) | cross-entropy |",
        "Linear(2, 2), LogSoftmax(1) | nll |",
        "Linear(2, 2) | nll | nll takes log-probabilities, but the network does not end with"
            + " LogSoftmax(1); add it, or use --loss cross-entropy",
        "Linear(2, 1), Sigmoid() | bce-with-logits | bce-with-logits has a sigmoid of its own, so"
            + " that the one at the end of the network makes two; leave it out, or use --loss bce",
        "Linear(2, 1), Sigmoid() | bce |",
      })
  void aLossThatExpectsAnotherEndIsRemarkedOn(String net, String loss, String remark)
      throws IOException {
    write("a.csv", "1,2,0\n3,4,1\n");
    Program program =
        run("train", net, "--data", "a.csv", "--epochs", "1", "--loss", loss, "-o", "o.json");
    assertThat(program)
        .isEqualTo(new Program(0, "", remark == null ? "" : "lamina train: " + remark + "\n"));
  }

  /** The mean over no steps would be NaN. */
  @Test
  void aSampleWithoutAClassIsRefused() throws IOException {
    write("s.jsonl", "{\"x\":[1,2],\"y\":[0,1]}\n{\"x\":[1,2],\"y\":[-100,-100]}\n");
    refuses(
        "s.jsonl, line 2: no step has a class, all are -100; leave the sample out",
        "train",
        "Embedding(3, 2)",
        "--data",
        "s.jsonl");
  }

  @Test
  void moreOutputsThanClassesAnswerToo() throws IOException {
    write("a.csv", "0,1,yes\n1,0,no\n");
    write("w.json", "{\"0.weight\":[[9,0],[0,9],[-5,-5]],\"0.bias\":[0,0,0]}");
    String[] words = {
      "train",
      "Linear(2, 3)",
      "--data",
      "a.csv",
      "--epochs",
      "1",
      "--init",
      "w.json",
      "--lr",
      "1e-9",
      "--save",
      "three.safetensors",
      "-q"
    };
    assertThat(run(words)).isEqualTo(new Program(0, "", ""));
    assertThat(run("run", "three.safetensors", "[0,1]", "--member", "class").out())
        .isEqualTo("{\"class\":\"yes\"}\n");
    assertThat(run("run", "three.safetensors", "[[1,0],[-9,-9]]", "--member", "classes").out())
        .isEqualTo("{\"classes\":[\"no\",\"output 2\"]}\n");
  }

  @Test
  void oneHotRowsAreTold() throws IOException {
    write("h.jsonl", "{\"x\":[1,2],\"y\":[0,0,1]}\n{\"x\":[1,2],\"y\":[1,0,0]}\n");
    refuses(
        "the network gives 1x3 for one sample, but the targets are a class for each of 3 steps, of"
            + " 3 classes; it must give 1x3x3 or 1x3x3; one class for each sample, instead of"
            + " one-hot rows, is numpy.argmax(y, 1)",
        "train",
        "Linear(2, 3)",
        "--data",
        "h.jsonl");
  }

  /** A network without a sigmoid at its end has a loss, too. */
  @Test
  void logitsAreLearnedFrom() throws IOException {
    write("b.csv", "1,2,0\n3,4,1\n1,1,0\n4,4,1\n");
    List<String> words =
        new ArrayList<>(
            List.of("train", "Linear(2, 1)", "--data", "b.csv", "--epochs", "2", "--loss", "bce"));
    write("w.json", "{\"0.weight\":[[1,1]],\"0.bias\":[0]}");
    words.addAll(List.of("--init", "w.json", "-q"));
    assertThat(run(words.toArray(new String[0])).err())
        .endsWith("; put a Sigmoid() at the end of the network, or use bce-with-logits\n");
    words.set(7, "bce-with-logits");
    assertThat(run(words.toArray(new String[0]))).isEqualTo(new Program(0, "", ""));
  }

  @Test
  void aNetworkWithoutWeightsCannotLearn() throws IOException {
    write("a.csv", "1,2,0\n3,4,1\n");
    refuses(
        "the network has no weights, so that it cannot learn; add a layer such as Linear(_, _)",
        "train",
        "ReLU()",
        "--data",
        "a.csv");
  }

  @Test
  void imagesOfSeveralSizesNeedOne() throws IOException {
    write("pictures/a/1.pgm", "P2 2 2 255\n1 2 3 4\n");
    write("pictures/b/2.pgm", "P2 3 2 255\n1 2 3 4 5 6\n");
    refuses(
        "pictures, b/2.pgm: has 3x2 pixels but a/1.pgm has 2x2; bring all to one size with"
            + " --resize WxH",
        "train",
        "Flatten(), Linear(_, _)",
        "--data",
        "pictures");
    assertThat(
            run("train", "Flatten(), Linear(_, _)", "--data", "pictures", "--resize", "2x2").err())
        .isEmpty();
    Files.delete(folder.resolve("pictures/b/2.pgm"));
    Files.delete(folder.resolve("pictures/b"));
    refuses(
        "pictures: all 1 samples have the label 'a'; at least 2 classes are needed",
        "train",
        "Flatten(), Linear(_, _)",
        "--data",
        "pictures");
  }

  @Test
  void anEmptyPartIsRefused() throws IOException {
    write("a.csv", "1,2,0\n3,4,1\n");
    refuses(
        "a.csv: --split 0.1 of 2 samples leaves none for the test",
        "train",
        "Linear(_, _)",
        "--data",
        "a.csv",
        "--split",
        "0.1");
    write("none.csv", "");
    refuses("none.csv: is empty", "train", "Linear(2, 2)", "--data", "a.csv", "--test", "none.csv");
    write("other.csv", "1,2,7\n");
    refuses(
        "other.csv, row 1: label '7' is not among the 2 classes of the training data (0, 1)",
        "train",
        "Linear(2, 2)",
        "--data",
        "a.csv",
        "--test",
        "other.csv");
  }

  @Test
  void aCheckpointOfAnotherNetworkIsRefused() throws IOException {
    write("a.csv", "1,2,0\n3,4,1\n");
    assertThat(
            run(
                    "train",
                    "Linear(_, _)",
                    "--data",
                    "a.csv",
                    "--epochs",
                    "1",
                    "--save",
                    "a.safetensors")
                .err())
        .isEmpty();
    byte[] before = Files.readAllBytes(folder.resolve("a.safetensors"));
    for (String option : List.of("--resume", "--init")) {
      Program program =
          run(
              "train",
              "Linear(_, 3), Linear(_, _)",
              "--data",
              "a.csv",
              "--epochs",
              "2",
              option,
              "a.safetensors");
      assertThat(program.err())
          .isEqualTo(
              "lamina train: a.safetensors: '0.weight' has shape 2x2 but layer '0' Linear(_, 3)"
                  + " needs 3x2\n");
      assertThat(program.code()).isEqualTo(3);
    }
    assertThat(Files.readAllBytes(folder.resolve("a.safetensors"))).isEqualTo(before);
  }

  @Test
  void sizesFollowFromTheData() throws IOException {
    write("texts.csv", "text,label\n\"a good film\",yes\n\"so bad\",no\n\"it rained\",maybe\n");
    String net = "Embedding(_, 4), GRU(_, 5, batch_first=True), Select(1, -1), Linear(_, _)";
    String[] words = {
      "train",
      net,
      "--data",
      "texts.csv",
      "--text",
      "text",
      "--epochs",
      "1",
      "--save",
      "net.safetensors"
    };
    assertThat(run(words).err()).isEmpty();
    // Seven words, padding and the unknown one; three classes.
    assertThat(run("run", "net.safetensors", "--text", "good", "--member", "class").code())
        .isZero();
    assertThat(run("run", "net.safetensors", "--text", "good", "--expect-shape", "3").err())
        .isEmpty();
    write("net.txt", net.replace("Embedding(_, 4)", "Embedding(9, 4)"));
    assertThat(
            run("run", "net.txt", "[2,3,1]", "--weights", "net.safetensors", "--expect-shape", "3")
                .err())
        .isEmpty();
    assertThat(run("shape", "Linear(3, _)", "--input", "3").err())
        .isEqualTo(
            "lamina shape: layer 1 '0' Linear(3, _) needs out_features as a number; only lamina"
                + " train takes _ from its data, in the last Linear; the input is 3\n");
  }

  @Test
  void everyStepMayHaveItsClass() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      int a = i % 3;
      int b = i / 3 % 3;
      // The class of a step is the word before it; the last step does not count.
      lines.append("{\"x\":[").append(a).append(',').append(b).append(',').append((a + b) % 3);
      lines.append("],\"y\":[0,").append(a).append(',').append(i % 4 == 0 ? -100 : b);
      lines.append("]}\n");
    }
    write("tags.jsonl", lines.toString());
    String[] words = {
      "train",
      "Embedding(_, 8), GRU(_, 12, batch_first=True), Linear(_, _)",
      "--data",
      "tags.jsonl",
      "--epochs",
      "40",
      "--lr",
      "0.05",
      "-f",
      "text",
      "--split",
      "0.2",
      "--save",
      "net.safetensors"
    };
    Program program = run(words);
    assertThat(program.err()).isEmpty();
    assertThat(program.out()).containsPattern("\nepoch 40 .*  test loss .*  accuracy 100\\.0%");
    assertThat(run("run", "net.safetensors", "[2,1,0]", "--member", "classes", "-f", "json").out())
        .isEqualTo("{\"classes\":[\"0\",\"2\",\"1\"]}\n");
  }

  @Test
  void aPipeLargerThanMemoryIsRefusedWithTheAmount() throws Exception {
    byte[] row = ("0.5,".repeat(200) + "1\n").getBytes(StandardCharsets.US_ASCII);
    byte[] rows = new byte[row.length * 60_000];
    for (int i = 0; i < 60_000; i++) {
      System.arraycopy(row, 0, rows, i * row.length, row.length);
    }
    rows[row.length - 2] = '0';
    Program program =
        Program.process(folder, rows, List.of("-Xmx96m"), "train", "Linear(_, _)", "--data", "-");
    assertThat(program.err())
        .matches(
            "lamina train: standard input: the first 36701 samples need 29360800 bytes of memory;"
                + " reading on needs 58721600 more but only \\d+ are left; use a part of it, or"
                + " raise the limit with JAVA_TOOL_OPTIONS=-Xmx...\n");
    assertThat(program.code()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"INT", "TERM"})
  void interruptedTrainingIsSavedAndGoesOnToTheSameBytes(String signal) throws Exception {
    write("a.csv", "1,2,0\n3,4,1\n-1,2,0\n3,-4,1\n");
    String[] words = {
      "train",
      "Linear(_, 8), ReLU(), Dropout(0.1), Linear(_, _)",
      "--data",
      "a.csv",
      "--epochs",
      "100000000",
      "--save",
      "net.safetensors"
    };
    ProcessBuilder builder = Program.processBuilder(folder, words);
    // A shell may have told its background processes to ignore the signal.
    builder.command().addAll(0, List.of("env", "--default-signal=" + signal));
    Process process = builder.start();
    while (!Files.exists(folder.resolve("net.safetensors"))) {
      assertThat(process.isAlive()).isTrue();
      Thread.sleep(20);
    }
    Process kill =
        new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).inheritIO().start();
    assertThat(kill.waitFor()).isZero();
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isEqualTo(signal.equals("INT") ? 130 : 143);
    assertThat(err)
        .matches(
            "lamina train: interrupted; net.safetensors holds \\d+ epochs? of 100000000, go on"
                + " with --resume net.safetensors\n");
    try (var files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("a.csv", "net.safetensors", "net.safetensors.state");
    }
    int done = Integer.parseInt(err.replaceAll(".*holds (\\d+) .*\n", "$1"));
    words[5] = Integer.toString(done + 2);
    words[6] = "--resume";
    assertThat(run(words).err()).isEmpty();
    words[6] = "--save";
    words[7] = "whole.safetensors";
    assertThat(run(words).err()).isEmpty();
    for (String name : List.of("", ".state")) {
      assertThat(folder.resolve("net.safetensors" + name))
          .hasSameBinaryContentAs(folder.resolve("whole.safetensors" + name));
    }
  }

  @Test
  void imagesAreCutIntoTokensAsTokenizeDoes() {
    for (String by : List.of("rows", "columns", "pixels", "patches", "windows")) {
      boolean cuts = by.equals("patches") || by.equals("windows");
      List<String> words =
          new ArrayList<>(List.of("tokenize", "rand:2x8x8", "--by", by, "-f", "json"));
      words.addAll(cuts ? List.of("--size", "4", "--stride", "2") : List.of());
      String net = "Tokenize('" + by + "'" + (cuts ? ", size=4, stride=2)" : ")");
      Program tokens = run(words.toArray(new String[0]));
      assertThat(tokens.err()).isEmpty();
      assertThat(run("run", net, "rand:2x8x8", "-f", "json").out()).isEqualTo(tokens.out());
    }
    assertThat(run("run", "Tokenize('patches')", "rand:1x8x8").err())
        .isEqualTo("lamina run: NET, column 1: Tokenize size is needed, not None\n");
  }

  @Test
  void memberPicksFromTheFigures() throws IOException {
    write("a.csv", "1,2,0\n3,4,1\n");
    String[] words = {
      "train",
      "Linear(2, 2)",
      "--data",
      "a.csv",
      "--epochs",
      "1",
      "-f",
      "text",
      "--member",
      "epochs"
    };
    assertThat(run(words).out()).startsWith("epochs[0]:\n  epoch: 1\n  loss: ");
    words[9] = "epoch";
    assertThat(run(words).err())
        .startsWith("lamina train: the result has no member 'epoch'\n")
        .contains("'epochs'");
  }
}
