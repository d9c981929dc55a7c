package lamina.network.read.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import lamina.Program;
import lamina.format.OnnxTensor;
import lamina.format.ReadOptions;
import lamina.format.TensorArgument;
import lamina.layer.Gradients;
import lamina.layer.Pass;
import lamina.network.Model;
import lamina.network.Network;
import lamina.network.RunnableNetwork;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ONNX's own tests of single operators; make_onnx.py and make_onnx_later.py packed them. */
class OnnxNodeTest {
  private static final long SEED = 7;

  @TempDir static Path folder;

  private static final Set<String> names = new TreeSet<>();

  @BeforeAll
  static void unpack() throws IOException {
    names.addAll(PackedModels.unpack("node.zip", folder));
    names.addAll(PackedModels.unpack("node_later.zip", folder));
  }

  @Test
  void everyOperatorGivesWhatOnnxExpects() {
    List<String> failures = new ArrayList<>();
    for (String name : names) {
      Program result =
          Program.runIn(
              folder, Map.of(), new byte[0], "run", name + "/model.onnx", "--test-data", name);
      if (result.code() != 0 || result.err().contains("says that its output")) {
        failures.add(name + ": " + result.err());
      }
    }
    assertThat(failures).isEmpty();
    assertThat(names).hasSizeGreaterThan(1030);
  }

  @Test
  void everyGradientIsTheSlopeInARandomDirection() throws IOException {
    List<String> failures = new ArrayList<>();
    Set<String> checked = new HashSet<>();
    Set<String> refused = new HashSet<>();
    for (String name : names) {
      // Rounding is stairs, but a cast hands its gradient on, as PyTorch's does.
      if (name.matches("test_(cast|quantize).*(FLOAT[48]|BFLOAT|_e|_float4).*")) {
        continue;
      }
      try {
        if (check(name, failures)) {
          checked.add(name);
        }
      } catch (InputException e) {
        assertThat(e.getMessage()).as(name).contains("has no gradient here");
        refused.add(name);
      }
    }
    assertThat(failures).as("seed " + SEED).isEmpty();
    assertThat(checked).hasSizeGreaterThan(300);
    assertThat(refused).isNotEmpty();
  }

  /** Whether there was anything to compare. */
  private static boolean check(String name, List<String> failures) throws IOException {
    Path directory = folder.resolve(name);
    Model model = Network.read(OnnxTensor.bytes(directory.resolve("model.onnx")), name).model();
    if (model.inputs().stream().anyMatch(Model.Port::isSequence)) {
      return false;
    }
    Random random = new Random(SEED);
    List<Tensor> inputs = new ArrayList<>();
    for (Model.Port port : model.inputs()) {
      inputs.add(read(directory.resolve("input_" + inputs.size() + ".pb"), port.isInteger()));
    }
    // Some inputs decide what a layer is; only those that have a gradient are moved.
    List<Tensor> first = gradients(model, inputs, null, random);
    if (first == null) {
      return false;
    }
    List<Tensor> directions = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      Tensor direction = null;
      if (first.get(i) != null) {
        direction = Tensor.zeros(DType.FLOAT64, inputs.get(i).shape());
        for (int k = 0; k < direction.size(); k++) {
          // Off the values of the tests, many of which are kinks.
          inputs.get(i).doubles()[k] += 0.003 * random.nextGaussian();
          direction.doubles()[k] = random.nextGaussian();
        }
      }
      directions.add(direction);
    }
    Tensor[] dy = {null};
    List<Tensor> found = gradients(model, inputs, dy, random);
    double slope = 0;
    boolean any = false;
    for (int i = 0; i < inputs.size(); i++) {
      for (int k = 0; found.get(i) != null && k < found.get(i).size(); k++) {
        slope += found.get(i).get(k) * directions.get(i).get(k);
        any = true;
      }
    }
    double step = 1e-6;
    double above = value(model, inputs, directions, step, dy[0]);
    double expected = (above - value(model, inputs, directions, -step, dy[0])) / (2 * step);
    if (any && Math.abs(slope - expected) > 1e-4 * (1 + Math.abs(expected))) {
      failures.add(name + ": " + slope + " but steps give " + expected);
    }
    return any && Double.isFinite(expected);
  }

  /**
   * The gradient of each input, null for those that have none; null if the output has none.
   *
   * @param dy takes the gradient of the output that was drawn, if it is not null
   */
  private static List<Tensor> gradients(
      Model model, List<Tensor> inputs, Tensor[] dy, Random random) {
    Pass pass = Pass.evaluation();
    RunnableNetwork network = RunnableNetwork.of(model, inputs, DType.FLOAT64, false);
    Tensor y = network.forward(inputs, network.ownWeights(), pass, (layer, output) -> true);
    if (y.dtype() == DType.INT64) {
      return null;
    }
    Tensor drawn = Tensor.zeros(DType.FLOAT64, y.shape());
    for (int i = 0; i < drawn.size(); i++) {
      drawn.doubles()[i] = random.nextGaussian();
    }
    if (dy != null) {
      dy[0] = drawn;
    }
    Gradients ofWeights = new Gradients();
    pass.backward(drawn, ofWeights);
    List<Tensor> found = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      Tensor weight = ofWeights.byName().get(model.inputs().get(i).name());
      Tensor input = i < pass.inputGradients().size() ? pass.inputGradients().get(i) : null;
      found.add(weight == null ? input : weight);
    }
    return found;
  }

  private static double value(
      Model model, List<Tensor> inputs, List<Tensor> directions, double step, Tensor dy) {
    List<Tensor> shifted = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      Tensor input = inputs.get(i);
      if (directions.get(i) == null) {
        shifted.add(input);
        continue;
      }
      Tensor there = Tensor.zeros(DType.FLOAT64, input.shape());
      for (int k = 0; k < there.size(); k++) {
        there.doubles()[k] = input.get(k) + step * directions.get(i).get(k);
      }
      shifted.add(there);
    }
    RunnableNetwork network = RunnableNetwork.of(model, shifted, DType.FLOAT64, false);
    Tensor y =
        network.forward(shifted, network.ownWeights(), Pass.inference(), (layer, output) -> true);
    double sum = 0;
    for (int i = 0; i < y.size(); i++) {
      sum += y.get(i) * dy.get(i);
    }
    return sum;
  }

  private static Tensor read(Path file, boolean isInteger) {
    DType dtype = isInteger ? DType.INT64 : DType.FLOAT64;
    return TensorArgument.file(file.toString(), new ReadOptions(dtype, null, false, 0, null, null));
  }
}
