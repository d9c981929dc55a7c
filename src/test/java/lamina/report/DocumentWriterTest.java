package lamina.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import lamina.format.Npy;
import lamina.format.Npz;
import lamina.format.ReadOptions;
import lamina.format.TensorArgument;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DocumentWriterTest {
  private static final Tensor TUTORIAL =
      Tensor.of(new double[] {1.6, 2.59, 1.5099999999999998, 1.91}, 2, 2);

  private static Tensor tensor(String literal) {
    return TensorArgument.parse(literal)
        .read(new ReadOptions(DType.FLOAT64, null, false, 0, null, null));
  }

  private static byte[] bytes(Format format, Document document) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new DocumentWriter(format, 4).write(document, out);
    return out.toByteArray();
  }

  private static String write(Format format, Document document) throws IOException {
    return new String(bytes(format, document), StandardCharsets.UTF_8);
  }

  private static Document rich() {
    Document first =
        new Document().put("name", "conv1").put("output", List.of(96L, 54L)).put("params", 34944L);
    Document second =
        new Document().put("name", "a|b_c").put("output", List.of("B", 54L)).put("params", 0L);
    return new Document(tensor("[[[1,2],[3,4]],[[5,6],[7,8]]]"))
        .put("loss", 0.693147180559)
        .put("steps", 3)
        .put("name", "relu")
        .put("h_n", tensor("[1,-0.5]"))
        .put("nothing", null)
        .put("layers", List.of(first, second))
        .put("stats", new Document().put("mean", 0.5).put("ok", true))
        .put("formula", "a\nb");
  }

  @Test
  void textIsAlignedAndHeadedByShapesAndNames() throws IOException {
    assertThat(write(Format.TEXT, new Document(TUTORIAL)))
        .isEqualTo("2 x 2\n1.60 2.59\n1.51 1.91\n");
    assertThat(write(Format.TEXT, rich()))
        .isEqualTo(
            """
            2 x 2 x 2
            [0]
            1 2
            3 4

            [1]
            5 6
            7 8

            loss: 0.6931
            steps: 3
            name: relu

            h_n: 2
             1.0 -0.5

            nothing: none

            layers:
              name   output  params
              conv1  96, 54   34944
              a|b_c  B, 54        0

            stats:
              mean: 0.5
              ok: true

            formula:
              a
              b
            """);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "3.5|3.5",
        "[]|0",
        "[[],[]]|2 x 0",
        "[\"NaN\",\"Infinity\",\"-Infinity\",-0.0,1.5]|5; nan  inf -inf  0.0  1.5",
        "[1e300,1]|2;1e+300  1e+00",
        "[1e-12,2.5e-12]|2;1.0e-12 2.5e-12",
        "[1,1e-12]|2;1 0",
        "[1,1e-5]|2;1.0000 0.0000",
        "[0.00005,0.99995]|2;0.0001 1.0000",
        "[123456789.25,1]|2;1.2346e+08 1.0000e+00",
        "[1e9,5]|2;1000000000          5",
        "[0.1,0.2,0.30000000000000004]|3;0.1 0.2 0.3",
        "[0.0005]|1;0.0005",
        "[0.00012345]|1;1.2345e-04",
        "[2.00005,1.00005]|2;2.0000 1.0001",
        "[-1.23456,1000.5]|2;  -1.2346 1000.5000",
        "[-0.00001,1.23456]|2;0.0000 1.2346",
      })
  void numbersHaveTheFewestDecimalsThatShowThem(String literal, String text) throws IOException {
    assertThat(write(Format.TEXT, new Document(tensor(literal))))
        .isEqualTo(text.replace(';', '\n') + "\n");
  }

  @Test
  void singlePrecisionAndIntegersAreShownAsWhatTheyAre() throws IOException {
    assertThat(write(Format.TEXT, new Document(Tensor.of(new float[] {0.1f, 1.6f}, 2))))
        .isEqualTo("2\n0.1 1.6\n");
    assertThat(write(Format.TEXT, new Document(Tensor.of(new long[] {5, Long.MAX_VALUE}, 2))))
        .isEqualTo("2\n                  5 9223372036854775807\n");
  }

  @Test
  void precisionLimitsTheDecimals() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new DocumentWriter(Format.TEXT, 1).write(new Document(TUTORIAL), out);
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("2 x 2\n1.6 2.6\n1.5 1.9\n");
  }

  @Test
  void jsonHasTheMainTensorsMembersFirst() throws IOException {
    for (Format format : new Format[] {Format.JSON, Format.JSONL}) {
      assertThat(write(format, rich()))
          .isEqualTo(
              "{\"shape\":[2,2,2],\"data\":[[[1.0,2.0],[3.0,4.0]],[[5.0,6.0],[7.0,8.0]]],"
                  + "\"loss\":0.693147180559,\"steps\":3,\"name\":\"relu\","
                  + "\"h_n\":{\"shape\":[2],\"data\":[1.0,-0.5]},\"nothing\":null,"
                  + "\"layers\":[{\"name\":\"conv1\",\"output\":[96,54],\"params\":34944},"
                  + "{\"name\":\"a|b_c\",\"output\":[\"B\",54],\"params\":0}],"
                  + "\"stats\":{\"mean\":0.5,\"ok\":true},\"formula\":\"a\\nb\"}\n");
    }
  }

  @Test
  void whatIsWrittenIsReadAgain() throws IOException {
    String json = write(Format.JSON, rich());
    assertThat(tensor(json)).isEqualTo(rich().main());
    byte[] npz = bytes(Format.NPZ, new Document(TUTORIAL).put("n", 3L).put("h_n", tensor("[7]")));
    Map<String, Tensor> all = Npz.readAll(new ByteArrayInputStream(npz), DType.FLOAT64, "x");
    assertThat(all.keySet()).containsExactly("data", "n", "h_n");
    assertThat(all.get("data")).isEqualTo(TUTORIAL);
    byte[] npy = bytes(Format.NPY, new Document(TUTORIAL));
    assertThat(Npy.read(new ByteArrayInputStream(npy), npy.length, DType.FLOAT64, "x"))
        .isEqualTo(TUTORIAL);
  }

  @Test
  void csvHoldsAMatrixOrATable() throws IOException {
    assertThat(write(Format.CSV, new Document(tensor("[[1.6,\"NaN\"],[1e-300,\"-Infinity\"]]"))))
        .isEqualTo("1.6,nan\n1.0E-300,-inf\n");
    assertThat(write(Format.CSV, new Document(tensor("[1,2]")))).isEqualTo("1.0,2.0\n");
    assertThat(write(Format.CSV, new Document(tensor("7")))).isEqualTo("7.0\n");
    Document table = new Document().put("layers", rich().members().get("layers"));
    assertThat(write(Format.CSV, table))
        .isEqualTo("name,output,params\nconv1,\"96, 54\",34944\na|b_c,\"B, 54\",0\n");
  }

  @Test
  void latexAndMarkdownAreWhole() throws IOException {
    assertThat(write(Format.LATEX, new Document(TUTORIAL)))
        .isEqualTo(
            "\\[\n\\begin{bmatrix}\n  1.60 & 2.59 \\\\\n  1.51 & 1.91\n\\end{bmatrix}\n\\]\n");
    assertThat(write(Format.LATEX, new Document(tensor("[1e-12,\"NaN\",\"-Infinity\"]"))))
        .isEqualTo(
            """
            \\[
            \\begin{bmatrix}
              1 \\times 10^{-12} & \\mathrm{NaN} & -\\infty
            \\end{bmatrix}
            \\]
            """);
    assertThat(write(Format.MARKDOWN, new Document(TUTORIAL)))
        .isEqualTo("| 0 | 1 |\n|---:|---:|\n| 1.60 | 2.59 |\n| 1.51 | 1.91 |\n");
    assertThat(write(Format.LATEX, rich()))
        .contains("\\texttt{h\\_n}:")
        .contains("a|b\\_c & B, 54");
    assertThat(write(Format.MARKDOWN, rich())).contains("| a\\|b\\_c | B, 54 | 0 |");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CSV|[[[1]]]|CSV holds one matrix, but the result has shape 1x1x1; use --format json or -o"
            + " FILE.npy",
        "CSV|[1]+|CSV holds one matrix, but the result has the further members extra; use --format"
            + " json or -o FILE.npz",
        "NPY|[1]+|npy holds one tensor, but the result has data, extra; use -o FILE.npz",
      })
  void whatAFormatCannotHoldIsRefusedBeforeAnythingIsWritten(
      Format format, String literal, String message) {
    Document document = new Document(tensor(literal.replace("+", "")));
    if (literal.endsWith("+")) {
      document.put("extra", tensor("[2]"));
    }
    OutputStream out =
        new OutputStream() {
          @Override
          public void write(int b) {
            throw new AssertionError("written");
          }
        };
    assertThatThrownBy(() -> new DocumentWriter(format, 4).write(document, out))
        .isInstanceOf(InputException.class)
        .hasMessage(message);
  }

  @Test
  void failuresOfTheStreamComeThrough() {
    OutputStream broken =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    for (Format format : Format.values()) {
      Document document = new Document(format == Format.CSV ? TUTORIAL : tensor("rand:200x200"));
      assertThatThrownBy(() -> new DocumentWriter(format, 4).write(document, broken))
          .as(format.label())
          .isInstanceOf(IOException.class)
          .hasMessage("Broken pipe");
    }
  }

  @Test
  void theLocaleChangesNothing() throws IOException {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-SA-u-nu-arab"));
      assertThat(write(Format.TEXT, new Document(TUTORIAL))).contains("1.60 2.59");
      assertThat(write(Format.JSON, rich())).contains("0.693147180559");
      assertThat(tensor("rand:3x4").shape()).containsExactly(3, 4);
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void documentsCheckTheirMembers() {
    assertThatThrownBy(() -> new Document().put("x", 1.5f))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Document(TUTORIAL).put("data", 1L))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
