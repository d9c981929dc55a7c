package lamina.train;

import static lamina.Golden.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import lamina.Golden;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Optimisers against trajectories of PyTorch on {@code (w − t)ᵀ A (w − t) / 2} with a diagonal A,
 * and against steps worked by hand.
 */
class OptimizerTest {
  private static final double FLOAT64_RTOL = 1e-9;

  /** Of a float32: 2⁻²⁴. A dozen steps round a few times each, and 1/√v magnifies it. */
  private static final double ROUNDING = 0x1p-24;

  private static Stream<Golden> golden() {
    return Golden.read("optimizer").stream();
  }

  @ParameterizedTest
  @MethodSource("golden")
  void followsPyTorchInFloat64(Golden golden) {
    follow(golden, DType.FLOAT64, FLOAT64_RTOL, 1e-12);
  }

  @ParameterizedTest
  @MethodSource("golden")
  void followsPyTorchInFloat32(Golden golden) {
    follow(golden, DType.FLOAT32, 128 * ROUNDING, 32 * ROUNDING);
  }

  private static void follow(Golden golden, DType dtype, double rtol, double atol) {
    Optimizer rule = rule(golden);
    Tensor w = golden.input("start", dtype);
    Tensor target = golden.input("target", dtype);
    Tensor curvature = list(Golden.object(golden.json().get("inputs")).get("curvature"));
    List<Tensor> state = rule.start(w);
    List<?> trajectory = (List<?>) golden.json().get("trajectory");
    assertThat(trajectory).isNotEmpty();
    for (int step = 1; step <= trajectory.size(); step++) {
      double[] gradient = new double[w.size()];
      for (int i = 0; i < gradient.length; i++) {
        gradient[i] = curvature.get(i) * (w.get(i) - target.get(i));
      }
      rule.step(step, w, Tensor.of(gradient, w.shape()).as(dtype), state);
      assertClose(golden.name() + " step " + step, w, list(trajectory.get(step - 1)), rtol, atol);
    }
  }

  private static Tensor list(Object json) {
    double[] values =
        ((List<?>) json).stream().mapToDouble(v -> ((Number) v).doubleValue()).toArray();
    return Tensor.of(values, values.length);
  }

  private static Optimizer rule(Golden golden) {
    double lr = golden.number("lr");
    double decay = number(golden, "weight_decay", 0);
    double momentum = number(golden, "momentum", 0);
    double beta1 = beta(golden, 0, 0.9);
    double beta2 = beta(golden, 1, 0.999);
    double eps = number(golden, "eps", 1e-8);
    return switch (golden.op()) {
      case "SGD" ->
          new Sgd(lr, momentum, number(golden, "dampening", 0), decay, golden.flag("nesterov"));
      case "Adam", "AdamW" ->
          new Adam(
              lr, beta1, beta2, eps, decay, golden.op().equals("AdamW"), golden.flag("amsgrad"));
      case "RMSprop" ->
          new RmsProp(
              lr, number(golden, "alpha", 0.99), eps, decay, momentum, golden.flag("centered"));
      case "Adagrad" -> new Adagrad(lr, number(golden, "lr_decay", 0), decay, 1e-10);
      case "Adadelta" -> new Adadelta(lr, 0.9, 1e-6, decay);
      case "NAdam" -> new NAdam(lr, beta1, beta2, eps, decay, 4e-3);
      default -> throw new AssertionError("no test for " + golden.op());
    };
  }

  private static double number(Golden golden, String name, double otherwise) {
    return golden.args().containsKey(name) ? golden.number(name) : otherwise;
  }

  private static double beta(Golden golden, int index, double otherwise) {
    return golden.args().get("betas") instanceof List<?> betas
        ? ((Number) betas.get(index)).doubleValue()
        : otherwise;
  }

  /** Two steps from w = 2 by the gradients 4 and −2, worked by hand from the formulas. */
  static Stream<Arguments> workedByHand() {
    return Stream.of(
        Arguments.of(new Sgd(0.5, 0, 0, 0.25, false), -0.25, 0.78125),
        // v is 4, then 4/2 − 2·3/4; the first step is not dampened.
        Arguments.of(new Sgd(0.5, 0.5, 0.25, 0, false), 0, -0.25),
        // v is 4, then 0: d + v/2 is 6, then −2.
        Arguments.of(new Sgd(0.5, 0.5, 0, 0, true), -1, 0),
        // m/(1 − ½ᵗ) is 4, then 0; v/(1 − ¼ᵗ) is 16, then (12/4 + 4·3/4)·16/15.
        Arguments.of(new Adam(0.5, 0.5, 0.25, 0, 0, false, false), 1.5, 1.5),
        // The weight loses an eighth before each step.
        Arguments.of(new Adam(0.5, 0.5, 0.25, 0, 0.25, true, false), 1.25, 1.09375),
        // d is 4 + 2·2 and −2 + 2·3/2: m/(1 − ½ᵗ) is 8, then (2 + 1/2)·4/3; v is 48 both times,
        // as its largest.
        Arguments.of(
            new Adam(0.5, 0.5, 0.25, 0, 2, false, true),
            1.5,
            1.5 - 0.5 * (10.0 / 3) / Math.sqrt(48 * 16.0 / 15)),
        // s is 12, then 12/4 + 4·3/4.
        Arguments.of(
            new RmsProp(0.5, 0.25, 1, 0, 0, false),
            2 - 2 / (Math.sqrt(12) + 1),
            2 - 2 / (Math.sqrt(12) + 1) + 1 / (Math.sqrt(6) + 1)),
        Arguments.of(
            new RmsProp(0.5, 0.25, 1, 0, 0.5, false),
            2 - 2 / (Math.sqrt(12) + 1),
            2 - 3 / (Math.sqrt(12) + 1) + 1 / (Math.sqrt(6) + 1)),
        // a is 3, then 3/4 − 3/2.
        Arguments.of(
            new RmsProp(0.5, 0.25, 1, 0, 0, true),
            2 - 2 / (Math.sqrt(3) + 1),
            2 - 2 / (Math.sqrt(3) + 1) + 1 / (Math.sqrt(6 - 0.5625) + 1)),
        // s is 16, then 20; the rate is halved at the second step.
        Arguments.of(new Adagrad(1, 1, 0, 1), 1.2, 1.2 + 1 / (Math.sqrt(20) + 1)),
        // s is 12, then 6; u is 4/√13, its average 12/13.
        Arguments.of(
            new Adadelta(0.5, 0.25, 1, 0),
            2 - 2 / Math.sqrt(13),
            2 - 2 / Math.sqrt(13) + Math.sqrt((12.0 / 13 + 1) / 7)),
        // Without a decay of the momentum μ is always β₁/2 = 1/4: the factors are 1 of d and
        // 1/4 / (1 − 1/64) of m, then 3/4 / (1 − 1/16) of d; m is 2, then 0; v/(1 − ¼ᵗ) is 16,
        // then 6·16/15.
        Arguments.of(
            new NAdam(0.5, 0.5, 0.25, 0, 0, 0),
            2 - 0.5 * (4 + 32.0 / 63) / 4,
            2 - 0.5 * (4 + 32.0 / 63) / 4 + 0.5 * 0.8 * 2 / Math.sqrt(6.4)));
  }

  @ParameterizedTest
  @MethodSource("workedByHand")
  void takesStepsWorkedByHand(Optimizer rule, double first, double second) {
    for (DType dtype : new DType[] {DType.FLOAT64, DType.FLOAT32}) {
      double tolerance = dtype == DType.FLOAT64 ? 1e-14 : 8 * ROUNDING;
      Tensor w = Tensor.of(new double[] {2}, 1).as(dtype);
      List<Tensor> state = rule.start(w);
      rule.step(1, w, Tensor.of(new double[] {4}, 1).as(dtype), state);
      assertClose("first", w, Tensor.of(new double[] {first}, 1), tolerance, tolerance);
      rule.step(2, w, Tensor.of(new double[] {-2}, 1).as(dtype), state);
      assertClose("second", w, Tensor.of(new double[] {second}, 1), tolerance, tolerance);
    }
  }

  /** All elements of an array long enough for vectors and a tail step as one alone does. */
  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"FLOAT64", "FLOAT32"})
  void stepsEachElementAlike(DType dtype) {
    for (Arguments arguments : (Iterable<Arguments>) workedByHand()::iterator) {
      Optimizer rule = (Optimizer) arguments.get()[0];
      Tensor one = Tensor.filled(dtype, 2, 1);
      Tensor many = Tensor.filled(dtype, 2, 3, 17);
      List<Tensor> stateOfOne = rule.start(one);
      List<Tensor> stateOfMany = rule.start(many);
      for (int step = 1; step <= 20; step++) {
        double g = 3 - step;
        rule.step(step, one, Tensor.filled(dtype, g, 1), stateOfOne);
        rule.step(step, many, Tensor.filled(dtype, g, 3, 17), stateOfMany);
      }
      assertThat(many).as("%s", rule).isEqualTo(Tensor.filled(dtype, one.get(0), 3, 17));
    }
  }

  @Test
  void namesWhatItKeepsAsPyTorchDoes() {
    Map<Optimizer, List<String>> names =
        Map.of(
            new Sgd(1, 0, 0, 0, false), List.of(),
            new Sgd(1, 0.5, 0, 0, false), List.of("momentum_buffer"),
            new Adam(1, 0, 0, 0, 0, false, false), List.of("exp_avg", "exp_avg_sq"),
            new Adam(1, 0, 0, 0, 0, true, true), List.of("exp_avg", "exp_avg_sq", "max_exp_avg_sq"),
            new NAdam(1, 0, 0, 0, 0, 0), List.of("exp_avg", "exp_avg_sq", "mu_product"),
            new RmsProp(1, 0, 0, 0, 0, false), List.of("square_avg"),
            new RmsProp(1, 0, 0, 0, 1, true), List.of("square_avg", "grad_avg", "momentum_buffer"),
            new Adagrad(1, 0, 0, 0), List.of("sum"),
            new Adadelta(1, 0, 0, 0), List.of("square_avg", "acc_delta"));
    names.forEach(
        (rule, expected) -> {
          assertThat(rule.stateNames()).as("%s", rule).isEqualTo(expected);
          Tensor w = Tensor.zeros(DType.FLOAT32, 2, 3);
          assertThat(rule.start(w)).as("%s", rule).hasSameSizeAs(expected);
        });
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        refusal(
            () -> new Sgd(-1, 0, 0, 0, false), "SGD needs a learning rate of 0 or more, not -1"),
        refusal(() -> new Sgd(1, -0.5, 0, 0, false), "SGD needs a momentum of 0 or more, not -0.5"),
        refusal(() -> new Sgd(1, 0, Double.NaN, 0, false), "SGD needs a finite dampening, not NaN"),
        refusal(() -> new Sgd(1, 0, 0, -1, false), "SGD needs a weight decay of 0 or more, not -1"),
        refusal(
            () -> new Sgd(1, 0, 0, 0, true),
            "Nesterov's SGD needs a momentum and no dampening, not momentum 0 and dampening 0"),
        refusal(
            () -> new Sgd(1, 0.9, 0.5, 0, true),
            "Nesterov's SGD needs a momentum and no dampening, not momentum 0.9 and dampening 0.5"),
        refusal(
            () -> new Adam(Double.NaN, 0.9, 0.999, 0, 0, false, false),
            "Adam needs a learning rate of 0 or more, not NaN"),
        refusal(
            () -> new Adam(1, 1, 0.999, 0, 0, false, false),
            "Adam needs a first beta of at least 0 and below 1, not 1"),
        refusal(
            () -> new Adam(1, 0.9, -1, 0, 0, true, false),
            "AdamW needs a second beta of at least 0 and below 1, not -1"),
        refusal(
            () -> new Adam(1, 0.9, 0.999, -1, 0, true, false),
            "AdamW needs an eps of 0 or more, not -1"),
        refusal(
            () -> new NAdam(1, 0.9, 1.5, 0, 0, 0),
            "NAdam needs a second beta of at least 0 and below 1, not 1.5"),
        refusal(
            () -> new NAdam(1, 0.9, 0.999, 0, 0, -1),
            "NAdam needs a momentum decay of 0 or more, not -1"),
        refusal(
            () -> new RmsProp(1, 1.5, 0, 0, 0, false), "RMSprop needs an alpha of 0 to 1, not 1.5"),
        refusal(
            () -> new RmsProp(Double.POSITIVE_INFINITY, 0.5, 0, 0, 0, false),
            "RMSprop needs a learning rate of 0 or more, not Infinity"),
        refusal(
            () -> new Adagrad(1, -1, 0, 0),
            "Adagrad needs a decay of its learning rate of 0 or more, not -1"),
        refusal(() -> new Adadelta(1, 1.25, 0, 0), "Adadelta needs a rho of 0 to 1, not 1.25"));
  }

  private static Arguments refusal(ThrowingCallable rule, String message) {
    return Arguments.of(rule, message);
  }

  @ParameterizedTest
  @MethodSource("refused")
  void refusesHyperparametersOutOfTheirRange(ThrowingCallable rule, String message) {
    assertThatThrownBy(rule).isInstanceOf(InputException.class).hasMessage(message);
  }

  @Test
  void refusesWhatDoesNotFit() {
    Optimizer rule = new Adagrad(1, 0, 0, 0);
    Tensor w = Tensor.zeros(DType.FLOAT32, 2, 3);
    List<Tensor> state = rule.start(w);
    assertThatThrownBy(() -> rule.step(1, w, Tensor.zeros(DType.FLOAT32, 3, 2), state))
        .isInstanceOf(InputException.class)
        .hasMessage("the gradient is float32 3x2 but the parameter is float32 2x3");
    assertThatThrownBy(() -> rule.step(1, w, Tensor.zeros(DType.FLOAT64, 2, 3), state))
        .isInstanceOf(InputException.class)
        .hasMessage("the gradient is float64 2x3 but the parameter is float32 2x3");
    Tensor indices = Tensor.zeros(DType.INT64, 2);
    assertThatThrownBy(() -> rule.step(1, indices, indices, state))
        .isInstanceOf(InputException.class);
    assertThatThrownBy(() -> rule.step(0, w, w, state))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> rule.step(1, w, w, List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> rule.step(1, w, w, List.of(Tensor.zeros(DType.FLOAT32, 3, 2))))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
