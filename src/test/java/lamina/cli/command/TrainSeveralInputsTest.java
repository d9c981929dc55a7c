package lamina.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import lamina.Program;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code lamina train} of networks that take several inputs, and what runs afterwards. */
class TrainSeveralInputsTest {
  private static final String NET =
      """
      class Two(nn.Module):
          def __init__(self):
              super().__init__()
              self.words = nn.Embedding(6, 4)
              self.a = nn.Linear(3, 5)
              self.out = nn.Linear(9, 2)

          def forward(PARAMETERS):
              w = self.words(word).mean(dim=1)
              return self.out(torch.cat([torch.relu(self.a(point)), w], 1))
      """;

  private static final String TWO = NET.replace("PARAMETERS", "self, point, word");

  /** The same network on one input, of which it takes the parts itself. */
  private static final String ONE =
      NET.replace("PARAMETERS", "self, x")
          .replace("        w = ", "        point, word = x[:, :3], x[:, 3:]\n        w = ");

  @TempDir private Path folder;

  private Program run(String... words) {
    return Program.runIn(folder, Map.of(), new byte[0], words);
  }

  /** 40 samples: the label tells whether a sum is above 0. */
  @BeforeEach
  void writeSamples() throws IOException {
    Random random = new Random(7);
    List<String> named = new ArrayList<>();
    List<String> joined = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      double a = random.nextInt(-9, 10) / 4.0;
      double b = random.nextInt(-9, 10) / 4.0;
      int word = random.nextInt(6);
      int y = a + word - 2.5 > 0 ? 1 : 0;
      named.add("{\"word\": [%d,1], \"y\": %d, \"point\": [%s,%s,1]}".formatted(word, y, a, b));
      joined.add("{\"x\": [%s,%s,1,%d,1], \"y\": %d}".formatted(a, b, word, y));
    }
    Files.write(folder.resolve("named.jsonl"), named);
    Files.write(folder.resolve("joined.jsonl"), joined);
    Files.writeString(folder.resolve("two.py"), TWO);
    Files.writeString(folder.resolve("one.py"), ONE);
  }

  private String train(String net, String data, String... more) {
    List<String> words = new ArrayList<>(List.of("train", net, "--data", data, "--seed", "4"));
    words.addAll(List.of(more));
    if (!words.contains("--resume")) {
      words.add("--epochs=3");
    }
    Program program = run(words.toArray(new String[0]));
    assertThat(program.err()).isEmpty();
    assertThat(program.code()).isZero();
    return program.out();
  }

  /** Losses and weights are those of the network that takes its one input apart. */
  @Test
  void learnsAsOneInputThatIsTakenApart() {
    String losses = train("two.py", "named.jsonl", "--split", "0.25", "--member", "epochs");
    String whole = train("one.py", "joined.jsonl", "--split", "0.25", "--member", "epochs");
    assertThat(losses).contains("\"loss\":").contains("\"test_accuracy\":").isEqualTo(whole);
  }

  @Test
  void runsOnAllInputsAfterwards() throws IOException {
    train("two.py", "named.jsonl", "--save", "two.safetensors");
    train("one.py", "joined.jsonl", "--save", "one.safetensors");
    Files.writeString(folder.resolve("in.json"), "{\"word\": [[3,1]], \"point\": [[1,2,1]]}");
    Program two = run("run", "two.safetensors", "in.json");
    assertThat(two).isEqualTo(run("run", "one.safetensors", "[[1,2,1,3,1]]"));
    assertThat(two.out()).contains("\"class\":");
    assertThat(run("run", "two.safetensors", "[[1,2,1]]", "[[3,1]]")).isEqualTo(two);
    Program shape = run("shape", "two.safetensors", "--input", "3", "--input=word=2");
    assertThat(shape.out()).contains("\"output\":[2]").contains("\"params\":64,");
    String more = train("two.py", "named.jsonl", "--epochs=5", "--resume", "two.safetensors");
    assertThat(more).contains("\"epoch\":5");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "two.py --data joined.jsonl | joined.jsonl, line 1, column 1: the object has no 'point' (it"
            + " has x)",
        "two.py --data [[1,2,0],[2,1,1]] | [[1,2,0],[2,1,1]]: the network takes several inputs,"
            + " point, word; give an .npz or JSON Lines that has each by its name, and y",
        "two.py --data named.jsonl --normalize | --normalize goes with a network of one input, but"
            + " this one takes several",
        "open.py --data named.jsonl | layer 'words' Embedding(_, 4) leaves the number of its"
            + " indices open; say it where a network takes several inputs",
        "steps.py --data named.jsonl | layer 'lstm' LSTM(3, 2) takes the steps of a sequence before"
            + " the batch, which is the first axis of every input; give it batch_first=True",
        "two.py --data named.jsonl --test other.jsonl | other.jsonl: 'word' has samples of shape 3"
            + " but those that are learned from have 2",
      })
  void saysWhatDoesNotFit(String arguments, String message) throws IOException {
    Files.writeString(folder.resolve("open.py"), TWO.replace("Embedding(6", "Embedding(_"));
    Files.writeString(
        folder.resolve("steps.py"),
        TWO.replace("self.a = nn.Linear(3, 5)", "self.lstm = nn.LSTM(3, 2)")
            .replace("torch.relu(self.a(point))", "self.lstm(point)[0]"));
    Files.writeString(
        folder.resolve("other.jsonl"),
        """
        {"word": [1,1,1], "y": 0, "point": [1,1,1]}
        {"word": [1,1,1], "y": 1, "point": [1,1,1]}
        """);
    Program program = run(("train " + arguments).split(" "));
    assertThat(program.err()).startsWith("lamina train: " + message + "\n");
    assertThat(program.out()).isEmpty();
    assertThat(program.code()).isBetween(2, 3);
  }
}
