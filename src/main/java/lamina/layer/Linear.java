package lamina.layer;

import java.util.List;
import lamina.op.LinearMap;
import lamina.tensor.RandomNumbers;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/**
 * A product with a matrix on the last axis: Linear and LazyLinear. Input {@code (..., in)}, weight
 * {@code (out, in)}.
 *
 * @param inFeatures the size of the input's last axis; null until the input decides
 * @param outFeatures the size of the output's last axis; 0 until the data to be learned decides
 */
public record Linear(Dim inFeatures, int outFeatures, boolean bias) implements Layer {
  static final LayerType TYPE =
      new LayerType(
          "Linear LazyLinear NonDynamicallyQuantizableLinear",
          "in_features, out_features, bias=True",
          "a product with a matrix on the last axis") {
        @Override
        public Layer layer(LayerArguments args) {
          return Linear.of(args);
        }
      }.keras("Dense").onnx("Gemm");

  private static Layer of(LayerArguments args) {
    return new Linear(
        args.isLazy() ? null : args.inferable("in_features"),
        args.sizeOfData("out_features"),
        args.flag("bias"));
  }

  @Override
  public String type() {
    return "Linear";
  }

  @Override
  public Ranks ranks() {
    return Ranks.anyBefore(1);
  }

  @Override
  public Dim flattenedFeatures() {
    return inFeatures;
  }

  @Override
  public Layer inferred(Shape input) {
    return inFeatures == null ? new Linear(input.dim(-1), outFeatures, bias) : this;
  }

  @Override
  public boolean isComplete() {
    return inFeatures != null;
  }

  @Override
  public int outputFeatures() {
    return outFeatures;
  }

  @Override
  public boolean leavesSizeToData() {
    return outFeatures == 0;
  }

  @Override
  public Layer sizedByData(int size) {
    return new Linear(inFeatures, size, bias);
  }

  @Override
  public List<Expectation> expectations(Shape input) {
    return List.of(new Expectation(-1, inFeatures, "features"));
  }

  @Override
  public Shape output(Shape input) {
    if (outFeatures == 0) {
      throw new InputException(
          "needs out_features as a number; only lamina train takes _ from its data, in the last"
              + " Linear");
    }
    return input.with(-1, Dim.of(outFeatures));
  }

  @Override
  public List<Parameter> parameters() {
    Shape shape = new Shape(List.of(Dim.of(outFeatures), inFeatures));
    Parameter weight = new Parameter("weight", shape);
    return bias ? List.of(weight, new Parameter("bias", Shape.of(outFeatures))) : List.of(weight);
  }

  @Override
  public Cost cost(Shape input) {
    Dim elements = output(input).elements();
    return new Cost(elements.times(inFeatures), bias ? elements : Dim.ZERO);
  }

  @Override
  public Reach reach(Shape input) {
    return Reach.ALL;
  }

  @Override
  public List<String> explanation(Shape input) {
    return List.of(inFeatures + " features become " + outFeatures);
  }

  /** As a convolution: within ±1/√inFeatures. */
  @Override
  public void initialize(Parameter parameter, Tensor values, RandomNumbers random) {
    InitialValues.uniform(values, InitialValues.fanInBound(parameters().get(0).shape()), random);
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    Tensor matrix = weights.get("weight");
    Tensor y = LinearMap.forward(input, matrix, bias ? weights.get("bias") : null);
    boolean wantsInput = pass.needsInputGradient();
    pass.recordTrained(
        (dy, gradients) -> {
          var found = LinearMap.backward(input, matrix, dy, wantsInput);
          gradients.add(weights, "weight", found.weight());
          if (bias) {
            gradients.add(weights, "bias", found.bias());
          }
          return found.input();
        });
    return y;
  }
}
