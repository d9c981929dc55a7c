package lamina.train.data;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import lamina.tensor.DType;
import lamina.tensor.Tensor;

/**
 * Samples and what a network shall answer to them.
 *
 * @param inputs {@code (N, ...)} of float32 or float64, or int64 words {@code (N, T)}
 * @param targets int64 classes {@code (N)}, or {@code (N, T)} with one for each step, -100 where
 *     none counts; or {@code (N, ...)} of the inputs' type (float32 for words) where numbers are to
 *     be learned
 * @param classes the names of the classes in the order of their indices; null if the targets are
 *     numbers
 * @param places where each sample, counted from 0, stands in its file: {@code row 7}
 */
public record Dataset(
    Tensor inputs, Tensor targets, List<String> classes, IntFunction<String> places) {
  /**
   * Samples with their targets.
   *
   * @throws IllegalArgumentException if inputs and targets differ in number or have no first axis
   */
  public Dataset {
    if (inputs.rank() == 0 || targets.rank() == 0 || inputs.dim(0) != targets.dim(0)) {
      throw new IllegalArgumentException(
          "inputs "
              + Tensor.text(inputs.shape())
              + " and targets "
              + Tensor.text(targets.shape())
              + " differ in number");
    }
    classes = classes == null ? null : List.copyOf(classes);
  }

  /** Samples that stand in no file: they are called by their numbers. */
  public Dataset(Tensor inputs, Tensor targets, List<String> classes) {
    this(inputs, targets, classes, sample -> "sample " + (sample + 1));
  }

  /** The number of samples. */
  public int size() {
    return inputs.dim(0);
  }

  /** The shape of one input. */
  public int[] sampleShape() {
    return Arrays.copyOfRange(inputs.shape(), 1, inputs.rank());
  }

  /** The shape of one target: empty for a class. */
  public int[] targetShape() {
    return Arrays.copyOfRange(targets.shape(), 1, targets.rank());
  }

  /** The number of different things that a network must answer with: classes, or numbers. */
  public int outputs() {
    return classes != null
        ? classes.size()
        : targets.rank() < 2 ? 1 : targets.dim(targets.rank() - 1);
  }

  /** One more than the largest index among the inputs, those held out included. */
  public int indices(Dataset heldOut) {
    double most = heldOut == null ? 0 : heldOut.indices(null) - 1;
    for (int i = 0; i < inputs.size(); i++) {
      most = Math.max(most, inputs.get(i));
    }
    return (int) Math.min(Integer.MAX_VALUE, most + 1);
  }

  /** A copy of some rows, in the order given. */
  public Dataset select(int[] rows) {
    Tensor someInputs = Tensor.zeros(inputs.dtype(), withRows(inputs, rows.length));
    Tensor someTargets = Tensor.zeros(targets.dtype(), withRows(targets, rows.length));
    gather(rows, 0, rows.length, someInputs, someTargets);
    return new Dataset(someInputs, someTargets, classes, sample -> places.apply(rows[sample]));
  }

  private static int[] withRows(Tensor tensor, int rows) {
    int[] shape = tensor.shape();
    shape[0] = rows;
    return shape;
  }

  /**
   * Copies a batch: the samples {@code rows[from]} to {@code rows[from + count - 1]} become the
   * first {@code count} rows of the tensors. Allocates nothing.
   *
   * @param intoInputs at least {@code count} rows of the inputs' type and sample shape
   * @param intoTargets at least {@code count} rows of the targets' type and shape
   * @throws IllegalArgumentException if a tensor has another type, or rows of another size
   */
  public void gather(int[] rows, int from, int count, Tensor intoInputs, Tensor intoTargets) {
    gather(inputs, rows, from, count, intoInputs);
    gather(targets, rows, from, count, intoTargets);
  }

  private static void gather(Tensor all, int[] rows, int from, int count, Tensor into) {
    if (count == 0) {
      return;
    }
    int width = all.size() / all.dim(0);
    if (into.dtype() != all.dtype()
        || into.dim(0) < count
        || into.size() / into.dim(0) != width
        || into.rank() != all.rank()) {
      throw new IllegalArgumentException(
          count
              + " rows of "
              + Tensor.text(all.shape())
              + " do not fit into "
              + Tensor.text(into.shape()));
    }
    if (all.dtype() == DType.FLOAT32) {
      copy(all.floats(), rows, from, count, width, into.floats());
    } else if (all.dtype() == DType.FLOAT64) {
      copy(all.doubles(), rows, from, count, width, into.doubles());
    } else {
      copy(all.longs(), rows, from, count, width, into.longs());
    }
  }

  @SuppressWarnings("SuspiciousSystemArraycopy") // Both are arrays of the same type.
  private static void copy(Object all, int[] rows, int from, int count, int width, Object into) {
    for (int i = 0; i < count; i++) {
      System.arraycopy(all, rows[from + i] * width, into, i * width, width);
    }
  }
}
