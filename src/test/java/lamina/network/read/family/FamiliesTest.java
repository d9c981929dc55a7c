package lamina.network.read.family;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lamina.Golden;
import lamina.Program;
import lamina.layer.Compatibility;
import lamina.layer.Gradients;
import lamina.layer.Pass;
import lamina.network.Network;
import lamina.network.NetworkAnalysis;
import lamina.network.NetworkAnalyzer;
import lamina.network.RunnableNetwork;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FamiliesTest {
  static List<Golden> printed() {
    return Golden.read("families", "family");
  }

  static List<Golden> small() {
    return Golden.read("family_values", "family");
  }

  private static Network network(Golden golden) {
    return Network.parse((String) golden.json().get("text"), golden.name(), Compatibility.TORCH);
  }

  /** Against the figures that PyTorch's hooks counted. */
  @ParameterizedTest
  @MethodSource("printed")
  void countsWhatHooksCount(Golden golden) {
    int size = golden.integers("input", 3)[1];
    NetworkAnalysis report = NetworkAnalyzer.of(network(golden), Shape.of(3, size, size));
    assertThat(report.gaps()).isEmpty();
    assertThat(report.output()).isEqualTo(Shape.of(1000));
    assertThat(report.params().value()).isEqualTo(golden.json().get("params"));
    assertThat(report.macs().value()).isEqualTo(golden.json().get("macs"));
    assertThat(report.notes().toString())
        .contains("the published forward()")
        .doesNotContain("no layer takes");
  }

  /** Against the output that PyTorch computed, in evaluation mode. */
  @ParameterizedTest
  @MethodSource("small")
  void computesWhatTheModulesCompute(Golden golden) {
    Tensor input = golden.input("input");
    RunnableNetwork network = RunnableNetwork.of(network(golden), input.shape());
    Map<String, Tensor> given = new LinkedHashMap<>();
    Golden.object(golden.json().get("weights")).forEach((k, v) -> given.put(k, Golden.tensor(v)));
    Map<String, Tensor> weights = network.weights(given, "golden");
    Pass pass = Pass.evaluation();
    Tensor output = network.forward(input, weights, pass);
    Golden.assertClose("output", output, golden.output(), 1e-9, 1e-12);
    Gradients gradients = new Gradients();
    Tensor back = pass.backward(output, gradients);
    assertThat(back.shape()).isEqualTo(input.shape());
    assertThat(gradients.byName().keySet())
        .containsAll(
            network.parameters().entrySet().stream()
                .filter(parameter -> parameter.getValue().trained())
                .map(Map.Entry::getKey)
                .toList());
  }

  @Test
  void saysWhatItRecognised() {
    String block =
        """
        BasicBlock(
          (conv1): Conv2d(4, 4, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1), bias=False)
          (bn1): BatchNorm2d(4)
          (relu): ReLU(inplace=True)
          (conv2): Conv2d(4, 4, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1), bias=False)
          (bn2): BatchNorm2d(4)
        )\
        """;
    Program program = Program.runWithInput(block, "shape", "--input", "4x8x8", "-f", "text");
    assertThat(program.err()).isEmpty();
    assertThat(program.out())
        .contains("add (bn2, input)")
        .contains("- BasicBlock: the published forward(), recognised by class and parts\n");
  }

  /** timm's ResNet prints which pooling it has. */
  @Test
  void takesThePoolingThatIsPrinted() {
    String text =
        """
        ResNet(
          (conv1): Conv2d(3, 4, 3)
          (bn1): BatchNorm2d(4)
          (act1): ReLU()
          (maxpool): MaxPool2d(2)
          (layer1): Sequential()
          (layer2): Sequential()
          (layer3): Sequential()
          (layer4): Sequential()
          (global_pool): SelectAdaptivePool2d(pool_type=%s, flatten=Flatten(start_dim=1, end_dim=-1))
          (fc): Linear(4, 2)
        )
        """;
    for (String type : new String[] {"avg", "max", "avgmax"}) {
      Network network = Network.parse(text.formatted(type), "text", Compatibility.TORCH);
      String expected =
          switch (type) {
            case "avg" -> "AdaptiveAvgPool2d(1)";
            case "max" -> "AdaptiveMaxPool2d(1)";
            default ->
                "SelectAdaptivePool2d(pool_type=avgmax, flatten=Flatten(start_dim=1, end_dim=-1))";
          };
      assertThat(network.leaves()).as(type).anyMatch(leaf -> leaf.text().equals(expected));
      assertThat(network.leaves()).as(type).hasSize(type.equals("avgmax") ? 6 : 7);
    }
  }

  /** The same name, but other parts: an own block, of which no forward() is known. */
  @ParameterizedTest
  @org.junit.jupiter.params.provider.ValueSource(
      strings = {
        "BasicBlock((conv1): Conv2d(4, 4, 1)\n(relu): ReLU()\n(conv2): Conv2d(4, 4, 1)\n)",
        "BasicBlock((conv1): Linear(4, 4)\n(bn1): BatchNorm2d(4)\n(relu): ReLU()\n"
            + "(conv2): Conv2d(4, 4, 1)\n(bn2): BatchNorm2d(4)\n)",
        "SqueezeExcitation((avgpool): AdaptiveAvgPool2d(1)\n(fc1): Linear(4, 4)\n"
            + "(fc2): Linear(4, 4)\n(activation): ReLU()\n(scale_activation): Sigmoid()\n)",
        "ResNet((conv1): Conv2d(4, 4, 1)\n(layer1): Sequential((0): ReLU()\n)\n"
            + "(fc): Conv2d(4, 4, 1)\n)"
      })
  void takesNoOtherClassOfTheSameName(String text) {
    Network network = Network.parse("Own((0): " + text + "\n)", "text", Compatibility.TORCH);
    assertThat(network.root().parts().get(0)).hasFieldOrPropertyWithValue("known", null);
  }
}
