package lamina.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrintedTensorTest {
  @TempDir Path folder;

  private Tensor read(String argument) {
    return TensorArgument.parse(argument).read(Fixtures.options(DType.FLOAT64, folder, null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[[1., -2.5], [.5, +4]]",
        "[[1,-2.5],[0.5,4],]",
        "[[1. -2.5]\n [0.5 4. ]]",
        "[[ 1.0e+00 -2.5e+00]\n [ 5.0e-01  4.0e+00]]\n",
        "((1, -2.5), (0.5, 4))",
        "[(1, -2.5), (0.5, 4)]",
        "tensor([[ 1.0000, -2.5000],\n        [ 0.5000,  4.0000]])",
        "tensor([[1., -2.5], [.5, 4.]], dtype=torch.float64)\n",
        "tensor([[1., -2.5], [.5, 4.]], device='cuda:0', grad_fn=<AddBackward0>)",
        "tensor([[1., -2.5], [.5, 4.]], requires_grad=True)",
        "Parameter containing:\ntensor([[1., -2.5],\n        [.5, 4.]], requires_grad=True)\n",
        "torch.tensor([[1, -2.5], [0.5, 4]])",
        "array([[ 1. , -2.5],\n       [ 0.5,  4. ]])",
        "array([[1., -2.5], [.5, 4.]], dtype=float32)",
        "np.array([[1, -2.5], [0.5, 4]])",
        "numpy.array(((1, -2.5), (0.5, 4)), dtype=np.float32)",
        "Array([[1., -2.5], [.5, 4.]], dtype=float32)",
        "tf.Tensor(\n[[ 1.  -2.5]\n [ 0.5  4. ]], shape=(2, 2), dtype=float32)",
        "<tf.Tensor: shape=(2, 2), dtype=float32, numpy=\narray([[ 1. , -2.5],\n       [ 0.5,  4."
            + " ]], dtype=float32)>",
        "<tf.Variable 'w:0' shape=(2, 2) dtype=float32, numpy=array([[1., -2.5], [.5, 4.]])>",
        "[tensor([1., -2.5]), tensor([.5, 4.])]",
        "[[np.float64(1.0), np.float64(-2.5)], [np.float64(0.5), np.float64(4.0)]]",
        "[array([1., -2.5]), array([.5, 4.])]",
      })
  void readsPrints(String text) throws IOException {
    Tensor expected = Tensor.of(new double[] {1, -2.5, 0.5, 4}, 2, 2);
    if (!text.startsWith("(")) {
      assertThat(read(text)).isEqualTo(expected);
    }
    assertThat(Fixtures.pipe(text)).isEqualTo(expected);
    for (String name : new String[] {"print.txt", "print.json", "print"}) {
      Files.writeString(folder.resolve(name), text);
      assertThat(read(name)).as(name).isEqualTo(expected);
    }
  }

  @Test
  void readsScalarsWordsAndEmptyOnes() {
    assertThat(read("tensor(2.5)")).isEqualTo(Tensor.scalar(2.5));
    assertThat(read("tensor(7, device='cuda:0')")).isEqualTo(Tensor.scalar(7));
    assertThat(read("np.float32(.5)")).isEqualTo(Tensor.scalar(0.5));
    assertThat(read(".5")).isEqualTo(Tensor.scalar(0.5));
    assertThat(read("+1")).isEqualTo(Tensor.scalar(1));
    assertThat(read("1.")).isEqualTo(Tensor.scalar(1));
    assertThat(read("tensor([True, False])").doubles()).containsExactly(1, 0);
    assertThat(read("[ True False]").doubles()).containsExactly(1, 0);
    assertThat(read("[nan, inf, -inf]").doubles())
        .containsExactly(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);
    assertThat(read("[NaN, Infinity, -Infinity]").doubles())
        .containsExactly(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);
    assertThat(read("{\"data\": [NaN, 1.]}").doubles()).containsExactly(Double.NaN, 1);
    assertThat(read("tensor([])").shape()).containsExactly(0);
    assertThat(read("tensor([], size=(0, 3))").shape()).containsExactly(0, 3);
    assertThat(read("array([], shape=(3, 0), dtype=float64)").shape()).containsExactly(3, 0);
    // float32 is parsed as such, not rounded twice.
    Tensor floats =
        TensorArgument.parse("tensor([0.1, 16777217.])")
            .read(Fixtures.options(DType.FLOAT32, folder, null));
    assertThat(floats.floats()).containsExactly(0.1f, 16777216f);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tensor([1., 2., ..., 9.])|line 1, column 17: '...' stands for elements that were left out;"
            + " print all of them with torch.set_printoptions(threshold=math.inf) or"
            + " numpy.set_printoptions(threshold=sys.maxsize)",
        "[0. 1. ... 9.]|line 1, column 8: '...' stands for elements that were left out; print all"
            + " of them with torch.set_printoptions(threshold=math.inf) or"
            + " numpy.set_printoptions(threshold=sys.maxsize)",
        "tensor([1.+2.j])|line 1, column 9: a number was expected, not '1.+2.j'",
        "tensor([[1, 2], [3]])|line 1, column 20: ragged: a list with 1 element where the first one"
            + " of this level has 2",
        "tensor([1, 2], scale=0.5)|line 1, column 16: 'scale' of the print is not understood",
        "tensor(indices=tensor([[0]]))|line 1, column 8: a number was expected, not 'indices=tensor'",
        "tensor([1, 2]|line 1, column 14: ')' was expected",
        "tensor([1, 2|line 1, column 13: the print ends before its ']'",
        "tensor([1 2, 3])|line 1, column 14: a comma is missing",
        "tensor([1, 2]) tensor([3])|line 1, column 16: more text after the end of the tensor",
        "tensor([1, 2], size=(3,))|the print says 3 but its elements are nested as 2",
        "tensor([1, foo(2)])|line 1, column 12: the name foo is not known",
        "[1 2; 3 4]|line 1, column 4: ';' ends no row here; write rows as lists: [[1,2],[3,4]]",
        "array(None)|line 1, column 7: a number was expected, not 'None'",
      })
  void saysWhatIsWrong(String text, String message) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(InputException.class)
        .hasMessage("the literal" + (message.startsWith("line") ? ", " : ": ") + message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[1 x]",
        "[01]",
        "[1,,2]",
        "[oops]",
        "[0x10]",
        "{1}",
        "[1_000]",
        "['1']",
        "[--1]",
        "[1,2,-01]"
      })
  void whatIsNeitherNamesNoOptionOfAParser(String text) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("the literal, line 1, column ")
        .hasMessageNotContaining("Feature")
        .hasMessageNotContaining("enable")
        .hasMessageNotContaining("ALLOW");
  }

  @Test
  void manyNamesAreNoDeepRecursion() {
    assertThatThrownBy(() -> read("tensor(".repeat(100_000) + "1" + ")".repeat(100_000)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("nested deeper than 64 names");
    assertThatThrownBy(() -> Fixtures.pipe("(".repeat(100_000).getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(InputException.class);
  }
}
