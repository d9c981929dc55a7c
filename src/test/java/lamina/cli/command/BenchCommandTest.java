package lamina.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lamina.Golden;
import lamina.Program;
import lamina.format.JsonValues;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BenchCommandTest {
  private static Map<String, Object> bench(String... args) {
    String[] words = new String[args.length + 5];
    System.arraycopy(
        new String[] {"bench", "--min-time", "0.01", "--backend", "scalar"}, 0, words, 0, 5);
    System.arraycopy(args, 0, words, 5, args.length);
    Program program = Program.run(words);
    assertThat(program.err()).isEmpty();
    assertThat(program.code()).isZero();
    return Golden.object(JsonValues.read(program.out(), "output"));
  }

  private static Map<String, Object> element(Object list, int index) {
    return Golden.object(((List<?>) list).get(index));
  }

  private static final String TWO_INPUTS =
      """
      Net(
        (a): Linear(in_features=3, out_features=2, bias=False)
      )
      def forward(self, x, mask):
          return self.a(x) * mask
      """;

  /** A weight that comes as an input has no batch: then all shapes are taken as they are. */
  @Test
  void takesShapesAsTheyAreWhereOneHasNoBatch() {
    String net = "def forward(self, x, weight):\n    return F.linear(x, weight)\n";
    Map<String, Object> result = bench(net, "--input", "2x5x3", "--input", "4x3");
    Map<String, Object> batch = element(result.get("batches"), 0);
    assertThat(element(batch.get("layers"), 0)).containsEntry("output", "2x5x4");
  }

  /** Shapes are those of one sample. */
  @ParameterizedTest
  @CsvSource({
    "--input 3 --input 2 --batch 4, 4x2",
    "--input mask=2 --input x=5x3 --batch 4, 4x5x2",
    "--input 6x3 --input 6x1, 1x6x2"
  })
  void timesANetworkOfSeveralInputs(String options, String output) {
    List<String> arguments = new ArrayList<>(List.of(TWO_INPUTS));
    arguments.addAll(List.of(options.split(" ")));
    if (output.equals("4x5x2")) {
      arguments.set(2, "mask=1x2");
    }
    Map<String, Object> result = bench(arguments.toArray(new String[0]));
    Map<String, Object> batch = element(result.get("batches"), 0);
    assertThat(element(batch.get("layers"), 1)).containsEntry("output", output);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--input 3 | the shape of the input 'mask' is missing",
        "--input 3 --input 2 --input 1 | --input is given 3 times; the network takes x, mask",
        "--input 3 --input maks=2 | --input: the network has no input 'maks'; did you mean 'mask'?",
        "--input 3 --input 5 | layer 2 'mul' Mul() needs inputs of one shape, or sizes of 1 to"
            + " stretch, but they are 1x2 and 1x5; layer 1 'a' gives 1x2; the input is 1x5",
      })
  void saysWhichInputsDoNotFit(String options, String message) {
    List<String> arguments = new ArrayList<>(List.of("bench", TWO_INPUTS));
    arguments.addAll(List.of(options.split(" ")));
    Program program = Program.run(arguments.toArray(new String[0]));
    assertThat(program.err()).startsWith("lamina bench: " + message + "\n");
    assertThat(program.out()).isEmpty();
    assertThat(program.code()).isBetween(2, 3);
  }

  @Test
  void timesEachLayerAndTheWholeForEachBatch() {
    Map<String, Object> result =
        bench(
            "Conv2d(1, 4, 3), ReLU(), Flatten(), Linear(_, 2)",
            "--input",
            "1x8x8",
            "--batch",
            "1,3",
            "--backward");
    assertThat((String) result.get("backend")).startsWith("scalar");
    assertThat(result).containsEntry("dtype", "float32");
    assertThat((Double) result.get("peak_gflops")).isPositive();
    assertThat((List<?>) result.get("batches")).hasSize(2);
    Map<String, Object> three = element(result.get("batches"), 1);
    assertThat(three).containsEntry("batch", 3L);
    assertThat((Long) three.get("passes")).isGreaterThanOrEqualTo(3);
    double sum = 0;
    for (int i = 0; i < 4; i++) {
      sum += (Double) element(three.get("layers"), i).get("ms");
    }
    assertThat(sum).isPositive().isLessThan(3 * (Double) three.get("ms"));
    Map<String, Object> conv = element(three.get("layers"), 0);
    assertThat(conv).containsEntry("type", "Conv2d").containsEntry("output", "3x4x6x6");
    assertThat(conv).containsEntry("algorithm", "direct");
    // 3 passes over 3 samples of 4·36 elements of 9 products and a bias each.
    double flops = 3 * 3 * 4 * 36 * (2 * 9 + 1);
    double expected = flops / (Double) conv.get("ms") * 1e-6;
    assertThat((Double) conv.get("gflops")).isBetween(0.99 * expected, 1.01 * expected);
    assertThat(element(three.get("layers"), 1).get("gflops")).isNull();
  }

  @Test
  void putsTheBatchWhereSequencesHaveIt() {
    Map<String, Object> result = bench("LSTM(3, 4)", "--input", "5x3", "--batch", "2");
    Map<String, Object> two = element(result.get("batches"), 0);
    assertThat(element(two.get("layers"), 0)).containsEntry("output", "5x2x4");
    bench("Embedding(7, 3), GRU(3, 2, batch_first=True)", "--input", "5", "--batch", "4");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2|missing argument NET|",
        "2|shape of the input is missing|ReLU()",
        "2|takes numbers here|ReLU()|--input|3xH",
        "2|--batch takes|ReLU()|--input|3|--batch|0",
        "2|--batch takes|ReLU()|--input|3|--batch|one",
        "2|--min-time takes|ReLU()|--input|3|--min-time|0",
        "3|expects 3 features|Linear(3, 2)|--input|4",
        "3|there is no file|net.txt|--input|4",
        "3|2x3x8x8 has a batch already; give 3x8x8, and --batch 2|Conv2d(3, 4, 3)|--input|2x3x8x8"
      })
  void refusesInOneLine(String line) {
    String[] words = line.split("\\|");
    String[] args = new String[Math.max(words.length - 1, 1)];
    args[0] = "bench";
    System.arraycopy(words, 2, args, 1, words.length - 2);
    Program program = Program.run(args);
    assertThat(program.out()).isEmpty();
    assertThat(program.err()).startsWith("lamina bench: ").contains(words[1]);
    assertThat(program.code()).isEqualTo(Integer.parseInt(words[0]));
  }
}
