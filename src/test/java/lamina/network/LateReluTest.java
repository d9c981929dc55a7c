package lamina.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import lamina.kernel.Backends;
import lamina.layer.Compatibility;
import lamina.layer.Gradients;
import lamina.layer.Pass;
import lamina.tensor.DType;
import lamina.tensor.RandomNumbers;
import lamina.tensor.Tensor;
import lamina.train.GradientStatistics;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ReLUs that are computed after the pooling behind them. */
class LateReluTest {
  private static final String LATE = "Conv2d(2,3,3,padding=1),ReLU(),MaxPool2d(2),Flatten()";

  private static RunnableNetwork network(String text, int... shape) {
    return RunnableNetwork.of(Network.parse(text, "NET", Compatibility.TORCH), shape);
  }

  /** Notes the shape that it hears of for each layer. */
  private static final class Shapes implements RunnableNetwork.Listener {
    private final Map<String, String> shapes = new LinkedHashMap<>();
    private final boolean isContent;

    Shapes(boolean isContent) {
      this.isContent = isContent;
    }

    @Override
    public boolean ran(LayerAnalysis layer, Tensor output) {
      shapes.put(layer.name(), Tensor.text(output.shape()));
      return false;
    }

    @Override
    public boolean isContentWithMaxima(LayerAnalysis layer) {
      return isContent;
    }
  }

  private static Tensor noise(DType dtype, int... shape) {
    RandomNumbers random = new RandomNumbers(3);
    Tensor x = Tensor.zeros(dtype, shape);
    for (int i = 0; i < x.size(); i++) {
      // Whole numbers, so that there are many zeros and equal maxima.
      x.set(i, Math.rint(2 * random.nextGaussian()));
    }
    return x;
  }

  @AfterEach
  void back() {
    Backends.use("auto");
  }

  static Stream<Object[]> ways() {
    return Stream.of("scalar", "vector")
        .flatMap(
            backend ->
                Stream.of(DType.FLOAT32, DType.FLOAT64)
                    .flatMap(
                        dtype ->
                            Stream.of(0.0, Double.NaN, Double.POSITIVE_INFINITY, -0.0)
                                .map(odd -> new Object[] {backend, dtype, odd})));
  }

  @ParameterizedTest
  @MethodSource("ways")
  void valuesAndGradientsAreThoseOfOneLayerAfterAnother(String backend, DType dtype, double odd) {
    Backends.use(backend);
    String text = "ReLU(),MaxPool2d(2),Conv2d(2,3,3,padding=1),ReLU(),MaxPool2d((2,2))";
    RunnableNetwork net = network(text, 5, 2, 12, 20);
    Map<String, Tensor> weights = net.initialWeights(dtype, 1);
    Tensor x = noise(dtype, 5, 2, 12, 20);
    x.set(7, odd);
    x.set(700, odd);
    Tensor dy = noise(dtype, 5, 3, 3, 5);
    Tensor[] outputs = new Tensor[2];
    Tensor[] inputGradients = new Tensor[2];
    Gradients[] gradients = {new Gradients(), new Gradients()};
    for (int i = 0; i < 2; i++) {
      Pass pass = Pass.training(0);
      Shapes shapes = new Shapes(i == 1);
      outputs[i] = net.forward(x, weights, pass, shapes);
      inputGradients[i] = pass.backward(dy, gradients[i]);
      assertThat(shapes.shapes)
          .containsEntry("0", i == 1 ? "5x2x6x10" : "5x2x12x20")
          .containsEntry("1", "5x2x6x10")
          .containsEntry("3", i == 1 ? "5x3x3x5" : "5x3x6x10")
          .containsEntry("4", "5x3x3x5");
    }
    assertThat(outputs[1]).isEqualTo(outputs[0]);
    assertThat(inputGradients[1]).isEqualTo(inputGradients[0]);
    assertThat(gradients[1].byName()).isEqualTo(gradients[0].byName());
    assertThat(net.forward(x, weights, Pass.inference())).isEqualTo(outputs[0]);
  }

  /** By hand: the window of 1, −2, 3, 3 passes its gradient to the first 3, the others nothing. */
  @Test
  void aWindowsGradientGoesToItsFirstMaximumAboveZero() {
    RunnableNetwork net = network("ReLU(),MaxPool2d(2)", 1, 2, 4);
    Tensor x = Tensor.of(new double[] {1, -2, -1, -5, 3, 3, 0, -1}, 1, 2, 4);
    Pass pass = Pass.evaluation();
    Tensor y = net.forward(x, Map.of(), pass, new Shapes(true));
    assertThat(y).isEqualTo(Tensor.of(new double[] {3, 0}, 1, 1, 2));
    Tensor dx = pass.backward(Tensor.of(new double[] {10, 20}, 1, 1, 2), new Gradients());
    assertThat(dx).isEqualTo(Tensor.of(new double[] {0, 0, 0, 0, 10, 0, 0, 0}, 1, 2, 4));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Somebody else takes the ReLU's output.
        "{\"layers\": [{\"type\": \"Conv2d\", \"in_channels\": 2, \"out_channels\": 2,"
            + " \"kernel_size\": 1}, {\"type\": \"ReLU\", \"name\": \"1\"}, {\"type\":"
            + " \"MaxPool2d\", \"kernel_size\": 2, \"name\": \"pool\"}, {\"type\": \"Upsample\","
            + " \"scale_factor\": 2, \"name\": \"up\"}, {\"type\": \"Add\", \"inputs\": [\"up\","
            + " \"1\"]}]}",
        // Windows that overlap, or are averages; another activation; padding.
        "Conv2d(2,2,1),ReLU(),MaxPool2d(2,1)",
        "Conv2d(2,2,1),ReLU(),MaxPool2d(2,padding=1)",
        "Conv2d(2,2,1),ReLU(),AvgPool2d(2)",
        "Conv2d(2,2,1),LeakyReLU(),MaxPool2d(2)",
        "Conv2d(2,2,1),ReLU(),Tanh(),MaxPool2d(2)"
      })
  void othersStayWhereTheyAre(String text) {
    Shapes shapes = new Shapes(true);
    RunnableNetwork net = network(text, 1, 2, 4, 4);
    net.forward(
        noise(DType.FLOAT64, 1, 2, 4, 4),
        net.initialWeights(DType.FLOAT64, 1),
        Pass.training(0),
        shapes);
    assertThat(shapes.shapes).containsEntry("1", "1x2x4x4");
  }

  /** A map whose size the windows do not divide has elements that no maximum tells of. */
  @Test
  void windowsThatLeaveElementsOutDoNotCount() {
    RunnableNetwork net = network(LATE, 1, 2, 5, 4);
    Shapes shapes = new Shapes(true);
    Tensor x = noise(DType.FLOAT64, 1, 2, 5, 4);
    net.forward(x, net.initialWeights(DType.FLOAT64, 1), Pass.training(0), shapes);
    assertThat(shapes.shapes).containsEntry("1", "1x3x5x4");
  }

  @Test
  void statisticsCountTheSameDeadUnitsAndGradients() {
    RunnableNetwork net = network(LATE, 4, 2, 6, 6);
    Map<String, Tensor> weights = net.initialWeights(DType.FLOAT64, 1);
    // The second channel never fires.
    Arrays.fill(weights.get("0.weight").doubles(), 18, 36, 0);
    weights.get("0.bias").set(1, -1);
    GradientStatistics[] found = new GradientStatistics[2];
    for (int i = 0; i < 2; i++) {
      GradientStatistics statistics = new GradientStatistics(net.report());
      found[i] = statistics;
      Pass pass = Pass.training(0).observedBy(statistics);
      // A listener made of this method alone asks for every element, so that no ReLU is late.
      RunnableNetwork.Listener wantsAll = (layer, output) -> statistics.ran(layer, output);
      RunnableNetwork.Listener each = i == 0 ? wantsAll : statistics;
      net.forward(noise(DType.FLOAT64, 4, 2, 6, 6), weights, pass, each);
      Gradients gradients = new Gradients();
      pass.backward(noise(DType.FLOAT64, 4, 27), gradients);
      gradients.byName().forEach(statistics::addGradient);
    }
    assertThat(found[1].mostDead()).isEqualTo(found[0].mostDead()).isEqualTo(1.0 / 3);
    assertThat(found[1].rows()).isEqualTo(found[0].rows());
    found[0]
        .signals()
        .forEach(
            (name, norm) ->
                assertThat(found[1].signals().get(name))
                    .as(name)
                    .isCloseTo(norm, within(1e-14 * norm)));
  }
}
