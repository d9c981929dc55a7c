package lamina.train.data;

import java.util.ArrayList;
import java.util.List;
import lamina.tensor.DType;
import lamina.tensor.RandomNumbers;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/** Samples whose inputs and labels are numbers: checks them, and parts off a share of them. */
public final class LabelledTensors {
  private LabelledTensors() {}

  /**
   * Rows of features with the label last.
   *
   * @param rows {@code (N, F + 1)}
   * @param sampleShape the shape that the F features are given; null for {@code (F)}
   * @param areClasses whether labels are classes 0, 1, 2, ... rather than numbers to learn
   */
  public static Dataset ofRows(
      Tensor rows, int[] sampleShape, boolean areClasses, String sourceName) {
    if (rows.rank() != 2 || rows.dim(1) < 2) {
      throw new InputException(
          sourceName
              + ": must be rows of features with the label last, but it has shape "
              + Tensor.text(rows.shape()));
    }
    int count = rows.dim(0);
    int features = rows.dim(1) - 1;
    Tensor x = Tensor.zeros(rows.dtype(), count, features);
    Tensor y = Tensor.zeros(rows.dtype(), count);
    for (int row = 0; row < count; row++) {
      for (int i = 0; i < features; i++) {
        set(x, row * features + i, rows.get(row * (features + 1) + i));
      }
      set(y, row, rows.get(row * (features + 1) + features));
    }
    return of(x, y, sampleShape, areClasses, sourceName);
  }

  /**
   * Inputs with their labels, sample by sample.
   *
   * @param x {@code (N, ...)}
   * @param y {@code (N)} for classes, else {@code (N, ...)}
   * @param sampleShape the shape that each sample is given; null for the one that x has
   */
  public static Dataset of(
      Tensor x, Tensor y, int[] sampleShape, boolean areClasses, String sourceName) {
    if (x.rank() == 0 || y.rank() == 0 || x.dim(0) != y.dim(0)) {
      throw new InputException(
          sourceName
              + ": inputs "
              + Tensor.text(x.shape())
              + " and labels "
              + Tensor.text(y.shape())
              + " differ in number");
    }
    if (x.dim(0) == 0) {
      throw new InputException(sourceName + ": has no samples");
    }
    for (int i = 0; i < x.size(); i++) {
      if (!Double.isFinite(x.get(i))) {
        int row = i / (x.size() / x.dim(0));
        throw new InputException(
            sourceName + ": sample " + (row + 1) + " has the element " + x.get(i));
      }
    }
    Tensor shaped = sampleShape == null ? x : reshaped(x, sampleShape, sourceName);
    if (!areClasses) {
      return new Dataset(shaped, y.rank() == 1 ? y.reshape(y.dim(0), 1) : y, null);
    }
    return withClasses(shaped, y, sourceName);
  }

  private static Tensor reshaped(Tensor x, int[] sampleShape, String sourceName) {
    int elements = x.size() / x.dim(0);
    if (Tensor.elements(sampleShape) != elements) {
      throw new InputException(
          sourceName
              + ": a sample has "
              + elements
              + " elements, which do not make "
              + Tensor.text(sampleShape));
    }
    int[] shape = new int[sampleShape.length + 1];
    shape[0] = x.dim(0);
    System.arraycopy(sampleShape, 0, shape, 1, sampleShape.length);
    return x.reshape(shape);
  }

  private static Dataset withClasses(Tensor x, Tensor y, String sourceName) {
    if (y.size() != y.dim(0)) {
      throw new InputException(
          sourceName + ": a class is one number, but labels are " + Tensor.text(y.shape()));
    }
    long most = 0;
    Tensor classes = Tensor.zeros(DType.INT64, y.dim(0));
    for (int i = 0; i < y.size(); i++) {
      double label = y.get(i);
      if (label != Math.rint(label) || label < 0 || label > 1e6) {
        throw new InputException(
            sourceName
                + ": sample "
                + (i + 1)
                + " has the label "
                + label
                + "; classes are whole numbers from 0 on (--loss mse learns numbers)");
      }
      classes.longs()[i] = (long) label;
      most = Math.max(most, (long) label);
    }
    boolean isOne = true;
    for (int i = 1; i < y.size(); i++) {
      isOne &= y.get(i) == y.get(0);
    }
    if (isOne) {
      throw new InputException(
          sourceName + ": all samples are of class " + (long) y.get(0) + "; there is no choice");
    }
    List<String> names = new ArrayList<>();
    for (long i = 0; i <= most; i++) {
      names.add(Long.toString(i));
    }
    return new Dataset(x, classes, names);
  }

  private static void set(Tensor tensor, int index, double value) {
    if (tensor.dtype() == DType.FLOAT32) {
      tensor.floats()[index] = (float) value;
    } else {
      tensor.doubles()[index] = value;
    }
  }

  /**
   * Parts off a share of the samples at random, of each class alike.
   *
   * @return the rest, and the share
   * @throws InputException if one of both would be empty
   */
  public static List<Dataset> split(Dataset data, double share, long seed) {
    int[] order = new int[data.size()];
    RandomNumbers random = new RandomNumbers(seed);
    for (int i = 0; i < order.length; i++) {
      int other = (int) random.nextLong(i + 1L);
      order[i] = order[other];
      order[other] = i;
    }
    int classes = data.classes() == null ? 1 : data.classes().size();
    int[] sizes = new int[classes];
    for (int row : order) {
      sizes[classOf(data, row)]++;
    }
    int[] taken = new int[classes];
    List<Integer> rest = new ArrayList<>();
    List<Integer> part = new ArrayList<>();
    for (int row : order) {
      int of = classOf(data, row);
      boolean isWanted = taken[of] < Math.round(share * sizes[of]);
      taken[of] += isWanted ? 1 : 0;
      (isWanted ? part : rest).add(row);
    }
    if (rest.isEmpty() || part.isEmpty()) {
      throw new InputException(
          "--split "
              + share
              + " of "
              + data.size()
              + " samples leaves "
              + rest.size()
              + " to learn from and "
              + part.size()
              + " to test");
    }
    return List.of(data.select(indices(rest)), data.select(indices(part)));
  }

  private static int classOf(Dataset data, int row) {
    return data.classes() == null ? 0 : (int) data.targets().longs()[row];
  }

  private static int[] indices(List<Integer> rows) {
    int[] indices = new int[rows.size()];
    for (int i = 0; i < indices.length; i++) {
      indices[i] = rows.get(i);
    }
    return indices;
  }
}
