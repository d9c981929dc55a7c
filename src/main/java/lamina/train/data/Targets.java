package lamina.train.data;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lamina.format.Numbers;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;
import lamina.text.NearSpelling;

/** What networks shall answer, from what files say: classes and their order, or numbers. */
final class Targets {
  /** With fewer samples a label of its own for most of them may be meant. */
  private static final int ENOUGH_TO_SUSPECT_NUMBERS = 20;

  /** The class of a step that does not count, as in PyTorch's losses. */
  private static final int IGNORED = -100;

  /** Nobody has a vocabulary of more, and a number by mistake would ask for all the memory. */
  private static final int STEP_CLASSES = 1 << 20;

  private Targets() {}

  /**
   * The classes of the training data: numbers in their order, or else words in theirs.
   *
   * @param count how many the network tells apart, 0 if that is open
   */
  static List<String> classes(Samples samples, int count) {
    if (samples.labels() == null) {
      return ofSteps(samples, count);
    }
    Labels labels = samples.labels();
    boolean numbers = areNumbers(labels);
    Map<String, Double> values = new HashMap<>();
    for (int i = 0; i < labels.names().size(); i++) {
      String name = labels.names().get(i);
      values.put(className(name, numbers), numbers ? value(samples, i) : 0);
    }
    List<String> names = new ArrayList<>(values.keySet());
    if (numbers) {
      names.sort((a, b) -> Double.compare(values.get(a), values.get(b)));
    } else {
      names.sort(null);
    }
    if (names.size() < 2) {
      throw new InputException(
          samples.name()
              + ": all "
              + samples.size()
              + " samples have the label '"
              + names.get(0)
              + "'; at least 2 classes are needed");
    }
    if (labels.size() >= ENOUGH_TO_SUSPECT_NUMBERS && 2 * names.size() > labels.size()) {
      throw new InputException(
          samples.name()
              + ": "
              + names.size()
              + " different labels for "
              + labels.size()
              + " samples are no classes; to learn numbers use --loss mse, or name another column"
              + " with --label");
    }
    return numbers && count > 0 && names.size() != count ? upTo(count, samples) : names;
  }

  /** Numbers that leave gaps stand for themselves where the network says how many there are. */
  private static List<String> upTo(int count, Samples samples) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      names.add(Integer.toString(i));
    }
    Labels labels = samples.labels();
    for (int i = 0; i < labels.names().size(); i++) {
      if (value(samples, i) >= count) {
        throw new InputException(
            samples.place(labels.firstWith(i))
                + ": label "
                + labels.names().get(i)
                + " is out of range: the network tells "
                + count
                + " classes apart, 0 to "
                + (count - 1));
      }
    }
    return names;
  }

  private static boolean areNumbers(Labels labels) {
    for (String name : labels.names()) {
      if (Double.isNaN(Numbers.parse(name))) {
        return false;
      }
    }
    return true;
  }

  /** A numeric label as a class's number, checked. */
  private static double value(Samples samples, int index) {
    String name = samples.labels().names().get(index);
    double value = Numbers.parse(name);
    String problem =
        value != Math.rint(value) || Double.isInfinite(value)
            ? " is not a whole number; to learn numbers use --loss mse"
            : value < 0 ? " is negative; classes are counted from 0, or are words" : null;
    if (problem != null) {
      throw new InputException(
          samples.place(samples.labels().firstWith(index)) + ": label " + name + problem);
    }
    return value;
  }

  /** 1, 01 and 1.0 are one class. */
  private static String className(String label, boolean numbers) {
    return numbers ? Labels.text(Numbers.parse(label)) : label;
  }

  /** The classes of samples that have one for each step: 0 to the largest. */
  private static List<String> ofSteps(Samples samples, int count) {
    Tensor targets = samples.targets();
    int most = 0;
    for (int i = 0; i < targets.size(); i++) {
      most = Math.max(most, stepClass(samples, i, count > 0 ? count : Integer.MAX_VALUE));
    }
    if (most >= STEP_CLASSES) {
      throw new InputException(
          samples.name()
              + ": a step has the class "
              + most
              + "; classes are counted from 0, at most "
              + STEP_CLASSES
              + " of them");
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < Math.max(count, most + 1); i++) {
      names.add(Integer.toString(i));
    }
    if (names.size() < 2) {
      throw new InputException(
          samples.name() + ": all steps have the class 0; at least 2 classes are needed");
    }
    return names;
  }

  private static int stepClass(Samples samples, int element, int count) {
    double value = samples.targets().get(element);
    if (value == IGNORED || (value == Math.rint(value) && value >= 0 && value < count)) {
      return (int) value;
    }
    int width = samples.targets().size() / samples.targets().dim(0);
    throw new InputException(
        samples.place(element / width)
            + ": target "
            + (element % width + 1)
            + " of "
            + width
            + " is "
            + Labels.text(value)
            + (value == Math.rint(value) && value >= count
                ? " but there are the classes 0 to " + (count - 1)
                : "; the class of a step is a whole number from 0, or -100 where none counts; to"
                    + " learn numbers use --loss mse"));
  }

  /** The indices of the samples' classes, {@code (N)} of int64, or {@code (N, T)} of steps. */
  static Tensor indices(Samples samples, List<String> classes) {
    if (samples.labels() == null) {
      Tensor indices = Tensor.zeros(DType.INT64, samples.targets().shape());
      int width = indices.size() / indices.dim(0);
      int ignored = 0;
      for (int i = 0; i < indices.size(); i++) {
        indices.longs()[i] = stepClass(samples, i, classes.size());
        ignored = (i % width == 0 ? 0 : ignored) + (indices.longs()[i] == IGNORED ? 1 : 0);
        if (ignored == width) {
          throw new InputException(
              samples.place(i / width)
                  + ": no step has a class, all are "
                  + IGNORED
                  + "; leave the sample out");
        }
      }
      return indices;
    }
    Labels labels = samples.labels();
    Map<String, Integer> known = new HashMap<>();
    boolean numbers = true;
    for (int i = 0; i < classes.size(); i++) {
      known.put(classes.get(i), i);
      numbers &= !Double.isNaN(Numbers.parse(classes.get(i)));
    }
    int[] classOf = new int[labels.names().size()];
    for (int i = 0; i < classOf.length; i++) {
      String label = labels.names().get(i);
      boolean number = numbers && !Double.isNaN(Numbers.parse(label));
      Integer index = known.get(className(label, number));
      if (index == null) {
        throw unknown(samples, i, classes);
      }
      classOf[i] = index;
    }
    long[] indices = new long[labels.size()];
    for (int i = 0; i < indices.length; i++) {
      indices[i] = classOf[labels.index(i)];
    }
    return Tensor.of(indices, indices.length);
  }

  private static InputException unknown(Samples samples, int index, List<String> classes) {
    String label = samples.labels().names().get(index);
    return new InputException(
        samples.place(samples.labels().firstWith(index))
            + ": label '"
            + label
            + "' is not among the "
            + classes.size()
            + " classes of the training data ("
            + shortened(classes)
            + ")"
            + hint(label, classes));
  }

  /** What was probably meant; of words of one or two letters nobody can tell. */
  static String hint(String word, List<String> known) {
    return word.length() < 3 ? "" : NearSpelling.hint(word, known);
  }

  /** The first names of many. */
  static String shortened(List<String> names) {
    int shown = names.size() > 12 ? 10 : names.size();
    return String.join(", ", names.subList(0, shown)) + (shown < names.size() ? ", ..." : "");
  }

  /** Numbers to be learned, {@code (N, 1)} or as the file has them. */
  static Tensor numbers(Samples samples, DType dtype) {
    if (samples.labels() == null) {
      DataChecks.finite(samples.targets(), samples, "the target");
      return samples.targets();
    }
    Labels labels = samples.labels();
    double[] values = new double[labels.names().size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = Numbers.parse(labels.names().get(i));
      if (Double.isNaN(values[i]) || Double.isInfinite(values[i])) {
        throw new InputException(
            samples.place(labels.firstWith(i))
                + ": '"
                + labels.names().get(i)
                + "' is not a finite number, which this loss learns; for classes use --loss"
                + " cross-entropy");
      }
    }
    Tensor targets = Tensor.zeros(dtype, labels.size(), 1);
    for (int i = 0; i < labels.size(); i++) {
      if (dtype == DType.FLOAT32) {
        targets.floats()[i] = (float) values[labels.index(i)];
        if (Float.isInfinite(targets.floats()[i])) {
          throw new InputException(
              samples.place(i)
                  + ": "
                  + labels.get(i)
                  + " is beyond the range of float32; use --dtype float64");
        }
      } else {
        targets.doubles()[i] = values[labels.index(i)];
      }
    }
    return targets;
  }
}
