package lamina.layer;

import java.util.ArrayList;
import java.util.List;
import lamina.tensor.Dim;
import lamina.tensor.Shape;

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

  static Layer of(Call call) {
    boolean instance = call.type().contains("Instance");
    LayerArguments args =
        call.bind(
            (call.isLazy() ? "" : "num_features, ")
                + "eps=1e-05, momentum=0.1, "
                + (instance
                    ? "affine=False, track_running_stats=False"
                    : "affine=True, track_running_stats=True"));
    return new BatchNorm(
        instance,
        call.spatial(),
        call.isLazy() ? null : args.inferable("num_features"),
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
}
