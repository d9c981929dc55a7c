package lamina.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TensorArgumentTest {
  @TempDir Path folder;

  private Tensor read(String argument) {
    return TensorArgument.parse(argument).read(Fixtures.options(DType.FLOAT64, folder, null));
  }

  @Test
  void readsLiterals() {
    assertThat(read("[[1,2],[3,4]]")).isEqualTo(Tensor.of(new double[] {1, 2, 3, 4}, 2, 2));
    assertThat(read("  [1]").shape()).containsExactly(1);
    assertThat(read("0.5")).isEqualTo(Tensor.scalar(0.5));
    assertThat(read("-.5e1")).isEqualTo(Tensor.scalar(-5));
    assertThat(read("{\"data\":[1]}").shape()).containsExactly(1);
    assertThat(TensorArgument.parse("-").isStandardInput()).isTrue();
    assertThat(TensorArgument.parse("-1").isStandardInput()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"7.json", "2024-01-05.json", "-1.json", "3", "1e5", ".5", "[1].json", "+1"})
  void aFileThatIsThereIsMeant(String name) throws IOException {
    Files.writeString(folder.resolve(name), "[42]");
    assertThat(read(name).get(0)).isEqualTo(42);
    Files.delete(folder.resolve(name));
  }

  @Test
  void saysThatALiteralIsReadAsAFile() throws IOException {
    Files.writeString(folder.resolve("3"), "[42]");
    List<String> remarks = new ArrayList<>();
    ReadOptions options =
        new ReadOptions(
            DType.FLOAT64, null, ReadOptions.FIND_HEADER, false, 0, null, folder, remarks::add);
    TensorArgument.parse("3").read(options);
    assertThat(remarks).containsExactly("'3' is read as the file of this name");
    Files.createDirectory(folder.resolve("4"));
    assertThat(TensorArgument.parse("4").read(options)).isEqualTo(Tensor.scalar(4));
    assertThat(TensorArgument.parse("7.jsonl").isJsonLines()).isTrue();
  }

  @Test
  void generatesTheSameNumbersEverywhere() {
    assertThat(read("zeros:2x3")).isEqualTo(Tensor.zeros(DType.FLOAT64, 2, 3));
    assertThat(read("ones:2")).isEqualTo(Tensor.of(new double[] {1, 1}, 2));
    assertThat(read("arange:2x2")).isEqualTo(Tensor.of(new double[] {0, 1, 2, 3}, 2, 2));
    // SplitMix64 from seed 0 starts with e220a8397b1dcdaf, 6e789e6aa1b965f4 (its paper's code).
    assertThat(read("rand:2").doubles())
        .containsExactly(
            (0xe220a8397b1dcdafL >>> 11) * 0x1p-53, (0x6e789e6aa1b965f4L >>> 11) * 0x1p-53);
    Tensor normal = read("randn:100x100");
    double sum = 0;
    double squares = 0;
    for (double value : normal.doubles()) {
      sum += value;
      squares += value * value;
    }
    assertThat(sum / 1e4).isBetween(-0.05, 0.05);
    assertThat(squares / 1e4).isBetween(0.95, 1.05);
  }

  @Test
  void picksEntriesOfFiles() throws IOException {
    Files.writeString(folder.resolve("w.json"), "{\"0.weight\":[1],\"a\":{\"b\":[2]}}");
    Files.writeString(folder.resolve("odd#name.json"), "[3]");
    assertThat(read("w.json#0.weight").get(0)).isEqualTo(1);
    assertThat(read("w.json#a.b").get(0)).isEqualTo(2);
    assertThat(read("odd#name.json").get(0)).isEqualTo(3);
    assertThat(TensorArgument.parse("w.json#a").name()).isEqualTo("w.json#a");
  }

  @Test
  void saysWhereALongFileIsWrong() throws IOException {
    String row = "[" + "0.125, ".repeat(999) + "1],\n";
    Files.writeString(folder.resolve("long.json"), "[" + row.repeat(100) + "[0.5, oops]]\n");
    assertThatThrownBy(() -> read("long.json"))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("long.json, line 101, column 7: not JSON: 'oops' is no value");
    Files.writeString(folder.resolve("long.json"), "[" + row.repeat(100) + "[0.5]]\n");
    assertThatThrownBy(() -> read("long.json"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("line 101")
        .hasMessageContaining("ragged");
    // What is right but not plain is read from its start again.
    Files.writeString(
        folder.resolve("nan.json"), "[" + row.repeat(100) + row.replace("1],\n", "\"NaN\"]]"));
    assertThat(read("nan.json").shape()).containsExactly(101, 1000);
  }

  @Test
  void knowsJsonLinesByName() {
    assertThat(TensorArgument.parse("a.jsonl").isJsonLines()).isTrue();
    assertThat(TensorArgument.parse("a.JSONL.gz").isJsonLines()).isTrue();
    assertThat(TensorArgument.parse("a.json").isJsonLines()).isFalse();
    assertThat(TensorArgument.parse("-").isJsonLines()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "3.json|'3.json' is neither a number nor a file; did you mean 'k.json'?",
        "3x4|'3x4' is neither a number nor a file",
        "-1.5x|'-1.5x' is neither a number nor a file",
        "1e999|'1e999' is beyond the range of float64",
        "k.jsn|k.jsn: no such file; did you mean 'k.json'?",
        "nothing-like-it.npy|nothing-like-it.npy: no such file",
        "zeros:|'zeros:' needs a shape of sizes up to 2147483639, such as zeros:3x4",
        "zeros:3x|'zeros:3x' needs a shape of sizes up to 2147483639, such as zeros:3x4",
        "zeros:3x-4|'zeros:3x-4' needs a shape of sizes up to 2147483639, such as zeros:3x4",
        "rand:99999999999|'rand:99999999999' needs a shape of sizes up to 2147483639, such as"
            + " rand:3x4",
        "zeros:99999x99999|a tensor of shape 99999x99999 is too large: at most 2147483639 elements"
            + " fit",
        ".|.: is a folder, not a file",
        "k.json#x|k.json: has no entry 'x'",
      })
  void saysWhatIsWrong(String argument, String message) throws IOException {
    Files.writeString(folder.resolve("k.json"), "[1]");
    assertThatThrownBy(() -> read(argument)).isInstanceOf(InputException.class).hasMessage(message);
  }

  @Test
  void readsLinesOneByOne() throws IOException {
    String text = "[1]\n\n  \r\n{\"data\":[2,3]}\r\n[4,\n[[5]]";
    try (TensorLines lines = lines(bytes(text))) {
      assertThat(lines.next()).isTrue();
      assertThat(lines.tensor().get(0)).isEqualTo(1);
      assertThat(lines.next()).isTrue();
      assertThat(lines.lineNumber()).isEqualTo(4);
      assertThat(lines.tensor().size()).isEqualTo(2);
      assertThat(lines.next()).isTrue();
      assertThatThrownBy(lines::tensor)
          .hasMessage(
              "standard input, line 5, column 4: the input ends in the middle of a value: it is"
                  + " truncated");
      assertThat(lines.next()).isTrue();
      assertThat(lines.tensor().rank()).isEqualTo(2);
      assertThat(lines.next()).isFalse();
    }
  }

  @Test
  void readsLinesAsTheyArriveAndInPieces() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 5000; i++) {
      text.append("[").append("1.25, ".repeat(i % 400)).append(i).append("]\n");
    }
    InputStream pieces =
        new InputStream() {
          private final InputStream whole = bytes(text.toString());

          @Override
          public int read() throws IOException {
            return whole.read();
          }

          @Override
          public int read(byte[] buffer, int from, int length) throws IOException {
            return whole.read(buffer, from, Math.min(length, 777));
          }
        };
    try (TensorLines lines = lines(pieces)) {
      for (int i = 0; i < 5000; i++) {
        assertThat(lines.next()).isTrue();
        Tensor tensor = lines.tensor();
        assertThat(tensor.size()).isEqualTo(i % 400 + 1);
        assertThat(tensor.get(tensor.size() - 1)).isEqualTo(i);
      }
      assertThat(lines.next()).isFalse();
    }
  }

  private TensorLines lines(InputStream in) {
    return TensorArgument.parse("-").readLines(Fixtures.options(DType.FLOAT64, folder, in));
  }

  private static InputStream bytes(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void linesThatAreTooLongAreRefusedAndPassed() throws IOException {
    String text = "[1]\n[" + "1,".repeat(50_000) + "2]\n[3]\n";
    try (TensorLines lines = new TensorLines(bytes(text), DType.FLOAT64, "in", false, 60_000)) {
      assertThat(lines.next()).isTrue();
      assertThat(lines.tensor().get(0)).isEqualTo(1);
      assertThat(lines.next()).isTrue();
      assertThatThrownBy(lines::tensor)
          .hasMessage(
              "in, line 2: longer than 60000 bytes; is it JSON Lines, with one tensor a line?");
      assertThat(lines.next()).isTrue();
      assertThat(lines.lineNumber()).isEqualTo(3);
      assertThat(lines.tensor().get(0)).isEqualTo(3);
      assertThat(lines.next()).isFalse();
    }
  }

  @Test
  void oneTensorIsAStreamOfOneLine() throws IOException {
    Files.writeString(folder.resolve("a.csv"), "1,2\n");
    for (String argument : new String[] {"a.csv", "[[1,2]]"}) {
      try (TensorLines lines =
          TensorArgument.parse(argument).readLines(Fixtures.options(DType.FLOAT64, folder, null))) {
        assertThat(lines.next()).isTrue();
        assertThat(lines.tensor().shape()).containsExactly(1, 2);
        assertThat(lines.next()).isFalse();
      }
    }
  }
}
