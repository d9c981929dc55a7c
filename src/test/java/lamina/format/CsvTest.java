package lamina.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CsvTest {
  private final List<String> remarks = new ArrayList<>();

  private Tensor read(byte[] text, char separator, int header, int... shape) {
    try {
      return Csv.read(
          new ByteArrayInputStream(text),
          separator,
          new ReadOptions(
              DType.FLOAT64,
              shape.length == 0 ? null : shape,
              header,
              false,
              0,
              null,
              null,
              remarks::add),
          "a.csv");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private Tensor read(String text, char separator, int... shape) {
    return read(text.getBytes(StandardCharsets.UTF_8), separator, ReadOptions.FIND_HEADER, shape);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1,2\n3,4\n",
        "1,2\n3,4",
        "1,2\r\n3,4\r\n",
        "1,2\r3,4\r",
        "\ufeff1,2\n3,4\n",
        " 1 ,\t2\n\n3,4\n\n",
        "\"1\",\"2\"\n\"3\",4\n",
        "a,b\n1,2\n3,4\n",
        "\"a \"\"x\"\", and\nmore\",b\n1,2\n3,4\n",
        "1e0,.2e1\n+3,4.\n",
      })
  void readsAMatrix(String text) {
    assertThat(read(text, ',')).isEqualTo(Tensor.of(new double[] {1, 2, 3, 4}, 2, 2));
  }

  @Test
  void readsTabsReshapesAndKnowsWhatNumpyWrites() {
    assertThat(read("1\t2\n", '\t')).isEqualTo(Tensor.of(new double[] {1, 2}, 1, 2));
    assertThat(read("1,2\n3,4\n", ',', 4, 1, 1).shape()).containsExactly(4, 1, 1);
    assertThat(Fixtures.read("savetxt.csv").doubles())
        .containsExactly(1.5, -2e-300, Double.NaN, Double.POSITIVE_INFINITY);
  }

  @Test
  void contentDecidesWhenPiped() {
    assertThat(Fixtures.pipe("1,2\n3,4\n").shape()).containsExactly(2, 2);
    assertThat(Fixtures.pipe("1\t2\n3\t4\n").shape()).containsExactly(2, 2);
    assertThat(Fixtures.pipe("1\n2\n").shape()).containsExactly(2, 1);
    assertThat(Fixtures.pipe("7\n").rank()).isEqualTo(0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "1,2;3|a.csv, row 2, column 1: has 1 field but the first row has 2",
        "a,b;1,2,3|a.csv, row 2, column 3: has 3 fields but the header has 2",
        "1,;2,3|a.csv, row 1, column 2: an empty cell; a number was expected",
        "1,2;3,|a.csv, row 2, column 2: an empty cell; a number was expected",
        "1,x;2,3|a.csv, row 1, column 2: 'x' is not a number; column 2 holds words: leave it out,"
            + " as cut -d',' -f1 does, or learn it by lamina train --label 2",
        "size,kind;1,big;2,small|a.csv, row 2, column 2: 'big' is not a number; column 'kind' holds"
            + " words: leave it out, as cut -d',' -f1 does, or learn it by lamina train --label"
            + " 'kind'",
        "kind,a,b;big,1,2|a.csv, row 2, column 1: 'big' is not a number; column 'kind' holds words:"
            + " leave it out, as cut -d',' -f2- does, or learn it by lamina train --label 'kind'",
        "a,on,b;1,2020-01-31,2|a.csv, row 2, column 2: '2020-01-31' is not a number; column 'on'"
            + " holds dates: leave it out, as cut -d',' -f1,3- does",
        "a,b;1,2;3,x|a.csv, row 3, column 2: 'x' is not a number",
        "a,b;c,d|a.csv: has a header but no rows of numbers",
        "a,b;c,d;e,f|a.csv, row 3, column 1: 'e' is not a number; --csv-header 3 skips the row",
        "a,b;;1,0x10|a.csv, row 3, column 2: '0x10' is not a number",
        "1,2d|a.csv, row 1, column 2: '2d' is not a number",
        "1,1e999|a.csv, row 1, column 2: 1e999 is beyond the range of float64",
        "1,\"2|a.csv, row 1, column 2: a quote that is never closed",
        "``|a.csv: is empty; rows of numbers were expected",
        "a,b|a.csv: has a header but no rows of numbers",
      })
  void saysRowAndColumn(String text, String message) {
    assertThatThrownBy(() -> read(text.replace(';', '\n'), ','))
        .isInstanceOf(InputException.class)
        .hasMessage(message);
  }

  @Test
  void saysWhatDoesNotReshape() {
    assertThatThrownBy(() -> read("1,2,3\n", ',', 2, 2))
        .hasMessage("a.csv: 1x3 numbers do not fit --csv-shape 2x2");
  }

  /** All of these are [[1.5, -2], [3, 4]]. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.5;-2\n3;4\n",
        "1,5;-2\n3;4\n",
        "1,5;-2,0\n3,0;4,0\n",
        "1.5|-2\n3|4\n",
        "1,5|-2\n3|4\n",
        "1.5\t-2\n3\t4\n",
        "1,5\t-2\n3\t4\n",
        "1.5 -2\n3 4\n",
        "  1.5   -2\n3\t4  \n\n",
        "1,5 -2\n3 4\n",
        "1.500000000000000000e+00 -2.000000000000000000e+00\n3.0e+00 4.0e+00\n",
        "sep=;\n1,5;-2\n3;4\n",
        "sep=;\r\n1.5;-2\r\n3;4\r\n",
        "sep=\t\n1.5\t-2\n3\t4\n",
        "sep=,\n1.5,-2\n3,4\n",
        "\ufeffsep=;\n1.5;-2\n3;4\n",
        "# a comment\n1.5,-2\n# another, \"one\n3,4\n# the end",
        "% MATLAB's\n1.5 -2\n3 4\n",
        "// C's\n1.5;-2\n3;4\n",
        "1.5,-2 # the first, or so\n3,4\n",
        "1.5 -2 # the first row\n3 4   # the second\n",
        "1,5;-2\t# the first\n3;4\n",
        "\"1,5\";\"-2\"\n\"3\";\"4\"\n",
        "time (s);value\n1.5;-2\n3;4\n",
        "time value\n1.5 -2\n3 4\n",
        "time,value\ns,m/s\n1.5,-2\n3,4\n",
        "Measurements of today\ntime,value\n1.5,-2\n3,4\n",
        "x|y\n1.5|-2\n3|4",
        "1.5;-2\r3;4\r",
      })
  void readsWhatOthersCallCsv(String text) {
    assertThat(read(text, ',')).isEqualTo(Tensor.of(new double[] {1.5, -2, 3, 4}, 2, 2));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "50%,20%;1,2|50%",
        "$5,$6;1,2|$5",
        "€5,€6;1,2|€5",
        "USD 5,USD 6;1,2|USD 5",
        "EUR12.50,EUR3;1,2|EUR12.50",
        "`1,000`,`2,000`;1,2|1,000",
        "NA,NA;1,2|NA",
        "?,?;1,2|?",
        "n/a,a;1,2|n/a",
        "null,null;1,2|null",
        "#N/A,x;1,2|x",
        "true,false;1,2|true",
        "2020-01-02,2020-01-03;1,2|2020-01-02",
        "1/2/2020,1/3/2020;1,2|1/2/2020",
        "-,-;1,2|-",
        "1 000,2 000;1,2|1 000",
        "(5),(6);1,2|(5)",
        "10kg,20kg;1,2|10kg",
        "12:30,12:45;1,2|12:30",
        "a,50%;1,2|50%",
        "<5,<6;1,2|<5",
        "~5,~6;1,2|~5",
      })
  void refusesToDropARowThatLooksLikeData(String text, String cell) {
    String csv = text.replace(';', '\n').replace('`', '"');
    if (cell.equals("x")) {
      // A line that begins like a comment is one.
      assertThat(read(csv, ',').shape()).containsExactly(1, 2);
      return;
    }
    assertThatThrownBy(() -> read(csv, ','))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("a.csv, row 1, column ")
        .hasMessageEndingWith(": '" + cell + "' is not a number; --csv-header 1 skips the row");
    assertThat(read(csv.getBytes(StandardCharsets.UTF_8), ',', 1).doubles()).containsExactly(1, 2);
    assertThat(remarks).isEmpty();
  }

  @Test
  void saysWhichRowsItTookForAHeader() {
    read("# made today\n\na,b\n1,2\n", ',');
    assertThat(remarks)
        .containsExactly("a.csv: row 3 is taken for a header (a, b); --csv-header 1 says so");
    remarks.clear();
    read("a,b\nm,s\n1,2\n", ',');
    assertThat(remarks)
        .containsExactly(
            "a.csv: rows 1 ff. are taken for a header (a, b; m, s); --csv-header 2 says so");
    remarks.clear();
    // The first column of what pandas writes has no name.
    assertThat(read(",a,b\n0,1,2\n", ',').doubles()).containsExactly(0, 1, 2);
    assertThat(remarks).hasSize(1);
    remarks.clear();
    assertThat(read("2019,2020\n1,2\n".getBytes(StandardCharsets.UTF_8), ',', 1).doubles())
        .containsExactly(1, 2);
    assertThat(remarks).isEmpty();
  }

  @Test
  void saysThatCommasWhichMayGroupDigitsAreTakenForDecimalOnes() {
    assertThat(read("1,234;5,678\n", ',').doubles()).containsExactly(1.234, 5.678);
    assertThat(remarks)
        .containsExactly("a.csv: its commas are taken for decimal ones: 1,234 is 1.234");
    remarks.clear();
    read("1,234;5,67\n", ',');
    assertThat(remarks).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      quoteCharacter = '`',
      value = {
        "1;2_3;x!a.csv, row 2, column 2: 'x' is not a number (cells are separated by ';')",
        "1|2_3|x!a.csv, row 2, column 2: 'x' is not a number (cells are separated by '|')",
        "sep=|_1|2_3|x!a.csv, row 3, column 2: 'x' is not a number",
        "a;b_1;50%!a.csv, row 2, column 2: '50%' is not a number (cells are separated by ';')",
        "1;2_3;4;!a.csv, row 2, column 3: an empty cell; a number was expected"
            + " (cells are separated by ';')",
        "1\t\t2_3\t\t4!a.csv, row 1, column 2: an empty cell; a number was expected"
            + " (cells are separated by tabs)",
        "`\t1\t2_\t3\t4`!a.csv, row 1, column 1: an empty cell; a number was expected"
            + " (cells are separated by tabs)",
        "1.0 2.0_[x of size 1]!a.csv, row 2, column 1: '[x' is not a number"
            + " (cells are separated by blanks)",
        "1,\u00012!a.csv, row 1, column 2: '\ufffd2' is not a number",
        "`1,2_\u001a`!a.csv, row 2, column 1: '\ufffd' is not a number",
        "1,234,567;2_3;4!a.csv, row 1, column 1: '1,234,567' is not a number"
            + " (cells are separated by ';')",
      })
  void namesTheSeparatorThatItSaw(String text, String message) {
    assertThatThrownBy(() -> read(text.replace('_', '\n'), ',')).hasMessage(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE"})
  void readsUtf16(String charset) throws IOException {
    byte[] text = "größe;b\r\n1,5;2\r\n".getBytes(Charset.forName(charset));
    assertThat(Fixtures.pipe(text).doubles()).containsExactly(1.5, 2);
    assertThat(Fixtures.pipe("[[1.5, 2]]".getBytes(Charset.forName(charset))).doubles())
        .containsExactly(1.5, 2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1 2\n",
        "1;2",
        "1|2\n",
        "# c\n1 2\n",
        "sep=;\n1;2\n",
        "\n1\t2\n",
        "a b\n1 2\n",
      })
  void contentDecidesAmongTextsWhenPiped(String text) {
    assertThat(Fixtures.pipe(text)).isEqualTo(Tensor.of(new double[] {1, 2}, 1, 2));
  }

  @Test
  void agreesWithItselfBeyondTheSample() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 30_000; i++) {
      text.append(i).append(",5;").append(-i).append('\n');
    }
    Tensor matrix = read(text.toString(), ',');
    assertThat(matrix.shape()).containsExactly(30_000, 2);
    assertThat(matrix.doubles()[59_998]).isEqualTo(29_999.5);
    text.append("1;x\n");
    assertThatThrownBy(() -> read(text.toString(), ','))
        .hasMessageStartingWith("a.csv, row 30001, column 2: 'x' is not a number");
    // One row longer than the sample.
    String row = "1.25 ".repeat(40_000);
    assertThat(read(row, ',').shape()).containsExactly(1, 40_000);
  }
}
