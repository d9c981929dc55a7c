package lamina.layer;

import java.util.ArrayList;
import java.util.List;
import lamina.op.Activation;
import lamina.op.activation.ActivationKind;
import lamina.op.activation.Activations;
import lamina.op.activation.AxisFunction;
import lamina.op.activation.ForeignName;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/**
 * A layer without weights that applies a function to each element, or to each row of an axis. What
 * is special about a function stands in its file in {@code lamina.op.activation}.
 *
 * @param type the module's name: {@code LeakyReLU}
 * @param function the function with its parameters
 * @param ranks the numbers of axes that it takes
 * @param axisByRank whether the axis is not given and follows from the number of axes, the batch
 *     included, by PyTorch's rule for softmax: the first of 1 or 3, else the second
 */
public record ActivationLayer(String type, Activation function, Ranks ranks, boolean axisByRank)
    implements Layer {
  /** A layer whose axis, if its function has one, is given. */
  public ActivationLayer(String type, Activation function, Ranks ranks) {
    this(type, function, ranks, false);
  }

  static final LayerType SOFTMAX_2D =
      new LayerType("Softmax2d", "", "softmax over the channels of images") {
        @Override
        public Layer layer(LayerArguments args) {
          return new ActivationLayer(
              "Softmax2d", Activation.byName("softmax").along(-3), Ranks.channelsAnd(2));
        }
      };

  /** The layer of a function. */
  public static ActivationLayer of(Activation function) {
    String torch = function.kind().torch();
    return new ActivationLayer(
        torch == null ? function.kind().label() : torch, function, Ranks.ANY);
  }

  /** A line of the registry for each function that PyTorch has a module for. */
  static List<LayerType> types() {
    List<LayerType> types = new ArrayList<>();
    for (ActivationKind kind : Activations.ALL) {
      if (kind.torch() != null) {
        types.add(
            new LayerType(kind.torch(), kind.signature(), kind.about()) {
              @Override
              public Layer layer(LayerArguments args) {
                return of(kind, args);
              }
            }.keras(names(kind.keras())).onnx(names(kind.onnx())));
      }
    }
    return types;
  }

  private static String names(List<ForeignName> foreign) {
    StringBuilder names = new StringBuilder();
    for (ForeignName name : foreign) {
      names.append(names.length() == 0 ? "" : " ").append(name.name());
    }
    return names.toString();
  }

  private static Layer of(ActivationKind kind, LayerArguments args) {
    ActivationKind chosen = kind;
    // Some parameters, such as Hardsigmoid's two, have no place in the constructor.
    double[] parameters = {kind.alpha(), kind.beta()};
    int given = 0;
    int axis = -1;
    boolean axisByRank = false;
    for (String name : args.all().keySet()) {
      switch (name) {
        case "inplace" -> args.flag(name);
        case "approximate" -> chosen = kind.variant(args.word(name, kind.variants()));
        case "dim" -> {
          axisByRank = args.isNone(name);
          axis = axisByRank ? -1 : args.integer(name, Integer.MIN_VALUE);
        }
        default -> parameters[given++] = args.number(name);
      }
    }
    String refusal = chosen.refusal(parameters[0], parameters[1]);
    if (refusal != null) {
      throw args.error(refusal);
    }
    Activation function = new Activation(chosen, parameters[0], parameters[1], axis);
    return new ActivationLayer(kind.torch(), function, Ranks.ANY, axisByRank);
  }

  /** The function along the axis that it has for tensors of a rank. */
  private Activation functionFor(int rank) {
    return axisByRank ? function.along(rank == 0 || rank == 1 || rank == 3 ? 0 : 1) : function;
  }

  @Override
  public boolean dependsOnAxes() {
    return function.kind() instanceof AxisFunction && (axisByRank || function.axis() >= 0);
  }

  @Override
  public Shape output(Shape input) {
    if (!(function.kind() instanceof AxisFunction along)) {
      return input;
    }
    int axis = Axis.of(functionFor(input.rank()).axis(), input, "dim");
    int inputs = along.inputsPerOutput();
    Dim size = input.dim(axis);
    if (size.isNumber() && size.value() % inputs != 0) {
      throw new InputException("needs an even size on axis " + function.axis() + ", not " + size);
    }
    return inputs == 1 ? input : input.with(axis, size.floorDiv(inputs));
  }

  @Override
  public Activation activation() {
    return function;
  }

  @Override
  public double silence() {
    return function.kind().silence(function.alpha(), function.beta());
  }

  @Override
  public double[] bounds() {
    return function.kind().bounds(function.alpha(), function.beta());
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    Activation chosen = functionFor(input.rank());
    pass.record((dy, gradients) -> chosen.backward(input, dy));
    return chosen.forward(input);
  }

  @Override
  public Tensor forwardInPlace(Tensor input, Weights weights, Pass pass) {
    return functionFor(input.rank()).forwardInPlace(input);
  }
}
