package lamina.cli.option;

import java.util.List;
import lamina.format.ReadOptions;
import lamina.layer.Layer;
import lamina.network.Network;
import lamina.network.Node;
import lamina.train.EncoderDecoder;
import lamina.train.data.AnswerTexts;
import lamina.train.data.Augmentation;
import lamina.train.data.DataOptions;
import lamina.train.data.Dataset;
import lamina.train.data.DatasetReader;
import lamina.train.data.Preparation;
import lamina.train.data.PreparedData;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The samples to learn from, as typed.
 *
 * @param training what is learned from
 * @param test what is held out; null if nothing is
 * @param preparation what the training part taught, for the checkpoint
 * @param augmentation changes images before they are learned from; null for none
 * @param answers the tokens of answers that are texts; else null
 * @param settings what must be the same when a run is taken up again, an option a line
 */
public record TrainData(
    Dataset training,
    Dataset test,
    Preparation preparation,
    Augmentation augmentation,
    AnswerTexts answers,
    String settings) {
  /** Those that change what is learned. */
  private static final List<String> SETTINGS =
      List.of(
          "--label",
          "--text",
          "--vocab-size",
          "--max-len",
          "--resize",
          "--input",
          "--shift",
          "--decoder",
          "--answer-by");

  private static final List<String> BY = List.of("words", "characters");

  private static final List<String> FLAGS = List.of("--normalize", "--flip");

  /** Adds the options of data. */
  public static void define(CommandSpec spec) {
    value(
        spec,
        "FILE",
        "samples: CSV with the label last, CSV of texts (--text), .npz with x and y, JSON Lines of"
            + " {\"x\":...,\"y\":...}, IDX files of images and labels or their folder, a folder of"
            + " images with a subfolder a class",
        "--data");
    value(spec, "FILE", "samples to test with, as --data", "--test");
    value(spec, "NAME", "column of the labels, or its number from 1; default: the last", "--label");
    value(spec, "NAME", "column of the texts to learn from", "--text");
    value(spec, "N", "words known of texts, with <pad> and <unk>; default 10000", "--vocab-size");
    value(spec, "N", "words kept of a text; default: those of the longest", "--max-len");
    value(spec, "WxH", "size that all images are brought to", "--resize");
    value(spec, "SHAPE", "shape of one sample, e.g. 1x8x8", "--input");
    flag(
        spec,
        "bring each channel or column to mean 0 and deviation 1, by the samples learned from",
        "--normalize");
    value(
        spec,
        "NET",
        "a second network that writes the label as a text, from the state that NET gives: its first"
            + " recurrent layer starts from it",
        "--decoder");
    spec.addOption(
        CommonOptions.choice(
                "UNIT", BY, "how --decoder writes: by words (default) or characters", "--answer-by")
            .build());
    value(spec, "N", "shift images by up to N pixels at random", "--shift");
    flag(spec, "mirror images left to right at random", "--flip");
  }

  private static void value(CommandSpec spec, String label, String description, String name) {
    spec.addOption(CommonOptions.value(label, description, name).build());
  }

  private static void flag(CommandSpec spec, String description, String name) {
    spec.addOption(CommonOptions.flag(description, name).build());
  }

  /** Reads the samples for a network. */
  public static TrainData of(
      Arguments arguments, TensorInputs inputs, TrainOptions options, Network network) {
    String name = arguments.text("--data");
    if (name == null) {
      throw new UsageException("--data FILE is missing: samples with the label last, or an .npz");
    }
    if (arguments.has("--test") && options.split() > 0) {
      throw new UsageException("either --test or --split, not both");
    }
    boolean areTexts = arguments.has("--text");
    for (String option : List.of("--vocab-size", "--max-len")) {
      if (arguments.has(option) && !areTexts) {
        throw new UsageException(option + " goes with --text");
      }
    }
    if (arguments.has("--answer-by") && !arguments.has("--decoder")) {
      throw new UsageException("--answer-by goes with --decoder");
    }
    for (String option : List.of("--shift", "--flip")) {
      if (arguments.has(option) && arguments.has("--decoder")) {
        throw new UsageException("either " + option + " or --decoder, not both");
      }
    }
    PreparedData data = DatasetReader.read(name, dataOptions(arguments, inputs, options, network));
    int shift = arguments.integer("--shift", 0, 0);
    boolean flip = arguments.has("--flip");
    Augmentation augmentation =
        shift == 0 && !flip
            ? null
            : new Augmentation(shift, flip, inputs.seed(), data.preparation());
    return new TrainData(
        data.training(),
        data.test(),
        data.preparation(),
        augmentation,
        data.answers(),
        settings(arguments));
  }

  private static DataOptions dataOptions(
      Arguments arguments, TensorInputs inputs, TrainOptions options, Network network) {
    List<Node.Leaf> leaves = network.leaves();
    String shape = arguments.text("--input");
    ReadOptions reading = inputs.options();
    DataOptions data =
        new DataOptions()
            .label(arguments.text("--label"))
            .text(arguments.text("--text"))
            .vocabularySize(
                arguments.integer("--vocab-size", DataOptions.DEFAULT_VOCABULARY_SIZE, 3))
            .maxLength(arguments.has("--max-len") ? arguments.integer("--max-len", 1, 1) : 0)
            .dtype(options.dtype())
            .numbersAsTargets(!options.loss().kind().hasClasses())
            .indicesAsInputs(takesIndices(leaves))
            .classCount(classCount(leaves))
            .test(arguments.text("--test"))
            .split(options.split())
            .seed(inputs.seed())
            .normalize(arguments.has("--normalize"))
            .csvHeader(reading.csvHeader())
            .standardInput(reading.standardInput())
            .remarks(reading.remarks())
            .directory(reading.directory());
    if (arguments.has("--decoder")) {
      data.answers(arguments.choice("--answer-by", "words", BY));
    }
    if (shape != null) {
      data.sampleShape(Sizes.parse("--input", shape));
    }
    if ("-".equals(arguments.text("--data"))) {
      inputs.claimStandardInput("--data");
    }
    if ("-".equals(arguments.text("--test"))) {
      inputs.claimStandardInput("--test");
    }
    String resize = arguments.text("--resize");
    if (resize != null) {
      int[] size = Sizes.parse("--resize", resize);
      if (size.length != 2 || size[0] == 0 || size[1] == 0) {
        throw new UsageException("--resize takes WxH such as 32x32, not '" + resize + "'");
      }
      data.resize(size[0], size[1]);
    }
    return data;
  }

  /**
   * The network with the sizes that it leaves to the data: the indices of a first embedding, and
   * the outputs of the last linear layer, one a class or number to be learned.
   */
  public Network sized(Network network) {
    Node.Leaf found = null;
    for (Node.Leaf leaf : network.leaves()) {
      found = leaf.layer() != null && leaf.layer().outputFeatures() >= 0 ? leaf : found;
    }
    Node.Leaf last = found;
    return network.sizedByData(
        (path, leaf) ->
            leaf.layer().takesIndices()
                ? preparation.vocabulary() != null
                    ? preparation.vocabulary().size()
                    : training.indices(test)
                : leaf.equals(last) ? training.outputs() : 0);
  }

  private static boolean takesIndices(List<Node.Leaf> leaves) {
    Layer first = leaves.isEmpty() ? null : leaves.get(0).layer();
    return first != null && first.takesIndices();
  }

  /**
   * An encoder with its decoder, both with the sizes that they leave to the data.
   *
   * @throws UsageException if the loss is not one of classes
   */
  public EncoderDecoder withDecoder(Network encoder, Network decoder) {
    return new EncoderDecoder(
        sized(encoder),
        decoder.sizedByData((path, leaf) -> answers.vocabulary().size()),
        training.sampleShape(),
        answers);
  }

  /** The same samples as an encoder and its decoder learn from them. */
  public TrainData forced(EncoderDecoder both) {
    return new TrainData(
        both.forced(training),
        test == null ? null : both.forced(test),
        preparation,
        augmentation,
        answers,
        settings);
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

  private static String settings(Arguments arguments) {
    StringBuilder settings = new StringBuilder();
    for (String option : SETTINGS) {
      if (arguments.has(option)) {
        String value = arguments.text(option).replaceAll("\\s+", " ");
        settings.append(option).append(' ').append(value).append('\n');
      }
    }
    for (String option : FLAGS) {
      settings.append(arguments.has(option) ? option + "\n" : "");
    }
    return settings.toString();
  }
}
