package lamina.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CsvTest {
  private static Tensor read(String text, char separator, int... shape) {
    try {
      return Csv.read(
          new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
          separator,
          DType.FLOAT64,
          shape.length == 0 ? null : shape,
          "a.csv");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
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
        "1,x;2,3|a.csv, row 1, column 2: 'x' is not a number",
        "a,b;c,d|a.csv, row 2, column 1: 'c' is not a number",
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
}
