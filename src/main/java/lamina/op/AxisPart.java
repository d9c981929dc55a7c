package lamina.op;

import lamina.tensor.Tensor;

/**
 * Elements of an axis at equal distances, as torch.narrow, torch.chunk and Python's slices take
 * them.
 *
 * @param axis counted from 0
 * @param start the first element
 * @param count how many
 * @param step how far apart they are, at least 1
 */
public record AxisPart(int axis, int start, int count, int step) {
  /** A tensor of these elements of x alone. */
  public Tensor forward(Tensor x) {
    int[] shape = x.shape();
    shape[axis] = count;
    Tensor part = Tensor.zeros(x.dtype(), shape);
    copy(x, part, true);
    return part;
  }

  /**
   * The gradient with respect to x, of a shape: dy in the places of these elements, 0 elsewhere.
   */
  public Tensor backward(Tensor dy, int... shape) {
    Tensor dx = Tensor.zeros(dy.dtype(), shape);
    copy(dx, dy, false);
    return dx;
  }

  private void copy(Tensor whole, Tensor part, boolean out) {
    int inner = Checks.product(whole.shape(), axis + 1, whole.rank());
    // Neighbours are copied at once.
    int length = step == 1 ? count * inner : inner;
    int row = whole.dim(axis) * inner;
    int copies = step == 1 ? 1 : count;
    for (int block = 0; block * count * inner < part.size(); block++) {
      for (int i = 0; i < copies; i++) {
        int wholeOffset = block * row + (start + i * step) * inner;
        int partOffset = (block * count + i) * inner;
        if (out) {
          Blocks.copy(whole, wholeOffset, part, partOffset, length);
        } else {
          Blocks.copy(part, partOffset, whole, wholeOffset, length);
        }
      }
    }
  }
}
