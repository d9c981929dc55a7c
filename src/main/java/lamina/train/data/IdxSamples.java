package lamina.train.data;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lamina.format.Idx;
import lamina.format.ReadFailure;
import lamina.format.TensorInput;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * A pair of IDX files, images and labels, named as MNIST's are: {@code train-images-idx3-ubyte} and
 * {@code train-labels-idx1-ubyte}, also with a dot before {@code idx} and with {@code .gz}.
 */
final class IdxSamples {
  private IdxSamples() {}

  /** The images among a folder's IDX files, in the order of their names. */
  static List<Path> imagesIn(Path folder) throws IOException {
    List<Path> images = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        if (name.contains("images") && plain(name).endsWith("idx3-ubyte")) {
          images.add(file);
        }
      }
    }
    images.sort(null);
    return images;
  }

  /** A folder with the images and labels to learn from and, named t10k or test, to test with. */
  static SampleSource folder(List<Path> images, String name, DataOptions options)
      throws IOException {
    List<Path> training = new ArrayList<>();
    List<Path> test = new ArrayList<>();
    for (Path file : images) {
      String fileName = file.getFileName().toString();
      boolean isTest = fileName.contains("t10k") || fileName.contains("test");
      (isTest ? test : training).add(file);
    }
    if (training.isEmpty()) {
      training = test;
      test = List.of();
    }
    Samples samples = only(training, name, options);
    return new SampleSource(
        samples, test.isEmpty() || options.split() > 0 ? null : only(test, name, options));
  }

  private static Samples only(List<Path> files, String name, DataOptions options)
      throws IOException {
    if (files.size() > 1 && !plain(files.get(0)).equals(plain(files.get(1)))) {
      throw new InputException(
          name
              + ": has several sets of images ("
              + files.get(0).getFileName()
              + ", "
              + files.get(1).getFileName()
              + "); name one of the files");
    }
    return pair(name + "/" + files.get(0).getFileName(), options);
  }

  private static String plain(Path file) {
    return plain(file.getFileName().toString());
  }

  private static String plain(String name) {
    return name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
  }

  /** The pair that a file of images belongs to. */
  static Samples pair(String name, DataOptions options) throws IOException {
    String labelsName = labelsOf(name, options);
    double[] scale = {1};
    Tensor x =
        read(
            name,
            options,
            (shape, areBytes) -> {
              long bytes = options.readType().bytes();
              for (int size : shape) {
                bytes = Math.multiplyExact(bytes, size);
              }
              DataChecks.fits(bytes, name);
              scale[0] = areBytes && shape.length > 2 ? 255 : 1;
            });
    Tensor y = read(labelsName, options, null);
    if (x.rank() == 0 || y.rank() != 1 || x.dim(0) != y.dim(0)) {
      throw new InputException(
          name
              + ": has "
              + (x.rank() == 0 ? 1 : x.dim(0))
              + " images but "
              + labelsName
              + " has "
              + Tensor.text(y.shape())
              + " labels");
    }
    Tensor images = x.rank() == 3 ? x.reshape(x.dim(0), 1, x.dim(1), x.dim(2)) : x;
    Samples samples = TensorSamples.samples(images, y, "image ", "labels", name, options);
    Preparation.divide(images, scale[0]);
    return samples.withInputs(
        x.rank() > 2 ? Preparation.Kind.IMAGES : Preparation.Kind.NUMBERS, images, scale[0]);
  }

  /** Two files are read, so that a failure names the one. */
  private static Tensor read(String name, DataOptions options, Idx.Header check) {
    try (TensorInput file = TensorInput.file(name, options.directory())) {
      return file.readIdx(options.readType(), check);
    } catch (IOException e) {
      throw ReadFailure.of(name, e);
    }
  }

  private static String labelsOf(String images, DataOptions options) {
    String folder = images.substring(0, images.lastIndexOf('/') + 1);
    String file = images.substring(folder.length());
    String labels = file.replace("images", "labels").replace("idx3", "idx1");
    if (labels.equals(file)) {
      throw new InputException(
          images
              + ": the file of its labels is found by its name; call them"
              + " train-images-idx3-ubyte and train-labels-idx1-ubyte");
    }
    for (String candidate : List.of(labels, plain(labels), labels + ".gz")) {
      if (Files.exists(options.directory().resolve(folder + candidate))) {
        return folder + candidate;
      }
    }
    throw new InputException(images + ": the file of its labels, " + labels + ", is not beside it");
  }
}
