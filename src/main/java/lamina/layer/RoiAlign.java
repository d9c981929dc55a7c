package lamina.layer;

import java.util.Arrays;
import java.util.List;
import lamina.op.RegionPooling;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/** Cells of regions of images: images, regions, and which image each region is of. */
public record RoiAlign(RegionPooling rule) implements MergeLayer {
  @Override
  public String type() {
    return "RoiAlign";
  }

  @Override
  public int least() {
    return 3;
  }

  @Override
  public Shape output(List<Shape> inputs) {
    Shape x = inputs.get(0);
    Shape regions = inputs.get(1);
    Shape images = inputs.get(2);
    boolean fits = x.rank() == 4 && regions.rank() == 2 && regions.dim(1).is(4);
    if (!fits || images.rank() != 1 || !images.dim(0).equals(regions.dim(0))) {
      throw new InputException(
          "needs images (N, C, H, W), regions (R, 4) and an image for each, not "
              + x
              + ", "
              + regions
              + " and "
              + images);
    }
    return new Shape(
        List.of(regions.dim(0), x.dim(1), Dim.of(rule.rows()), Dim.of(rule.columns())));
  }

  @Override
  public Reach reach(List<Shape> inputs) {
    return Reach.ALL;
  }

  @Override
  public Tensor forward(List<Tensor> inputs, Pass pass) {
    Tensor x = inputs.get(0);
    Tensor regions = inputs.get(1);
    Tensor images = inputs.get(2);
    if (pass.needsInputGradient()) {
      pass.requireGradient(!rule.greatest());
      pass.recordMerge(dy -> Arrays.asList(rule.backward(x, regions, images, dy), null, null));
    }
    return rule.forward(x, regions, images);
  }
}
