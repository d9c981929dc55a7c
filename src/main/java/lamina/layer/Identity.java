package lamina.layer;

import lamina.tensor.Tensor;

/** The input itself. Takes any arguments and ignores them. */
public record Identity() implements Layer {
  static final LayerType TYPE =
      new LayerType("Identity", "*args, **kwargs", "the input itself") {
        @Override
        public Layer layer(LayerArguments args) {
          return new Identity();
        }
      }.onnx("Identity");

  @Override
  public String type() {
    return "Identity";
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    return input;
  }
}
