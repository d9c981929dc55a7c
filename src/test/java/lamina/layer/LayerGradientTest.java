package lamina.layer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import lamina.network.LayerAnalysis;
import lamina.network.Network;
import lamina.network.RunnableNetwork;
import lamina.tensor.DType;
import lamina.tensor.RandomNumbers;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.text.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every layer forward and backward on a pass: the output has the shape that the shape rule says,
 * and all gradients are those of central differences. A layer without a case fails.
 */
class LayerGradientTest {
  private static final double STEP = 1e-6;

  /** A layer and the shapes to run it on. */
  private record Case(String layer, String... shapes) {}

  private static final List<Case> CASES =
      List.of(
          new Case("Conv1d(2, 3, 3, stride=2, padding=1)", "2x2x7", "2x6"),
          new Case("Conv1d(2, 2, 2, padding='same', dilation=2, bias=False)", "1x2x5"),
          new Case("Conv2d(2, 4, (3, 2), stride=(2, 1), padding=(1, 0), groups=2)", "2x2x5x4"),
          new Case("Conv2d(1, 2, 3, padding=1, padding_mode='reflect')", "1x4x5", "2x1x3x4"),
          new Case("Conv2d(1, 2, 3, padding=2, padding_mode='circular')", "1x1x4x4"),
          new Case("Conv2d(1, 2, 3, padding=1, padding_mode='replicate')", "1x1x4x4"),
          new Case("Conv3d(1, 2, 2, stride=2, padding=1)", "1x1x3x4x3"),
          new Case("LazyConv1d(3, 3)", "2x2x5"),
          new Case("LazyConv2d(2, 3, bias=False)", "2x2x4x5"),
          new Case("LazyConv3d(1, 2)", "1x2x3x3x2"),
          new Case("ConvTranspose1d(2, 3, 3, stride=2, padding=1, output_padding=1)", "2x2x4"),
          new Case("ConvTranspose2d(2, 4, 3, stride=2, groups=2, dilation=2)", "1x2x3x2", "2x2x3"),
          new Case("ConvTranspose3d(1, 2, 2, bias=False)", "1x1x2x3x2"),
          new Case("LazyConvTranspose1d(2, 2)", "1x3x4"),
          new Case("LazyConvTranspose2d(2, 2)", "1x3x2x3"),
          new Case("LazyConvTranspose3d(2, 2)", "1x2x2x2x2"),
          new Case("MaxPool1d(3, 2, 1)", "2x2x7", "2x6"),
          new Case("MaxPool2d(2, ceil_mode=True)", "1x2x5x5"),
          new Case("MaxPool2d(3, stride=1, dilation=2)", "1x1x6x5"),
          new Case("MaxPool3d(2)", "1x2x4x4x5"),
          new Case("AvgPool1d(3, 2, 1, count_include_pad=False)", "2x2x7"),
          new Case("AvgPool2d(3, 2, 1, ceil_mode=True)", "1x2x6x5", "2x5x5"),
          new Case("AvgPool2d(2, divisor_override=3)", "1x1x4x4"),
          new Case("AvgPool3d(2)", "1x1x4x5x4"),
          new Case("LPPool1d(2, 3)", "1x2x7"),
          new Case("LPPool2d(2, 2, ceil_mode=True)", "1x2x5x4"),
          new Case("LPPool3d(2, 2)", "1x1x4x4x4"),
          new Case("AdaptiveAvgPool1d(3)", "2x2x7"),
          new Case("AdaptiveAvgPool2d((3, None))", "1x2x5x4"),
          new Case("AdaptiveAvgPool3d(2)", "1x1x3x4x5"),
          new Case("AdaptiveMaxPool1d(3)", "2x2x7"),
          new Case("AdaptiveMaxPool2d((None, 2))", "1x2x4x5"),
          new Case("AdaptiveMaxPool3d(2)", "1x1x3x4x5"),
          new Case("Linear(4, 3)", "4", "2x4", "2x3x4"),
          new Case("Linear(4, 1, bias=False)", "3x4"),
          new Case("LazyLinear(2)", "3x5"),
          new Case("NonDynamicallyQuantizableLinear(3, 2)", "2x3"),
          new Case("Flatten()", "2x3x4", "2x2x3x2"),
          new Case("Flatten(1, 2)", "2x3x2x2"),
          new Case("Unflatten(1, (2, -1))", "3x6"),
          new Case("RNN(3, 4)", "5x3", "5x2x3"),
          new Case("RNN(3, 4, 2, nonlinearity='relu', bidirectional=True)", "4x2x3"),
          new Case("LSTM(3, 2, num_layers=2, batch_first=True)", "2x5x3", "4x3"),
          new Case("LSTM(2, 3, bidirectional=True, bias=False)", "3x2x2"),
          new Case("GRU(2, 3, num_layers=2, bidirectional=True, dropout=0.5)", "4x2x2"),
          new Case("Embedding(6, 3)", "4", "2x4"),
          new Case("Embedding(6, 3, padding_idx=-2)", "2x6"),
          new Case("BatchNorm1d(3)", "5x3", "2x3x4"),
          new Case("BatchNorm2d(2, momentum=None)", "2x2x3x3"),
          new Case("BatchNorm3d(2, affine=False)", "2x2x2x2x3"),
          new Case("BatchNorm2d(2, track_running_stats=False)", "3x2x2x2"),
          new Case("LazyBatchNorm1d()", "4x3"),
          new Case("LazyBatchNorm2d()", "2x2x3x2"),
          new Case("LazyBatchNorm3d()", "2x2x2x2x2"),
          new Case("InstanceNorm1d(2)", "3x2x4", "2x4"),
          new Case("InstanceNorm2d(2, affine=True)", "2x2x3x3", "2x3x3"),
          new Case("InstanceNorm2d(2, affine=True, track_running_stats=True)", "2x2x3x3"),
          new Case("InstanceNorm3d(2)", "1x2x2x3x2"),
          new Case("LazyInstanceNorm1d()", "2x3x4"),
          new Case("LazyInstanceNorm2d()", "2x2x3x3"),
          new Case("LazyInstanceNorm3d()", "1x2x2x2x3"),
          new Case("LayerNorm((3, 4))", "2x3x4", "3x4"),
          new Case("LayerNorm(4, elementwise_affine=False)", "2x4"),
          new Case("LayerNorm(4, bias=False)", "2x4"),
          new Case("GroupNorm(2, 4)", "2x4x3"),
          new Case("GroupNorm(1, 2, affine=False)", "2x2x3x2"),
          new Case("LocalResponseNorm(3, alpha=0.5)", "2x4x3"),
          new Case("RMSNorm(4)", "3x4"),
          new Case("RMSNorm((2, 3), eps=0.1, elementwise_affine=False)", "2x2x3"),
          new Case("Dropout(0.4)", "4x5"),
          new Case("Dropout1d(0.4)", "3x4x5"),
          new Case("Dropout2d(0.4)", "3x4x2x2"),
          new Case("Dropout3d(0.4)", "2x4x2x2x1"),
          new Case("AlphaDropout(0.4)", "4x5"),
          new Case("FeatureAlphaDropout(0.4)", "3x4x2"),
          new Case("ReLU()", "3x4"),
          new Case("ReLU6()", "3x4"),
          new Case("LeakyReLU(0.2)", "3x4"),
          new Case("PReLU()", "3x4"),
          new Case("PReLU(3, init=0.1)", "2x3x4"),
          new Case("RReLU()", "3x4"),
          new Case("ELU(0.7)", "3x4"),
          new Case("CELU(0.7)", "3x4"),
          new Case("SELU()", "3x4"),
          new Case("GELU()", "3x4"),
          new Case("GELU(approximate='tanh')", "3x4"),
          new Case("SiLU()", "3x4"),
          new Case("Mish()", "3x4"),
          new Case("Sigmoid()", "3x4"),
          new Case("LogSigmoid()", "3x4"),
          new Case("Hardsigmoid()", "3x4"),
          new Case("Tanh()", "3x4"),
          new Case("Hardtanh(-0.5, 0.8)", "3x4"),
          new Case("Tanhshrink()", "3x4"),
          new Case("Softshrink(0.3)", "3x4"),
          new Case("Hardshrink(0.3)", "3x4"),
          new Case("Softplus(2, 1)", "3x4"),
          new Case("Softsign()", "3x4"),
          new Case("Hardswish()", "3x4"),
          new Case("Threshold(0.1, -2)", "3x4"),
          new Case("GLU(1)", "2x4x3"),
          new Case("Softmax(1)", "2x4x3"),
          new Case("Softmax()", "2x4"),
          new Case("LogSoftmax(-1)", "2x4"),
          new Case("Softmin(-1)", "2x4"),
          new Case("Softmax2d()", "2x3x2x2"),
          new Case("Upsample(scale_factor=2)", "1x2x3", "1x2x3x2"),
          new Case("Upsample(size=(5, 4), mode='bilinear')", "1x2x3x3"),
          new Case("Upsample(scale_factor=1.5, mode='bicubic')", "1x1x4x4"),
          new Case("Upsample(scale_factor=2, mode='linear', align_corners=True)", "1x2x3"),
          new Case("Upsample(size=3, mode='trilinear')", "1x1x2x2x2"),
          new Case("Upsample(size=5, mode='nearest-exact')", "1x2x3"),
          new Case("UpsamplingNearest2d(scale_factor=2)", "1x2x2x3"),
          new Case("UpsamplingBilinear2d(size=5)", "1x2x3x3"),
          new Case("ZeroPad1d(2)", "2x2x3"),
          new Case("ZeroPad2d((1, 2, 0, -1))", "2x3x4"),
          new Case("ZeroPad3d(1)", "1x1x2x2x2"),
          new Case("ConstantPad1d(2, 3.5)", "2x2x3"),
          new Case("ConstantPad2d((1, 0, 2, 1), -1)", "1x2x3x3"),
          new Case("ConstantPad3d(1, 0.5)", "1x1x2x2x2"),
          new Case("ReflectionPad1d(2)", "2x2x4"),
          new Case("ReflectionPad2d((1, 2, 0, 1))", "1x2x3x3"),
          new Case("ReflectionPad3d(1)", "1x1x2x3x2"),
          new Case("ReplicationPad1d(3)", "2x2x3"),
          new Case("ReplicationPad2d(2)", "1x2x2x3"),
          new Case("ReplicationPad3d(1)", "1x1x2x2x2"),
          new Case("CircularPad1d(2)", "2x2x3"),
          new Case("CircularPad2d((1, 2, 0, 1))", "1x2x3x3"),
          new Case("CircularPad3d(1)", "1x1x2x2x2"),
          new Case("PixelShuffle(2)", "1x8x2x3", "4x2x2"),
          new Case("PixelUnshuffle(2)", "1x2x4x6"),
          new Case("Identity()", "2x3"),
          new Case("Tokenize('patches', 2, stride=1)", "2x2x3x4", "1x3x3"),
          new Case("Tokenize('windows', 5, remainder='pad', order='snake')", "2x1x3x4"),
          new Case("Select(1, -1)", "2x3x4"),
          new Case("Select(-1, 0)", "2x3"),
          new Case("Narrow(1, 1, 2)", "2x4x3"),
          new Case("Narrow(-1, 0, 1)", "2x3"),
          new Case("Permute(0, 2, 1)", "2x3x4"),
          new Case("Permute((1, -1, 0))", "2x3x4"),
          new Case("Transpose(1, -1)", "2x3x4x2"),
          new Case("Mean(1)", "2x3x4"),
          new Case("Chunk(2, dim=1)", "2x3x4"),
          new Case("Chunk(2, -2, 1)", "2x3x4"),
          new Case("ChannelShuffle(2)", "2x6x2x3"),
          new Case("Slice(1, 1, -1)", "2x5x3"),
          new Case("Slice(-1, -3, None, 2)", "2x3x5"),
          new Case("View(2, -1)", "2x3x4"),
          new Case("Squeeze()", "2x1x3x1"),
          new Case("Squeeze((1, -1))", "2x1x3x1"),
          new Case("Unsqueeze(1)", "2x3"),
          new Case("Unsqueeze(-1)", "2x3"),
          new Case("Affine(-0.5, 2)", "2x3"),
          new Case("Power(2)", "2x3"),
          new Case("Power(3)", "2x3"),
          new Case("LayerNorm2d(4)", "2x4x3x2"),
          new Case("LayerNorm2d((3,), eps=0.01, elementwise_affine=False)", "2x3x2x2"),
          new Case("StochasticDepth(0.4, mode=row)", "5x3x2"),
          new Case("StochasticDepth(p=0.4, mode=batch)", "3x2"),
          new Case("DropPath(drop_prob=0.4)", "5x3x2"),
          new Case("Mean((1, -1), keepdim=True)", "2x3x4x2"),
          new Case(
              "Embedding(6, 3), LSTM(3, 2, batch_first=True), Select(1, -1), Linear(2, 2)",
              "2x4",
              "4"),
          new Case(
              "Conv2d(1, 2, 3, padding=1), BatchNorm2d(2), Tanh(), MaxPool2d(2), Flatten(),"
                  + " Linear(8, 2), LogSoftmax(-1)",
              "2x1x4x4",
              "1x4x4"),
          new Case("Sequential(Linear(3, 4), Tanh(), Linear(4, 2))", "2x3"),
          new Case(branches("'type':'Add'"), "2x1x4x5", "1x3x3"),
          new Case(branches("'type':'Mul'"), "2x1x4x5", "1x3x3"),
          new Case(branches("'type':'Maximum'"), "2x1x4x5", "1x3x3"),
          new Case(branches("'type':'Minimum'"), "2x1x4x5", "1x3x3"),
          new Case(
              branches("'type':'MatMul'").replace("[\"a\",\"b\",\"a\"]", "[\"a\",\"b\"]"),
              "2x1x4x4",
              "1x3x3"),
          new Case(branches("'type':'Concat','dim':1"), "2x1x4x5"),
          new Case(branches("'type':'Concat','dim':-1"), "2x1x4x5"));

  /** Two convolutions of the input and their joint, which takes one of them twice. */
  private static String branches(String joint) {
    String conv = "'type':'Conv2d','in_channels':1,'out_channels':2,'kernel_size':3,'padding':1";
    return ("[{'name':'a',"
            + conv
            + "},{'name':'b',"
            + conv
            + ",'inputs':['input']},{"
            + joint
            + ",'inputs':['a','b','a']},{'type':'Tanh'}]")
        .replace('\'', '"');
  }

  static Stream<Case> cases() {
    return CASES.stream();
  }

  @Test
  void everyLayerHasACase() {
    Set<String> missing = new TreeSet<>(LayerRegistry.names());
    for (Case c : CASES) {
      missing.removeIf(
          name -> c.layer.startsWith(name + "(") || c.layer.contains("\"type\":\"" + name + "\""));
    }
    assertThat(missing).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void gradientsAreThoseOfCentralDifferences(Case c) {
    for (String shape : c.shapes) {
      for (long seed = 1; seed <= 3; seed++) {
        check(c.layer, shape, seed, false);
        check(c.layer, shape, seed, true);
      }
    }
  }

  /** The shape rule, on symbols, and the arithmetic must not drift apart. */
  @ParameterizedTest
  @MethodSource("cases")
  void outputsHaveTheShapeOfTheRule(Case c) {
    int ran = 0;
    for (String shape : c.shapes) {
      for (long seed = 1; seed <= 20; seed++) {
        int[] sizes = Shape.parse(shape).sizes();
        RandomNumbers random = new RandomNumbers(seed);
        for (int axis = 0; seed > 1 && axis < sizes.length; axis++) {
          sizes[axis] += random.nextInt(4);
        }
        Network network = Network.parse(c.layer, "NET", Compatibility.TORCH);
        RunnableNetwork model;
        try {
          model = RunnableNetwork.of(network, sizes);
        } catch (InputException doesNotFit) {
          continue;
        }
        ran++;
        Tensor x = Tensor.zeros(DType.FLOAT32, sizes);
        Tensor y = model.forward(x, model.initialWeights(DType.FLOAT32, seed), Pass.inference());
        assertThat(y.shape())
            .as("%s on %s, seed %s", c.layer, Tensor.text(sizes), seed)
            .containsExactly(model.report().output().sizes());
      }
    }
    assertThat(ran).isPositive();
  }

  /** Whatever the input, a layer either computes or says why not. */
  @ParameterizedTest
  @MethodSource("cases")
  void refusesWhatDoesNotFitWithAReason(Case c) {
    for (long seed = 1; seed <= 60; seed++) {
      RandomNumbers random = new RandomNumbers(seed);
      int[] sizes = new int[random.nextInt(7)];
      for (int axis = 0; axis < sizes.length; axis++) {
        sizes[axis] = 1 + random.nextInt(5);
      }
      String what = c.layer + " on " + Tensor.text(sizes) + ", seed " + seed;
      try {
        Network network = Network.parse(c.layer, "NET", Compatibility.TORCH);
        RunnableNetwork model = RunnableNetwork.of(network, sizes);
        Map<String, Tensor> weights = model.initialWeights(DType.FLOAT64, seed);
        Pass pass = Pass.training(seed);
        Tensor y = model.forward(Tensor.zeros(DType.FLOAT64, sizes), weights, pass);
        assertThat(y.shape()).as(what).containsExactly(model.report().output().sizes());
        pass.backward(y, new Gradients());
      } catch (InputException e) {
        assertThat(e.getMessage()).as(what).isNotBlank();
      } catch (RuntimeException e) {
        throw new AssertionError(what, e);
      }
    }
  }

  private static void check(String layer, String shape, long seed, boolean training) {
    String what = layer + " on " + shape + ", seed " + seed + (training ? ", training" : "");
    int[] sizes = Shape.parse(shape).sizes();
    Network network = Network.parse(layer, "NET", Compatibility.TORCH);
    RunnableNetwork model = RunnableNetwork.of(network, sizes);
    RandomNumbers random = new RandomNumbers(seed);
    boolean indices = layer.startsWith("Embedding");
    Tensor x = Tensor.zeros(DType.FLOAT64, sizes);
    for (int i = 0; i < x.size(); i++) {
      x.doubles()[i] = indices ? random.nextInt(6) : random.nextGaussian();
      if (layer.startsWith("LPPool")) {
        x.doubles()[i] = Math.abs(x.doubles()[i]) + 0.1;
      }
    }
    Map<String, Tensor> weights = model.initialWeights(DType.FLOAT64, seed);
    // Scales of 1 and shifts of 0 would hide mistakes.
    for (Tensor weight : weights.values()) {
      if (weight.dtype() == DType.FLOAT64) {
        for (int i = 0; i < weight.size(); i++) {
          weight.doubles()[i] += 0.3 * random.nextDouble();
        }
      }
    }
    Probe probe = new Probe(model, x, weights, training, seed);
    Pass pass = training ? Pass.training(seed) : Pass.evaluation();
    List<LayerAnalysis> ran = new ArrayList<>();
    Tensor y =
        model.forward(x, new LinkedHashMap<>(weights), pass, (report, output) -> ran.add(report));
    assertThat(ran).as(what).isNotEmpty();
    assertThat(y.shape()).as(what).containsExactly(model.report().output().sizes());
    probe.dy = Tensor.zeros(DType.FLOAT64, y.shape());
    for (int i = 0; i < y.size(); i++) {
      probe.dy.doubles()[i] = random.nextGaussian();
    }
    Gradients gradients = new Gradients();
    Tensor dx = pass.backward(probe.dy, gradients);
    int checked = 0;
    if (indices) {
      assertThat(dx).as(what).isNull();
    } else {
      assertThat(dx.shape()).as(what).containsExactly(sizes);
      checked += probe.compare(what + ": input", x, dx);
    }
    Set<String> trained = new TreeSet<>();
    model
        .parameters()
        .forEach(
            (name, parameter) -> {
              if (parameter.trained()) {
                trained.add(name);
              }
            });
    assertThat(new TreeSet<>(gradients.byName().keySet())).as(what).isEqualTo(trained);
    for (String name : trained) {
      Tensor gradient = gradients.byName().get(name);
      assertThat(gradient.shape()).as(what + name).containsExactly(weights.get(name).shape());
      if (!(indices && layer.contains("padding_idx"))) {
        checked += probe.compare(what + ": " + name, weights.get(name), gradient);
      }
    }
    int all =
        (indices ? 0 : x.size()) + trained.stream().mapToInt(n -> weights.get(n).size()).sum();
    // Elements near kinks are skipped; they must be few.
    assertThat(checked)
        .as(what + ": elements compared of " + all)
        .isGreaterThanOrEqualTo(layer.contains("padding_idx") ? 0 : all * 3 / 4);
  }

  /** The sum of the outputs times dy, and how it changes with single elements. */
  private static final class Probe {
    private final RunnableNetwork model;
    private final Tensor x;
    private final Map<String, Tensor> weights;
    private final boolean training;
    private final long seed;
    private Tensor dy;

    Probe(
        RunnableNetwork model, Tensor x, Map<String, Tensor> weights, boolean training, long seed) {
      this.model = model;
      this.x = x;
      this.weights = weights;
      this.training = training;
      this.seed = seed;
    }

    private double value() {
      Pass pass = training ? Pass.training(seed) : Pass.inference();
      Tensor y = model.forward(x, new LinkedHashMap<>(weights), pass);
      double sum = 0;
      for (int i = 0; i < y.size(); i++) {
        sum += y.get(i) * dy.get(i);
      }
      return sum;
    }

    private double valueAt(Tensor tensor, int index, double change) {
      double before = tensor.doubles()[index];
      tensor.doubles()[index] = before + change;
      double value = value();
      tensor.doubles()[index] = before;
      return value;
    }

    /**
     * The number of elements compared; those where the slope jumps within the step are left out.
     */
    int compare(String what, Tensor tensor, Tensor gradient) {
      int compared = 0;
      double here = value();
      for (int i = 0; i < tensor.size(); i++) {
        double right = (valueAt(tensor, i, STEP) - here) / STEP;
        double left = (here - valueAt(tensor, i, -STEP)) / STEP;
        double slope = (right + left) / 2;
        double scale = 1 + Math.abs(slope);
        if (Math.abs(right - left) > 1e-3 * scale) {
          continue;
        }
        compared++;
        assertThat(Math.abs(gradient.get(i) - slope) / scale)
            .as("%s, element %s: gradient %s, difference %s", what, i, gradient.get(i), slope)
            .isLessThan(2e-6);
      }
      return compared;
    }
  }
}
