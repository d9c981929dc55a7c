package lamina.op;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import lamina.Golden;
import lamina.kernel.PaddingMode;
import lamina.kernel.Window;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Convolutions and their gradients against PyTorch. */
class ConvolutionGoldenTest {
  static List<Golden> convolutions() {
    return Golden.read("conv").stream().filter(c -> !c.op().contains("transpose")).toList();
  }

  static List<Golden> transposed() {
    return Golden.read("conv", "conv_transpose");
  }

  @Test
  void everyCaseRuns() {
    assertThat(convolutions().size() + transposed().size()).isEqualTo(72);
  }

  @ParameterizedTest
  @MethodSource("convolutions")
  void convolutionInFloat64(Golden golden) {
    convolution(golden, DType.FLOAT64, 1e-9, 1e-12);
  }

  @ParameterizedTest
  @MethodSource("convolutions")
  void convolutionInFloat32(Golden golden) {
    convolution(golden, DType.FLOAT32, 1e-5, tolerance(golden));
  }

  @ParameterizedTest
  @MethodSource("transposed")
  void transposedInFloat64(Golden golden) {
    transposed(golden, DType.FLOAT64, 1e-9, 1e-12);
  }

  @ParameterizedTest
  @MethodSource("transposed")
  void transposedInFloat32(Golden golden) {
    transposed(golden, DType.FLOAT32, 1e-5, tolerance(golden));
  }

  /** Rounding grows with the longest sum: over a filter, or over all positions. */
  private static double tolerance(Golden golden) {
    Tensor w = golden.input("w");
    int terms = Math.max(w.size() / w.dim(1), golden.output().size());
    return 4e-7 * Math.sqrt(terms) * 4;
  }

  private static void convolution(Golden golden, DType dtype, double rtol, double atol) {
    Tensor x = golden.input("x", dtype);
    Tensor w = golden.input("w", dtype);
    Tensor dy = golden.input("dy", dtype);
    Window geometry = geometry(golden, w);
    int groups = golden.integer("groups");
    PaddingMode mode = PaddingMode.of((String) golden.args().get("padding_mode"));
    TensorConvolution convolution = new TensorConvolution(geometry, groups, mode);
    Tensor y = convolution.forward(x, w, golden.input("b", dtype));
    Golden.assertClose("output", y, golden.output(), rtol, atol);
    Golden.assertClose(
        "grad_input",
        convolution.backwardInput(dy, w, x.shape()),
        golden.grads().get("x"),
        rtol,
        atol);
    Golden.assertClose(
        "grad_kernel",
        convolution.backwardKernel(x, dy, w.shape()),
        golden.grads().get("w"),
        rtol,
        atol);
    checkBias(golden, dy, rtol, atol);
  }

  private static void transposed(Golden golden, DType dtype, double rtol, double atol) {
    Tensor x = golden.input("x", dtype);
    Tensor w = golden.input("w", dtype);
    Tensor dy = golden.input("dy", dtype);
    Window geometry = geometry(golden, w);
    int groups = golden.integer("groups");
    int[] outputPadding = golden.integers("output_padding", geometry.rank());
    Tensor b = golden.input("b", dtype);
    TransposedConvolution convolution = new TransposedConvolution(geometry, groups, outputPadding);
    Tensor y = convolution.forward(x, w, b);
    Golden.assertClose("output", y, golden.output(), rtol, atol);
    Golden.assertClose(
        "grad_input",
        convolution.backwardInput(dy, w, x.shape()),
        golden.grads().get("x"),
        rtol,
        atol);
    Golden.assertClose(
        "grad_kernel",
        convolution.backwardKernel(x, dy, w.shape()),
        golden.grads().get("w"),
        rtol,
        atol);
    checkBias(golden, dy, rtol, atol);
  }

  private static void checkBias(Golden golden, Tensor dy, double rtol, double atol) {
    if (golden.input("b") != null) {
      Tensor db = ChannelBias.backward(dy);
      Golden.assertClose("grad_bias", db, golden.grads().get("b"), rtol, atol);
    }
  }

  private static Window geometry(Golden golden, Tensor w) {
    int axes = w.rank() - 2;
    int[] kernel = Arrays.copyOfRange(w.shape(), 2, w.rank());
    int[] none = new int[axes];
    Window unpadded =
        new Window(
            kernel, golden.integers("stride", axes), golden.integers("dilation", axes), none, none);
    if ("valid".equals(golden.args().get("padding"))) {
      return unpadded;
    }
    if ("same".equals(golden.args().get("padding"))) {
      int[] shape = golden.input("x").shape();
      return unpadded.withSamePadding(Arrays.copyOfRange(shape, 2, shape.length), false);
    }
    int[] padding = golden.integers("padding", axes);
    return unpadded.withPadding(padding, padding);
  }
}
