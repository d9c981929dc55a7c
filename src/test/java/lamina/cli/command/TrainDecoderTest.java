package lamina.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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

/** {@code lamina train --decoder} and {@code lamina run --generate} as a user runs them. */
class TrainDecoderTest {
  private static final String ENCODER =
      "Embedding(_, 8), GRU(_, 16, batch_first=True), Select(1, -1)";
  private static final String DECODER =
      "Embedding(_, 8), GRU(_, 16, batch_first=True), Linear(_, _)";

  @TempDir private Path folder;

  private Program run(String... words) {
    return Program.runIn(folder, Map.of(), new byte[0], words);
  }

  /** Numbers in words, which are written with figures. */
  private Program trainNumbers(String... more) throws IOException {
    String[] figures = {"one", "two", "three"};
    StringBuilder rows = new StringBuilder("words,figures\n");
    for (int i = 0; i < 36; i++) {
      int a = i % 3;
      int b = i / 3 % 3;
      rows.append(figures[a]).append(' ').append(figures[b]).append(',');
      rows.append(a + 1).append('-').append(b + 1).append('\n');
    }
    Files.writeString(folder.resolve("numbers.csv"), rows);
    List<String> words =
        new ArrayList<>(
            List.of(
                "train",
                ENCODER,
                "--decoder",
                DECODER,
                "--data",
                "numbers.csv",
                "--text",
                "words",
                "--label",
                "figures",
                "--answer-by",
                "characters",
                "--lr",
                "0.02",
                "--seed",
                "1"));
    words.addAll(Arrays.asList(more));
    return run(words.toArray(new String[0]));
  }

  @Test
  void learnsToWriteAndWrites() throws IOException {
    Program program =
        trainNumbers("--epochs", "40", "--split", "0.2", "-f", "text", "--save", "n.safetensors");
    assertThat(program.err()).isEmpty();
    assertThat(program.out()).contains("\n7 of 7 answers are exactly right; the first:\n  ");
    Program one = run("run", "n.safetensors", "--text", "Three two", "--generate", "-f", "text");
    assertThat(one.err()).isEmpty();
    assertThat(one.out()).isEqualTo("text: 3-2\n");
    // The indices of words, several samples at once; the most frequent words come first.
    Program several = run("run", "n.safetensors", "[[2,2],[3,2]]", "--generate", "-f", "json");
    assertThat(several.err()).isEmpty();
    assertThat(several.out()).matches("\\{\"texts\":\\[\"\\d-\\d\",\"\\d-\\d\"]}\n");
    assertThat(run("run", "n.safetensors", "--text", "two").err())
        .isEqualTo(
            "lamina run: n.safetensors was trained with --decoder, so its answer is written by"
                + " --generate\n");
  }

  @Test
  void resumeEndsInTheSameBytes() throws IOException {
    trainNumbers("--epochs", "3", "--save", "whole.safetensors");
    trainNumbers("--epochs", "1", "--save", "part.safetensors");
    Program program = trainNumbers("--epochs", "3", "--resume", "part.safetensors");
    assertThat(program.err()).isEmpty();
    assertThat(program.out()).contains("\"answers\":{\"samples\":36,\"exact\":");
    assertThat(folder.resolve("part.safetensors"))
        .hasSameBinaryContentAs(folder.resolve("whole.safetensors"));
  }

  @Test
  void picturesAreDescribedInWords() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 24; i++) {
      boolean top = i % 2 == 0;
      String bar = i % 4 < 2 ? "1,1" : "0,1";
      lines.append("{\"x\":[[").append(top ? bar : "0,0").append("],[");
      lines.append(top ? "0,0" : bar).append("]],\"y\":\"a ");
      lines.append(i % 4 < 2 ? "long" : "short").append(" bar ").append(top ? "above" : "below");
      lines.append("\"}\n");
    }
    Files.writeString(folder.resolve("bars.jsonl"), lines);
    Program program =
        run(
            "train",
            "Flatten(), Linear(_, 16)",
            "--decoder",
            DECODER,
            "--data",
            "bars.jsonl",
            "--epochs",
            "40",
            "--lr",
            "0.02",
            "--save",
            "b.safetensors");
    assertThat(program.err()).isEmpty();
    assertThat(run("run", "b.safetensors", "[[0,0],[1,1]]", "--generate", "-f", "json").out())
        .isEqualTo("{\"text\":\"a long bar below\"}\n");
    assertThat(run("run", "b.safetensors", "[[0,1],[0,0]]", "--generate", "-f", "json").out())
        .isEqualTo("{\"text\":\"a short bar above\"}\n");
    assertThat(run("run", "b.safetensors", "[1,2,3]", "--generate").err())
        .isEqualTo(
            "lamina run: the input has shape 3 but the network learned from samples of shape"
                + " 2x2\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--decoder;Linear(_, _) | 3 | --decoder needs an RNN, LSTM or GRU that starts from the encoder's state",
        "--decoder;GRU(_, 9, batch_first=True), Linear(_, _) | 3 | not 1x2",
        "--decoder;Embedding(_, 8), GRU(_, 9, batch_first=True), Linear(_, _) | 3 | starts from a state of 9 numbers (hidden_size), but the encoder gives 1x16",
        "--decoder;Embedding(_, 8), GRU(_, 16, batch_first=True), Linear(_, _);--flip | 2 | either --flip or --decoder, not both",
        "--decoder;Embedding(_, 8), GRU(_, 16, batch_first=True), Linear(_, _);--loss;mse | 2 | --decoder goes with --loss cross-entropy or nll",
        "--answer-by;words | 2 | --answer-by goes with --decoder",
      })
  void whatCannotBeIsOneLine(String words, int code, String message) throws IOException {
    Files.writeString(folder.resolve("n.csv"), "text,label\na b,c\nb a,d\n");
    List<String> all =
        new ArrayList<>(List.of("train", ENCODER, "--data", "n.csv", "--text", "text"));
    all.addAll(Arrays.asList(words.split(";", -1)));
    Program program = run(all.toArray(new String[0]));
    assertThat(program.err()).startsWith("lamina train: ").contains(message);
    assertThat(program.code()).isEqualTo(code);
    assertThat(program.out()).isEmpty();
  }

  @Test
  void onlyADecoderGenerates() {
    assertThat(run("run", "Linear(2, 2)", "[1,2]", "--generate").err())
        .isEqualTo("lamina run: --generate goes with a network that was trained with --decoder\n");
  }
}
