package lamina.train;

import static lamina.Golden.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import lamina.Golden;
import lamina.kernel.Backends;
import lamina.kernel.Parallel;
import lamina.layer.Compatibility;
import lamina.network.Network;
import lamina.network.RunnableNetwork;
import lamina.tensor.DType;
import lamina.tensor.RandomNumbers;
import lamina.tensor.Tensor;
import lamina.text.InputException;
import lamina.train.data.Dataset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TrainerTest {
  private static final Trainer.Settings SETTINGS =
      new Trainer.Settings(8, true, Double.POSITIVE_INFINITY, 3, null);

  static Stream<Golden> trainings() {
    return Golden.read("training").stream();
  }

  /** The golden recurrent networks have names of their own; ours are numbered. */
  private static String renamed(String name) {
    return name.replace("rnn.", "0.").replace("head.", "2.");
  }

  private static Map<String, Tensor> weights(Object json) {
    Map<String, Tensor> weights = new LinkedHashMap<>();
    Golden.object(json).forEach((name, value) -> weights.put(renamed(name), Golden.tensor(value)));
    return weights;
  }

  private static Network parse(String net) {
    return Network.parse(net, "NET", Compatibility.TORCH);
  }

  private static double number(Object json) {
    return ((Number) json).doubleValue();
  }

  @ParameterizedTest
  @MethodSource("trainings")
  void everyLossNormAndTheFinalWeightsAreThoseOfPyTorch(Golden c) {
    String net = ((String) c.json().get("model")).replace(" -> last step -> ", ", Select(1, -1), ");
    Map<String, Object> args = Golden.object(c.json().get("optimizer_args"));
    OptimizerSettings base =
        OptimizerSettings.of(((String) c.json().get("optimizer")).toLowerCase(Locale.ROOT));
    double momentum = args.containsKey("momentum") ? number(args.get("momentum")) : 0;
    OptimizerSettings optimizer =
        new OptimizerSettings(
            base.name(),
            momentum,
            base.dampening(),
            base.nesterov(),
            base.beta1(),
            base.beta2(),
            base.eps(),
            base.alpha(),
            base.rho(),
            base.amsgrad(),
            base.centered(),
            base.lrDecay(),
            base.weightDecay());
    Map<String, Object> inputs = Golden.object(c.json().get("inputs"));
    Tensor x = Golden.tensor(inputs.get("x"));
    List<?> classes = (List<?>) inputs.get("target");
    Tensor target =
        Tensor.of(classes.stream().mapToLong(value -> (Long) value).toArray(), classes.size());
    int[] sample = Arrays.copyOfRange(x.shape(), 1, x.rank());
    Trainer trainer =
        new Trainer(
            parse(net),
            sample,
            Loss.of(LossKind.CROSS_ENTROPY),
            optimizer,
            SETTINGS,
            weights(c.json().get("init")));
    List<?> steps = (List<?>) c.json().get("steps");
    assertThat(steps).isNotEmpty();
    for (Object each : steps) {
      Map<String, Object> expected = Golden.object(each);
      Trainer.Step step = trainer.step(x, target, number(args.get("lr")), trainer.statistics());
      double loss = number(expected.get("loss"));
      assertThat(step.loss()).isCloseTo(loss, within(1e-8 * loss));
      Map<String, Object> norms = Golden.object(expected.get("grad_norm"));
      assertThat(step.gradientNorms()).hasSameSizeAs(norms);
      norms.forEach(
          (name, norm) ->
              assertThat(step.gradientNorms().get(renamed(name)))
                  .as(name)
                  .isCloseTo(number(norm), within(1e-8 * number(norm) + 1e-14)));
    }
    weights(c.json().get("final"))
        .forEach((name, w) -> assertClose(name, trainer.weights().get(name), w, 1e-8, 1e-12));
  }

  /** Two clouds that a line parts. */
  private static Dataset clouds(DType dtype) {
    RandomNumbers random = new RandomNumbers(5);
    Tensor x = Tensor.zeros(DType.FLOAT64, 60, 2);
    Tensor y = Tensor.zeros(DType.INT64, 60);
    for (int i = 0; i < 60; i++) {
      y.longs()[i] = i % 2;
      x.doubles()[2 * i] = random.nextGaussian() + (i % 2 == 0 ? -2 : 2);
      x.doubles()[2 * i + 1] = random.nextGaussian();
    }
    return new Dataset(x.as(dtype), y, List.of("left", "right"));
  }

  private static Trainer trainer(String net, Trainer.Settings settings, DType dtype) {
    RunnableNetwork one = RunnableNetwork.of(parse(net), 1, 2);
    return new Trainer(
        parse(net),
        new int[] {2},
        Loss.of(LossKind.CROSS_ENTROPY),
        OptimizerSettings.of("adam"),
        settings,
        one.initialWeights(dtype, settings.seed()));
  }

  /** On grey images of 16×16, in float32. */
  private static Trainer ofImages(Network net) {
    return new Trainer(
        net,
        new int[] {1, 16, 16},
        Loss.of(LossKind.CROSS_ENTROPY),
        OptimizerSettings.of("adam"),
        SETTINGS,
        RunnableNetwork.of(net, 1, 1, 16, 16).initialWeights(DType.FLOAT32, 1));
  }

  /** Filters and images that no number of threads divides; vector kernels for all layers. */
  @Test
  void anyNumberOfThreadsLearnsTheSameBytes() {
    Network net =
        parse(
            "Conv2d(1, 7, 3, padding=1), ReLU(), MaxPool2d(2), Conv2d(7, 18, 3, padding=1), Tanh(),"
                + " MaxPool2d(2), Flatten(), Linear(_, 3)");
    Tensor x = Tensor.zeros(DType.FLOAT32, 33, 1, 16, 16);
    Tensor y = Tensor.zeros(DType.INT64, 33);
    RandomNumbers random = new RandomNumbers(5);
    for (int i = 0; i < x.size(); i++) {
      x.floats()[i] = (float) random.nextGaussian();
    }
    for (int i = 0; i < y.size(); i++) {
      y.longs()[i] = i % 3;
    }
    Map<String, Tensor> alone = null;
    try {
      Backends.use("vector");
      for (int threads = 1; threads <= 3; threads++) {
        Parallel.use(threads);
        Trainer trainer = ofImages(net);
        for (int step = 0; step < 3; step++) {
          trainer.step(x, y, 0.01, trainer.statistics());
        }
        alone = alone == null ? trainer.weights() : alone;
        assertThat(trainer.weights()).as("%d threads", threads).isEqualTo(alone);
      }
    } finally {
      Parallel.use(1);
      Backends.use("auto");
    }
  }

  @Test
  void stepsLiveInTheArraysOfTheOnesBefore() {
    Network net = parse("Conv2d(1, 8, 3), ReLU(), MaxPool2d(2), Flatten(), Linear(_, 2)");
    Trainer trainer = ofImages(net);
    Tensor x = Tensor.filled(DType.FLOAT32, 0.5, 32, 1, 16, 16);
    Tensor y = Tensor.zeros(DType.INT64, 32);
    // The convolution's output alone, of 32 samples of 8 maps of 14 by 14, and its gradient.
    long tensors = 2L * 32 * 8 * 14 * 14 * Float.BYTES;
    assertThat(allocatedByStep(trainer, x, y)).isGreaterThan(tensors);
    trainer.step(x, y, 0.01, trainer.statistics());
    assertThat(allocatedByStep(trainer, x, y)).isLessThan(tensors / 3);
  }

  private static long allocatedByStep(Trainer trainer, Tensor x, Tensor y) {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    trainer.step(x, y, 0.01, trainer.statistics());
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  @Test
  void learnsAndStatesWhatItSaw() {
    Dataset data = clouds(DType.FLOAT32);
    Trainer trainer = trainer("Linear(2, 8), ReLU(), Linear(8, 2)", SETTINGS, DType.FLOAT32);
    double before = trainer.evaluate(data).loss();
    GradientStatistics statistics = trainer.statistics();
    for (int epoch = 0; epoch < 20; epoch++) {
      trainer.epoch(data, epoch, 0.01, statistics, (samples, score) -> {});
    }
    Trainer.Score after = trainer.evaluate(data);
    assertThat(after.loss()).isLessThan(before / 3);
    assertThat(after.accuracy()).isGreaterThan(0.9);
    assertThat(statistics.rows())
        .extracting(GradientStatistics.Row::name)
        .containsExactlyInAnyOrder("0.weight", "0.bias", "1", "2.weight", "2.bias");
  }

  @Test
  void aRunThatIsTakenUpAgainGoesOnToTheSameBits() {
    String net = "Linear(2, 8), BatchNorm1d(8), ReLU(), Dropout(0.5), Linear(8, 2)";
    Dataset data = clouds(DType.FLOAT32);
    Trainer whole = trainer(net, SETTINGS, DType.FLOAT32);
    for (int epoch = 0; epoch < 4; epoch++) {
      whole.epoch(data, epoch, 0.01, null, (samples, score) -> {});
    }
    Trainer first = trainer(net, SETTINGS, DType.FLOAT32);
    for (int epoch = 0; epoch < 2; epoch++) {
      first.epoch(data, epoch, 0.01, null, (samples, score) -> {});
    }
    Trainer second =
        new Trainer(
            parse(net),
            new int[] {2},
            Loss.of(LossKind.CROSS_ENTROPY),
            OptimizerSettings.of("adam"),
            SETTINGS,
            first.weights());
    second.resume(first.state(), first.steps(), "STATE");
    for (int epoch = 2; epoch < 4; epoch++) {
      second.epoch(data, epoch, 0.01, null, (samples, score) -> {});
    }
    assertThat(second.weights()).isEqualTo(whole.weights());
  }

  @Test
  void aUnitIsDeadIfItNeverFiresInTheWholeEpoch() {
    Dataset data = clouds(DType.FLOAT64);
    Trainer trainer = trainer("Linear(2, 4), ReLU(), Linear(4, 2)", SETTINGS, DType.FLOAT64);
    // The first unit can never fire; the second fires for every sample.
    Arrays.fill(trainer.weights().get("0.weight").doubles(), 0);
    double[] bias = {-1, 1, 1, 1};
    System.arraycopy(bias, 0, trainer.weights().get("0.bias").doubles(), 0, 4);
    GradientStatistics statistics = trainer.statistics();
    trainer.epoch(data, 0, 0, statistics, (samples, score) -> {});
    assertThat(statistics.mostDead()).isEqualTo(0.25);
    assertThat(statistics.rows().get(0).name()).isIn("1", "0.weight");
  }

  @Test
  void aLossThatIsNoNumberStopsWithItsStep() {
    Trainer trainer = trainer("Linear(2, 2)", SETTINGS, DType.FLOAT64);
    trainer.weights().get("0.bias").doubles()[0] = Double.NaN;
    assertThatThrownBy(
            () -> trainer.epoch(clouds(DType.FLOAT64), 0, 0.1, null, (samples, score) -> {}))
        .isInstanceOf(NonFiniteLoss.class)
        .hasMessageStartingWith("the loss is NaN at step 1; it began in layer '0' Linear(2, 2)");
  }

  @Test
  void clippingBoundsTheStep() {
    Trainer.Settings clipped = new Trainer.Settings(60, false, 1e-3, 3, null);
    Trainer trainer =
        new Trainer(
            parse("Linear(2, 2)"),
            new int[] {2},
            Loss.of(LossKind.CROSS_ENTROPY),
            OptimizerSettings.of("sgd"),
            clipped,
            RunnableNetwork.of(parse("Linear(2, 2)"), 1, 2).initialWeights(DType.FLOAT64, 1));
    double[] before = trainer.weights().get("0.weight").doubles().clone();
    double[] bias = trainer.weights().get("0.bias").doubles().clone();
    trainer.epoch(clouds(DType.FLOAT64), 0, 1, null, (samples, score) -> {});
    double squares = 0;
    for (int i = 0; i < 4; i++) {
      squares += Math.pow(trainer.weights().get("0.weight").doubles()[i] - before[i], 2);
    }
    for (int i = 0; i < 2; i++) {
      squares += Math.pow(trainer.weights().get("0.bias").doubles()[i] - bias[i], 2);
    }
    assertThat(Math.sqrt(squares)).isCloseTo(1e-3, within(1e-8));
  }

  @Test
  void schedules() {
    double[] none = {};
    assertThat(Schedule.parse("constant").factor(5, 10, none)).isEqualTo(1);
    assertThat(Schedule.parse("cosine").factor(5, 10, none)).isCloseTo(0.5, within(1e-12));
    assertThat(Schedule.parse("step:2:0.1").factor(5, 10, none)).isCloseTo(0.01, within(1e-12));
    assertThat(Schedule.parse("warmup:3+cosine").factor(0, 10, none)).isEqualTo(0.25);
    double[] losses = {3, 2, 2, 2, 1};
    assertThat(Schedule.parse("plateau:2:0.5").factor(4, 10, losses)).isEqualTo(0.5);
    for (String wrong :
        List.of("cosin", "step", "step:0:1", "step:1:2", "warmup:x", "step:1:0.1:2")) {
      assertThatThrownBy(() -> Schedule.parse(wrong))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("'" + wrong + "' is no schedule");
    }
  }
}
