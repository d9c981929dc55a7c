package lamina.train.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import lamina.format.FileType;
import lamina.format.ReadFailure;
import lamina.format.TensorArgument;
import lamina.format.TensorInput;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * Reads data to learn from: CSV of numbers or of texts, IDX pairs or their folder, npz with x and
 * y, JSON Lines, a folder of images with a subfolder a class, rows of any tensor with the label
 * last.
 */
public final class DatasetReader {
  private final DataOptions options;
  private final Preparer preparer;

  private DatasetReader(DataOptions options) {
    this.options = options;
    this.preparer = new Preparer(options);
  }

  /**
   * Reads data, holds out its test part and prepares both. What is learned on the way (mean and
   * deviation, vocabulary) is learned from the training part only.
   *
   * @param source the file or folder as the user gave it
   * @throws InputException if it cannot be read or learned from; names the file, the row and the
   *     values
   */
  public static PreparedData read(String source, DataOptions options) {
    return new DatasetReader(options).prepared(source);
  }

  /**
   * Reads data that a trained network is tried on, prepared as its training data was.
   *
   * @throws InputException as {@link #read}, or if the data does not fit the preparation
   */
  public static Dataset read(String source, DataOptions options, Preparation preparation) {
    DatasetReader reader = new DatasetReader(options);
    return reader.dataset(reader.testOf(source), preparation);
  }

  private PreparedData prepared(String source) {
    SampleSource read = open(source);
    return prepared(read).withParts(read.training().parts());
  }

  private PreparedData prepared(SampleSource read) {
    Samples all = read.training();
    if (options.areAnswers()) {
      return withAnswers(all, options.test() != null ? testOf(options.test()) : read.test());
    }
    List<String> classes =
        options.numbersAsTargets() ? null : Targets.classes(all, options.classCount());
    Tensor targets = targets(all, classes);
    if (options.split() > 0) {
      return split(all, targets, classes);
    }
    Samples test = options.test() != null ? testOf(options.test()) : read.test();
    if (test != null) {
      NamedInputs.requireSameParts(all, test, options.inputNames());
    }
    Preparation preparation = preparer.learn(all, null, classes);
    Tensor inputs = preparer.inputs(all, preparation, null);
    Dataset training = new Dataset(inputs, targets, classes, all.places()::of);
    return new PreparedData(
        training, test == null ? null : dataset(test, preparation), preparation);
  }

  /** The same where answers are texts. */
  private PreparedData withAnswers(Samples all, Samples test) {
    StratifiedSplit rows =
        options.split() > 0
            ? StratifiedSplit.of(
                Tensor.zeros(options.dtype(), all.size()),
                0,
                options.split(),
                options.seed(),
                all.name())
            : null;
    int[] training = rows == null ? null : rows.training();
    AnswerTexts answers = AnswerTexts.learn(all, training, options.byCharacters());
    Preparation preparation = preparer.learn(all, training, answers.vocabulary().words());
    Tensor targets = answers.targets(all);
    if (rows != null) {
      return new PreparedData(
          part(all, targets, training, preparation),
          part(all, targets, rows.test(), preparation),
          preparation,
          answers);
    }
    return new PreparedData(
        answered(all, targets, preparation),
        test == null ? null : answered(test, answers.targets(test), preparation),
        preparation,
        answers);
  }

  private Dataset answered(Samples samples, Tensor targets, Preparation preparation) {
    return new Dataset(preparer.inputs(samples, preparation, null), targets, preparation.classes());
  }

  /** What of a source is for testing: a part that it sets apart, or all of it. */
  private Samples testOf(String source) {
    SampleSource samples = open(source);
    return samples.test() == null ? samples.training() : samples.test();
  }

  private PreparedData split(Samples all, Tensor targets, List<String> classes) {
    StratifiedSplit rows =
        StratifiedSplit.of(
            targets,
            classes == null ? 0 : classes.size(),
            options.split(),
            options.seed(),
            all.name());
    Preparation preparation = preparer.learn(all, rows.training(), classes);
    if (all.texts() == null) {
      Tensor shaped = preparer.shaped(all);
      DataChecks.fits((long) shaped.size() * shaped.dtype().bytes(), all.name());
    }
    Dataset training = part(all, targets, rows.training(), preparation);
    return new PreparedData(training, part(all, targets, rows.test(), preparation), preparation);
  }

  private Dataset part(Samples all, Tensor targets, int[] rows, Preparation preparation) {
    Tensor someTargets = new Dataset(targets, targets, null).select(rows).targets();
    Samples.Places places = all.places();
    return new Dataset(
        preparer.inputs(all, preparation, rows),
        someTargets,
        preparation.classes(),
        sample -> places.of(rows[sample]));
  }

  private Dataset dataset(Samples samples, Preparation preparation) {
    Tensor inputs = preparer.inputs(samples, preparation, null);
    List<String> classes = preparation.classes();
    return new Dataset(inputs, targets(samples, classes), classes, samples.places()::of);
  }

  private Tensor targets(Samples samples, List<String> classes) {
    return classes == null
        ? Targets.numbers(samples, options.dtype())
        : Targets.indices(samples, classes);
  }

  private SampleSource open(String source) {
    try {
      SampleSource read = opened(source);
      if (options.inputNames() != null && read.training().parts() == null) {
        throw new InputException(
            source
                + ": the network takes several inputs, "
                + String.join(", ", options.inputNames())
                + "; give an .npz or JSON Lines that has each by its name, and y");
      }
      if (options.resize() != null && read.training().kind() != Preparation.Kind.IMAGES) {
        throw new InputException(source + ": --resize goes with a folder of images");
      }
      check(read.training());
      check(read.test());
      return read;
    } catch (IOException e) {
      throw ReadFailure.of(source, e);
    }
  }

  private static void check(Samples samples) {
    if (samples != null && samples.size() == 0) {
      throw new InputException(samples.name() + ": has no samples");
    }
    if (samples != null && samples.inputs() != null) {
      DataChecks.finite(samples.inputs(), samples, "input");
    }
  }

  private SampleSource opened(String source) throws IOException {
    Path path = options.directory().resolve(source);
    if (Files.isDirectory(path)) {
      if (options.label() != null || options.text() != null) {
        throw new InputException(source + ": is a folder; --label and --text name columns of CSV");
      }
      List<Path> images = IdxSamples.imagesIn(path);
      return images.isEmpty()
          ? ImageSamples.folder(path, source, options)
          : IdxSamples.folder(images, source, options);
    }
    if (!source.equals("-") && source.startsWith("[")) {
      return rows(TensorArgument.parse(source).read(options.reading()), "the literal");
    }
    String name = source.equals("-") ? "standard input" : source;
    try (TensorInput file =
        source.equals("-")
            ? TensorInput.standardInput(options.standardInput())
            : TensorInput.file(source, options.directory())) {
      return samples(file, source, name);
    }
  }

  private SampleSource samples(TensorInput file, String source, String name) throws IOException {
    return switch (file.type()) {
      case CSV, TSV -> new SampleSource(CsvSamples.read(file, name, options), null);
      case JSON_LINES -> new SampleSource(JsonLinesSamples.read(file, name, options), null);
      case NPZ, SAFETENSORS -> {
        if (file.type() == FileType.NPZ && file.length() >= 0) {
          Path archive = options.directory().resolve(source);
          DataChecks.fits(NpzMemory.bytes(archive, options.readType()), name);
        }
        yield TensorSamples.named(file.readAll(options.reading()), name, options);
      }
      case IDX -> new SampleSource(IdxSamples.pair(source, options), null);
      case IMAGE, NETPBM ->
          throw new InputException(
              name + ": is one image; give the folder that has a subfolder of images a class");
      case JSON, NPY, PROTOBUF -> rows(file.read(null, options.reading()), name);
    };
  }

  private SampleSource rows(Tensor tensor, String name) {
    if (options.label() != null || options.text() != null) {
      throw new InputException(name + ": has no columns with names, for --label or --text");
    }
    return new SampleSource(TensorSamples.rows(tensor, name, options), null);
  }
}
