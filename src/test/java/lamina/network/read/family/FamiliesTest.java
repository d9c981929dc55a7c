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

  private static final String TRANSFORMER =
      """
      VisionTransformer(
        (conv_proj): Conv2d(3, 8, kernel_size=(4, 4), stride=(4, 4))
        (encoder): Encoder(
          (dropout): Dropout(p=0.0, inplace=False)
          (layers): Sequential(
            (encoder_layer_0): EncoderBlock(
              (ln_1): LayerNorm((8,), eps=1e-06, elementwise_affine=True)
              (self_attention): MultiheadAttention(
                (out_proj): NonDynamicallyQuantizableLinear(in_features=8, out_features=8, bias=True)
              )
              (dropout): Dropout(p=0.0, inplace=False)
              (ln_2): LayerNorm((8,), eps=1e-06, elementwise_affine=True)
              (mlp): MLPBlock(
                (0): Linear(in_features=8, out_features=16, bias=True)
                (1): GELU(approximate='none')
                (2): Dropout(p=0.0, inplace=False)
                (3): Linear(in_features=16, out_features=8, bias=True)
                (4): Dropout(p=0.0, inplace=False)
              )
            )
          )
          (ln): LayerNorm((8,), eps=1e-06, elementwise_affine=True)
        )
        (heads): Sequential(
          (head): Linear(in_features=8, out_features=3, bias=True)
        )
      )
      """;

  /**
   * By hand: convolution 392, class token 8, 5 places 40, norms 48, attention 288, perceptron 280,
   * head 27; and the MACs 1536, of attention 4 · 5 · 64 + 2 · 25 · 8, of the perceptron 1280, and
   * 24.
   */
  @Test
  void countsAVisionTransformerWithWhatItsPrintHides() {
    Program program = Program.runWithInput(TRANSFORMER, "shape", "--input", "3x8x8", "-f", "json");
    assertThat(program.err()).isEmpty();
    assertThat(program.out()).contains("\"output\":[3],\"params\":1083,\"macs\":4520,");
    String other = TRANSFORMER.replace("encoder_layer_0", "0");
    assertThat(Program.runWithInput(other, "shape", "--input", "3x8x8", "-f", "json").out())
        .contains("\"partial\":true");
  }

  @Test
  void goesThroughASwinTransformerAndSaysWhatItsPrintHides() {
    String text =
        """
        SwinTransformer(
          (features): Sequential(
            (0): Sequential(
              (0): Conv2d(3, 8, kernel_size=(4, 4), stride=(4, 4))
              (1): Permute()
              (2): LayerNorm((8,), eps=1e-05, elementwise_affine=True)
            )
            (1): Sequential(
              (0): SwinTransformerBlock(
                (norm1): LayerNorm((8,), eps=1e-05, elementwise_affine=True)
                (attn): ShiftedWindowAttention(
                  (qkv): Linear(in_features=8, out_features=24, bias=True)
                  (proj): Linear(in_features=8, out_features=8, bias=True)
                )
                (stochastic_depth): StochasticDepth(p=0.1, mode=row)
                (norm2): LayerNorm((8,), eps=1e-05, elementwise_affine=True)
                (mlp): MLP(
                  (0): Linear(in_features=8, out_features=32, bias=True)
                  (1): GELU(approximate='none')
                  (2): Dropout(p=0.0, inplace=False)
                  (3): Linear(in_features=32, out_features=8, bias=True)
                  (4): Dropout(p=0.0, inplace=False)
                )
              )
            )
            (2): PatchMerging(
              (reduction): Linear(in_features=32, out_features=16, bias=False)
              (norm): LayerNorm((32,), eps=1e-05, elementwise_affine=True)
            )
          )
          (norm): LayerNorm((16,), eps=1e-05, elementwise_affine=True)
          (permute): Permute()
          (avgpool): AdaptiveAvgPool2d(output_size=1)
          (flatten): Flatten(start_dim=1, end_dim=-1)
          (head): Linear(in_features=16, out_features=3, bias=True)
        )
        """;
    Program program = Program.runWithInput(text, "shape", "--input", "3x32x32", "-f", "text");
    assertThat(program.err()).isEmpty();
    assertThat(program.out())
        .contains("output       3\n")
        .contains("features.2.reduction")
        .contains("16 x 4 x 4")
        .contains("parameters   at least 1,939 (partial)")
        .containsOnlyOnce("- layer 6 'features.1.0.attn.windows' WindowAttention() has a")
        .contains("SwinTransformer, SwinTransformerBlock, ShiftedWindowAttention, MLP,")
        .contains("the published forward()");
  }

  /** The mean of 1 and 3 through weights 1 and 0 is a gate of 1/2. */
  @ParameterizedTest
  @org.junit.jupiter.params.provider.ValueSource(
      strings = {
        "SEModule((fc1): Conv2d(1, 1, 1, bias=False)\n(bn): Identity()\n(act): ReLU()\n"
            + "(fc2): Conv2d(1, 1, 1, bias=False)\n(gate): Sigmoid()\n)",
        "SEModule((avg_pool): AdaptiveAvgPool2d(1)\n(fc1): Conv2d(1, 1, 1, bias=False)\n"
            + "(relu): ReLU()\n(fc2): Conv2d(1, 1, 1, bias=False)\n(sigmoid): Sigmoid()\n)"
      })
  void scalesByAGate(String text) {
    Program program =
        Program.run(
            "run",
            text,
            "[[[[1,3]]]]",
            "--weights",
            "{\"fc1.weight\":[[[[1]]]],\"fc2.weight\":[[[[0]]]]}");
    assertThat(program.out()).isEqualTo("{\"shape\":[1,1,1,2],\"data\":[[[[0.5,1.5]]]]}\n");
    assertThat(program.code()).isZero();
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
