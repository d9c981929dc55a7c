package lamina.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShapeTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "3x224x224 | 3x224x224",
        "Bx3x224x224 | Bx3x224x224",
        "3xHxW | 3xHxW",
        "3 x H x W | 3xHxW",
        "3×224×224 | 3x224x224",
        "3,224,224 | 3x224x224",
        "(3, 224, 224) | 3x224x224",
        "[7] | 7",
        "torch.Size([3, 224, 224]) | 3x224x224",
        "TensorShape([None, 3]) | Bx3",
        "(7,) | 7",
        "T_1xh2 | T_1xh2",
        "0x3 | 0x3",
        "3X224X224 | 3x224x224",
        "NX3XHXW | Nx3xHxW",
        "MAXxLEN | MAXxLEN",
        "?x3x4 | Bx3x4",
        "-1x3x-1x-1 | Bx3xHxW",
        "(None, 3) | Bx3",
        "3x? | 3xW",
        "?x?x?x? | BxS1xHxW"
      })
  void parses(String text, String expected) {
    assertThat(Shape.parse(text)).hasToString(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "3x", "x3", "3xx3", "3x-2", "3x2.5", "3x2H", "3;4", "(3,4", "3 4"})
  void refusesWhatIsNoShape(String text) {
    assertThatThrownBy(() -> Shape.parse(text))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("shape '" + text + "': '")
        .hasMessageEndingWith(
            "' is neither a size nor a symbol; write e.g. 3x224x224, Bx3x224x224 or 3xHxW");
  }

  @Test
  void refusesSizesBeyond64Bits() {
    assertThatThrownBy(() -> Shape.parse("3x9223372036854775808"))
        .hasMessage(
            "shape '3x9223372036854775808': the size 9223372036854775808 needs more than 64 bits");
    assertThat(Shape.parse("3x9223372036854775807").dim(1).value()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void printsExpressionsApart() {
    Shape shape = Shape.parse("96xHxW").with(1, Dim.symbol("H").plus(-11).floorDiv(4).plus(1));
    assertThat(shape).hasToString("96x(⌊(H − 11) / 4⌋ + 1)xW");
    assertThat(shape.evaluate(Map.of("H", 224L, "W", 5L))).isEqualTo(Shape.of(96, 54, 5));
    assertThat(shape.isNumber()).isFalse();
  }
}
