package lamina.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import lamina.Program;
import lamina.layer.Compatibility;
import lamina.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Only what is known to run as a chain is computed as one; the rest counts parameters. */
class ModuleFlowTest {
  private static NetworkAnalysis report(String print, String input) {
    return NetworkAnalyzer.of(Network.parse(print, "NET", Compatibility.TORCH), Shape.parse(input));
  }

  private static NetworkAnalysis within(String block) {
    return report(
        "Sequential(\n  (0): Conv2d(3, 8, 3)\n  (1): " + block + "\n  (2): Conv2d(8, 4, 1)\n)\n",
        "3x8x8");
  }

  /** All these blocks fit as chains, and all compute something else. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // Squeeze and excitation: the output weighs the input, whose size it keeps.
        "SE((pool): AdaptiveAvgPool2d(1) (a): Conv2d(8, 2, 1) (b): Conv2d(2, 8, 1)) | 42",
        // Two branches that are concatenated or added.
        "Fork((left): Conv2d(8, 8, 3, padding=1) (right): Conv2d(8, 8, 1)) | 656",
        // A residual block with a projection of its input.
        "Block((conv): Conv2d(8, 8, 3, 2, 1) (shortcut): Sequential((0): Conv2d(8, 8, 1))) | 656",
        // One of two heads.
        "Heads((policy): Conv2d(8, 8, 1) (value): Conv2d(8, 8, 1)) | 144",
        // A gate in a single Sequential.
        "Gate((fc): Sequential((0): AdaptiveAvgPool2d(1) (1): Conv2d(8, 8, 1))) | 72",
        // Named parts that a dictionary holds, to pick from.
        "ModuleDict((up): Conv2d(8, 8, 1) (down): Conv2d(8, 8, 1)) | 144"
      })
  void aBlockOfOnesOwnCountsParametersAlone(String block, long params) {
    NetworkAnalysis report = within(block);
    assertThat(report.params().value()).isEqualTo(224 + params + 36);
    assertThat(report.paramsComplete()).isTrue();
    assertThat(report.macs().value()).isEqualTo(36 * 27 * 8);
    assertThat(report.output()).isNull();
    assertThat(report.gaps())
        .singleElement()
        .asString()
        .startsWith(
            block.substring(0, block.indexOf('(')) + " '1': what its forward() does is not known");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ModuleList((0): Conv2d(8, 8, 3) (1): ReLU()) | 4x4x4",
        "ConvReLU((0): Conv2d(8, 8, 3) (1): ReLU()) | 4x4x4",
        "DataParallel((module): Sequential((0): Conv2d(8, 8, 3))) | 4x4x4"
      })
  void whatIsKnownToBeAChainIsComputed(String block, String output) {
    NetworkAnalysis report = within(block);
    assertThat(report.output()).isEqualTo(Shape.parse(output));
    assertThat(report.isPartial()).isFalse();
    assertThat(report.macs().value()).isEqualTo(36 * 27 * 8 + 16 * 8 * 72 + 16 * 4 * 8);
  }

  @Test
  void aListThatDoesNotFitIsNoChain() {
    NetworkAnalysis report = within("ModuleList((0): Conv2d(8, 4, 1) (1): Conv2d(8, 4, 1))");
    assertThat(report.output()).isNull();
    assertThat(report.gaps()).singleElement().asString().startsWith("ModuleList '1': ");
    assertThat(report.params().value()).isEqualTo(224 + 36 + 36 + 36);
  }

  @Test
  void theNetworkItselfIsTakenAsAChainAndSaysSo() {
    NetworkAnalysis report = report("Net(\n  (c): Conv2d(3, 8, 3)\n  (r): ReLU()\n)\n", "3x8x8");
    assertThat(report.output()).isEqualTo(Shape.of(8, 6, 6));
    assertThat(report.isAssumed()).isTrue();
    assertThat(report.gaps())
        .containsExactly(
            "Net: what its forward() does is not known; its parts are taken one after another, in"
                + " their order");
  }

  @Test
  void aLinearThatFitsTheMapsConfirmsTheChain() {
    NetworkAnalysis report =
        report("Net(\n  (c): Conv2d(3, 8, 3)\n  (fc): Linear(288, 2)\n)\n", "3x8x8");
    assertThat(report.output()).isEqualTo(Shape.of(2));
    assertThat(report.gaps()).isEmpty();
    assertThat(report.notes()).hasSize(2);
  }

  @Test
  void whatFitsIsComputedUpToTheFirstMisfit() {
    NetworkAnalysis report =
        report(
            "Net(\n  (c): Conv2d(3, 8, 3)\n  (fc): Linear(8, 2)\n  (out): Softmax(1)\n)\n",
            "3x8x8");
    assertThat(report.layers().get(0).output()).isEqualTo(Shape.of(8, 6, 6));
    assertThat(report.macs().value()).isEqualTo(36 * 27 * 8);
    assertThat(report.params().value()).isEqualTo(224 + 18);
    assertThat(report.paramsComplete()).isTrue();
    assertThat(report.output()).isNull();
    assertThat(report.gaps())
        .singleElement()
        .asString()
        .startsWith("layer 2 'fc' Linear(8, 2) expects 8 features but layer 1 'c' gives 6");
  }

  @Test
  void partsThatShowASidePathAreNoChainEvenAsTheWhole() {
    List<String> prints =
        List.of(
            "SE(\n  (pool): AdaptiveAvgPool2d(1)\n  (fc): Conv2d(3, 3, 1)\n)\n",
            "Block(\n  (conv): Conv2d(3, 3, 1)\n  (downsample): Conv2d(3, 3, 1)\n)\n",
            "Net(\n  (branch1): Conv2d(3, 3, 1)\n  (branch2): Conv2d(3, 3, 1)\n)\n",
            "Net(\n  (conv): Conv2d(3, 3, 1)\n  (aux_head): Conv2d(3, 3, 1)\n)\n",
            "Siamese(\n  (tower_a): Conv2d(3, 3, 1)\n  (tower_b): Conv2d(3, 3, 1)\n)\n");
    for (String print : prints) {
      NetworkAnalysis report = report(print, "3x8x8");
      assertThat(report.output()).as(print).isNull();
      assertThat(report.gaps()).as(print).hasSize(1);
    }
  }

  /** Whoever computes with a chain that is assumed says so. */
  @Test
  void everyCommandSaysThatTheChainIsAssumed(@TempDir Path folder) throws IOException {
    String net = "Net(\n  (fc): Linear(in_features=2, out_features=2, bias=True)\n)\n";
    String assumed =
        "Net: what its forward() does is not known; its parts are taken one after another, in their"
            + " order\n";
    Files.writeString(folder.resolve("data.csv"), "a,b,label\n1,2,x\n3,4,y\n5,6,x\n7,8,y\n");
    String[][] commands = {
      {"run", net, "[1,2]", "--seed", "1"},
      {"bench", net, "--input", "2", "--min-time", "0.01"},
      {"train", net, "--data", "data.csv", "--epochs", "1"}
    };
    for (String[] command : commands) {
      Program program = Program.runIn(folder, Map.of(), new byte[0], command);
      assertThat(program.code()).as(command[0]).isZero();
      assertThat(program.err()).isEqualTo("lamina " + command[0] + ": " + assumed);
    }
  }
}
