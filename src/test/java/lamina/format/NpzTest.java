package lamina.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpzTest {
  private static final Tensor A = Tensor.of(new double[] {0, 1, 2, 3, 4, 5}, 2, 3);

  private final List<String> remarks = new ArrayList<>();
  @TempDir Path folder;

  private ReadOptions options(byte[] input) {
    return new ReadOptions(
        DType.FLOAT64,
        null,
        ReadOptions.FIND_HEADER,
        false,
        0,
        new ByteArrayInputStream(input),
        folder,
        remarks::add);
  }

  private Map<String, Tensor> readAll(byte[] npz) {
    return TensorArgument.parse("-").readAll(options(npz));
  }

  private static byte[] bytes(String fixture) throws IOException {
    return Files.readAllBytes(Fixtures.folder().resolve(fixture));
  }

  /** What numpy writes to a pipe: entries whose lengths come behind them, in 64 bits. */
  @ParameterizedTest
  @ValueSource(strings = {"piped-stored.npz", "piped-deflated.npz"})
  void readsWhatWasWrittenToAPipe(String fixture) throws IOException {
    assertThat(Fixtures.read(fixture + "#a")).isEqualTo(A);
    assertThat(Fixtures.read(fixture + "#b").doubles()).containsExactly(7, 8);
    assertThat(readAll(bytes(fixture))).containsOnlyKeys("a", "b").containsEntry("a", A);
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
      gzip.write(bytes(fixture));
    }
    assertThat(readAll(compressed.toByteArray())).containsEntry("a", A);
    assertThat(remarks).isEmpty();
  }

  @Test
  void skipsFoldersAndNamesOtherFiles() throws IOException {
    assertThat(readAll(bytes("folders.npz")))
        .containsOnlyKeys("weights/a", "b")
        .containsEntry("weights/a", A)
        .containsEntry("b", A);
    assertThat(remarks)
        .containsExactly(
            "standard input: README.txt, __MACOSX/._a.npy are no arrays and are skipped");
    assertThatThrownBy(() -> Fixtures.read("folders.npz#README.txt"))
        .hasMessage("folders.npz#README.txt: is no array in NumPy's format");
  }

  private static byte[] zip(String... names) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (String name : names) {
        zip.putNextEntry(new ZipEntry(name));
        zip.write("something".getBytes(StandardCharsets.UTF_8));
      }
    }
    return bytes.toByteArray();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "archive/data.pkl,archive/data/0,archive/version|is a PyTorch file (torch.save)",
        "model/data.pkl,model/byteorder|is a PyTorch file (torch.save)",
        "code/x.py,data.pkl|is a PyTorch file (torch.save)",
        "[Content_Types].xml,xl/workbook.xml|is an Excel workbook; save the sheet as CSV",
        "[Content_Types].xml,word/document.xml|is a document of an office program",
        "metadata.json,config.json,model.weights.h5|is a Keras model",
        "a.txt,b.png|a zip file without arrays (it holds a.txt, b.png); unpack it first",
      })
  void saysWhatAZipFileWithoutArraysIs(String names, String message) throws IOException {
    byte[] zip = zip(names.split(","));
    assertThatThrownBy(() -> readAll(zip))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("standard input: " + message);
  }

  /** Whatever byte is wrong: one line that names no class, or the same arrays. */
  @ParameterizedTest
  @ValueSource(strings = {"piped-stored.npz", "piped-deflated.npz", "folders.npz"})
  void damageIsSaidInWords(String fixture) throws IOException {
    byte[] whole = bytes(fixture);
    Map<String, Tensor> expected = readAll(whole);
    Random random = new Random(16);
    Path file = folder.resolve("d.npz");
    for (int i = 0; i < 600; i++) {
      byte[] damaged = whole.clone();
      if (i % 3 == 0) {
        damaged = Arrays.copyOf(whole, random.nextInt(whole.length));
      } else {
        damaged[random.nextInt(whole.length)] ^= (byte) (1 + random.nextInt(255));
      }
      if (damaged.length < 4) {
        continue;
      }
      Files.write(file, damaged);
      for (String argument : new String[] {"-", "d.npz"}) {
        try {
          Map<String, Tensor> read = TensorArgument.parse(argument).readAll(options(damaged));
          // Names are not under the checksum; a folder may become a file.
          assertThat(expected.values()).as("run %d", i).containsAll(read.values());
        } catch (InputException e) {
          assertThat(e.getMessage())
              .as("run %d", i)
              .doesNotContain("Exception")
              .doesNotContain("null")
              .doesNotContain("java.")
              .doesNotContain("ZipFile")
              .startsWith(argument.equals("-") ? "standard input" : "d.npz");
        }
      }
    }
  }
}
