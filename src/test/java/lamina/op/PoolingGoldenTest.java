package lamina.op;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import lamina.Golden;
import lamina.kernel.Rounding;
import lamina.kernel.Window;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Poolings and their gradients against PyTorch. */
class PoolingGoldenTest {
  static List<Golden> cases() {
    return Golden.read("pool");
  }

  @Test
  void everyCaseRuns() {
    assertThat(cases()).hasSize(156);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void inFloat64(Golden golden) {
    check(golden, DType.FLOAT64, 1e-9, 1e-12);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void inFloat32(Golden golden) {
    check(golden, DType.FLOAT32, 2e-5, 2e-6);
  }

  private static void check(Golden golden, DType dtype, double rtol, double atol) {
    Tensor x = golden.input("x", dtype);
    Tensor dy = golden.input("dy", dtype);
    int axes = golden.op().charAt(golden.op().length() - 2) - '0';
    String kind = golden.op().substring(0, golden.op().length() - 2);
    Tensor y;
    Tensor dx;
    switch (kind) {
      case "max_pool" -> {
        MaxPooling pooling = new MaxPooling(windows(golden, axes));
        MaxPooling.Maxima maxima = pooling.maxima(x);
        y = maxima.output();
        assertThat(maxima.indices()).isEqualTo(golden.outputs().get("indices").as(DType.INT64));
        dx = pooling.backward(dy, maxima.indices(), x.shape());
      }
      case "avg_pool" -> {
        boolean count = golden.flag("count_include_pad");
        int divisor =
            golden.args().containsKey("divisor_override") ? golden.integer("divisor_override") : 0;
        AveragePooling pooling = new AveragePooling(windows(golden, axes), count, divisor);
        y = pooling.forward(x);
        dx = pooling.backward(dy, x.shape());
      }
      case "adaptive_avg_pool" -> {
        AveragePooling pooling = AveragePooling.adaptive(golden.integers("output_size", axes));
        y = pooling.forward(x);
        dx = pooling.backward(dy, x.shape());
      }
      case "adaptive_max_pool" -> {
        MaxPooling pooling =
            new MaxPooling(new PoolWindows.Adaptive(golden.integers("output_size", axes)));
        MaxPooling.Maxima maxima = pooling.maxima(x);
        y = maxima.output();
        dx = pooling.backward(dy, maxima.indices(), x.shape());
      }
      case "lp_pool" -> {
        double p = golden.number("norm_type");
        NormPooling pooling = new NormPooling(windows(golden, axes), p, false);
        y = pooling.forward(x);
        dx = pooling.backward(dy, x, y);
      }
      default -> throw new AssertionError(golden.op());
    }
    Golden.assertClose("output", y, golden.output(), rtol, atol);
    Golden.assertClose("grad_input", dx, golden.grads().get("x"), rtol, atol);
  }

  private static PoolWindows windows(Golden golden, int axes) {
    Rounding rounding = golden.flag("ceil_mode") ? Rounding.CEIL : Rounding.FLOOR;
    return new PoolWindows.Sliding(window(golden, axes), rounding);
  }

  private static Window window(Golden golden, int axes) {
    int[] ones = new int[axes];
    Arrays.fill(ones, 1);
    int[] padding =
        golden.args().containsKey("padding") ? golden.integers("padding", axes) : new int[axes];
    return new Window(
        golden.integers("kernel_size", axes),
        golden.integers("stride", axes),
        golden.args().containsKey("dilation") ? golden.integers("dilation", axes) : ones,
        padding,
        padding);
  }
}
