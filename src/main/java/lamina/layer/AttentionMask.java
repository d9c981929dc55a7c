package lamina.layer;

import java.util.Arrays;
import java.util.List;
import lamina.tensor.DType;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * What a mask adds to the scores of attention: -∞ where something is forbidden. Its second input
 * are the scores {@code (N, heads, L, S)}; a mask of three axes has one for each head of each
 * sample.
 *
 * @param kind what its elements are
 */
public record AttentionMask(Kind kind) implements MergeLayer {
  /** What the elements of a mask are. */
  public enum Kind {
    /** True forbids. */
    FORBIDS,
    /** True allows, as scaled_dot_product_attention has it. */
    ALLOWS,
    /** Numbers are added. */
    NUMBERS,
    /** Whole numbers are truth that forbids, others are added. */
    OPEN,
    /** As {@link #OPEN}, of truth that allows. */
    OPEN_ALLOWS
  }

  @Override
  public String type() {
    return "AttentionMask";
  }

  @Override
  public boolean countsAxes() {
    return true;
  }

  @Override
  public Shape output(List<Shape> inputs) {
    Shape mask = inputs.get(0);
    Shape scores = inputs.get(1);
    if (mask.rank() != 3 || scores.rank() != 4) {
      return mask;
    }
    return new Shape(List.of(scores.dim(0), scores.dim(1), mask.dim(1), mask.dim(2)));
  }

  @Override
  public Tensor forward(List<Tensor> inputs, Pass pass) {
    Tensor mask = inputs.get(0);
    Tensor scores = inputs.get(1);
    int[] shape = output(List.of(Shape.of(mask.shape()), Shape.of(scores.shape()))).sizes();
    boolean isNumber =
        kind == Kind.NUMBERS || (isOpen() && mask.dtype() != DType.INT64 && !isTruth(mask));
    if (isNumber) {
      pass.recordMerge(dy -> Arrays.asList(dy.reshape(mask.shape()), null));
      return mask.as(scores.dtype()).reshape(shape);
    }
    if (isOpen() && mask.dtype() != DType.INT64) {
      throw new InputException(
          "has nothing but 0 and 1: whether they forbid or are added, their type would tell; give"
              + " -Infinity where something is forbidden and 0 elsewhere, or call .bool()");
    }
    pass.recordMerge(dy -> Arrays.asList(null, null));
    boolean allows = kind == Kind.ALLOWS || kind == Kind.OPEN_ALLOWS;
    Tensor added = Tensor.zeros(scores.dtype(), shape);
    for (int i = 0; i < mask.size(); i++) {
      boolean isForbidden = mask.get(i) != 0 ^ allows;
      added.set(i, isForbidden ? Double.NEGATIVE_INFINITY : 0);
    }
    return added;
  }

  private boolean isOpen() {
    return kind == Kind.OPEN || kind == Kind.OPEN_ALLOWS;
  }

  /** Whether all elements are 0 or 1, and not all 0. */
  private static boolean isTruth(Tensor mask) {
    boolean hasOne = false;
    for (int i = 0; i < mask.size(); i++) {
      if (mask.get(i) != 0 && mask.get(i) != 1) {
        return false;
      }
      hasOne |= mask.get(i) == 1;
    }
    return hasOne;
  }
}
