package lamina.train.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lamina.format.Numbers;

/** One label a sample: texts, each kept once however often it comes. */
final class Labels {
  private int[] indices = new int[16];
  private int size;
  private final List<String> names = new ArrayList<>();
  private final Map<String, Integer> indexOf = new HashMap<>();

  void add(String label) {
    if (size == indices.length) {
      indices = Arrays.copyOf(indices, 2 * size);
    }
    Integer index = indexOf.putIfAbsent(label, names.size());
    if (index == null) {
      names.add(label);
    }
    indices[size++] = index == null ? names.size() - 1 : index;
  }

  /** A label that is a number: whole ones without a fraction, whatever type they come from. */
  void add(double label) {
    add(text(label));
  }

  static String text(double label) {
    return label == Math.rint(label) && Math.abs(label) < 1e15
        ? Long.toString((long) label)
        : Double.toString(label);
  }

  int size() {
    return size;
  }

  String get(int sample) {
    return names.get(indices[sample]);
  }

  /** The different labels, in the order in which they first came. */
  List<String> names() {
    return names;
  }

  /** The index in {@link #names} of a sample's label. */
  int index(int sample) {
    return indices[sample];
  }

  /** The first sample that has a label. */
  int firstWith(int index) {
    for (int i = 0; i < size; i++) {
      if (indices[i] == index) {
        return i;
      }
    }
    throw new IllegalArgumentException("no sample has label " + index);
  }

  /** Whether a sample's label is a number. */
  boolean isNumber(int sample) {
    return !Double.isNaN(Numbers.parse(get(sample)));
  }
}
