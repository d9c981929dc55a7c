package lamina.layer;

import java.util.ArrayList;
import java.util.List;
import lamina.op.Normalization;
import lamina.op.Normalized;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;

/**
 * Normalisation of each sample over its last axes: LayerNorm, and RMSNorm, which does not subtract
 * the mean.
 *
 * @param rootMeanSquare whether this is RMSNorm
 * @param shape the sizes of the last axes
 * @param eps added to the variance; NaN for the smallest step of the dtype
 * @param affine whether there is a trained scale
 * @param bias whether there is a trained shift too
 */
public record LayerNorm(
    boolean rootMeanSquare, int[] shape, double eps, boolean affine, boolean bias)
    implements Layer {

  static final LayerType TYPE =
      new LayerType(
          "LayerNorm",
          "normalized_shape, eps=1e-05, elementwise_affine=True, bias=True",
          "normalisation of each sample over its last axes") {
        @Override
        public Layer layer(LayerArguments args) {
          return of(args, false);
        }
      }.keras("LayerNormalization").onnx("LayerNormalization");

  static final LayerType RMS =
      new LayerType(
          "RMSNorm",
          "normalized_shape, eps=None, elementwise_affine=True",
          "division by the root of the mean square over the last axes") {
        @Override
        public Layer layer(LayerArguments args) {
          return of(args, true);
        }
      }.keras("RMSNormalization").onnx("RMSNormalization");

  private static Layer of(LayerArguments args, boolean rms) {
    return new LayerNorm(
        rms,
        args.list("normalized_shape", 1),
        args.isNone("eps") ? Double.NaN : args.number("eps"),
        args.flag("elementwise_affine"),
        !rms && args.flag("bias"));
  }

  @Override
  public String type() {
    return rootMeanSquare ? "RMSNorm" : "LayerNorm";
  }

  @Override
  public Ranks ranks() {
    return new Ranks(shape.length, Integer.MAX_VALUE, -1);
  }

  /** It counts its axes from the last. */
  @Override
  public boolean dependsOnAxes() {
    return false;
  }

  @Override
  public List<Expectation> expectations(Shape input) {
    List<Expectation> expectations = new ArrayList<>();
    for (int axis = 0; axis < shape.length; axis++) {
      expectations.add(new Expectation(axis - shape.length, Dim.of(shape[axis]), "elements"));
    }
    return expectations;
  }

  @Override
  public List<Parameter> parameters() {
    List<Parameter> parameters = new ArrayList<>();
    if (affine) {
      parameters.add(new Parameter("weight", Shape.of(shape)));
      if (bias) {
        parameters.add(new Parameter("bias", Shape.of(shape)));
      }
    }
    return parameters;
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    Tensor scale = affine ? weights.get("weight") : null;
    Normalized normalized;
    if (rootMeanSquare) {
      double e = Double.isNaN(eps) ? Normalization.defaultRmsEps(input.dtype()) : eps;
      normalized = Normalization.rms(input, shape, scale, e);
    } else {
      Tensor shift = affine && bias ? weights.get("bias") : null;
      normalized = Normalization.layer(input, shape, scale, shift, eps);
    }
    return BatchNorm.recorded(normalized, input, weights, pass);
  }
}
