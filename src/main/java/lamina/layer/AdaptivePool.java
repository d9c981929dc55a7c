package lamina.layer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lamina.op.AveragePooling;
import lamina.op.MaxPooling;
import lamina.op.PoolWindows;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;

/**
 * A pooling to a given size over 1 to 3 spatial axes: AdaptiveAvgPool and AdaptiveMaxPool. Window j
 * is {@code [⌊j·i/o⌋, ⌈(j+1)·i/o⌉)}.
 *
 * @param maximum the maximum, or else the average
 * @param outputSize the sizes of the output; -1 keeps the input's
 */
public record AdaptivePool(boolean maximum, int[] outputSize) implements PoolLayer {
  static final LayerType AVERAGE =
      new LayerType(
          "AdaptiveAvgPool#d",
          "output_size",
          "the average of windows so large that output_size of them fill the input") {
        @Override
        public Layer layer(LayerArguments args) {
          return of(args, false);
        }
      };

  static final LayerType MAX =
      new LayerType(
          "AdaptiveMaxPool#d",
          "output_size, return_indices=False",
          "the maximum of windows so large that output_size of them fill the input") {
        @Override
        public Layer layer(LayerArguments args) {
          return of(args, true);
        }
      };

  private static Layer of(LayerArguments args, boolean maximum) {
    return new AdaptivePool(maximum, args.optionalSizes("output_size", args.spatial()));
  }

  private int axes() {
    return outputSize.length;
  }

  @Override
  public String type() {
    return (maximum ? "AdaptiveMaxPool" : "AdaptiveAvgPool") + axes() + "d";
  }

  @Override
  public Ranks ranks() {
    return Ranks.channelsAnd(axes());
  }

  @Override
  public boolean poolsEverything() {
    return Arrays.stream(outputSize).allMatch(size -> size == 1);
  }

  @Override
  public Shape output(Shape input) {
    Shape output = input;
    for (int axis = 0; axis < axes(); axis++) {
      if (outputSize[axis] > 0) {
        output = output.with(axis - axes(), Dim.of(outputSize[axis]));
      }
    }
    return output;
  }

  /** Of windows of several sizes, the largest counts. */
  @Override
  public Reach reach(Shape input) {
    Reach reach = Reach.uniform(axes(), 0, 0, 1);
    for (int axis = 0; axis < axes(); axis++) {
      long out = outputSize[axis];
      Dim size = input.dim(axis - axes());
      if (out < 0) {
        continue;
      }
      if (out == 1 || !size.isNumber()) {
        return Reach.ALL;
      }
      long in = size.value();
      long largest = 0;
      for (long j = 0; j < out; j++) {
        largest = Math.max(largest, -Math.floorDiv(-(j + 1) * in, out) - j * in / out);
      }
      reach.growth()[axis] = largest - 1.0;
      reach.offset()[axis] = (-Math.floorDiv(-in, out) - 1) / 2.0;
      reach.step()[axis] = (double) in / out;
    }
    return reach;
  }

  @Override
  public List<String> explanation(Shape input) {
    List<String> lines = new ArrayList<>();
    for (int axis = 0; axis < axes(); axis++) {
      Dim out = output(input).dim(axis - axes());
      lines.add(SizeFormula.axis(axis, axes()) + "_out = " + out + ", as output_size says");
    }
    return lines;
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    if (maximum) {
      return maxima(input, pass).output();
    }
    AveragePooling pooling = AveragePooling.adaptive(sizes(input));
    pass.record((dy, gradients) -> pooling.backward(dy, input.shape()));
    return pooling.forward(input);
  }

  @Override
  public MaxPooling.Maxima maxima(Tensor input, Pass pass) {
    PoolWindows windows = new PoolWindows.Adaptive(sizes(input));
    return PoolLayer.maxima(new MaxPooling(windows), input, pass);
  }

  private int[] sizes(Tensor input) {
    int[] sizes = outputSize.clone();
    for (int axis = 0; axis < axes(); axis++) {
      sizes[axis] = sizes[axis] < 0 ? input.dim(axis - axes()) : sizes[axis];
    }
    return sizes;
  }
}
