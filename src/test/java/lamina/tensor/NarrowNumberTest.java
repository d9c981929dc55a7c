package lamina.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class NarrowNumberTest {
  @ParameterizedTest
  @EnumSource(NarrowNumber.class)
  void everyNumberStaysAndThoseBetweenGoToTheNearest(NarrowNumber format) {
    double before = Double.NaN;
    int numbers = 0;
    for (int pattern = 0; pattern < 1 << (format.bits() - 1); pattern++) {
      double value = format.decode(pattern);
      if (Double.isNaN(value) || Double.isInfinite(value)) {
        continue;
      }
      numbers++;
      assertThat(format.round(value, true)).as("%s %x", format, pattern).isEqualTo(value);
      if (pattern > 0 && format != NarrowNumber.E8M0) {
        assertThat(value).isGreaterThan(before);
        double middle = (before + value) / 2;
        assertThat(format.round(Math.nextDown(middle), true)).isEqualTo(before);
        assertThat(format.round(Math.nextUp(middle), true)).isEqualTo(value);
        assertThat(format.round(middle, true)).isEqualTo(pattern % 2 == 0 ? value : before);
        assertThat(format.round(-value, true)).isEqualTo(-value);
      }
      before = value;
    }
    assertThat(numbers).isGreaterThan(7);
  }

  /** The tables of ONNX's Cast: 448 is S.1111.110, 57344 S.11110.11, 6 S.11.1. */
  @ParameterizedTest
  @CsvSource({
    "E4M3FN, 126, 448",
    "E4M3FN, 127, NaN",
    "E4M3FN, 1, 0.001953125",
    "E4M3FN, 56, 1",
    "E4M3FNUZ, 128, NaN",
    "E4M3FNUZ, 127, 240",
    "E5M2, 123, 57344",
    "E5M2, 124, Infinity",
    "E5M2, 252, -Infinity",
    "E5M2, 125, NaN",
    "E5M2FNUZ, 127, 57344",
    "E2M1, 7, 6",
    "E2M1, 9, -0.5",
    "E8M0, 130, 8",
    "E8M0, 255, NaN",
    "BFLOAT16, 16256, 1"
  })
  void bitsStandForWhatTheFormatsSay(NarrowNumber format, int pattern, double value) {
    assertThat(Double.valueOf(format.decode(pattern))).isEqualTo(Double.valueOf(value));
  }

  @ParameterizedTest
  @CsvSource({
    "E4M3FN, 1000, true, 448",
    "E4M3FN, 1000, false, NaN",
    "E4M3FN, Infinity, true, 448",
    "E4M3FN, 463, false, 448",
    "E4M3FNUZ, -Infinity, true, -240",
    "E5M2, 1e6, true, 57344",
    "E5M2, 1e6, false, Infinity",
    "E5M2FNUZ, 1e6, false, NaN",
    "E2M1, 7, false, 6",
    "E8M0, 5, true, 8",
    "E8M0, 1e39, true, 1.7014118346046923e38",
    "BFLOAT16, 1e39, true, Infinity"
  })
  void beyondTheRangeItIsTheLargestOrNone(
      NarrowNumber format, double value, boolean saturates, double rounded) {
    assertThat(Double.valueOf(format.round(value, saturates))).isEqualTo(Double.valueOf(rounded));
  }

  @Test
  void oneZeroHasNoSign() {
    assertThat(1 / NarrowNumber.E4M3FNUZ.round(-1e-9, true)).isPositive();
    assertThat(1 / NarrowNumber.E4M3FN.round(-1e-9, true)).isNegative();
  }
}
