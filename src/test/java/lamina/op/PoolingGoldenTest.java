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
    Rounding rounding = golden.flag("ceil_mode") ? Rounding.CEIL : Rounding.FLOOR;
    String kind = golden.op().substring(0, golden.op().length() - 2);
    Tensor y;
    Tensor dx;
    switch (kind) {
      case "max_pool" -> {
        Window geometry = geometry(golden, axes);
        Poolings.Maxima maxima = Poolings.max(x, geometry, rounding);
        y = maxima.output();
        assertThat(maxima.indices()).isEqualTo(golden.outputs().get("indices").as(DType.INT64));
        dx = Poolings.maxBackward(dy, maxima.indices(), x.shape(), axes);
      }
      case "avg_pool" -> {
        Window geometry = geometry(golden, axes);
        boolean count = golden.flag("count_include_pad");
        int divisor =
            golden.args().containsKey("divisor_override") ? golden.integer("divisor_override") : 0;
        y = Poolings.average(x, geometry, rounding, count, divisor);
        dx = Poolings.averageBackward(dy, x.shape(), geometry, rounding, count, divisor);
      }
      case "adaptive_avg_pool" -> {
        int[] size = golden.integers("output_size", axes);
        y = Poolings.adaptiveAverage(x, size);
        dx = Poolings.adaptiveAverageBackward(dy, x.shape(), size);
      }
      case "adaptive_max_pool" -> {
        Poolings.Maxima maxima = Poolings.adaptiveMax(x, golden.integers("output_size", axes));
        y = maxima.output();
        dx = Poolings.maxBackward(dy, maxima.indices(), x.shape(), axes);
      }
      case "lp_pool" -> {
        Window geometry = geometry(golden, axes);
        double p = golden.number("norm_type");
        y = Poolings.norm(x, geometry, rounding, p, false);
        dx = Poolings.normBackward(dy, x, y, geometry, rounding, p, false);
      }
      default -> throw new AssertionError(golden.op());
    }
    Golden.assertClose("output", y, golden.output(), rtol, atol);
    Golden.assertClose("grad_input", dx, golden.grads().get("x"), rtol, atol);
  }

  private static Window geometry(Golden golden, int axes) {
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
