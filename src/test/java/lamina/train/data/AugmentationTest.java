package lamina.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import lamina.tensor.DType;
import lamina.tensor.RandomNumbers;
import lamina.tensor.Tensor;
import lamina.text.InputException;
import org.junit.jupiter.api.Test;

class AugmentationTest {
  private static final double[] MEAN = {0.5, 0.25};
  private static final double[] DEVIATION = {0.25, 0.5};

  private static Preparation images(int... shape) {
    return new Preparation(
        Preparation.Kind.IMAGES, shape, null, MEAN, DEVIATION, 1, 1, false, null);
  }

  private static Tensor batch(DType dtype, int count) {
    Tensor batch = Tensor.zeros(dtype, count, 2, 4, 5);
    RandomNumbers random = new RandomNumbers(5);
    for (int i = 0; i < batch.size(); i++) {
      batch.set(i, random.nextIndex(100));
    }
    return batch;
  }

  /** An image moved and mirrored pixel by pixel. */
  private static double[] reference(Tensor batch, int image, int right, int down, boolean mirror) {
    double[] moved = new double[40];
    for (int c = 0; c < 2; c++) {
      for (int y = 0; y < 4; y++) {
        for (int x = 0; x < 5; x++) {
          int fromX = (mirror ? 4 - x : x) - right;
          int fromY = y - down;
          boolean inside = fromX >= 0 && fromX < 5 && fromY >= 0 && fromY < 4;
          moved[(c * 4 + y) * 5 + x] =
              inside
                  ? batch.get(((image * 2 + c) * 4 + fromY) * 5 + fromX)
                  : -MEAN[c] / DEVIATION[c];
        }
      }
    }
    return moved;
  }

  @Test
  void everyImageIsShiftedAndFlipped() {
    for (DType dtype : new DType[] {DType.FLOAT32, DType.FLOAT64}) {
      Tensor before = batch(dtype, 200);
      Tensor after = batch(dtype, 200);
      new Augmentation(2, true, 3, images(2, 4, 5)).apply(after, 200, 0);
      Set<String> seen = new HashSet<>();
      for (int image = 0; image < 200; image++) {
        double[] pixels = new double[40];
        for (int i = 0; i < 40; i++) {
          pixels[i] = after.get(image * 40 + i);
        }
        boolean found = false;
        for (int right = -2; right <= 2; right++) {
          for (int down = -2; down <= 2; down++) {
            for (boolean mirror : new boolean[] {false, true}) {
              if (Arrays.equals(pixels, reference(before, image, right, down, mirror))) {
                found = true;
                seen.add(right + " " + down + " " + mirror);
              }
            }
          }
        }
        assertThat(found).as("image " + image).isTrue();
      }
      assertThat(seen).hasSizeGreaterThan(45);
    }
  }

  @Test
  void batchesDoNotMatter() {
    Augmentation augmentation = new Augmentation(1, true, 3, images(2, 4, 5));
    Tensor whole = batch(DType.FLOAT32, 6);
    augmentation.apply(whole, 6, 100);
    Tensor parts = batch(DType.FLOAT32, 6);
    Tensor last = Tensor.of(Arrays.copyOfRange(parts.floats(), 160, 240), 2, 2, 4, 5);
    augmentation.apply(parts, 4, 100);
    augmentation.apply(last, 2, 104);
    assertThat(Arrays.copyOf(parts.floats(), 160)).isEqualTo(Arrays.copyOf(whole.floats(), 160));
    assertThat(last.floats()).isEqualTo(Arrays.copyOfRange(whole.floats(), 160, 240));
  }

  @Test
  void onlyImagesCanBeMoved() {
    assertThatThrownBy(() -> new Augmentation(1, false, 0, images(64)))
        .isInstanceOf(InputException.class)
        .hasMessage("only images can be shifted or flipped, but samples have shape 64");
    assertThatThrownBy(() -> new Augmentation(4, false, 0, images(2, 4, 5)))
        .isInstanceOf(InputException.class)
        .hasMessage("a shift of 4 pixels does not fit images of 5x4");
  }
}
