package lamina.network.read.forward;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lamina.Golden;
import lamina.layer.Compatibility;
import lamina.layer.Gradients;
import lamina.layer.Pass;
import lamina.network.Network;
import lamina.network.NetworkAnalysis;
import lamina.network.NetworkAnalyzer;
import lamina.network.RunnableNetwork;
import lamina.tensor.DType;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Networks of many kinds by their prints and graphs; make_networks.py and make_networks_more.py
 * made them.
 */
class TracedNetworksTest {
  @TestFactory
  List<DynamicTest> everyNetworkComputesWhatPyTorchComputes() {
    List<DynamicTest> tests = new ArrayList<>();
    List<Golden> all = new ArrayList<>(Golden.read("networks", "network"));
    all.addAll(Golden.read("networks_more", "network"));
    for (Golden golden : all) {
      tests.add(DynamicTest.dynamicTest(golden.name(), () -> check(golden)));
    }
    assertThat(tests).hasSizeGreaterThan(50);
    return tests;
  }

  private static void check(Golden golden) {
    Network network =
        Network.parse((String) golden.json().get("text"), golden.name(), Compatibility.TORCH);
    List<Tensor> inputs = new ArrayList<>();
    List<Shape> shapes = new ArrayList<>();
    for (Object name : (List<?>) golden.json().get("order")) {
      inputs.add(golden.input((String) name));
      shapes.add(Shape.of(golden.input((String) name).shape()));
    }
    Network sized = network.model() == null ? network : network.withInputs(shapes);
    NetworkAnalysis report = NetworkAnalyzer.of(sized, shapes.get(0));
    assertThat(report.gaps()).isEmpty();
    assertThat(report.output().sizes()).isEqualTo(golden.output().shape());
    assertThat(report.params().value()).isEqualTo(golden.json().get("params"));
    long macs = (Long) golden.json().get("macs");
    if (macs >= 0) {
      assertThat(report.macs().value()).as("MACs").isEqualTo(macs);
    }
    RunnableNetwork runnable =
        network.model() == null
            ? RunnableNetwork.of(network, inputs.get(0).shape())
            : RunnableNetwork.of(network.model(), inputs, DType.FLOAT64, false);
    Map<String, Tensor> given = new LinkedHashMap<>();
    Golden.object(golden.json().get("weights")).forEach((k, v) -> given.put(k, Golden.tensor(v)));
    Pass pass = Pass.evaluation();
    Map<String, Tensor> weights = runnable.weights(given, "golden");
    Map<String, Tensor> results = new LinkedHashMap<>();
    List<String> ends = runnable.outputs();
    Tensor last =
        runnable.forward(
            inputs,
            weights,
            pass,
            (layer, y) -> {
              results.put(layer.name(), y);
              return true;
            });
    assertThat(ends).hasSize(golden.outputs().size());
    for (int i = 0; i < ends.size(); i++) {
      String name = i == 0 ? "output" : "output_" + i;
      Golden.assertClose(name, results.get(ends.get(i)), golden.outputs().get(name), 1e-9, 1e-12);
    }
    assertThat(last.shape()).isEqualTo(golden.output().shape());
    Gradients gradients = new Gradients();
    pass.backward(golden.input("dy"), gradients);
    Map<String, Tensor> found = new LinkedHashMap<>(gradients.byName());
    for (int i = 0; i < inputs.size() && i < pass.inputGradients().size(); i++) {
      String name = (String) ((List<?>) golden.json().get("order")).get(i);
      found.put(name, pass.inputGradients().get(i));
    }
    golden
        .grads()
        .forEach(
            (name, expected) ->
                Golden.assertClose("gradient of " + name, found.get(name), expected, 1e-7, 1e-10));
  }
}
