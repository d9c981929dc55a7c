package lamina.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Sums, squares and magnitudes of every backend. */
abstract class MomentsContract extends BackendContract {
  @Test
  void addsUpAnyNumberOfElementsFromAnyPlace() {
    Random random = new Random(8);
    for (int count = 0; count <= 150; count++) {
      for (int from : new int[] {0, 1, 7}) {
        float[] singles = new float[from + count];
        double[] doubles = new double[from + count];
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < singles.length; i++) {
          singles[i] = (float) random.nextGaussian();
          doubles[i] = singles[i];
          sum += i < from ? 0 : doubles[i];
          squares += i < from ? 0 : doubles[i] * doubles[i];
        }
        for (Moments found :
            new Moments[] {
              float32.moments(singles, from, count), float64.moments(doubles, from, count)
            }) {
          assertThat(found.sum()).as("sum of %d", count).isCloseTo(sum, within(1e-12));
          assertThat(found.squares()).as("squares of %d", count).isCloseTo(squares, within(1e-12));
        }
      }
    }
  }

  /** In float32 the square of 1e-30 is 0 and that of 1e30 infinite. */
  @Test
  void addsUpSquaresThatAreTooSmallOrTooLargeForTheElementsType() {
    for (float element : new float[] {1e-30f, 1e30f}) {
      float[] x = new float[100];
      Arrays.fill(x, element);
      double expected = 10 * (double) element;
      assertThat(float32.moments(x, 0, 100).norm()).isCloseTo(expected, within(1e-12 * expected));
    }
  }

  @Test
  void whatIsNotFiniteShows() {
    for (double odd : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      for (int place : new int[] {0, 20, 98}) {
        double[] x = new double[99];
        float[] singles = new float[99];
        x[place] = odd;
        singles[place] = (float) odd;
        assertThat(float64.moments(x, 0, 99).squares()).isEqualTo(Double.valueOf(odd));
        assertThat(float32.moments(singles, 0, 99).squares()).isEqualTo(Double.valueOf(odd));
      }
    }
  }

  @Test
  void findsTheLargestAndCountsZeros() {
    for (int count = 0; count <= 70; count++) {
      for (int place = 0; place < Math.max(1, count); place++) {
        double[] x = new double[count];
        float[] singles = new float[count];
        int zeros = 0;
        for (int i = 0; i < count; i++) {
          x[i] = i == place ? -50 : i % 3 == 0 ? -0.0 : i % 7;
          singles[i] = (float) x[i];
          zeros += x[i] == 0 ? 1 : 0;
        }
        Magnitudes expected = new Magnitudes(count == 0 ? 0 : 50, zeros);
        assertThat(float64.magnitudes(x)).isEqualTo(expected);
        assertThat(float32.magnitudes(singles)).isEqualTo(expected);
      }
    }
  }
}
