package lamina.layer;

import java.util.ArrayList;
import java.util.List;
import lamina.op.Normalization;
import lamina.op.Normalized;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;

/**
 * Normalisation of each channel over the batch or over each sample alone: BatchNorm1d to 3d,
 * InstanceNorm1d to 3d and their lazy forms. Channels are axis 1 of a batch.
 *
 * @param instance whether each sample is normalised alone
 * @param axes the number of spatial axes
 * @param features the number of channels; null until the input decides
 * @param momentum the weight of a new batch in the running statistics; NaN for a plain average
 * @param affine whether there are a trained scale and shift
 * @param tracked whether there are running statistics
 */
public record BatchNorm(
    boolean instance,
    int axes,
    Dim features,
    double eps,
    double momentum,
    boolean affine,
    boolean tracked)
    implements Layer {

  static final LayerType TYPE =
      new LayerType(
          "BatchNorm#d LazyBatchNorm#d",
          "num_features, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True",
          "normalisation of each channel over the batch and space") {
        @Override
        public Layer layer(LayerArguments args) {
          return of(args, false);
        }
      }.keras("BatchNormalization").onnx("BatchNormalization");

  static final LayerType INSTANCE =
      new LayerType(
          "InstanceNorm#d LazyInstanceNorm#d",
          "num_features, eps=1e-05, momentum=0.1, affine=False, track_running_stats=False",
          "normalisation of each channel of each sample over space") {
        @Override
        public Layer layer(LayerArguments args) {
          return of(args, true);
        }
      }.onnx("InstanceNormalization");

  private static Layer of(LayerArguments args, boolean instance) {
    return new BatchNorm(
        instance,
        args.spatial(),
        args.isLazy() ? null : args.inferable("num_features"),
        args.number("eps"),
        args.isNone("momentum") ? Double.NaN : args.number("momentum"),
        args.flag("affine"),
        args.flag("track_running_stats"));
  }

  @Override
  public String type() {
    return (instance ? "InstanceNorm" : "BatchNorm") + axes + "d";
  }

  @Override
  public Ranks ranks() {
    if (instance) {
      return Ranks.channelsAnd(axes);
    }
    return axes == 1 ? new Ranks(2, 3, -1) : new Ranks(axes + 2, axes + 2, axes + 1);
  }

  private int channelAxis(Shape input) {
    return instance ? -1 - axes : 1 - input.rank();
  }

  @Override
  public Layer inferred(Shape input) {
    Dim channels = features == null ? input.dim(channelAxis(input)) : features;
    return new BatchNorm(instance, axes, channels, eps, momentum, affine, tracked);
  }

  @Override
  public boolean isComplete() {
    return features != null;
  }

  @Override
  public List<Expectation> expectations(Shape input) {
    return List.of(new Expectation(channelAxis(input), features, "channels"));
  }

  @Override
  public List<Parameter> parameters() {
    Shape shape = new Shape(List.of(features));
    List<Parameter> parameters = new ArrayList<>();
    if (affine) {
      parameters.add(new Parameter("weight", shape));
      parameters.add(new Parameter("bias", shape));
    }
    if (tracked) {
      parameters.add(new Parameter("running_mean", shape, false));
      parameters.add(new Parameter("running_var", shape, false));
      parameters.add(new Parameter("num_batches_tracked", Shape.of(), false));
    }
    return parameters;
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    Tensor x = instance ? BatchAxis.add(input, axes + 2) : input;
    Tensor scale = affine ? weights.get("weight") : null;
    Tensor shift = affine ? weights.get("bias") : null;
    Normalized normalized;
    if (tracked && !pass.isTraining()) {
      Tensor mean = weights.get("running_mean");
      Tensor variance = weights.get("running_var");
      normalized = Normalization.batch(x, mean, variance, scale, shift, eps);
    } else {
      normalized =
          instance
              ? Normalization.instance(x, scale, shift, eps)
              : Normalization.batch(x, scale, shift, eps);
      if (tracked) {
        updateStatistics(normalized, weights);
      }
    }
    return recorded(normalized, input, weights, pass);
  }

  /** The running statistics take in those of a batch in training. */
  private void updateStatistics(Normalized step, Weights weights) {
    Tensor tracked = weights.find("num_batches_tracked");
    double batches = (tracked == null ? 0 : tracked.get(0)) + 1;
    weights.put("num_batches_tracked", Tensor.of(new long[] {(long) batches}));
    double weight = Double.isNaN(momentum) ? 1 / batches : momentum;
    weights.put(
        "running_mean", Normalization.runningMean(step, weights.get("running_mean"), weight));
    weights.put(
        "running_var", Normalization.runningVariance(step, weights.get("running_var"), weight));
  }

  /** The output of a normalisation in the shape of its input, the backward step recorded. */
  static Tensor recorded(Normalized normalized, Tensor input, Weights weights, Pass pass) {
    Tensor y = normalized.output();
    pass.recordTrained(
        (dy, gradients) -> {
          Normalized.Gradients found = normalized.backward(dy.reshape(y.shape()));
          if (found.weight() != null) {
            gradients.add(weights, "weight", found.weight());
          }
          if (found.bias() != null) {
            gradients.add(weights, "bias", found.bias());
          }
          return found.input().reshape(input.shape());
        });
    return y.reshape(input.shape());
  }
}
