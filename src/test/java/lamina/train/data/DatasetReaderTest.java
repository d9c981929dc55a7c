package lamina.train.data;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import lamina.format.Npz;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatasetReaderTest {
  @TempDir private Path folder;

  private DataOptions options() {
    return new DataOptions().directory(folder);
  }

  private String write(String name, String... lines) throws IOException {
    Files.writeString(folder.resolve(name), String.join("\n", lines) + "\n");
    return name;
  }

  private void refuses(String source, DataOptions options, String message) {
    assertThatThrownBy(() -> DatasetReader.read(source, options))
        .isInstanceOf(InputException.class)
        .hasMessage(message);
  }

  @Test
  void readsTheDigits() {
    PreparedData data =
        DatasetReader.read(
            "digits.csv.gz",
            new DataOptions()
                .directory(Path.of("src/examples/digits"))
                .sampleShape(1, 8, 8)
                .split(0.2)
                .normalize(true));
    assertThat(data.training().size()).isEqualTo(1438);
    assertThat(data.test().size()).isEqualTo(359);
    assertThat(data.training().inputs().shape()).containsExactly(1438, 1, 8, 8);
    assertThat(data.training().classes())
        .containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
    double sum = 0;
    double squares = 0;
    for (float value : data.training().inputs().floats()) {
      sum += value;
      squares += value * value;
    }
    int count = data.training().inputs().size();
    assertThat(sum / count).isCloseTo(0, within(1e-6));
    assertThat(squares / count).isCloseTo(1, within(1e-5));
    // The mean of all 1,797 is 4.8842; this is that of the training part.
    assertThat(data.preparation().mean()[0]).isCloseTo(4.88, within(0.05)).isNotEqualTo(4.8842);
    assertThat(data.preparation().white()).isEqualTo(16);
  }

  @Test
  void labelsMayBeWordsAnywhere() throws IOException {
    write("iris.csv", "species,length,width", "virginica,1,2", "setosa,3,4", "virginica,5,6");
    PreparedData data = DatasetReader.read("iris.csv", options().label("species"));
    assertThat(data.training().classes()).containsExactly("setosa", "virginica");
    assertThat(data.training().targets()).isEqualTo(Tensor.of(new long[] {1, 0, 1}, 3));
    assertThat(data.training().inputs()).isEqualTo(Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 3, 2));
    assertThat(data.test()).isNull();
    write("plain.csv", "virginica,1,2", "setosa,3,4");
    assertThat(DatasetReader.read("plain.csv", options().label("1")).training().targets())
        .isEqualTo(Tensor.of(new long[] {1, 0}, 2));
    write("semicolons.csv", "length;species", "1;b", "2;a");
    assertThat(DatasetReader.read("semicolons.csv", options()).training().classes())
        .containsExactly("a", "b");
  }

  @Test
  void numbersAreClassesInTheirOrder() throws IOException {
    write("data.csv", "1,10", "2,9", "3,1.0", "4,1");
    PreparedData data = DatasetReader.read("data.csv", options());
    assertThat(data.training().classes()).containsExactly("1", "9", "10");
    assertThat(data.training().targets()).isEqualTo(Tensor.of(new long[] {2, 1, 0, 0}, 4));
    // Where the network has more outputs than there are labels, they are indices as in PyTorch.
    assertThat(DatasetReader.read("data.csv", options().classCount(11)).training().targets())
        .isEqualTo(Tensor.of(new long[] {10, 9, 1, 1}, 4));
    refuses(
        "data.csv",
        options().classCount(10),
        "data.csv, row 1: label 10 is out of range: the network tells 10 classes apart, 0 to 9");
  }

  @Test
  void numbersCanBeLearnedToo() throws IOException {
    write("line.csv", "x,y", "1,2.5", "2,-3");
    PreparedData data =
        DatasetReader.read("line.csv", options().numbersAsTargets(true).dtype(DType.FLOAT64));
    assertThat(data.training().targets()).isEqualTo(Tensor.of(new double[] {2.5, -3}, 2, 1));
    assertThat(data.training().classes()).isNull();
    write("words.csv", "1,2.5", "2,big");
    refuses(
        "words.csv",
        options().numbersAsTargets(true),
        "words.csv, row 2: 'big' is not a finite number, which this loss learns; for classes use"
            + " --loss cross-entropy");
  }

  @Test
  void textsBecomeIndicesOfTheTrainingPartsWords() throws IOException {
    write(
        "train.csv",
        "text,label",
        "\"Good, good \"\"film\"\"\",pos",
        "#bad film,neg",
        "\"two",
        "lines\",neg");
    write("test.csv", "label,text", "pos,an unknown good film");
    PreparedData data =
        DatasetReader.read("train.csv", options().text("text").label("label").test("test.csv"));
    assertThat(data.preparation().vocabulary().words())
        .containsExactly("<pad>", "<unk>", "film", "good", "bad", "lines", "two");
    assertThat(data.training().inputs())
        .isEqualTo(Tensor.of(new long[] {3, 3, 2, 0, 4, 2, 0, 6, 5}, 3, 3));
    assertThat(data.training().targets()).isEqualTo(Tensor.of(new long[] {1, 0, 0}, 3));
    assertThat(data.test().inputs()).isEqualTo(Tensor.of(new long[] {1, 1, 3}, 1, 3));
    PreparedData small =
        DatasetReader.read(
            "train.csv", options().text("text").vocabularySize(4).maxLength(2).label("label"));
    assertThat(small.training().inputs()).isEqualTo(Tensor.of(new long[] {3, 3, 1, 2, 1, 1}, 3, 2));
  }

  @Test
  void theVocabularyIsThatOfTheTrainingPart() throws IOException {
    StringBuilder rows = new StringBuilder("text,label\n");
    for (int i = 0; i < 40; i++) {
      rows.append("word").append(i).append(',').append(i % 2 == 0 ? "even\n" : "odd\n");
    }
    Files.writeString(folder.resolve("data.csv"), rows);
    PreparedData data =
        DatasetReader.read("data.csv", options().text("text").label("label").split(0.25));
    assertThat(data.preparation().vocabulary().size()).isEqualTo(2 + 30);
    assertThat(data.test().inputs().longs()).containsOnly(1);
    assertThat(data.training().inputs().longs()).doesNotContain(0, 1);
  }

  private void writeIdx(String name, int[] sizes, byte... data) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(new byte[] {0, 0, 8, (byte) sizes.length});
    for (int size : sizes) {
      bytes.write(new byte[] {0, 0, (byte) (size >> 8), (byte) size});
    }
    bytes.write(data);
    try (OutputStream out = Files.newOutputStream(folder.resolve(name));
        OutputStream packed = name.endsWith(".gz") ? new GZIPOutputStream(out) : out) {
      packed.write(bytes.toByteArray());
    }
  }

  @Test
  void readsMnistsFolderAndItsFiles() throws IOException {
    writeIdx(
        "train-images-idx3-ubyte.gz",
        new int[] {2, 1, 2},
        (byte) 0,
        (byte) 255,
        (byte) 51,
        (byte) 102);
    writeIdx("train-labels-idx1-ubyte.gz", new int[] {2}, (byte) 1, (byte) 0);
    writeIdx("t10k-images-idx3-ubyte", new int[] {1, 1, 2}, (byte) 255, (byte) 0);
    writeIdx("t10k-labels-idx1-ubyte", new int[] {1}, (byte) 1);
    PreparedData data = DatasetReader.read(".", options());
    Tensor pixels = Tensor.of(new float[] {0, 1, 0.2f, 0.4f}, 2, 1, 1, 2);
    assertThat(data.training().inputs()).isEqualTo(pixels);
    assertThat(data.training().targets()).isEqualTo(Tensor.of(new long[] {1, 0}, 2));
    assertThat(data.test().inputs()).isEqualTo(Tensor.of(new float[] {1, 0}, 1, 1, 1, 2));
    PreparedData files =
        DatasetReader.read("train-images-idx3-ubyte.gz", options().test("t10k-images-idx3-ubyte"));
    assertThat(files.training().inputs()).isEqualTo(pixels);
    assertThat(files.test().targets()).isEqualTo(Tensor.of(new long[] {1}, 1));
    // A network's sample is prepared as the training data was, bytes and image files alike.
    Preparation preparation = data.preparation();
    assertThat(preparation.apply(Tensor.of(new float[] {51, 102}, 1, 2)))
        .isEqualTo(Tensor.of(new float[] {0.2f, 0.4f}, 1, 1, 2));
    assertThat(preparation.applyImage(Tensor.of(new float[] {0.2f, 0.4f}, 1, 1, 2)))
        .isEqualTo(Tensor.of(new float[] {0.2f, 0.4f}, 1, 1, 2));
    writeIdx("t10k-labels-idx1-ubyte", new int[] {2}, (byte) 1, (byte) 0);
    refuses(
        ".",
        options(),
        "./t10k-images-idx3-ubyte: has 1 images but ./t10k-labels-idx1-ubyte has 2 labels");
    Files.delete(folder.resolve("t10k-labels-idx1-ubyte"));
    refuses(
        "t10k-images-idx3-ubyte",
        options(),
        "t10k-images-idx3-ubyte: the file of its labels, t10k-labels-idx1-ubyte, is not beside it");
  }

  private String writeNpz(String name, Map<String, Tensor> tensors) throws IOException {
    try (OutputStream out = Files.newOutputStream(folder.resolve(name))) {
      Npz.write(tensors, out);
    }
    return name;
  }

  @Test
  void readsNpz() throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("x", Tensor.of(new double[] {1, 2, 3, 4}, 2, 2));
    tensors.put("y", Tensor.of(new long[] {1, 0}, 2));
    PreparedData data = DatasetReader.read(writeNpz("a.npz", tensors), options());
    assertThat(data.training().inputs()).isEqualTo(Tensor.of(new float[] {1, 2, 3, 4}, 2, 2));
    assertThat(data.training().targets()).isEqualTo(Tensor.of(new long[] {1, 0}, 2));
    assertThat(DatasetReader.read("a.npz", options().indicesAsInputs(true)).training().inputs())
        .isEqualTo(Tensor.of(new long[] {1, 2, 3, 4}, 2, 2));
    tensors.put("y", Tensor.of(new long[] {1, 0, 1}, 3));
    refuses(
        writeNpz("b.npz", tensors),
        options(),
        "b.npz: x has shape 2x2 and y has 3; both need one entry a sample");
    tensors.put("y", Tensor.of(new double[] {1, 0, 0, 1}, 2, 2));
    assertThat(DatasetReader.read(writeNpz("c.npz", tensors), options()).training().targets())
        .as("a class for each step")
        .isEqualTo(Tensor.of(new long[] {1, 0, 0, 1}, 2, 2));
    assertThat(DatasetReader.read("c.npz", options().numbersAsTargets(true)).training().targets())
        .isEqualTo(Tensor.of(new float[] {1, 0, 0, 1}, 2, 2));
    tensors.put("y", Tensor.of(new double[] {1, -1}, 2));
    refuses(
        writeNpz("d.npz", tensors),
        options(),
        "d.npz, x[1]: label -1 is negative; classes are counted from 0, or are words");
    tensors.put("labels", tensors.remove("y"));
    refuses(
        writeNpz("e.npz", tensors),
        options(),
        "e.npz: needs the entries x and y, but has x, labels");
  }

  @Test
  void kerasArchivesHaveTheirTest() throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("x_train", Tensor.of(new double[] {1, 2}, 2));
    tensors.put("y_train", Tensor.of(new double[] {0, 1}, 2));
    tensors.put("x_test", Tensor.of(new double[] {3}, 1));
    tensors.put("y_test", Tensor.of(new double[] {1}, 1));
    PreparedData data = DatasetReader.read(writeNpz("a.npz", tensors), options());
    assertThat(data.training().inputs()).isEqualTo(Tensor.of(new float[] {1, 2}, 2, 1));
    assertThat(data.test().targets()).isEqualTo(Tensor.of(new long[] {1}, 1));
  }

  @Test
  void readsJsonLines() throws IOException {
    write("a.jsonl", "{\"x\":[[1,2]],\"y\":\"b\"}", "", "{\"id\":{},\"y\":\"a\",\"x\":[[3,4]]}");
    PreparedData data = DatasetReader.read("a.jsonl", options());
    assertThat(data.training().inputs()).isEqualTo(Tensor.of(new float[] {1, 2, 3, 4}, 2, 1, 2));
    assertThat(data.training().targets()).isEqualTo(Tensor.of(new long[] {1, 0}, 2));
    write("b.jsonl", "{\"x\":\"good film\",\"y\":1}", "{\"x\":\"bad\",\"y\":0}");
    assertThat(DatasetReader.read("b.jsonl", options()).training().inputs())
        .isEqualTo(Tensor.of(new long[] {4, 3, 0, 2}, 2, 2));
    write("c.jsonl", "{\"x\":[1],\"y\":[1,2]}", "{\"x\":[2],\"y\":[3,4]}");
    assertThat(DatasetReader.read("c.jsonl", options().numbersAsTargets(true)).training().targets())
        .isEqualTo(Tensor.of(new float[] {1, 2, 3, 4}, 2, 2));
    write("d.jsonl", "{\"x\":[1],\"y\":0}", "{\"x\":[1,2],\"y\":1}");
    refuses("d.jsonl", options(), "d.jsonl, line 2: x has shape 2 but on line 1 it has 1");
    write("e.jsonl", "{\"x\":[1],\"y\":0}", "{\"x\":[1],\"label\":1}");
    refuses(
        "e.jsonl", options(), "e.jsonl, line 2, column 1: the object has no 'y' (it has label)");
    write("f.jsonl", "{\"x\":[1],\"y\":0}", "{\"x\":\"a\",\"y\":1}");
    refuses("f.jsonl", options(), "f.jsonl, line 2: x is a text, unlike on line 1");
  }

  private void writeImage(String name, int width, int height, int rgb) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    boolean grey = (rgb & 0xff) == ((rgb >> 8) & 0xff) && (rgb & 0xff) == (rgb >> 16);
    BufferedImage image =
        new BufferedImage(
            width, height, grey ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        if (grey) {
          image.getRaster().setSample(x, y, 0, rgb & 0xff);
        } else {
          image.setRGB(x, y, rgb);
        }
      }
    }
    ImageIO.write(image, "png", file.toFile());
  }

  @Test
  void aFolderOfImagesHasASubfolderAClass() throws IOException {
    writeImage("pets/dog/b.png", 2, 1, 0x333333);
    writeImage("pets/dog/a.png", 2, 1, 0xffffff);
    writeImage("pets/cat/c.png", 2, 1, 0);
    Files.writeString(folder.resolve("pets/README"), "pets");
    Files.writeString(folder.resolve("pets/dog/.DS_Store"), "x");
    PreparedData data = DatasetReader.read("pets", options());
    assertThat(data.training().classes()).containsExactly("cat", "dog");
    assertThat(data.training().inputs())
        .isEqualTo(Tensor.of(new float[] {0, 0, 1, 1, 0.2f, 0.2f}, 3, 1, 1, 2));
    assertThat(data.training().targets()).isEqualTo(Tensor.of(new long[] {0, 1, 1}, 3));
    writeImage("pets/cat/d.png", 2, 1, 0xff0033);
    assertThat(DatasetReader.read("pets", options()).training().inputs().floats())
        .startsWith(0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0.2f, 0.2f, 1, 1);
    writeImage("pets/cat/e.png", 4, 2, 0xff0033);
    refuses(
        "pets",
        options(),
        "pets, cat/e.png: has 4x2 pixels but cat/c.png has 2x1; bring all to one size with"
            + " --resize WxH");
    PreparedData resized = DatasetReader.read("pets", options().resize(3, 2));
    assertThat(resized.training().inputs().shape()).containsExactly(5, 3, 2, 3);
    assertThat(resized.preparation().applyImage(Tensor.filled(DType.FLOAT32, 0.5, 1, 7, 9)))
        .isEqualTo(Tensor.filled(DType.FLOAT32, 0.5, 3, 2, 3));
    Files.createDirectories(folder.resolve("pets/ant"));
    assertThatThrownBy(() -> DatasetReader.read("pets", options().resize(3, 2)))
        .hasMessageStartingWith("pets/ant: has no images (.png ");
  }

  @Test
  void foldersMayBringTheirTest() throws IOException {
    writeImage("pets/train/dog/a.png", 1, 1, 0xffffff);
    writeImage("pets/train/cat/b.png", 1, 1, 0);
    writeImage("pets/test/dog/c.png", 1, 1, 0xffffff);
    PreparedData data = DatasetReader.read("pets", options());
    assertThat(data.training().size()).isEqualTo(2);
    assertThat(data.test().targets()).isEqualTo(Tensor.of(new long[] {1}, 1));
    writeImage("pets/test/dgo/c.png", 1, 1, 0xffffff);
    refuses(
        "pets",
        options(),
        "pets/test, dgo/c.png: label 'dgo' is not among the 2 classes of the training data (cat,"
            + " dog); did you mean 'dog'?");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1,2,a;3,b | row 2: has 2 fields but the first row has 3",
        "x,y,z;3,b | row 2: has 2 fields but the header has 3",
        "1,2,a;3,4, | row 2, column 3: is empty; every sample needs a label",
        "1,2,a;3,,b | row 2, column 2: is empty; a number was expected",
        "1,2,a;3,nan,b | row 2, column 2: is nan; only finite numbers can be learned from",
        "p,q,z;1,2,a;3,-inf,b | row 3, column 2 ('q'): is -inf; only finite numbers can be learned"
            + " from",
        "1,2,a;3,4,a | all 2 samples have the label 'a'; at least 2 classes are needed",
        "1,2,0;3,4,1.5 | row 2: label 1.5 is not a whole number; to learn numbers use --loss mse",
        "1,2,0;3,4,-1 | row 2: label -1 is negative; classes are counted from 0, or are words",
        "1,2,a;3,x,b | row 2, column 2: 'x' is not a number; for a file of texts name the column"
            + " with --text, and that of the labels, if it is not the last, with --label",
        "1,2,a;3,\"4,5\",b | row 2, column 2: '4,5' is not a number; write decimals with a point,"
            + " not with a comma",
        "1;2 | row 1: has 1 field; at least an input and a label are needed",
        "a,b,c | has a header but no rows of samples",
        "0,1,label;1,2,0;3,4,1 | row 1 looks like a header ('label' where all other labels are"
            + " numbers); say --csv-header 1",
        "1e39,2,a;3,4,b | row 1, column 1: 1.0E39 is beyond the range of float32; use --dtype"
            + " float64"
      })
  void badRowsAreNamed(String rows, String message) throws IOException {
    write("data.csv", rows.split(";", -1));
    String separator = message.startsWith("row") && !message.contains("header (") ? ", " : ": ";
    refuses("data.csv", options(), "data.csv" + separator + message);
  }

  /** Python has its own way to pack no samples at all. */
  @Test
  void noSamplesAreSaid() throws IOException {
    write("empty.json", "{\"data\":[],\"shape\":[0,3]}");
    refuses("empty.json", options(), "empty.json: has no samples");
  }

  @Test
  void damagedFilesAreNamed() throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      for (int i = 0; i < 999; i++) {
        gzip.write((i * 37 % 101 + "," + i % 2 + "\n").getBytes(US_ASCII));
      }
    }
    byte[] bytes = packed.toByteArray();
    Files.write(folder.resolve("cut.csv.gz"), Arrays.copyOf(bytes, bytes.length / 2));
    refuses(
        "cut.csv.gz",
        options(),
        "cut.csv.gz: cannot be read: its bytes end too early; is the file truncated?");
    Arrays.fill(bytes, 40, 60, (byte) 0xff);
    Files.write(folder.resolve("bad.csv.gz"), bytes);
    assertThatThrownBy(() -> DatasetReader.read("bad.csv.gz", options()))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("bad.csv.gz: cannot be read: its compressed bytes are damaged: ");
    Files.createDirectory(folder.resolve("idx"));
    for (String name : List.of("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz")) {
      Files.write(folder.resolve("idx/" + name), new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0});
    }
    refuses(
        "idx",
        options(),
        "idx/train-images-idx3-ubyte.gz: cannot be read: its bytes end too early; is the file"
            + " truncated?");
  }

  @Test
  void numbersBeyondTheTypeAreNoTargets() throws IOException {
    write("far.csv", "1,2", "2,1e39");
    refuses(
        "far.csv",
        options().numbersAsTargets(true).dtype(DType.FLOAT32),
        "far.csv, row 2: 1e39 is beyond the range of float32; use --dtype float64");
  }

  @Test
  void classesOfStepsAreNotTooMany() throws IOException {
    write("s.jsonl", "{\"x\":[1,2],\"y\":[0,1]}", "{\"x\":[1,2],\"y\":[0,2000000000]}");
    refuses(
        "s.jsonl",
        options(),
        "s.jsonl: a step has the class 2000000000; classes are counted from 0, at most 1048576 of"
            + " them");
  }

  @Test
  void columnsAreNamedRightly() throws IOException {
    write("twice.csv", "a,a,b", "1,2,3", "4,5,6");
    refuses(
        "twice.csv",
        options().label("a"),
        "twice.csv: has several columns 'a'; --label also takes the number of one, 1 to 3");
    write("data.csv", "length,species", "1,a", "2,b");
    refuses(
        "data.csv",
        options().label("specie"),
        "data.csv: has no column 'specie' for --label; did you mean 'species'?");
    refuses(
        "data.csv",
        options().label("weight"),
        "data.csv: has no column 'weight' for --label; its columns are length, species");
    write("plain.csv", "1,a", "2,b");
    refuses(
        "plain.csv",
        options().label("species"),
        "plain.csv: has no header with 'species'; without one, --label takes the number of a"
            + " column, 1 to 2");
    refuses(
        "data.csv",
        options().text("species").label("species"),
        "data.csv: column 2 ('species') cannot be both --text and --label; name another one with"
            + " --label");
    assertThat(
            DatasetReader.read("data.csv", options().label("length").text("species"))
                .training()
                .size())
        .isEqualTo(2);
  }

  @Test
  void manyDifferentLabelsAreNoClasses() throws IOException {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < 30; i++) {
      rows.append(i).append(',').append(100 + i).append('\n');
    }
    Files.writeString(folder.resolve("prices.csv"), rows);
    refuses(
        "prices.csv",
        options(),
        "prices.csv: 30 different labels for 30 samples are no classes; to learn numbers use --loss"
            + " mse, or name another column with --label");
  }

  @Test
  void dataLargerThanMemoryIsRefusedBeforehand() throws IOException {
    // Sizes that only the header claims: compressed, so that the file's length says nothing.
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(new byte[] {0, 0, 8, 3, 0, 0x7f, 0, 0, 0, 0, 4, 0, 0, 0, 4, 0});
    try (OutputStream out =
        new GZIPOutputStream(Files.newOutputStream(folder.resolve("train-images-idx3-ubyte.gz")))) {
      out.write(bytes.toByteArray());
    }
    writeIdx("train-labels-idx1-ubyte", new int[] {1}, (byte) 0);
    assertThatThrownBy(() -> DatasetReader.read("train-images-idx3-ubyte.gz", options()))
        .isInstanceOf(InputException.class)
        .hasMessageMatching(
            "train-images-idx3-ubyte.gz: the data needs 34909494181888 bytes of memory but only"
                + " \\d+ are free; .*-Xmx.*");
    // Arrays in an archive: 1,000 numbers of 8 bytes and 500 of 1, as float32.
    Path npz = folder.resolve("data.npz");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(npz))) {
      for (String type : List.of("<f8", "|u1")) {
        zip.putNextEntry(new ZipEntry(type.charAt(1) + ".npy"));
        String header = "xxxxxxxxxx{'descr': '" + type + "', ";
        zip.write((header + " ".repeat(128 - header.length())).getBytes(US_ASCII));
        zip.write(new byte[type.equals("<f8") ? 8000 : 500]);
      }
    }
    assertThat(NpzMemory.bytes(npz, DType.FLOAT32)).isEqualTo(4 * 1500);
    Files.writeString(npz, "no archive");
    assertThat(NpzMemory.bytes(npz, DType.FLOAT32)).isZero();
  }

  @Test
  void otherKindsOfDataDoNotFit() throws IOException {
    write("numbers.csv", "1,2,a", "3,4,b");
    write("wide.csv", "1,2,3,a");
    write("other.csv", "1,2,c");
    refuses(
        "numbers.csv",
        options().test("wide.csv"),
        "wide.csv: samples have shape 3 but those that were learned from have 2");
    refuses(
        "numbers.csv",
        options().test("other.csv"),
        "other.csv, row 1: label 'c' is not among the 2 classes of the training data (a, b)");
    refuses(
        "numbers.csv",
        options().sampleShape(3),
        "numbers.csv: a sample has 2 elements, which do not make 3");
    refuses(
        "numbers.csv",
        options().resize(2, 2),
        "numbers.csv: --resize goes with a folder of images");
    writeImage("one/a.png", 1, 1, 0);
    refuses(
        "one/a.png",
        options(),
        "one/a.png: is one image; give the folder that has a subfolder of images a class");
    refuses(
        "numbers.csv",
        options().split(0.01),
        "numbers.csv: --split 0.01 of 2 samples leaves none for the test");
    write("fractions.csv", "1,2.5,a", "3,4,b");
    refuses(
        "fractions.csv",
        options().indicesAsInputs(true),
        "fractions.csv, row 1: input 2 is 2.5; an embedding takes indices, whole numbers from 0");
  }

  @Test
  void splitsAreTheSameForASeed() throws IOException {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < 50; i++) {
      rows.append(i).append(',').append(i % 5 == 0 ? "rare" : "common").append('\n');
    }
    Files.writeString(folder.resolve("data.csv"), rows);
    PreparedData data = DatasetReader.read("data.csv", options().split(0.2).seed(7));
    assertThat(data.test().targets().longs()).containsOnly(0, 1).hasSize(10);
    long rare = 0;
    for (long target : data.test().targets().longs()) {
      rare += target;
    }
    assertThat(rare).isEqualTo(2);
    // Held out by seed 7 on every JDK.
    assertThat(data.test().inputs().floats())
        .isEqualTo(
            DatasetReader.read("data.csv", options().split(0.2).seed(7)).test().inputs().floats())
        .isNotEqualTo(
            DatasetReader.read("data.csv", options().split(0.2).seed(8)).test().inputs().floats());
    assertThat(List.of(data.training().size(), data.test().size())).containsExactly(40, 10);
  }
}
