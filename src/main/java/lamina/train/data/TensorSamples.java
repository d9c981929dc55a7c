package lamina.train.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/** Tensors as samples: x and y by name (npz, JSON, safetensors), or rows with the label last. */
final class TensorSamples {
  private TensorSamples() {}

  /** Named x and y, or x_train, y_train, x_test and y_test as in Keras's mnist.npz. */
  static SampleSource named(Map<String, Tensor> tensors, String name, DataOptions options) {
    String y = options.label() == null ? "y" : options.label();
    if (options.inputNames() != null) {
      List<String> names = NamedInputs.found(tensors, options.inputNames(), "x");
      List<int[]> shapes = new ArrayList<>();
      Tensor x = NamedInputs.gathered(tensors, names, shapes, name);
      Map<String, Tensor> pair = new LinkedHashMap<>(tensors);
      pair.put(names.get(0), x);
      Samples samples = pair(pair, names.get(0), y, name, options);
      return new SampleSource(samples.withParts(shapes), null);
    }
    if (!tensors.containsKey("x") && tensors.containsKey("x_train")) {
      Samples training = pair(tensors, "x_train", "y_train", name, options);
      boolean hasTest = tensors.containsKey("x_test");
      return new SampleSource(
          training, hasTest ? pair(tensors, "x_test", "y_test", name, options) : null);
    }
    return new SampleSource(pair(tensors, "x", y, name, options), null);
  }

  private static Samples pair(
      Map<String, Tensor> tensors, String x, String y, String name, DataOptions options) {
    for (String wanted : List.of(x, y)) {
      if (!tensors.containsKey(wanted)) {
        List<String> names = new ArrayList<>(tensors.keySet());
        String hint = Targets.hint(wanted, names);
        throw new InputException(
            name
                + ": needs the entries "
                + x
                + " and "
                + y
                + ", but has "
                + Targets.shortened(names)
                + hint);
      }
    }
    return samples(tensors.get(x), tensors.get(y), x, y, name, options);
  }

  /** Inputs {@code (N, ...)} with their labels {@code (N)} or targets {@code (N, ...)}. */
  static Samples samples(
      Tensor x, Tensor y, String xName, String yName, String name, DataOptions options) {
    if (x.rank() == 0 || y.rank() == 0 || x.dim(0) != y.dim(0)) {
      throw new InputException(
          name
              + ": "
              + xName
              + " has shape "
              + Tensor.text(x.shape())
              + " and "
              + yName
              + " has "
              + Tensor.text(y.shape())
              + "; both need one entry a sample");
    }
    boolean isOneEach = y.size() == y.dim(0);
    Labels labels = !options.numbersAsTargets() && isOneEach ? labels(y, yName, name) : null;
    Tensor inputs = x.rank() == 1 ? x.reshape(x.dim(0), 1) : x;
    Tensor targets = labels != null ? null : y.rank() == 1 ? y.reshape(y.dim(0), 1) : y;
    return new Samples(
        name,
        Preparation.Kind.NUMBERS,
        inputs,
        null,
        labels,
        targets,
        sample -> xName + "[" + sample + "]",
        1);
  }

  private static Labels labels(Tensor y, String yName, String name) {
    Labels labels = new Labels();
    for (int i = 0; i < y.size(); i++) {
      if (!Double.isFinite(y.get(i))) {
        throw new InputException(
            name + ", " + yName + "[" + i + "]: is " + y.get(i) + "; every sample needs a label");
      }
      labels.add(y.get(i));
    }
    return labels;
  }

  /** Rows {@code (N, F + 1)} with the label last. */
  static Samples rows(Tensor rows, String name, DataOptions options) {
    if (rows.rank() != 2 || rows.dim(1) < 2) {
      throw new InputException(
          name
              + ": must be rows of features with the label last, but it has shape "
              + Tensor.text(rows.shape()));
    }
    int count = rows.dim(0);
    int features = rows.dim(1) - 1;
    Tensor x = Tensor.zeros(rows.dtype(), count, features);
    Tensor y = Tensor.zeros(rows.dtype(), count);
    for (int row = 0; row < count; row++) {
      for (int i = 0; i < features; i++) {
        x.set(row * features + i, rows.get(row * (features + 1) + i));
      }
      y.set(row, rows.get(row * (features + 1) + features));
    }
    return samples(x, y, "row ", "labels", name, options);
  }
}
