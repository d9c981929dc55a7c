package lamina.network.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import lamina.Program;
import lamina.format.JsonValues;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What print(model) does not show is named where it matters. */
class PrintedGapsTest {
  private static final String LAYER =
      """
      TransformerEncoderLayer(
        (self_attn): MultiheadAttention(
          (out_proj): NonDynamicallyQuantizableLinear(in_features=64, out_features=64, bias=True)
        )
        (linear1): Linear(in_features=64, out_features=128, bias=True)
        (dropout): Dropout(p=0.1, inplace=False)
        (linear2): Linear(in_features=128, out_features=64, bias=True)
        (norm1): LayerNorm((64,), eps=1e-05, elementwise_affine=True)
        (norm2): LayerNorm((64,), eps=1e-05, elementwise_affine=True)
        (dropout1): Dropout(p=0.1, inplace=False)
        (dropout2): Dropout(p=0.1, inplace=False)
      )
      """;

  private static Program shape(String net, String input) {
    Program program = Program.runWithInput(net, "shape", "-", "--input", input, "-f", "json");
    assertThat(program.code()).isZero();
    return program;
  }

  private static Map<?, ?> report(String net, String input) {
    return (Map<?, ?>) JsonValues.read(shape(net, input).out(), "stdout");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kernel_size=3, stride=2, padding=1 | 1x8x8 | 'p': its print does not show ceil_mode: False"
            + " is taken, True would give 5x5, nor count_include_pad: True is taken",
        "kernel_size=3, stride=1, padding=1 | 1x8x8 | 'p': its print does not show"
            + " count_include_pad: True is taken",
        "kernel_size=2, stride=2, padding=0 | 1x7x8 | 'p': its print does not show ceil_mode: False"
            + " is taken, True would give 4x4",
        "kernel_size=2, stride=2, padding=0 | 1x8x8 | ",
        "kernel_size=2, stride=2, padding=0 | 1xHxW | ",
        "kernel_size=2, stride=2, padding=0, ceil_mode=False | 1x7x8 | "
      })
  void averagesPrintNeitherRoundingNorPadding(String arguments, String input, String words) {
    String layer = "AvgPool2d(" + arguments + ")";
    String line = words == null ? "" : "lamina shape: " + words + "\n";
    assertThat(shape("Sequential(\n  (p): " + layer + "\n)", input).err()).isEqualTo(line);
    // What somebody types has the defaults of its class.
    assertThat(shape(layer, input).err()).isEmpty();
  }

  @Test
  void manyLayersAreNamedOnce() {
    String pool = "AvgPool2d(kernel_size=2, stride=1, padding=1)";
    String net = "Sequential(\n  (a): " + pool + "\n  (b): " + pool + "\n  (c): " + pool + "\n)";
    assertThat(shape(net, "1x4x4").err())
        .isEqualTo(
            "lamina shape: 'a' and 2 others: its print does not show count_include_pad: True is"
                + " taken\n");
  }

  /** 66,944 parameters are those of torch.nn.TransformerEncoder(..., 2); the costs by hand. */
  @Test
  void knowsTransformerEncoders() {
    String net =
        "TransformerEncoder(\n  (layers): ModuleList(\n    (0-1): 2 x " + LAYER + "  )\n)\n";
    Map<?, ?> report = report(net, "10x64");
    assertThat(report.get("params")).isEqualTo(66_944L);
    assertThat(report.get("output")).hasToString("[10, 64]");
    // Four projections, two products of 10 steps with 10, and the two linear layers.
    assertThat(report.get("macs"))
        .isEqualTo(2L * (10 * 4 * 64 * 64 + 2 * 10 * 10 * 64 + 2 * 10 * 64 * 128));
    assertThat(report.get("partial")).isNull();
    assertThat(report(net, "Bx10x64").get("macs")).isEqualTo(report.get("macs"));
    String norm = net.substring(0, net.length() - 2) + "  (norm): LayerNorm((64,), eps=1e-05)\n)";
    assertThat(report(norm, "10x64").get("params")).isEqualTo(67_072L);
  }

  @Test
  void readsStepsBeforeAnEncoder() {
    String net =
        "Sequential(\n  (0): Linear(in_features=32, out_features=64, bias=True)\n  (1): "
            + LAYER
            + "  (2): Linear(in_features=64, out_features=2, bias=True)\n)";
    Map<?, ?> report = report(net, "10x32");
    // As torch counts them.
    assertThat(report.get("params")).isEqualTo(35_714L);
    assertThat(report.get("output")).hasToString("[10, 2]");
    assertThat(report.get("macs"))
        .isEqualTo(
            10L * 32 * 64 + 10 * 4 * 64 * 64 + 2 * 10 * 10 * 64 + 2 * 10 * 64 * 128 + 10 * 64 * 2);
  }

  /** The class of PyTorch's tutorial on names. */
  @Test
  void classesOfOnesOwnMayHaveTheNamesOfLayers() {
    for (String name : new String[] {"RNN", "LSTM", "Linear", "Identity", "Transformer"}) {
      String net =
          name
              + "(\n  (i2h): Linear(in_features=8, out_features=4, bias=True)\n"
              + "  (i2o): Linear(in_features=4, out_features=2, bias=True)\n)";
      assertThat(report(net, "8").get("params")).as(name).isEqualTo(36L + 10);
      assertThat(report("Sequential(\n  (0): " + net + "\n)", "8").get("params"))
          .as(name)
          .isEqualTo(46L);
    }
    Program program = Program.run("shape", "Linear(8, 4, (a): ReLU())", "--input", "8");
    assertThat(program.err()).contains("Linear has no parts, but (a): ReLU() stands in it");
  }

  @Test
  void attentionAloneIsSelfAttention() {
    String net =
        """
        Sequential(
          (a): MultiheadAttention(
            (out_proj): NonDynamicallyQuantizableLinear(in_features=8, out_features=8, bias=False)
          )
        )
        """;
    Program program = shape(net, "5x8");
    assertThat(program.err())
        .isEqualTo(
            "lamina shape: 'a': its print shows neither num_heads nor batch_first; self-attention"
                + " over (N, T, E) is taken\n");
    Map<?, ?> report = (Map<?, ?>) JsonValues.read(program.out(), "stdout");
    assertThat(report.get("params")).isEqualTo(4L * 8 * 8);
    assertThat(report.get("output")).hasToString("[5, 8]");
    Program runs = Program.runWithInput(net, "run", "-", "rand:5x8", "--seed", "1");
    assertThat(runs.code()).isEqualTo(3);
    assertThat(runs.err())
        .endsWith("has a shape but no values here: its print does not show num_heads\n");
  }
}
