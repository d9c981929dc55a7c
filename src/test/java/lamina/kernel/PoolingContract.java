package lamina.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Poolings of every backend. */
abstract class PoolingContract extends BackendContract {
  @Test
  void poolsAllSmallShapes() {
    for (int kernel = 1; kernel <= 3; kernel++) {
      for (int stride = 1; stride <= 3; stride++) {
        for (int dilation = 1; dilation <= 2; dilation++) {
          for (int pad = 0; pad <= 1; pad++) {
            for (int size = 1; size <= 7; size++) {
              checkPooling(kernel, stride, dilation, pad, size);
              checkPooling(kernel, stride, dilation, pad, size, 8 - size);
            }
            checkPooling(kernel, stride, dilation, pad, 3, 4, 5);
          }
        }
      }
    }
  }

  @Test
  void poolsAwkwardWidths() {
    for (int width : new int[] {8, 13, 15, 16, 17, 31, 32, 33, 65, 130}) {
      checkPooling(2, 2, 1, 0, 5, width);
      checkPooling(3, 2, 1, 1, 4, width);
      checkPooling(3, 1, 1, 1, 7, width);
      checkPooling(3, 3, 2, 1, 6, width);
      checkPooling(5, 4, 1, 2, width);
    }
  }

  @Test
  void poolsSquaresOfTwoSideBySide() {
    for (int width = 2; width <= 70; width += 2) {
      checkPooling(2, 2, 1, 0, 2, width);
      checkPooling(2, 2, 1, 0, 6, width);
    }
    checkPooling(2, 2, 1, 0, 600, 8);
    checkPooling(2, 2, 1, 0, 4, 4200);
  }

  @Test
  void poolsRandomWindows() {
    for (Placed placed : randomWindows()) {
      NaivePooling.check(backend, placed.window(), placed.size());
    }
  }

  private void checkPooling(int kernel, int stride, int dilation, int pad, int... size) {
    int[] pads = filled(pad, size.length);
    Window geometry =
        new Window(
            filled(kernel, size.length),
            filled(stride, size.length),
            filled(dilation, size.length),
            pads,
            pads);
    NaivePooling.check(backend, geometry, size);
  }

  private static int[] filled(int value, int size) {
    int[] values = new int[size];
    Arrays.fill(values, value);
    return values;
  }

  /** The mean of whole planes adds up whole vectors. */
  @Test
  void averagesWholePlanes() {
    for (int size : new int[] {1, 2, 3, 7, 8, 15, 16, 17, 33, 64, 65, 130}) {
      PoolPlacement windows = PoolPlacement.adaptive(ints(size), ints(1));
      double[] x = new Random(size).doubles(3L * size).toArray();
      double[] y = new double[3];
      float[] y32 = new float[3];
      float64.averagePool(windows, 3, false, 0, x, y);
      float32.averagePool(windows, 3, false, 0, floats(x), y32);
      for (int plane = 0; plane < 3; plane++) {
        double mean = Arrays.stream(x, plane * size, (plane + 1) * size).average().orElseThrow();
        assertThat(y[plane]).isCloseTo(mean, within(1e-14));
        assertThat((double) y32[plane]).isCloseTo(mean, within(1e-6));
      }
    }
  }
}
