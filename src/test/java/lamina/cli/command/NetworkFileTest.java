package lamina.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import lamina.Program;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that people give as NET: texts in other wrappings, and files that are no network. */
class NetworkFileTest {
  private static final String PRINTED = "Net(\n  (a): Conv2d(3, 8, kernel_size=(3, 3))\n)\n";
  private static final String GIVE =
      "; give what print(model) shows, an ONNX model or Keras's model.to_json()\n";

  @TempDir Path folder;

  private Program shape(byte[] bytes, String name) throws IOException {
    Files.write(folder.resolve(name), bytes);
    Program named = Program.runIn(folder, Map.of(), new byte[0], "shape", name, "--input", "3x8x8");
    Program piped = Program.runIn(folder, Map.of(), bytes, "shape", "-", "--input", "3x8x8");
    assertThat(piped.out()).isEqualTo(named.out());
    assertThat(piped.err()).isEqualTo(named.err().replace(" " + name, " standard input"));
    assertThat(piped.code()).isEqualTo(named.code());
    return named;
  }

  @Test
  void readsTextsOfOtherEncodingsAndPackedOnes() throws IOException {
    String right = shape(PRINTED.getBytes(StandardCharsets.UTF_8), "utf8.txt").out();
    assertThat(right).contains("\"params\":224").contains("\"output\":[8,6,6]");
    byte[] powershell = ("\ufeff" + PRINTED).getBytes(StandardCharsets.UTF_16LE);
    assertThat(shape(powershell, "utf16.txt").out()).isEqualTo(right);
    assertThat(shape(PRINTED.getBytes(StandardCharsets.UTF_16BE), "be.txt").out()).isEqualTo(right);
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(PRINTED.getBytes(StandardCharsets.UTF_8));
    }
    assertThat(shape(packed.toByteArray(), "net.txt.gz").out()).isEqualTo(right);
    byte[] half = Arrays.copyOf(packed.toByteArray(), 20);
    assertThat(shape(half, "half.gz").err())
        .isEqualTo("lamina shape: half.gz: damaged gzip file; is it truncated?\n");
  }

  @Test
  void readsTheModelInAFileOfKeras3() throws IOException {
    String config =
        "{\"class_name\":\"Sequential\",\"config\":{\"layers\":[{\"class_name\":\"Dense\",\"config\":"
            + "{\"name\":\"d\",\"units\":5,\"activation\":\"linear\"}}],"
            + "\"build_input_shape\":[null,8]}}";
    byte[] file =
        zip("metadata.json", "{}", "config.json", config, "model.weights.h5", "\u0089HDF");
    Files.write(folder.resolve("m.keras"), file);
    Program result =
        Program.runIn(
            folder, Map.of(), new byte[0], "shape", "m.keras", "--input", "8", "-f", "text");
    assertThat(result.err()).isEmpty();
    assertThat(result.out()).contains("parameters   45 (180 B in float32)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "model.pt|archive/data.pkl|is a PyTorch file (torch.save), which may run code when it is"
            + " read",
        "a.npz|weight.npy|is an npz file of arrays, not a network",
        "a.xlsx|xl/workbook.xml|is an Excel workbook",
        "a.docx|word/document.xml|is a document of an office program",
      })
  void saysWhatAnArchiveIs(String name, String entry, String message) throws IOException {
    Program result = shape(zip("[Content_Types].xml", "<x/>", entry, "1"), name);
    assertThat(result.err()).isEqualTo("lamina shape: " + name + ": " + message + GIVE);
    assertThat(result.code()).isEqualTo(3);
  }

  @Test
  void saysWhatAFileIs() throws IOException {
    String[][] files = {
      {"a.h5", "\u0089HDF\r\n\u001a\n", "is an HDF5 file (Keras weights, MATLAB 7.3)"},
      {
        "a.pth",
        "\u0080\u0002\u008a\nl",
        "is a Python pickle (torch.save before 1.6, joblib), which may run code when it is read"
      },
      {"a.tflite", "\u001c\0\0\0TFL3\0\0", "is a TensorFlow Lite model, which is not read"},
      {"a.npy", "\u0093NUMPY\u0001\0", "is an array (npy)"},
      {"a.png", "\u0089PNG\r\n\u001a\n", "is a picture"},
      {"a.pdf", "%PDF-1.4", "is a PDF"},
      {"a.bin", "\u0001\0\0\u0002\0\0\0", "is a binary file of a format that is not known"},
    };
    for (String[] file : files) {
      Program result = shape(file[1].getBytes(StandardCharsets.ISO_8859_1), file[0]);
      assertThat(result.err()).isEqualTo("lamina shape: " + file[0] + ": " + file[2] + GIVE);
      assertThat(result.code()).isEqualTo(3);
    }
  }

  @Test
  void saysWhatToDoFirstWithWhatIsNotTheFileItself() throws IOException {
    byte[] pointer =
        "version https://git-lfs.github.com/spec/v1\noid a\n".getBytes(StandardCharsets.UTF_8);
    assertThat(shape(pointer, "m.onnx.txt").err())
        .isEqualTo(
            "lamina shape: m.onnx.txt: is a Git LFS pointer, not the file itself; fetch it with"
                + " git lfs pull\n");
    assertThat(shape("7z\u00bc\u00af'\u001c".getBytes(StandardCharsets.ISO_8859_1), "m.7z").err())
        .isEqualTo("lamina shape: m.7z: is a 7-Zip archive; unpack it first\n");
  }

  @Test
  void saysWhatATextIs() throws IOException {
    String other = "; give what print(model) shows, or an ONNX model";
    String keras = "Keras code, which is not run; give what print(model.to_json()) shows";
    String table =
        "a table of a summary, which leaves out what layers are made with; give what print(model)"
            + " shows in PyTorch, or print(model.to_json()) in Keras";
    String[][] texts = {
      {"model = Sequential()\nmodel.add(Dense(5, input_shape=(7,)))\n", keras},
      {"model = keras.Sequential([\n  layers.Input((7,)),\n  layers.Dense(5)])\n", keras},
      {"inputs = Input(shape=(7,))\nx = Dense(5)(inputs)\nmodel = Model(inputs, x)\n", keras},
      {
        """
        Model: "sequential"
        ____
         Layer (type)      Output Shape     Param #
        ====
         dense (Dense)     (None, 5)        40
        """,
        table
      },
      {
        """
        ====
        Layer (type:depth-idx)    Output Shape    Param #
        ====
        Net   [1, 10]   --
        \u251c\u2500Conv2d: 1-1    [1, 8, 6, 6]   224
        """,
        table
      },
      {
        "name: \"AlexNet\"\nlayer {\n  name: \"conv1\"\n}\n",
        "a network of Caffe (prototxt), which is not read" + other
      },
      {
        "[net]\nwidth=416\n[convolutional]\nfilters=32\n",
        "a network of Darknet (cfg), which is not read" + other
      },
      {
        "graph(%x : Tensor):\n  %1 : Tensor = aten::relu(%x)\n  return (%1)\n",
        "a graph of TorchScript, which is not read" + other
      },
      {
        "OrderedDict([('fc.weight', tensor([[1.]]))])",
        "a print of weights (state_dict), which does not tell how layers are joined" + other
      },
      {
        "Traceback (most recent call last):\n  File \"a.py\", line 1\nNameError: x\n",
        "an error of Python, not a network"
      },
    };
    for (String[] text : texts) {
      Program result = shape(text[0].getBytes(StandardCharsets.UTF_8), "net.txt");
      assertThat(result.err()).isEqualTo("lamina shape: net.txt: is " + text[1] + "\n");
      assertThat(result.code()).isEqualTo(3);
    }
    // What is known of a text does not hide a mistake in another.
    assertThat(shape("Conv2d(3, 8, 3)\nReLu()\n".getBytes(StandardCharsets.UTF_8), "a.txt").err())
        .isEqualTo(
            "lamina shape: a.txt, line 2, column 1: unknown layer 'ReLu'; did you mean 'ReLU'?\n");
  }

  @Test
  void saysThatAFolderIsNoFile() throws IOException {
    Files.createDirectory(folder.resolve("models"));
    assertThat(Program.runIn(folder, Map.of(), new byte[0], "shape", "models").err())
        .isEqualTo("lamina shape: models: is a folder, not a file\n");
    assertThat(Program.runIn(folder, Map.of(), new byte[0], "run", " ", "[1]").err())
        .isEqualTo("lamina run: NET is empty; write a layer, e.g. ReLU(), or name a file\n");
  }

  private static byte[] zip(String... entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (int i = 0; i < entries.length; i += 2) {
        zip.putNextEntry(new ZipEntry(entries[i]));
        zip.write(entries[i + 1].getBytes(StandardCharsets.ISO_8859_1));
      }
    }
    return bytes.toByteArray();
  }
}
