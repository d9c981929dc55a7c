package lamina.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImagesTest {
  @TempDir Path folder;

  private static Tensor pixels(String file, Path folder) {
    return TensorArgument.parse(file)
        .read(new ReadOptions(DType.FLOAT64, null, true, 0, null, folder));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "grey.png|1x2x3|0 51 255 1 2 3",
        "grey16.png|1x1x2|4660 65535",
        "black-white.png|1x1x3|255 0 255",
        "grey-alpha.png|2x1x2|10 20 255 0",
        "rgb.png|3x2x2|255 1 4 7 0 2 5 8 51 3 6 9",
        "rgba.png|4x1x2|1 4 2 5 3 6 255 0",
        "palette.png|3x1x2|40 10 50 20 60 30",
      })
  void keepsPixelsAsTheFileHasThem(String file, String shape, String values) {
    Tensor tensor = pixels(file, Fixtures.folder());
    assertThat(Tensor.text(tensor.shape())).isEqualTo(shape);
    String[] expected = values.split(" ", -1);
    for (int i = 0; i < expected.length; i++) {
      assertThat(tensor.get(i))
          .as("%s, element %d", file, i)
          .isEqualTo(Integer.parseInt(expected[i]));
    }
  }

  @Test
  void scalesTo0To1() {
    assertThat(Fixtures.read("grey.png").doubles())
        .containsExactly(0, 51 / 255.0, 1, 1 / 255.0, 2 / 255.0, 3 / 255.0);
    assertThat(Fixtures.read("grey16.png").doubles()).containsExactly(4660 / 65535.0, 1);
    assertThat(Fixtures.read("grey.png", DType.FLOAT32).floats()[1]).isEqualTo(0.2f);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bmp", "gif", "jpg"})
  void readsOtherFormats(String type) throws IOException {
    BufferedImage image = new BufferedImage(4, 3, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < 3; y++) {
      for (int x = 0; x < 4; x++) {
        image.setRGB(x, y, 0x306090);
      }
    }
    assertThat(ImageIO.write(image, type, folder.resolve("a." + type).toFile())).isTrue();
    Tensor tensor = pixels("a." + type, folder);
    assertThat(tensor.shape()).containsExactly(3, 3, 4);
    // JPEG is lossy.
    assertThat(tensor.get(0)).isCloseTo(0x30, org.assertj.core.data.Offset.offset(3.0));
    assertThat(tensor.get(12)).isCloseTo(0x60, org.assertj.core.data.Offset.offset(3.0));
    assertThat(tensor.get(24)).isCloseTo(0x90, org.assertj.core.data.Offset.offset(3.0));
  }

  @Test
  void refusesHeadersThatClaimTooMuch() {
    assertThatThrownBy(() -> Fixtures.read("huge.png"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("huge.png")
        .hasMessageContaining("4x2147483647x2147483647")
        .hasMessageContaining("too large");
  }
}
