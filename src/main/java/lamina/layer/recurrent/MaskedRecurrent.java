package lamina.layer.recurrent;

import java.util.Arrays;
import java.util.List;
import lamina.layer.MergeLayer;
import lamina.layer.Pass;
import lamina.layer.Weights;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * A recurrent layer of Keras that passes over the steps which a mask leaves out. It takes the
 * sequence {@code (N, T, I)} and what the masking layer took, which says what those are.
 */
public record MaskedRecurrent(KerasRecurrent layer, StepMask mask) implements ConditionedRecurrent {
  @Override
  public MergeLayer inferred(List<Shape> inputs) {
    return new MaskedRecurrent((KerasRecurrent) layer.inferred(inputs.get(0)), mask);
  }

  @Override
  public boolean isComplete() {
    return layer.isComplete();
  }

  @Override
  public Shape output(List<Shape> inputs) {
    Shape sequence = inputs.get(0);
    Shape source = inputs.get(1);
    if (sequence.rank() != 3) {
      throw new InputException("needs a sequence (N, T, features), not " + sequence);
    }
    boolean fits =
        source.rank() == (mask.ofIndices() ? 2 : 3)
            && source.dim(0).equals(sequence.dim(0))
            && source.dim(1).equals(sequence.dim(1));
    if (!fits) {
      throw new InputException("has a mask of " + source + " for a sequence of " + sequence);
    }
    return layer.output(sequence);
  }

  @Override
  public Tensor forward(List<Tensor> inputs, Weights weights, Pass pass) {
    pass.recordMerge(dy -> Arrays.asList(dy, null));
    return layer.forward(inputs.get(0), mask.kept(inputs.get(1)), weights, pass);
  }
}
