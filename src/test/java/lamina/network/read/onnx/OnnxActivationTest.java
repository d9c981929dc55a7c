package lamina.network.read.onnx;

import static lamina.network.read.onnx.OnnxBytes.info;
import static lamina.network.read.onnx.OnnxBytes.message;
import static lamina.network.read.onnx.OnnxBytes.node;
import static lamina.network.read.onnx.OnnxBytes.real;
import static lamina.network.read.onnx.OnnxBytes.word;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import lamina.Program;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ONNX's activations have the parameters and the defaults of its operators, not PyTorch's. */
class OnnxActivationTest {
  @TempDir Path folder;

  private Program run(OnnxBytes node, String input, String... more) throws IOException {
    OnnxBytes graph =
        message().part(1, node).text(2, "g").part(11, info("x", 1)).part(12, info("y", 1));
    Files.write(folder.resolve("m.onnx"), OnnxBytes.model(graph));
    String[] args = new String[3 + more.length];
    args[0] = "run";
    args[1] = "m.onnx";
    args[2] = input;
    System.arraycopy(more, 0, args, 3, more.length);
    return Program.runIn(folder, Map.of(), new byte[0], args);
  }

  /** Values by the formulas of ONNX's operators. */
  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "Relu, -, 0, -2, 0",
        "LeakyRelu, -, 0, -2, -0.02",
        "LeakyRelu, alpha, 0.25, -2, -0.5",
        "Elu, -, 0, -1, -0.6321205588285577",
        "Elu, alpha, 2, -1, -1.2642411176571153",
        "Celu, alpha, 2, -1, -0.7869386805747332",
        "Selu, -, 0, -1, -1.1113307378125625",
        "Sigmoid, -, 0, 0, 0.5",
        "HardSigmoid, -, 0, 1, 0.7",
        "HardSigmoid, alpha, 0.5, 0.75, 0.875",
        "HardSigmoid, beta, 0.25, 1, 0.45",
        "HardSwish, -, 0, 1, 0.6666666666666666",
        "Mish, -, 0, 1, 0.8650983882673103",
        "Softplus, -, 0, 0, 0.6931471805599453",
        "Softsign, -, 0, 3, 0.75",
        "Tanh, -, 0, 0.5, 0.46211715726000973",
        "ThresholdedRelu, -, 0, 1, 0",
        "ThresholdedRelu, alpha, 0.5, 1, 1",
        "Gelu, -, 0, 1, 0.8413447460685429",
      })
  void functionsAreThoseOfOnnx(String type, String attribute, float value, String x, String y)
      throws IOException {
    OnnxBytes node =
        attribute == null ? node(type, "x", "y") : node(type, "x", "y", real(attribute, value));
    Program program = run(node, "[" + x + "]", "--expect", "[" + y + "]", "--rtol", "1e-6");
    assertThat(program.err()).isEmpty();
    assertThat(program.code()).isZero();
  }

  @Test
  void geluHasAnApproximation() throws IOException {
    OnnxBytes tanh = node("Gelu", "x", "y", word("approximate", "tanh"));
    Program program = run(tanh, "[1]", "--expect", "[0.8411919906082768]", "--rtol", "1e-9");
    assertThat(program.err()).isEmpty();
    assertThat(program.code()).isZero();
    Program none = run(node("Gelu", "x", "y", word("approximate", "none")), "[1]");
    assertThat(none.out()).contains("0.84134474606854");
    Program other = run(node("Gelu", "x", "y", word("approximate", "sigmoid")), "[1]");
    assertThat(other.code()).isEqualTo(3);
    assertThat(other.err()).contains("has approximate 'sigmoid'; it takes none or tanh");
  }
}
