package lamina.train.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import lamina.format.Vocabulary;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/** Makes inputs for a network out of samples, by what it learns from the training part. */
final class Preparer {
  private final DataOptions options;

  Preparer(DataOptions options) {
    this.options = options;
  }

  /**
   * Learns from some rows what prepares all.
   *
   * @param rows those of the training part; null for all
   */
  Preparation learn(Samples samples, int[] rows, List<String> classes) {
    if (samples.kind() == Preparation.Kind.TEXTS) {
      return learnWords(samples, rows, classes);
    }
    Tensor shaped = shaped(samples);
    int[] shape = new Dataset(shaped, shaped, null).sampleShape();
    if (options.indicesAsInputs()) {
      return new Preparation(
          Preparation.Kind.INDICES, shape, classes, null, null, 1, 0, false, null);
    }
    Standardization standard =
        options.normalize()
            ? Standardization.of(rows == null ? shaped : select(shaped, rows))
            : null;
    boolean areImages = samples.kind() == Preparation.Kind.IMAGES;
    return new Preparation(
        samples.kind(),
        shape,
        classes,
        standard == null ? null : standard.mean(),
        standard == null ? null : standard.deviation(),
        samples.scale(),
        areImages ? samples.scale() : white(shaped),
        areImages && options.resize() != null,
        null);
  }

  /** The largest number, if none is negative. */
  private static double white(Tensor samples) {
    double most = 0;
    for (int i = 0; i < samples.size(); i++) {
      double value = samples.get(i);
      if (value < 0) {
        return 0;
      }
      most = Math.max(most, value);
    }
    return most;
  }

  private static Tensor select(Tensor samples, int[] rows) {
    return new Dataset(samples, samples, null).select(rows).inputs();
  }

  private Preparation learnWords(Samples samples, int[] rows, List<String> classes) {
    List<String> texts = texts(samples, rows);
    if (options.vocabularySize() < 3) {
      throw new InputException(
          "--vocab-size "
              + options.vocabularySize()
              + " leaves no word beside padding and unknown");
    }
    Vocabulary vocabulary = Vocabulary.ofTexts(texts, options.vocabularySize());
    if (vocabulary.size() < 3) {
      throw new InputException(samples.name() + ": no text has a word");
    }
    int length = options.maxLength();
    if (length == 0) {
      for (String text : texts) {
        length = Math.max(length, Vocabulary.split(text).size());
      }
    }
    return new Preparation(
        Preparation.Kind.TEXTS, new int[] {length}, classes, null, null, 1, 0, false, vocabulary);
  }

  private static List<String> texts(Samples samples, int[] rows) {
    if (rows == null) {
      return samples.texts();
    }
    List<String> texts = new ArrayList<>();
    for (int row : rows) {
      texts.add(samples.texts().get(row));
    }
    return texts;
  }

  /**
   * Prepared inputs {@code (N, ...)}; those of numbers are changed in place where all are wanted.
   */
  Tensor inputs(Samples samples, Preparation preparation, int[] rows) {
    Preparation.Kind kind = preparation.kind();
    Preparation.Kind source = kind == Preparation.Kind.INDICES ? Preparation.Kind.NUMBERS : kind;
    if (samples.kind() != source) {
      throw new InputException(
          samples.name()
              + ": holds "
              + samples.kind().name().toLowerCase(Locale.ROOT)
              + " but "
              + source.name().toLowerCase(Locale.ROOT)
              + " were learned from");
    }
    if (kind == Preparation.Kind.TEXTS) {
      return words(texts(samples, rows), preparation);
    }
    Tensor shaped = shaped(samples);
    int[] wanted = preparation.sampleShape();
    if (!Arrays.equals(new Dataset(shaped, shaped, null).sampleShape(), wanted)) {
      throw new InputException(
          samples.name()
              + ": samples have shape "
              + Tensor.text(new Dataset(shaped, shaped, null).sampleShape())
              + " but those that were learned from have "
              + Tensor.text(wanted));
    }
    Tensor some = rows == null ? shaped : select(shaped, rows);
    if (kind == Preparation.Kind.INDICES) {
      return indices(some, samples, rows);
    }
    if (preparation.mean() != null) {
      new Standardization(preparation.mean(), preparation.deviation()).apply(some);
    }
    return some;
  }

  private static Tensor words(List<String> texts, Preparation preparation) {
    int length = preparation.maxLength();
    Tensor words = Tensor.zeros(DType.INT64, texts.size(), length);
    for (int i = 0; i < texts.size(); i++) {
      List<String> split = Vocabulary.split(texts.get(i));
      // Prose such as ":-)" has no word; it is one that nobody knows.
      List<String> some = split.isEmpty() ? List.of("") : split;
      preparation.vocabulary().encode(some, words.longs(), i * length, length);
    }
    return words;
  }

  private static Tensor indices(Tensor numbers, Samples samples, int[] rows) {
    Tensor indices = Tensor.zeros(DType.INT64, numbers.shape());
    int width = numbers.size() / numbers.dim(0);
    for (int i = 0; i < numbers.size(); i++) {
      double value = numbers.get(i);
      if (value != Math.rint(value) || value < 0 || value > Integer.MAX_VALUE) {
        int sample = rows == null ? i / width : rows[i / width];
        throw new InputException(
            samples.place(sample)
                + ": input "
                + (i % width + 1)
                + " is "
                + value
                + "; an embedding takes indices, whole numbers from 0");
      }
      indices.longs()[i] = (long) value;
    }
    return indices;
  }

  Tensor shaped(Samples samples) {
    Tensor inputs = samples.inputs();
    if (inputs.size() == 0) {
      throw new InputException(
          samples.name() + ": has no samples (shape " + Tensor.text(inputs.shape()) + ")");
    }
    int[] wanted = options.sampleShape();
    if (wanted == null) {
      return inputs;
    }
    int elements = inputs.size() / inputs.dim(0);
    if (Tensor.elements(wanted) != elements) {
      throw new InputException(
          samples.name()
              + ": a sample has "
              + elements
              + " elements, which do not make "
              + Tensor.text(wanted));
    }
    int[] shape = new int[wanted.length + 1];
    shape[0] = inputs.dim(0);
    System.arraycopy(wanted, 0, shape, 1, wanted.length);
    return inputs.reshape(shape);
  }
}
