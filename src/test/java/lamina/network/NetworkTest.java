package lamina.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Random;
import lamina.layer.Compatibility;
import lamina.tensor.Shape;
import lamina.text.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {
  private static NetworkAnalysis report(String net, String input) {
    Network network = Network.parse(net, "NET", Compatibility.TORCH);
    return NetworkAnalyzer.of(network, Shape.parse(input));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // One sample, a batch, a symbol for it: the same network.
        "Conv2d(1, 8, 3), ReLU(), Flatten(), Linear(5408, 10) | 1x28x28 | 10 | 43338540",
        "Conv2d(1, 8, 3), ReLU(), Flatten(), Linear(5408, 10) | 32x1x28x28 | 32x10 | 0",
        "Conv2d(1, 8, 3), ReLU(), Flatten(), Linear(5408, 10) | Bx1x28x28 | Bx10 | 0",
        "Flatten(), Linear(784, 10) | 1x28x28 | 1x10 | 7840",
        "Flatten(), Linear(784, 10) | 28x28 | 10 | 7840",
        "Flatten(), Linear(784, 10) | 64x1x28x28 | 64x10 | 7840",
        "Linear(4, 8), ReLU(), Linear(8, 2) | 4 | 2 | 48",
        "Linear(4, 8), ReLU(), Linear(8, 2) | 32x4 | 32x2 | 48",
        "Embedding(2000, 64), LSTM(64, 64), Select(0, -1), Linear(64, 2) | 24 | 2 | 786560",
        "Embedding(2000, 64), LSTM(64, 64), Select(0, -1), Linear(64, 2) | 24x32 | 32x2 | 786560",
        "GRU(3, 5, batch_first=True), Select(1, -1), Linear(5, 2) | 7x3 | 2 | 850",
        "GRU(3, 5, batch_first=True), Select(1, -1), Linear(5, 2) | Bx7x3 | Bx2 | 850",
        "BatchNorm1d(4), Linear(4, 2) | 16x4 | 16x2 | 8",
        "Conv2d(1, 128, 3) | 1x128x128 | 128x126x126 | 18289152",
        "ConvTranspose2d(4, 6, 3, 2) | 4x5x5 | 6x11x11 | 5400",
        "Conv2d(3, 8, 3), Flatten(0), Linear(7200, 2) | 3x32x32 | 2 | 208800"
      })
  void readsInputsWithAndWithoutABatch(String net, String input, String output, long macs) {
    NetworkAnalysis report = report(net, input);
    assertThat(report.output()).isEqualTo(Shape.parse(output));
    assertThat(report.input()).isEqualTo(Shape.parse(input));
    if (macs > 0) {
      long expected = net.contains("5408") ? 26 * 26 * 8 * 9 + 54080 : macs;
      assertThat(report.macs().value()).isEqualTo(expected);
    }
  }

  @Test
  void keepsSymbols() {
    NetworkAnalysis report =
        report("Conv2d(3, 96, 11, stride=4), ReLU(), MaxPool2d(3, 2)", "3xHxW");
    assertThat(report.layers().get(0).output())
        .hasToString("96x(⌊(H − 11) / 4⌋ + 1)x(⌊(W − 11) / 4⌋ + 1)");
    assertThat(report.macs()).hasToString("34848·(⌊(H − 11) / 4⌋ + 1)·(⌊(W − 11) / 4⌋ + 1)");
    assertThat(report.output().evaluate(Map.of("H", 224L, "W", 227L)))
        .isEqualTo(Shape.of(96, 26, 27));
  }

  @Test
  void symbolsAgreeWithNumbers() {
    long seed = 20231;
    Random random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      StringBuilder net = new StringBuilder();
      for (int layer = 0; layer < 4; layer++) {
        int k = 1 + random.nextInt(4);
        int s = 1 + random.nextInt(3);
        int p = random.nextInt(k / 2 + 1);
        String window = "(" + (random.nextInt(2) == 0 ? "_, 4, " : "");
        boolean conv = window.length() > 1;
        net.append(conv ? "Conv2d" : "MaxPool2d")
            .append(window)
            .append(k)
            .append(", stride=")
            .append(s)
            .append(", padding=")
            .append(p);
        net.append(!conv && random.nextInt(2) == 0 ? ", ceil_mode=True)" : ")");
        net.append(layer == 1 ? ", ConvTranspose2d(_, 2, 3, 2, output_padding=1), " : ", ");
      }
      long height = 90L + random.nextInt(40);
      long width = 90L + random.nextInt(40);
      NetworkAnalysis symbolic = report(net.toString(), "3xHxW");
      NetworkAnalysis numeric = report(net.toString(), "3x" + height + "x" + width);
      Map<String, Long> values = Map.of("H", height, "W", width);
      String where = "seed " + seed + " round " + round + ": " + net;
      assertThat(symbolic.output().evaluate(values)).as(where).isEqualTo(numeric.output());
      assertThat(symbolic.macs().evaluate(values)).as(where).isEqualTo(numeric.macs().value());
      assertThat(symbolic.params()).as(where).isEqualTo(numeric.params());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU()) | 0 1",
        "Sequential(OrderedDict([('conv', Conv2d(3, 8, 3)), ('act', ReLU())])) | conv act",
        "nn.Sequential({'conv': nn.Conv2d(3, 8, 3)}) | conv",
        "self.conv1 = nn.Conv2d(3, 2 * 4, (3, 3))  # first | conv1",
        "Sequential(Sequential(Conv2d(3, 8, 3), ReLU()), ReLU()) | 0.0 0.1 1",
        "[Conv2d(3, 8, 3), torch.nn.ReLU(inplace=True),] | 0 1",
        "Conv2d(3, 8, 3) ReLU(); ReLU() | 0 1 2",
        "Net((a): Conv2d(3, 8, 3) (b): Sequential((0-2): 3 x ReLU())) | a b.0 b.1 b.2",
        "[{\"type\":\"Conv2d\",\"in_channels\":3,\"out_channels\":8,\"kernel_size\":3}] | 0",
        "{\"layers\":[\"Conv2d(3, 8, 3)\",{\"type\":\"ReLU\",\"name\":\"r\"}]} | 0 r",
        "[{\"type\":\"Sequential\",\"layers\":[\"ReLU\", \"Conv2d(3, 8, 3)\"]}] | 0 1"
      })
  void readsEveryNotation(String net, String names) {
    NetworkAnalysis report = report(net, "3x8x8");
    assertThat(String.join(" ", report.layers().stream().map(LayerAnalysis::name).toList()))
        .isEqualTo(names);
    assertThat(report.output()).isEqualTo(Shape.of(8, 6, 6));
    assertThat(report.isPartial()).isEqualTo(net.startsWith("Net("));
  }

  @Test
  void takesTheInputFromJson() {
    Network network =
        Network.parse(
            "{\"input\":[\"B\",3,8,8],\"layers\":[\"ReLU\"]}", "NET", Compatibility.TORCH);
    assertThat(network.input()).isEqualTo(Shape.parse("Bx3x8x8"));
  }

  @Test
  void composesReceptiveFields() {
    NetworkAnalysis report =
        report(
            "Conv2d(1, 1, 3, dilation=2, padding=1), MaxPool2d(2), Conv2d(1, 1, (3, 1))",
            "1x32x32");
    ReceptiveField field = report.layers().get(2).field();
    // By hand: 5 wide, start 1; then 6, 1.5, stride 2; then 6 + 2·2 and 1.5 + 2 on rows only.
    assertThat(field.size()).containsExactly(10, 6);
    assertThat(field.stride()).containsExactly(2, 2);
    assertThat(field.start()).containsExactly(3.5, 1.5);
  }

  @Test
  void countsSharedWeightsOnce() {
    NetworkAnalysis report = report("fc = Linear(4, 4), ReLU(), fc = Linear(4, 4)", "4");
    assertThat(report.params().value()).isEqualTo(20);
    assertThat(report.macs().value()).isEqualTo(32);
    assertThatThrownBy(() -> report("fc = Linear(4, 4), fc = Linear(4, 5)", "4"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("the name 'fc' belongs to Linear(4, 4) already");
  }

  @Test
  void marksTotalsPartialWhereALayerIsUnknown() {
    NetworkAnalysis report =
        report(
            "(0): Conv2d(3, 8, 3)\n(1): Wobble(4)\n(2): Linear(5, 6)\n(3): LazyLinear(7)", "3x8x8");
    assertThat(report.isPartial()).isTrue();
    assertThat(report.gaps()).containsExactly("layer 2 '1' Wobble(4) is unknown");
    assertThat(report.output()).isNull();
    assertThat(report.params().value()).isEqualTo(224 + 36);
    assertThat(report.paramsComplete()).isFalse();
    assertThat(report.macs().value()).isEqualTo(36 * 8 * 27);
  }

  @Test
  void marksTotalsPartialWhereBranchesDoNotShow() {
    String block =
        """
        Net(
          (stem): Conv2d(3, 4, 1)
          (block): BasicBlock(
            (conv1): Conv2d(4, 8, kernel_size=(3, 3), stride=(2, 2), padding=(1, 1), bias=False)
            (bn1): BatchNorm2d(8, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)
            (downsample): Sequential(
              (0): Conv2d(4, 8, kernel_size=(1, 1), stride=(2, 2), bias=False)
            )
          )
          (fc): Linear(in_features=8, out_features=2, bias=True)
        )
        """;
    NetworkAnalysis report = report(block, "3x8x8");
    assertThat(report.isPartial()).isTrue();
    assertThat(report.gaps())
        .hasSize(1)
        .allMatch(
            gap -> gap.startsWith("BasicBlock 'block': what its forward() does is not known"));
    assertThat(report.params().value()).isEqualTo(16 + 288 + 16 + 32 + 18);
    assertThat(report.paramsComplete()).isTrue();
    assertThat(report.output()).isNull();
    assertThat(report.macs().value()).isEqualTo(64 * 12);
    List<String> names = report.layers().stream().map(LayerAnalysis::name).toList();
    assertThat(names)
        .containsExactly("stem", "block.conv1", "block.bn1", "block.downsample.0", "fc");
  }

  @ParameterizedTest
  @ValueSource(strings = {"conv 1", "größe", "a'b", "conv (1)", "x/y", "c:d", "1st"})
  void aPrintedChildMayHaveAnyName(String name) {
    String print =
        "Net(\n  (" + name + "): Conv2d(3, 8, kernel_size=(3, 3))\n  (relu): ReLU()\n)\n";
    NetworkAnalysis report =
        NetworkAnalyzer.of(Network.parse(print, "NET", Compatibility.TORCH), Shape.of(3, 8, 8));
    assertThat(report.output()).isEqualTo(Shape.of(8, 6, 6));
    assertThat(report.params().value()).isEqualTo(224);
    assertThat(report.layers()).hasSize(2);
  }
}
