package lamina.train.data;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import lamina.format.TensorInput;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/** A folder of images with a subfolder a class, which may lie in folders train and test. */
final class ImageSamples {
  private static final List<String> ENDS =
      List.of(".png", ".jpg", ".jpeg", ".gif", ".bmp", ".pgm", ".ppm", ".pbm", ".pnm");

  private ImageSamples() {}

  static SampleSource folder(Path folder, String name, DataOptions options) throws IOException {
    Path training = folder.resolve("train");
    if (!Files.isDirectory(training)) {
      return new SampleSource(samples(folder, name, options), null);
    }
    for (String test : List.of("test", "val", "valid")) {
      if (Files.isDirectory(folder.resolve(test))) {
        return new SampleSource(
            samples(training, name + "/train", options),
            options.split() > 0 ? null : samples(folder.resolve(test), name + "/" + test, options));
      }
    }
    return new SampleSource(samples(training, name + "/train", options), null);
  }

  private static Samples samples(Path folder, String name, DataOptions options) throws IOException {
    List<String> files = new ArrayList<>();
    Labels labels = new Labels();
    for (String label : names(folder)) {
      Path subfolder = folder.resolve(label);
      if (!Files.isDirectory(subfolder)) {
        continue;
      }
      int before = files.size();
      for (String file : names(subfolder)) {
        if (isImage(file)) {
          files.add(label + "/" + file);
          labels.add(label);
        }
      }
      if (files.size() == before) {
        throw new InputException(
            name + "/" + label + ": has no images (" + String.join(" ", ENDS) + ")");
      }
    }
    if (files.isEmpty()) {
      throw new InputException(
          name + ": has neither subfolders of images, one a class, nor MNIST's IDX files");
    }
    Tensor images = new Reader(folder, name, files, options).read();
    return Samples.ofNumbers(name, images, labels, files::get)
        .withInputs(Preparation.Kind.IMAGES, images, 1);
  }

  /** What a folder holds, sorted, without hidden files. */
  private static List<String> names(Path folder) throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (!name.startsWith(".")) {
          names.add(name);
        }
      }
    }
    names.sort(null);
    return names;
  }

  private static boolean isImage(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    for (String end : ENDS) {
      if (lower.endsWith(end)) {
        return true;
      }
    }
    return false;
  }

  /** Reads images of one size, or brings them to it, into one tensor. */
  private static final class Reader {
    private final Path folder;
    private final String name;
    private final List<String> files;
    private final DataOptions options;

    Reader(Path folder, String name, List<String> files, DataOptions options) {
      this.folder = folder;
      this.name = name;
      this.files = files;
      this.options = options;
    }

    /** {@code (N, C, H, W)}: grey if all images are, else colour. */
    Tensor read() throws IOException {
      Tensor first = image(0);
      if (first.dim(0) < 3) {
        Tensor grey = read(first, 1);
        if (grey != null) {
          return grey;
        }
      }
      return read(first, 3);
    }

    /** All images; null if grey was asked for and one has colours. */
    private Tensor read(Tensor first, int channels) throws IOException {
      int[] resize = options.resize();
      int height = resize == null ? first.dim(1) : resize[1];
      int width = resize == null ? first.dim(2) : resize[0];
      long bytes = (long) channels * height * width * options.readType().bytes();
      DataChecks.fits(Math.multiplyExact(bytes, files.size()), name);
      Tensor all = Tensor.zeros(options.readType(), files.size(), channels, height, width);
      int size = channels * height * width;
      for (int i = 0; i < files.size(); i++) {
        Tensor image = i == 0 ? first : image(i);
        if (image.dim(0) > 2 && channels == 1) {
          return null;
        }
        if (resize == null && (image.dim(1) != height || image.dim(2) != width)) {
          throw new InputException(
              name
                  + ", "
                  + files.get(i)
                  + ": has "
                  + image.dim(2)
                  + "x"
                  + image.dim(1)
                  + " pixels but "
                  + files.get(0)
                  + " has "
                  + width
                  + "x"
                  + height
                  + "; bring all to one size with --resize WxH");
        }
        Tensor fitted = ImageFit.size(ImageFit.channels(image, channels), height, width);
        for (int j = 0; j < size; j++) {
          all.set(i * size + j, fitted.get(j));
        }
      }
      return all;
    }

    private Tensor image(int index) throws IOException {
      String file = folder.resolve(files.get(index)).toString();
      try (TensorInput input = TensorInput.file(file, null)) {
        return input.read(null, options.reading());
      }
    }
  }
}
