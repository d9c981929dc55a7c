package lamina.train.data;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import lamina.format.Vocabulary;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * What preparing the training part has taught: it goes into the checkpoint, and later samples are
 * prepared by it in the same way, to the same bits.
 *
 * @param kind what the samples were
 * @param sampleShape the shape of one prepared sample: {@code (C, H, W)} for images, {@code (T)}
 *     for texts of T words
 * @param classes the names of the classes in the order of their indices; null if numbers were
 *     learned
 * @param mean what is subtracted, one number a channel (samples of rank 3 and more) or a feature
 *     (the last axis); null without normalisation
 * @param deviation what is divided by, after {@code mean}
 * @param scale what the numbers of the data were divided by first: 255 for bytes of IDX, else 1
 * @param white what stands for white in the data as it was given, so that image files can be taken
 *     too; 0 if they cannot, as with texts and negative numbers
 * @param resize whether images of other sizes are brought to this one
 * @param vocabulary the words; null unless the samples are texts
 */
public record Preparation(
    Kind kind,
    int[] sampleShape,
    List<String> classes,
    double[] mean,
    double[] deviation,
    double scale,
    double white,
    boolean resize,
    Vocabulary vocabulary) {

  /** What samples are. */
  public enum Kind {
    /** Tensors of numbers. */
    NUMBERS,
    /** Indices of words or of other things, for an embedding. */
    INDICES,
    /** Images. */
    IMAGES,
    /** Texts, which become indices of words. */
    TEXTS
  }

  /** The most words that a text keeps: the T of its shape; 0 unless the samples are texts. */
  public int maxLength() {
    return kind == Kind.TEXTS ? sampleShape[0] : 0;
  }

  /**
   * Refuses data that would teach another preparation: a network that goes on learning from it
   * would answer with other names, words or scales than it learned.
   *
   * @param now what the data that is to be learned from now has taught
   * @param name what messages call the network
   */
  public void requireSame(Preparation now, String name) {
    if (!Objects.equals(classes, now.classes)) {
      throw new InputException(
          name
              + ": was trained with "
              + text(classes)
              + ", not "
              + text(now.classes).replaceFirst("^the classes ", "")
              + "; --init takes its weights alone");
    }
    String other =
        !Objects.equals(words(vocabulary), words(now.vocabulary))
            ? "another vocabulary"
            : scale != now.scale
                    || !Arrays.equals(mean, now.mean)
                    || !Arrays.equals(deviation, now.deviation)
                ? "another normalisation"
                : null;
    if (other != null) {
      throw new InputException(
          name
              + ": was trained with "
              + other
              + " than this data gives; go on with the data of the first run");
    }
  }

  private static String text(List<String> classes) {
    return classes == null ? "numbers" : "the classes " + String.join(", ", classes);
  }

  private static List<String> words(Vocabulary vocabulary) {
    return vocabulary == null ? null : List.copyOf(vocabulary.words());
  }

  /** This as one JSON object. */
  public String toJson() {
    return PreparationJson.write(this);
  }

  /**
   * What {@link #toJson} wrote.
   *
   * @param sourceName what messages call the text
   * @throws InputException if the text is something else
   */
  public static Preparation fromJson(String json, String sourceName) {
    return PreparationJson.read(json, sourceName);
  }

  /**
   * Prepares a sample, or a batch of them, that looks as in the training data.
   *
   * @param sample of the sample's shape, or of one with as many elements; for a batch with an axis
   *     more in front. It is not changed
   * @return the sample's shape, or {@code (N, ...)}, in the type of {@code sample}; indices of
   *     words are returned as they are
   * @throws InputException if the shape does not fit
   */
  public Tensor apply(Tensor sample) {
    if (kind == Kind.TEXTS) {
      return sample;
    }
    int width = Tensor.elements(sampleShape);
    boolean batch =
        sample.rank() > 0
            && (long) sample.dim(0) * width == sample.size()
            && (sample.dim(0) > 1 || sample.rank() > sampleShape.length);
    int rank = sample.rank();
    boolean fitsInRank =
        sampleShape.length > 1
            && (rank == sampleShape.length || rank == sampleShape.length + 1)
            && (sampleShape.length == 2
                ? sample.dim(-1) == sampleShape[1]
                : sample.dim(-sampleShape.length) == sampleShape[0]);
    if (!batch && sample.size() != width && fitsInRank && kind != Kind.INDICES) {
      // Images of another size, sequences of another length: the network may take them.
      Tensor other = copy(sample);
      divide(other, scale);
      int[] shape = sample.shape();
      normalize(rank == sampleShape.length ? other.reshape(withBatch(1, shape)) : other);
      return other;
    }
    if (!batch && sample.size() != width) {
      throw new InputException(
          "the input has shape "
              + Tensor.text(sample.shape())
              + " but the network learned from samples of shape "
              + Tensor.text(sampleShape));
    }
    int count = batch ? sample.dim(0) : 1;
    Tensor prepared = copy(sample).reshape(withBatch(count, sampleShape));
    if (kind != Kind.INDICES) {
      divide(prepared, scale);
      normalize(prepared);
    }
    return batch ? prepared : prepared.reshape(sampleShape);
  }

  /**
   * Prepares an image. White becomes what white is in the data.
   *
   * @param image {@code (C, H, W)} in 0..1, with 1 to 4 channels as image files have them
   * @return the sample's shape
   * @throws InputException if the network takes no images, or only of another size
   */
  public Tensor applyImage(Tensor image) {
    int rank = sampleShape.length;
    if (white == 0
        || rank < 2
        || rank > 3
        || (rank == 3 && sampleShape[0] != 1 && sampleShape[0] != 3)) {
      throw new InputException(
          "the network learned from "
              + (kind == Kind.TEXTS ? "texts" : "samples of shape " + Tensor.text(sampleShape))
              + ", not from images; it takes no image");
    }
    int height = sampleShape[rank - 2];
    int width = sampleShape[rank - 1];
    if (!resize && (image.dim(1) != height || image.dim(2) != width)) {
      throw new InputException(
          "the image has "
              + image.dim(2)
              + "x"
              + image.dim(1)
              + " pixels but the network learned from "
              + width
              + "x"
              + height
              + "; scale it first");
    }
    int channels = rank == 2 ? 1 : sampleShape[0];
    Tensor fitted = ImageFit.size(ImageFit.channels(image, channels), height, width);
    Tensor prepared = copy(fitted).reshape(withBatch(1, sampleShape));
    divide(prepared, scale / white);
    normalize(prepared);
    return prepared.reshape(sampleShape);
  }

  /**
   * Prepares a text.
   *
   * @return {@code (T)} of int64
   * @throws InputException if the text has no word, or the network takes no text
   */
  public Tensor apply(String text) {
    if (kind != Kind.TEXTS) {
      throw new InputException("the network learned from no texts; it takes no --text");
    }
    List<String> words = Vocabulary.split(text);
    if (words.isEmpty()) {
      throw new InputException("the text '" + text + "' has no word");
    }
    long[] indices = new long[maxLength()];
    vocabulary.encode(words, indices, 0, indices.length);
    return Tensor.of(indices, indices.length);
  }

  private void normalize(Tensor batch) {
    if (mean != null) {
      new Standardization(mean, deviation).apply(batch);
    }
  }

  static void divide(Tensor tensor, double divisor) {
    if (divisor == 1) {
      return;
    }
    for (int i = 0; i < tensor.size(); i++) {
      if (tensor.dtype() == DType.FLOAT32) {
        tensor.floats()[i] = (float) (tensor.floats()[i] / divisor);
      } else {
        tensor.doubles()[i] /= divisor;
      }
    }
  }

  private static int[] withBatch(int count, int[] sample) {
    int[] shape = new int[sample.length + 1];
    shape[0] = count;
    System.arraycopy(sample, 0, shape, 1, sample.length);
    return shape;
  }

  private static Tensor copy(Tensor tensor) {
    return switch (tensor.dtype()) {
      case FLOAT64 -> Tensor.of(tensor.doubles().clone(), tensor.shape());
      case FLOAT32 -> Tensor.of(tensor.floats().clone(), tensor.shape());
      case INT64 -> Tensor.of(tensor.longs().clone(), tensor.shape());
    };
  }
}
