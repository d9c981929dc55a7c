package lamina.network.read.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import lamina.Golden;
import lamina.Program;
import lamina.format.JsonValues;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole networks that PyTorch exported; make_onnx_exports.py packed them. */
class OnnxExportTest {
  @TempDir static Path folder;

  private static final Set<String> names = new TreeSet<>();

  @BeforeAll
  static void unpack() throws IOException {
    names.addAll(PackedModels.unpack("exports.zip", folder));
    assertThat(names).hasSizeGreaterThan(20);
  }

  private static Program run(String... arguments) {
    return Program.runIn(folder, Map.of(), new byte[0], arguments);
  }

  @Test
  void everyNetworkGivesWhatPyTorchGives() {
    for (String name : names) {
      String model = name + "/model.onnx";
      Program result = run("run", model, "--test-data", name, "--atol", "1e-5");
      assertThat(result.err()).as(name).isEmpty();
      assertThat(result.code()).as(name).isZero();
    }
  }

  @Test
  void everyGradientIsPyTorchs() throws IOException {
    for (String name : names) {
      List<String> arguments = new ArrayList<>(List.of("run", name + "/model.onnx"));
      for (int i = 0; Files.exists(folder.resolve(name + "/input_" + i + ".pb")); i++) {
        arguments.add(name + "/input_" + i + ".pb");
      }
      arguments.add("--grad=1");
      Program result = run(arguments.toArray(new String[0]));
      assertThat(result.err()).as(name).isEmpty();
      Map<String, Object> found = Golden.object(JsonValues.read(result.out(), name));
      Map<String, Object> expected =
          Golden.object(
              JsonValues.read(Files.readString(folder.resolve(name + "/gradients.json")), name));
      assertThat(expected).as(name).isNotEmpty();
      expected.forEach(
          (parameter, values) -> {
            String member = parameter.equals("x0") ? "grad_input" : "grad_" + parameter;
            assertThat(found).as(name).containsKey(member);
            assertClose(
                name + " " + member,
                numbers(Golden.object(found.get(member)).get("data")),
                (List<?>) values);
          });
    }
  }

  /** The numbers of nested lists, in order. */
  private static List<Double> numbers(Object data) {
    if (!(data instanceof List<?> list)) {
      return List.of(((Number) data).doubleValue());
    }
    List<Double> numbers = new ArrayList<>();
    list.forEach(part -> numbers.addAll(numbers(part)));
    return numbers;
  }

  private static void assertClose(String name, List<Double> found, List<?> values) {
    assertThat(found).as(name).hasSize(values.size());
    double largest = 1;
    for (Object value : values) {
      largest = Math.max(largest, Math.abs(((Number) value).doubleValue()));
    }
    for (int i = 0; i < found.size(); i++) {
      double value = ((Number) values.get(i)).doubleValue();
      assertThat(found.get(i)).as(name + " " + i).isCloseTo(value, within(2e-5 * largest));
    }
  }

  @Test
  void symbolsOfOpenAxesStay() {
    for (String name : names) {
      Program result = run("shape", name + "/model.onnx", "-f", "json");
      assertThat(result.err()).as(name).isEmpty();
      assertThat(result.code()).as(name).isZero();
    }
    assertThat(run("shape", "finer_open/model.onnx", "-f", "text").out())
        .contains("output       N x 1 x 2·H x 2·W");
    assertThat(run("shape", "unet_nearest_open/model.onnx", "-f", "text").out())
        .contains("output       N x 1 x H x W")
        .contains("holds only if H = 2·⌊H / 2⌋");
    assertThat(run("shape", "detector_open/model.onnx", "-f", "text").out())
        .contains("output       N x 2·⌊(H + 1) / 2⌋·⌊(W + 1) / 2⌋ x 7");
    assertThat(run("shape", "patches/model.onnx", "-f", "text").out())
        .contains("output       N x 3")
        .contains("parameters   653 ");
    assertThat(run("shape", "textcnn/model.onnx", "-f", "text").out())
        .contains("output       N x 2");
  }
}
