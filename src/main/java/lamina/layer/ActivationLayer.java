package lamina.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lamina.kernel.ActivationKind;
import lamina.op.Activation;
import lamina.op.PRelu;
import lamina.tensor.RandomNumbers;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/**
 * A layer that applies a function to each element, or to each row of an axis, and has no weights
 * but for PReLU.
 *
 * @param type the module's name: {@code LeakyReLU}
 * @param arguments the constructor's arguments by name, with PyTorch's defaults
 */
public record ActivationLayer(String type, Map<String, Object> arguments) implements Layer {
  /** All activations. */
  static List<LayerType> types() {
    List<LayerType> types = new ArrayList<>();
    for (String name : NAMES.split(" ", -1)) {
      types.add(LayerType.of(name, signature(name), "", ActivationLayer::of));
    }
    return types;
  }

  private static final String NAMES =
      "ReLU ReLU6 LeakyReLU PReLU RReLU ELU CELU SELU GELU SiLU Mish"
          + " Sigmoid LogSigmoid Hardsigmoid Tanh Hardtanh Tanhshrink Softshrink"
          + " Hardshrink Softplus Softsign Hardswish Threshold GLU"
          + " Softmax LogSoftmax Softmin Softmax2d";

  /** The constructor's parameters as PyTorch documents them. */
  private static String signature(String type) {
    return switch (type) {
      case "ReLU", "ReLU6", "SELU", "SiLU", "Mish", "Hardswish", "Hardsigmoid" -> "inplace=False";
      case "Sigmoid", "LogSigmoid", "Tanh", "Tanhshrink", "Softsign", "Softmax2d" -> "";
      case "LeakyReLU" -> "negative_slope=0.01, inplace=False";
      case "PReLU" -> "num_parameters=1, init=0.25";
      case "RReLU" -> "lower=0.125, upper=0.3333333333333333, inplace=False";
      case "ELU", "CELU" -> "alpha=1.0, inplace=False";
      case "GELU" -> "approximate='none'";
      case "Softplus" -> "beta=1.0, threshold=20.0";
      case "Softshrink", "Hardshrink" -> "lambd=0.5";
      case "Hardtanh" -> "min_val=-1.0, max_val=1.0, inplace=False";
      case "Threshold" -> "threshold, value, inplace=False";
      case "Softmax", "LogSoftmax", "Softmin" -> "dim=None";
      case "GLU" -> "dim=-1";
      default -> throw new IllegalArgumentException(type);
    };
  }

  private static Layer of(LayerArguments args) {
    String type = args.type();
    Map<String, Object> values = args.all();
    for (String name : values.keySet()) {
      switch (name) {
        case "inplace" -> args.flag(name);
        case "approximate" -> args.word(name, "none", "tanh");
        case "num_parameters" -> args.integer(name, 1);
        case "dim" -> {
          if (!args.isNone(name)) {
            args.integer(name, Integer.MIN_VALUE);
          }
        }
        default -> args.number(name);
      }
    }
    if (type.equals("Hardtanh") && args.number("min_val") >= args.number("max_val")) {
      throw args.error("needs min_val below max_val");
    }
    if (type.equals("RReLU") && args.number("lower") > args.number("upper")) {
      throw args.error("needs lower at most upper");
    }
    return new ActivationLayer(type, values);
  }

  /** A numeric argument. */
  public double number(String name) {
    return ((Number) arguments.get(name)).doubleValue();
  }

  private boolean hasDim() {
    return arguments.get("dim") != null;
  }

  private int dim() {
    return ((Number) arguments.get("dim")).intValue();
  }

  @Override
  public Ranks ranks() {
    return type.equals("Softmax2d") ? Ranks.channelsAnd(2) : Ranks.ANY;
  }

  @Override
  public List<Expectation> expectations(Shape input) {
    if (!type.equals("PReLU") || number("num_parameters") == 1) {
      return List.of();
    }
    if (input.rank() < 2) {
      throw new InputException("has one slope a channel and needs an axis of channels");
    }
    Dim slopes = Dim.of((long) number("num_parameters"));
    return List.of(new Expectation(1 - input.rank(), slopes, "channels"));
  }

  @Override
  public Shape output(Shape input) {
    if (!hasDim()) {
      return input;
    }
    int axis = Axis.of(dim(), input, "dim");
    if (!type.equals("GLU")) {
      return input;
    }
    Dim size = input.dim(axis);
    if (size.isNumber() && size.value() % 2 != 0) {
      throw new InputException("needs an even size on axis " + dim() + ", not " + size);
    }
    return input.with(axis, size.floorDiv(2));
  }

  @Override
  public List<Parameter> parameters() {
    return type.equals("PReLU")
        ? List.of(new Parameter("weight", Shape.of((int) number("num_parameters"))))
        : List.of();
  }

  /** PReLU's slopes. */
  @Override
  public void initialize(Parameter parameter, Tensor values, RandomNumbers random) {
    InitialValues.fill(values, number("init"));
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    if (type.equals("PReLU")) {
      Tensor slope = weights.get("weight");
      pass.recordTrained(
          (dy, gradients) -> {
            PRelu.Gradients found = PRelu.backward(input, slope, dy);
            gradients.add(weights, "weight", found.slope());
            return found.input();
          });
      return PRelu.forward(input, slope);
    }
    if (type.equals("RReLU") && pass.isTraining()) {
      var drawn =
          lamina.op.DropoutMask.ofSlopes(input, number("lower"), number("upper"), pass.nextSeed());
      pass.record((dy, gradients) -> drawn.backward(dy));
      return drawn.forward(input);
    }
    Activation function = function();
    pass.record((dy, gradients) -> function.backward(input, dy));
    return function.forward(input);
  }

  @Override
  public Tensor forwardInPlace(Tensor input, Weights weights, Pass pass) {
    return type.equals("PReLU") || pass.isTraining()
        ? forward(input, weights, pass)
        : function().forwardInPlace(input);
  }

  /**
   * The function with its parameters; softmax without an axis takes the last one, PReLU its initial
   * slope.
   */
  public Activation function() {
    if (type.equals("PReLU")) {
      return Activation.of(ActivationKind.PRELU, number("init"));
    }
    if (type.equals("Softmax2d")) {
      return Activation.of(ActivationKind.SOFTMAX).along(-3);
    }
    if ("tanh".equals(arguments.get("approximate"))) {
      return Activation.of(ActivationKind.GELU_TANH);
    }
    ActivationKind kind = ActivationKind.of(type);
    if (kind.hasAxis()) {
      return Activation.of(kind).along(hasDim() ? dim() : -1);
    }
    // Hardsigmoid's two have no place in the constructor.
    double[] parameters = {kind.alpha(), kind.beta()};
    int given = 0;
    for (Object value : arguments.values()) {
      if (value instanceof Number number) {
        parameters[given++] = number.doubleValue();
      }
    }
    return Activation.of(kind, parameters[0], parameters[1]);
  }
}
