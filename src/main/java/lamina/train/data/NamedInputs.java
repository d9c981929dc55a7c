package lamina.train.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/** Several inputs of each sample, whose elements are gathered one after another. */
final class NamedInputs {
  private NamedInputs() {}

  /**
   * The names under which a file has the inputs: their own, or x1, x2, ... in the network's order.
   *
   * @param names those of the network
   * @param prefix what stands before the numbers
   */
  static List<String> found(Map<String, Tensor> tensors, List<String> names, String prefix) {
    if (tensors.keySet().containsAll(names)) {
      return names;
    }
    List<String> numbered = new ArrayList<>();
    for (int i = 1; i <= names.size(); i++) {
      numbered.add(prefix + i);
    }
    return tensors.keySet().containsAll(numbered) ? numbered : names;
  }

  /**
   * Gathers inputs {@code (N, ...)} as {@code (N, all elements)}.
   *
   * @param names what the file calls them
   * @throws InputException if one is missing, or they differ in number
   */
  static Tensor gathered(
      Map<String, Tensor> tensors, List<String> names, List<int[]> shapes, String file) {
    int total = 0;
    Tensor first = null;
    for (String name : names) {
      Tensor input = tensors.get(name);
      if (input == null) {
        List<String> all = new ArrayList<>(tensors.keySet());
        throw new InputException(
            file
                + ": needs the entries "
                + String.join(", ", names)
                + " and y, but has "
                + Targets.shortened(all)
                + Targets.hint(name, all));
      }
      first = first == null ? input : first;
      if (input.rank() == 0 || input.dim(0) != first.dim(0) || input.size() == 0) {
        throw new InputException(
            file
                + ": "
                + names.get(0)
                + " has shape "
                + Tensor.text(first.shape())
                + " and "
                + name
                + " has "
                + Tensor.text(input.shape())
                + "; all need one entry a sample");
      }
      shapes.add(Arrays.copyOfRange(input.shape(), 1, input.rank()));
      total = Math.addExact(total, input.size() / input.dim(0));
    }
    int count = first.dim(0);
    Tensor all = Tensor.zeros(first.dtype(), count, total);
    int start = 0;
    for (String name : names) {
      Tensor input = tensors.get(name);
      int width = input.size() / count;
      for (int i = 0; i < input.size(); i++) {
        all.set(i / width * total + start + i % width, input.get(i));
      }
      start += width;
    }
    return all;
  }

  /** Refuses samples to test with whose inputs have other shapes than those learned from. */
  static void requireSameParts(Samples training, Samples test, List<String> names) {
    for (int i = 0; names != null && i < names.size(); i++) {
      int[] wanted = training.parts().get(i);
      int[] given = test.parts().get(i);
      if (!Arrays.equals(wanted, given)) {
        throw new InputException(
            test.name()
                + ": '"
                + names.get(i)
                + "' has samples of shape "
                + Tensor.text(given)
                + " but those that are learned from have "
                + Tensor.text(wanted));
      }
    }
  }
}
