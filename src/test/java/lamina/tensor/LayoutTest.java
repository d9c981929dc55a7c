package lamina.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import lamina.text.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayoutTest {
  @ParameterizedTest
  @CsvSource({
    "hwc, 224x225x3, 3x224x225",
    "nhwc, Bx224x225x3, Bx3x224x225",
    "hwcn, 224x225x3xB, Bx3x224x225",
    "NCHW, 2x3x4x5, 2x3x4x5",
    "lnc, 7x2x3, 2x3x7",
    "wc, 7x3, 3x7",
    "ndhwc, 2x4x5x6x3, 2x3x4x5x6",
    "whc, 225x224x3, 3x224x225",
    "hw, 4x5, 4x5"
  })
  void bringsShapesIntoCanonicalOrderAndBack(String text, String shape, String canonical) {
    Layout layout = Layout.parse(text);
    assertThat(layout.toCanonical(Shape.parse(shape))).isEqualTo(Shape.parse(canonical));
    assertThat(layout.fromCanonical(Shape.parse(canonical))).isEqualTo(Shape.parse(shape));
  }

  @Test
  void permutesTensorsAsShapes() {
    Tensor image = Tensor.of(new double[] {1, 2, 3, 4, 5, 6}, 1, 2, 3);
    Layout layout = Layout.parse("hwc");
    Tensor canonical = image.permute(layout.toCanonical());
    assertThat(canonical).isEqualTo(Tensor.of(new double[] {1, 4, 2, 5, 3, 6}, 3, 1, 2));
    assertThat(canonical.permute(layout.fromCanonical())).isEqualTo(image);
  }

  @Test
  void knowsKernels() {
    assertThat(Layout.parseKernel("hwio").toCanonical(Shape.of(3, 5, 2, 8)))
        .isEqualTo(Shape.of(8, 2, 3, 5));
    assertThat(Layout.parseKernel("oihw").isCanonical()).isTrue();
    assertThat(Layout.parseTransposedKernel("hwoi").toCanonical(Shape.of(3, 5, 8, 2)))
        .isEqualTo(Shape.of(2, 8, 3, 5));
    assertThat(Layout.parseTransposedKernel("iohw").isCanonical()).isTrue();
    assertThat(Layout.parse("nhwc").spatial()).isEqualTo(2);
    assertThat(Layout.parse("hwc").has('n')).isFalse();
    assertThat(Layout.channelsFirst(true, 3)).isEqualTo(Layout.parse("ncdhw"));
    assertThat(Layout.channelsFirst(false, 1)).isEqualTo(Layout.parse("cw"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nhxc | has the unknown letter 'x'",
        "nhhc | names 'h' twice",
        "nc | needs one to three spatial axes",
        "'' | needs one to three spatial axes",
        "nhc | must call its spatial axis 'w' or 'l'",
        "ndwc | has 2 spatial axes, which are called 'hw'",
        "nlwc | has 2 spatial axes, which are called 'hw'",
        "oihw | has the unknown letter 'o'"
      })
  void refusesWhatIsNoLayout(String text, String wrong) {
    assertThatThrownBy(() -> Layout.parse(text))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "layout '" + text + "' " + wrong + "; write e.g. 'nchw', 'nhwc', 'hwc' or 'nlc'");
  }

  @Test
  void refusesShapesOfAnotherRank() {
    assertThatThrownBy(() -> Layout.parse("hwc").check(Shape.of(2, 224, 224, 3), "the input"))
        .hasMessage(
            "layout 'hwc' names 3 axes but the input 2x224x224x3 has 4; name every axis, e.g. 'nhwc'"
                + " with a batch and 'hwc' without");
  }
}
