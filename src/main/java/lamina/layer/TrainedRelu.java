package lamina.layer;

import java.util.List;
import lamina.op.Activation;
import lamina.op.PRelu;
import lamina.op.activation.Activations;
import lamina.tensor.RandomNumbers;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/**
 * PReLU: a leaky ReLU whose slopes are weights.
 *
 * @param slopes 1, or one a channel
 * @param initial what each slope is before training
 */
public record TrainedRelu(int slopes, double initial) implements Layer {
  static final LayerType TYPE =
      new LayerType("PReLU", "num_parameters=1, init=0.25", "x above 0, else a learnt slope · x") {
        @Override
        public Layer layer(LayerArguments args) {
          return new TrainedRelu(args.integer("num_parameters", 1), args.number("init"));
        }
      }.keras("PReLU").onnx("PRelu");

  @Override
  public String type() {
    return "PReLU";
  }

  @Override
  public boolean dependsOnAxes() {
    return slopes > 1;
  }

  @Override
  public List<Expectation> expectations(Shape input) {
    if (slopes == 1) {
      return List.of();
    }
    if (input.rank() < 2) {
      throw new InputException("has one slope a channel and needs an axis of channels");
    }
    return List.of(new Expectation(1 - input.rank(), Dim.of(slopes), "channels"));
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(new Parameter("weight", Shape.of(slopes)));
  }

  @Override
  public void initialize(Parameter parameter, Tensor values, RandomNumbers random) {
    InitialValues.fill(values, initial);
  }

  /** The function before training. */
  @Override
  public Activation activation() {
    return Activation.of(Activations.of("prelu"), initial);
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    Tensor slope = weights.get("weight");
    pass.recordTrained(
        (dy, gradients) -> {
          PRelu.Gradients found = PRelu.backward(input, slope, dy);
          gradients.add(weights, "weight", found.slope());
          return found.input();
        });
    return PRelu.forward(input, slope);
  }
}
