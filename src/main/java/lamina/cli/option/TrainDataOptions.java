package lamina.cli.option;

import java.util.List;
import lamina.format.ReadOptions;
import lamina.layer.Layer;
import lamina.network.Network;
import lamina.network.Node;
import lamina.text.InputException;
import lamina.train.TrainingData;
import lamina.train.data.Augmentation;
import lamina.train.data.DataOptions;
import lamina.train.data.DatasetReader;
import lamina.train.data.PreparedData;

/** Which samples {@code lamina train} learns from, and how they are prepared. */
public final class TrainDataOptions extends OptionGroup {
  private final TextOption data =
      text(
          "FILE",
          "samples: CSV with the label last, CSV of texts (--text), .npz with x and y, JSON Lines"
              + " of {\"x\":...,\"y\":...} (of several inputs each by its name, or x1, x2), IDX"
              + " files of images and labels or their folder, a folder of images with a subfolder a"
              + " class",
          "--data");

  private final TextOption test = text("FILE", "samples to test with, as --data", "--test");

  private final TextOption label =
      text("NAME", "column of the labels, or its number from 1; default: the last", "--label");

  private final TextOption text = text("NAME", "column of the texts to learn from", "--text");

  private final IntegerOption vocabularySize =
      integer(
          "N",
          DataOptions.DEFAULT_VOCABULARY_SIZE,
          3,
          "words known of texts, with <pad> and <unk>; default 10000",
          "--vocab-size");

  private final IntegerOption maxLength =
      integer("N", 0, 1, "words kept of a text; default: those of the longest", "--max-len");

  private final TextOption resize = text("WxH", "size that all images are brought to", "--resize");

  private final SizesOption input = sizes("SHAPE", 0, "shape of one sample, e.g. 1x8x8", "--input");

  private final FlagOption normalize =
      flag(
          "bring each channel or column to mean 0 and deviation 1, by the samples learned from",
          "--normalize");

  private final TextOption decoder =
      text(
          "NET",
          "a second network that writes the label as a text, from the state that NET gives: its"
              + " first recurrent layer starts from it",
          "--decoder");

  private final ChoiceOption answerBy =
      choice(
          "UNIT",
          List.of("words", "characters"),
          "words",
          "how --decoder writes: by words (default) or characters",
          "--answer-by");

  private final IntegerOption shift =
      integer("N", 0, 0, "shift images by up to N pixels at random", "--shift");

  private final FlagOption flip = flag("mirror images left to right at random", "--flip");

  /** The second network. */
  public TextOption decoder() {
    return decoder;
  }

  /** The options that a report names: the data's files. */
  public List<TextOption> files() {
    return List.of(data, test);
  }

  /**
   * Reads the samples for a network.
   *
   * @throws UsageException for options that make no sense, or none together
   */
  public TrainingData read(TensorInputs inputs, TrainSettings settings, Network network) {
    if (!data.isGiven()) {
      throw new UsageException("--data FILE is missing: samples with the label last, or an .npz");
    }
    if (test.isGiven() && settings.split() > 0) {
      throw new UsageException("either --test or --split, not both");
    }
    for (Option option : List.of(vocabularySize, maxLength)) {
      if (option.isGiven() && !text.isGiven()) {
        throw new UsageException(option.name() + " goes with --text");
      }
    }
    if (answerBy.isGiven() && !decoder.isGiven()) {
      throw new UsageException("--answer-by goes with --decoder");
    }
    for (Option option : List.of(shift, flip)) {
      if (option.isGiven() && decoder.isGiven()) {
        throw new UsageException("either " + option.name() + " or --decoder, not both");
      }
    }
    if (text.isGiven()
        && network.leaves().stream()
            .noneMatch(leaf -> leaf.layer() != null && leaf.layer().takesIndices())) {
      throw new InputException(
          "--text gives the network the indices of words, which an Embedding(_, 16) at its"
              + " begin turns into numbers");
    }
    if (network.severalInputs() != null) {
      for (Option option : List.of(text, resize, input, normalize, decoder, shift, flip)) {
        if (option.isGiven()) {
          throw new UsageException(
              option.name() + " goes with a network of one input, but this one takes several");
        }
      }
    }
    PreparedData read = DatasetReader.read(data.text(), dataOptions(inputs, settings, network));
    int pixels = shift.value();
    boolean mirrors = flip.isGiven();
    return TrainingData.of(
        read,
        pixels == 0 && !mirrors
            ? null
            : new Augmentation(pixels, mirrors, inputs.seed(), read.preparation()));
  }

  private DataOptions dataOptions(TensorInputs inputs, TrainSettings settings, Network network) {
    List<Node.Leaf> leaves = network.leaves();
    ReadOptions reading = inputs.options();
    DataOptions options =
        new DataOptions()
            .label(label.text())
            .text(text.text())
            .vocabularySize(vocabularySize.value())
            .maxLength(maxLength.value())
            .dtype(settings.dtype())
            .numbersAsTargets(!settings.loss().kind().hasClasses())
            .indicesAsInputs(takesIndices(leaves) && network.severalInputs() == null)
            .classCount(classCount(leaves))
            .inputNames(network.severalInputs())
            .test(test.text())
            .split(settings.split())
            .seed(inputs.seed())
            .normalize(normalize.isGiven())
            .csvHeader(reading.csvHeader())
            .standardInput(reading.standardInput())
            .remarks(reading.remarks())
            .directory(reading.directory());
    if (decoder.isGiven()) {
      options.answers(answerBy.word());
    }
    if (input.isGiven()) {
      options.sampleShape(input.sizes());
    }
    for (TextOption option : List.of(data, test)) {
      if ("-".equals(option.text())) {
        inputs.claimStandardInput(option.name());
      }
    }
    if (resize.isGiven()) {
      int[] size = Sizes.parse(resize.name(), resize.text());
      if (size.length != 2 || size[0] == 0 || size[1] == 0) {
        throw new UsageException("--resize takes WxH such as 32x32, not '" + resize.text() + "'");
      }
      options.resize(size[0], size[1]);
    }
    return options;
  }

  private static boolean takesIndices(List<Node.Leaf> leaves) {
    Layer first = leaves.isEmpty() ? null : leaves.get(0).layer();
    return first != null && first.takesIndices();
  }

  /** The outputs of a last linear layer, which activations may follow; 0 for other networks. */
  private static int classCount(List<Node.Leaf> leaves) {
    for (int i = leaves.size() - 1; i >= 0; i--) {
      Layer layer = leaves.get(i).layer();
      if (layer != null && layer.outputFeatures() >= 0) {
        return layer.outputFeatures();
      }
      if (layer == null || layer.activation() == null) {
        return 0;
      }
    }
    return 0;
  }

  /** What must be the same when a run is taken up again, an option a line. */
  public String settings() {
    StringBuilder settings = new StringBuilder();
    for (Option option :
        List.of(label, text, vocabularySize, maxLength, resize, input, shift, decoder, answerBy)) {
      if (option.isGiven()) {
        settings.append(option.asTyped().replaceAll("\\s+", " ")).append('\n');
      }
    }
    for (Option option : List.of(normalize, flip)) {
      settings.append(option.isGiven() ? option.name() + "\n" : "");
    }
    return settings.toString();
  }
}
