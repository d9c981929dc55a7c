package lamina.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetpbmTest {
  private static Tensor read(String picture, boolean integers, DType dtype) {
    byte[] bytes = picture.getBytes(StandardCharsets.ISO_8859_1);
    return TensorArgument.parse("-")
        .read(new ReadOptions(dtype, null, integers, 0, new ByteArrayInputStream(bytes), null));
  }

  private static Tensor read(String picture) {
    return read(picture, false, DType.FLOAT64);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "P2\n2 2\n255\n0 51\n102 255\n",
        "P2 2 2 255 0 51 102 255",
        "P2\n# by hand\n2 # wide\n2\n255\n0\n51\n102\n255\n",
        "P2\n2\n2\n255\n0\n51\n102\n255",
        "P2#\n2 2 5 0 1 2 5",
        "P5\n2 2\n255\n\u00003f\u00ff",
        "P5 2 2 255 \u00003f\u00ff\n",
        "P5\n# binary\n2 2\n# 8 bits\n255\n\u00003f\u00ff",
        "P5 2 2 65535 \u0000\u000033ff\u00ff\u00ff",
        "P5\r\n2 2\r\n255\n\u00003f\u00ff",
      })
  void readsGrey(String picture) {
    assertThat(read(picture)).isEqualTo(Tensor.of(new double[] {0, 0.2, 0.4, 1}, 1, 2, 2));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "P3\n2 1\n255\n255 0 51\n0 255 102\n",
        "P6 2 1 255\n\u00ff\u00003\u0000\u00fff",
        "P6 2 1 65535\n\u00ff\u00ff\u0000\u000033\u0000\u0000\u00ff\u00ffff",
      })
  void readsColours(String picture) {
    assertThat(read(picture)).isEqualTo(Tensor.of(new double[] {1, 0, 0, 1, 0.2, 0.4}, 3, 1, 2));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "P1\n10 2\n1010101010\n0000000001\n",
        "P1 10 2 1 0 1 0 1 0 1 0 1 0  # a row\n0 0 0 0 0 0 0 0 0 1",
        "P4\n10 2\n\u00aa\u0080\u0000@",
      })
  void readsBlackAndWhite(String picture) {
    Tensor read = read(picture);
    assertThat(read.shape()).containsExactly(1, 2, 10);
    assertThat(read.doubles())
        .containsExactly(0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0);
    assertThat(read(picture, true, DType.INT64).longs()).startsWith(0, 255, 0).endsWith(255, 0);
  }

  @Test
  void wholePixelsAreTheSamples() {
    assertThat(read("P2 3 1 255 0 7 255", true, DType.INT64).longs()).containsExactly(0, 7, 255);
    assertThat(read("P2 3 1 1000 0 7 999", true, DType.INT64).longs()).containsExactly(0, 7, 999);
    assertThat(read("P2 3 1 15 0 7 15", true, DType.FLOAT64).doubles())
        .containsExactly(0, 119, 255);
    assertThat(read("P2 2 1 255 51 255", false, DType.FLOAT32))
        .isEqualTo(Tensor.of(new float[] {0.2f, 1}, 1, 1, 2));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "P2 2 2 255 0 1 2|ends before its sample 4: the file is truncated",
        "P5 2 2 255 abc|ends in pixel 4 of 4: the file is truncated",
        "P2 2 2 9 0 1 2 10|the sample 10 is beyond the largest one, 9",
        "P2 2 2 9 0 1 2 3 4|more follows the last sample; one picture a file is read",
        "P5 1 1 255 ab|more follows the last sample; one picture a file is read",
        "P2 2 x|'x' where its height belongs",
        "P2 0 2 9|width, height and the largest sample must be at least 1",
        "P2 2 2 70000|its largest sample is beyond 65535",
        "P1 2 1 12|'2' where 0 or 1 belongs",
        "P2 99999999999 1 1|its width is beyond 2147483647",
      })
  void saysWhatIsWrong(String picture, String message) {
    assertThatThrownBy(() -> read(picture))
        .isInstanceOf(InputException.class)
        .hasMessage("standard input: a Netpbm picture: " + message);
  }

  @Test
  void checksSizesBeforeItAllocates() {
    assertThatThrownBy(() -> read("P5 2000000000 2000000000 255 abc"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("2000000000");
  }
}
