package lamina.op;

import static lamina.Golden.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import lamina.Golden;
import lamina.kernel.SpecialFunctions;
import lamina.op.activation.ActivationKind;
import lamina.op.activation.Activations;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ActivationTest {
  private static Stream<Golden> golden() {
    return Golden.read("activation").stream();
  }

  private static Stream<ActivationKind> kinds() {
    return Activations.ALL.stream();
  }

  /** Those of single elements; gradientsAlongAnAxis is about the others. */
  private static Stream<ActivationKind> kindsOfElements() {
    return kinds().filter(kind -> !kind.hasAxis());
  }

  /** The case's function, from PyTorch's argument names. */
  private static Activation function(Golden golden) {
    ActivationKind kind =
        golden.op().equals("gelu") && golden.args().get("approximate").equals("tanh")
            ? Activations.of("gelu-tanh")
            : Activations.of(golden.op());
    List<Double> numbers = new ArrayList<>();
    for (Object value : golden.args().values()) {
      if (value instanceof Number number) {
        numbers.add(number.doubleValue());
      }
    }
    if (kind.hasAxis()) {
      return Activation.of(kind).along(golden.integer("dim"));
    }
    return switch (numbers.size()) {
      case 0 -> Activation.of(kind);
      case 1 -> Activation.of(kind, numbers.get(0));
      default -> Activation.of(kind, numbers.get(0), numbers.get(1));
    };
  }

  @ParameterizedTest
  @MethodSource("golden")
  void agreesWithPyTorchInFloat64(Golden golden) {
    check(golden, DType.FLOAT64, 1e-9, 1e-14);
  }

  /** Inputs round to 6e-8; the functions of these cases magnify that at most a hundred times. */
  @ParameterizedTest
  @MethodSource("golden")
  void agreesWithPyTorchInFloat32(Golden golden) {
    check(golden, DType.FLOAT32, 1e-5, 1e-6);
  }

  private static void check(Golden golden, DType dtype, double rtol, double atol) {
    Tensor x = golden.input("x", dtype);
    Tensor dy = golden.input("dy", dtype);
    String name = golden.name() + golden.args();
    // PyTorch multiplies by the float32 value of 1/6 in these gradients.
    double gradientRtol = golden.op().startsWith("hards") ? Math.max(1e-6, rtol) : rtol;
    if (golden.op().equals("prelu")) {
      Tensor slope = golden.input("weight", dtype);
      assertClose(name, PRelu.forward(x, slope), golden.output(), rtol, atol);
      PRelu.Gradients gradients = PRelu.backward(x, slope, dy);
      assertClose(name + " dx", gradients.input(), golden.grads().get("x"), rtol, atol);
      assertClose(name + " dw", gradients.slope(), golden.grads().get("weight"), rtol, atol);
      return;
    }
    Activation function = function(golden);
    Tensor y = function.forward(x);
    assertThat(y.dtype()).isEqualTo(dtype);
    assertClose(name, y, golden.output(), rtol, atol);
    assertClose(
        name + " gradient",
        function.backward(x, dy),
        golden.grads().get("x"),
        gradientRtol,
        gradientTolerance(golden, atol));
  }

  /** PyTorch's 1 − y² and y (1 − y) cancel in the tails, by up to an ulp of 1 times dy. */
  private static double gradientTolerance(Golden golden, double atol) {
    return switch (golden.op()) {
      case "tanh", "sigmoid", "gelu", "mish" -> Math.max(atol, 1e-12);
      default -> atol;
    };
  }

  @ParameterizedTest
  @MethodSource("kindsOfElements")
  void derivativeIsTheSlopeOfTheFunction(ActivationKind kind) {
    Activation function =
        kind.label().equals("threshold") ? Activation.of(kind, 0.5, -2) : Activation.of(kind);
    long seed = 7301L + kind.label().length();
    Random random = new Random(seed);
    double h = 1e-5;
    int skipped = 0;
    for (int i = 0; i < 2000; i++) {
      double x = random.nextGaussian() * 4;
      if (Arrays.stream(function.kinks()).anyMatch(kink -> Math.abs(kink - x) <= h)) {
        skipped++;
        continue;
      }
      double slope = (function.value(x + h) - function.value(x - h)) / (2 * h);
      assertThat(function.derivative(x))
          .as("%s'(%s), seed %s", kind.label(), x, seed)
          .isCloseTo(slope, within(1e-8));
    }
    assertThat(skipped).isLessThan(10);
  }

  @Test
  void gradientsAlongAnAxis() {
    for (ActivationKind kind :
        List.of(
            Activations.of("softmax"),
            Activations.of("log-softmax"),
            Activations.of("softmin"),
            Activations.of("glu"))) {
      for (int axis = -3; axis < 3; axis++) {
        Activation function = Activation.of(kind).along(axis);
        GradientCheck.of(
            kind.label() + " axis " + axis,
            function::forward,
            (x, dy) -> function.backward(x, dy),
            new int[] {2, 4, 6},
            11);
      }
    }
  }

  @Test
  void kinksFollowTheRules() {
    assertThat(Activation.byName("relu").derivative(0)).isZero();
    assertThat(Activation.of(Activations.of("leaky-relu"), 0.2).derivative(0)).isEqualTo(0.2);
    assertThat(Activation.of(Activations.of("elu"), 0.5).derivative(0)).isEqualTo(0.5);
    assertThat(Activation.byName("hard-swish").derivative(-3)).isEqualTo(-0.5);
    assertThat(Activation.byName("hard-swish").derivative(3)).isEqualTo(1);
    for (String name :
        List.of("hard-tanh", "hard-sigmoid", "relu6", "soft-shrink", "hard-shrink")) {
      Activation function = Activation.byName(name);
      for (double kink : function.kinks()) {
        assertThat(function.derivative(kink)).as(name).isZero();
      }
      assertThat(function.kinks()).as(name).hasSize(2);
    }
    Tensor x = Tensor.of(new double[] {-2, 0, 3}, 3);
    Tensor ones = Tensor.of(new double[] {1, 1, 1}, 3);
    Tensor slope = Tensor.of(new double[] {0.5}, 1);
    assertThat(PRelu.backward(x, slope, ones).slope().get(0)).isEqualTo(-2);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void neverOverflows(ActivationKind kind) {
    Activation function =
        kind.label().equals("threshold") ? Activation.of(kind, 0.5, -2) : Activation.of(kind);
    for (DType dtype : List.of(DType.FLOAT64, DType.FLOAT32)) {
      Tensor x = Tensor.of(new double[] {-1e30, -1e3, -800, -90, 90, 800, 1e3, 1e30}, 8).as(dtype);
      Tensor y = function.forward(x);
      Tensor dx = function.backward(x, filled(y, 1));
      for (int i = 0; i < y.size(); i++) {
        assertThat(y.get(i)).as("%s of %s", kind.label(), x.get(i)).isFinite();
      }
      for (int i = 0; i < dx.size(); i++) {
        assertThat(dx.get(i)).as("%s' at %s", kind.label(), x.get(i)).isFinite();
      }
    }
  }

  private static Tensor filled(Tensor like, double value) {
    double[] data = new double[like.size()];
    Arrays.fill(data, value);
    return Tensor.of(data, like.shape()).as(like.dtype());
  }

  @Test
  void keepsDigitsWherePlainFormulasLoseThem() {
    assertSameDigits(value("log-sigmoid", 40), -4.248354255291589e-18);
    assertSameDigits(value("softplus", -40), 4.248354255291589e-18);
    assertSameDigits(value("gelu", -10), -7.619853024160528e-23);
    assertSameDigits(value("silu", -100), -100 * 3.720075976020836e-44);
    assertSameDigits(value("mish", -40), -40 * 4.248354255291589e-18);
    assertSameDigits(value("tanh-shrink", 1e-3), 3.33333200000054e-10);
    assertSameDigits(Activation.byName("tanh").derivative(20), 4 * Math.exp(-40));
    assertSameDigits(Activation.byName("sigmoid").derivative(40), 4.248354255291589e-18);
  }

  private static double value(String name, double x) {
    return Activation.byName(name).value(x);
  }

  private static void assertSameDigits(double actual, double expected) {
    assertThat(actual).isCloseTo(expected, within(1e-13 * Math.abs(expected)));
  }

  @Test
  void softmaxOfLargeLogitsByHand() {
    Tensor x = Tensor.of(new double[] {1000, 1000, -1000}, 3);

    assertThat(Activation.byName("softmax").forward(x))
        .isEqualTo(Tensor.of(new double[] {0.5, 0.5, 0}, 3));
    assertThat(Activation.byName("softmin").forward(x))
        .isEqualTo(Tensor.of(new double[] {0, 0, 1}, 3));
    assertThat(Activation.byName("log-softmax").forward(x).get(2))
        .isCloseTo(-2000 - Math.log(2), within(1e-12));
  }

  @Test
  void notANumberStaysOne() {
    Tensor x = Tensor.of(new double[] {Double.NaN, 1}, 2);
    for (ActivationKind kind : Activations.ALL) {
      Activation function =
          kind.label().equals("threshold") ? Activation.of(kind, 0.5, -2) : Activation.of(kind);
      assertThat(function.forward(x).get(0)).as(kind.label()).isNaN();
    }
  }

  @Test
  void infinitiesHaveTheirLimits() {
    for (String name : List.of("gelu", "gelu-tanh", "silu", "mish", "hard-swish", "relu")) {
      assertThat(value(name, Double.NEGATIVE_INFINITY)).as(name).isZero();
      assertThat(value(name, Double.POSITIVE_INFINITY)).as(name).isEqualTo(1 / 0.0);
    }
    assertThat(value("softsign", Double.NEGATIVE_INFINITY)).isEqualTo(-1);
  }

  @Test
  void slopeOneIsTheIdentity() {
    Tensor x = Tensor.of(new double[] {-3.7, -0.0, 0, 1e-300, 5}, 5);

    assertThat(Activation.of(Activations.of("leaky-relu"), 1).forward(x)).isEqualTo(x);
  }

  @Test
  void randomReluUsesItsMeanSlopeInEvaluation() {
    Tensor x = Tensor.of(new double[] {-24, 2}, 2);

    assertThat(Activation.byName("RReLU").forward(x))
        .isEqualTo(Tensor.of(new double[] {-5.5, 2}, 2));
  }

  @Test
  void errorFunctionsKeepTheirBound() {
    // Computed with 40 digits.
    double[][] table = {
      {1e-300, 1.1283791670955126e-300, 1},
      {0.1, 0.11246291601828488, 0.887537083981715},
      {0.5, 0.5204998778130465, 0.4795001221869535},
      {0.75, 0.7111556336535151, 0.28884436634648486},
      {1, 0.8427007929497149, 0.15729920705028513},
      {1.5, 0.9661051464753108, 0.033894853524689274},
      {2, 0.9953222650189527, 0.004677734981047266},
      {3, 0.9999779095030014, 2.209049699858544e-05},
      {5, 0.9999999999984626, 1.537459794428035e-12},
      {10, 1, 2.088487583762545e-45},
      {20, 1, 5.395865611607901e-176},
      {26, 1, 5.663192408856143e-296},
      {30, 1, 0},
    };
    for (double[] row : table) {
      double x = row[0];
      assertThat(SpecialFunctions.erf(x)).isCloseTo(row[1], within(1e-15 * row[1]));
      assertThat(SpecialFunctions.erf(-x)).isEqualTo(-SpecialFunctions.erf(x));
      assertThat(SpecialFunctions.erfc(x)).isCloseTo(row[2], within(1e-15 * row[2]));
      assertThat(SpecialFunctions.erfc(-x)).isCloseTo(1 + row[1], within(1e-15 * 2));
    }
    assertThat(SpecialFunctions.erf(Double.NaN)).isNaN();
    assertThat(SpecialFunctions.erfc(Double.NaN)).isNaN();
  }

  @Test
  void emptyTensorsStayEmpty() {
    for (ActivationKind kind : Activations.ALL) {
      Activation function =
          kind.label().equals("threshold") ? Activation.of(kind, 0.5, -2) : Activation.of(kind);
      Tensor x = Tensor.zeros(DType.FLOAT64, 0, 4);
      Tensor y = function.forward(x);
      assertThat(y.shape()).containsExactly(0, kind.label().equals("glu") ? 2 : 4);
      assertThat(function.backward(x, y)).isEqualTo(x);
    }
  }

  @Test
  void namesForgiveCaseAndHyphens() {
    assertThat(Activations.of("leaky_relu")).isEqualTo(Activations.of("leaky-relu"));
    assertThat(Activations.of("LeakyReLU")).isEqualTo(Activations.of("leaky-relu"));
    assertThat(Activations.of("Hardtanh")).isEqualTo(Activations.of("hard-tanh"));
    assertThat(new ArrayList<>(Activations.labels()))
        .doesNotHaveDuplicates()
        .noneMatch(label -> Collections.frequency(Activations.labels(), label) > 1);
    assertThatThrownBy(() -> Activation.byName("sofmax"))
        .isInstanceOf(InputException.class)
        .hasMessage("unknown activation function 'sofmax'; did you mean 'softmax'?");
    assertThatThrownBy(() -> Activation.byName("convolve"))
        .hasMessageStartingWith(
            "unknown activation function 'convolve'; known are relu leaky-relu");
  }

  @Test
  void badParametersAndShapesAreRefused() {
    Tensor x = Tensor.zeros(DType.FLOAT64, 2, 3);
    refuses(() -> Activation.byName("threshold"), "threshold needs its parameter threshold");
    refuses(
        () -> Activation.of(Activations.of("hard-tanh"), 1, 1),
        "hard-tanh needs min < max, but min 1.0 and max 1.0");
    refuses(() -> Activation.of(Activations.of("celu"), 0), "celu needs an alpha other than 0");
    refuses(
        () -> Activation.of(Activations.of("soft-shrink"), -1),
        "soft-shrink needs a lambda of at least 0, not -1.0");
    refuses(
        () -> Activation.byName("glu").forward(x),
        "glu halves axis -1, but that has the odd size 3 in 2x3; choose an axis of even size");
    refuses(
        () -> Activation.byName("softmax").along(2).forward(x),
        "softmax along axis 2: the input of shape 2x3 has the axes -2 to 1");
    refuses(
        () -> Activation.byName("softmax").forward(Tensor.scalar(1)),
        "softmax along axis -1: the input of shape scalar has no axes");
    refuses(
        () -> Activation.byName("relu").backward(x, Tensor.zeros(DType.FLOAT64, 3, 2)),
        "the output's gradient has shape 3x2 but the output has 2x3");
    refuses(
        () -> PRelu.forward(x, Tensor.zeros(DType.FLOAT64, 2)),
        "prelu has slopes of shape 2 but the input of shape 2x3 has 3 channels (axis 1); give one"
            + " slope, or one a channel");
  }

  private static void refuses(Runnable action, String message) {
    assertThatThrownBy(action::run).isInstanceOf(InputException.class).hasMessage(message);
  }
}
