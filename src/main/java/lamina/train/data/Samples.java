package lamina.train.data;

import java.util.List;
import lamina.tensor.Tensor;

/**
 * Samples as a file has them, before anything is learned from them.
 *
 * @param name the file's name, for messages
 * @param kind what they are
 * @param inputs {@code (N, ...)}; null for texts
 * @param texts the texts; null for anything else
 * @param labels a label a sample; null if the file has targets of several numbers
 * @param targets {@code (N, ...)}; null if there are labels
 * @param places where each sample stands
 * @param scale what the inputs were divided by: 255 for bytes, else 1
 * @param parts the shapes of several inputs whose elements each sample has one after another; null
 *     for one input
 */
record Samples(
    String name,
    Preparation.Kind kind,
    Tensor inputs,
    List<String> texts,
    Labels labels,
    Tensor targets,
    Places places,
    double scale,
    List<int[]> parts) {

  Samples(
      String name,
      Preparation.Kind kind,
      Tensor inputs,
      List<String> texts,
      Labels labels,
      Tensor targets,
      Places places,
      double scale) {
    this(name, kind, inputs, texts, labels, targets, places, scale, null);
  }

  /** Where samples stand, in words that users find again: {@code row 7}, {@code x[6]}. */
  interface Places {
    String of(int sample);
  }

  static Samples ofNumbers(String name, Tensor inputs, Labels labels, Places places) {
    return new Samples(name, Preparation.Kind.NUMBERS, inputs, null, labels, null, places, 1);
  }

  static Samples ofTexts(String name, List<String> texts, Labels labels, Places places) {
    return new Samples(name, Preparation.Kind.TEXTS, null, texts, labels, null, places, 1);
  }

  Samples withInputs(Preparation.Kind newKind, Tensor newInputs, double newScale) {
    return new Samples(name, newKind, newInputs, texts, labels, targets, places, newScale, parts);
  }

  /** The same samples, each of several inputs. */
  Samples withParts(List<int[]> shapes) {
    return new Samples(name, kind, inputs, texts, labels, targets, places, scale, shapes);
  }

  int size() {
    return texts != null ? texts.size() : inputs.dim(0);
  }

  /** Where a sample stands, with the file: {@code iris.csv, row 7}. */
  String place(int sample) {
    return name + ", " + places.of(sample);
  }
}
