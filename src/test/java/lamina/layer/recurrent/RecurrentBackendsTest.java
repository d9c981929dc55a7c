package lamina.layer.recurrent;

import static lamina.Golden.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import lamina.kernel.Backend;
import lamina.kernel.Backends;
import lamina.kernel.Cell;
import lamina.kernel.plain.ScalarBackend;
import lamina.layer.recurrent.RecurrentTest.Variant;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The vector kernels of recurrent layers against the plain loops, around the widths of vectors. */
class RecurrentBackendsTest {
  private static final int STEPS = 3;

  static List<Variant> variants() {
    return RecurrentTest.variants();
  }

  @ParameterizedTest
  @MethodSource("variants")
  void vectorsGiveWhatPlainLoopsGive(Variant variant) {
    Backend before = Backends.current();
    Backends.use("vector");
    Backend vector = Backends.current();
    Backends.use(before.name());
    for (int hidden : new int[] {1, 7, 8, 17, 33}) {
      for (int batch : new int[] {1, 5}) {
        for (DType dtype : new DType[] {DType.FLOAT64, DType.FLOAT32}) {
          compare(variant, hidden, batch, dtype, vector);
        }
      }
    }
  }

  private static void compare(Variant variant, int hidden, int batch, DType dtype, Backend vector) {
    Recurrent like = variant.layer();
    Recurrent layer =
        new Recurrent(
            like.cell(),
            5,
            hidden,
            like.numLayers(),
            like.direction(),
            like.gate(),
            like.candidate(),
            like.state(),
            like.clip(),
            like.resetAfter());
    Random random = new Random(hidden * 31L + batch);
    Map<String, Tensor> weights =
        new LinkedHashMap<>(layer.initialWeights(variant.bias(), dtype, random));
    for (int run = 0; variant.peephole() && run < layer.runs(); run++) {
      weights.put("weight_peephole" + layer.suffix(run), random(random, dtype, 3 * hidden));
    }
    int[] lengths = variant.lengths() == null ? null : new int[batch];
    for (int i = 0; lengths != null && i < batch; i++) {
      lengths[i] = 1 + i % STEPS;
    }
    boolean lstm = layer.cell() == Cell.LSTM;
    Tensor x = random(random, dtype, STEPS, batch, 5);
    Tensor h0 = random(random, dtype, layer.runs(), batch, hidden);
    Tensor c0 = lstm ? random(random, dtype, layer.runs(), batch, hidden) : null;
    Tensor dy = random(random, dtype, STEPS, batch, layer.outputSize());
    Tensor dh = random(random, dtype, layer.runs(), batch, hidden);
    Tensor dc = lstm ? random(random, dtype, layer.runs(), batch, hidden) : null;
    Map<String, Tensor> expected = new LinkedHashMap<>();
    Map<String, Tensor> actual = new LinkedHashMap<>();
    for (Backend backend : new Backend[] {new ScalarBackend(), vector}) {
      Map<String, Tensor> results = backend == vector ? actual : expected;
      RecurrentPass pass = layer.forward(x, weights, h0, c0, lengths, backend);
      RecurrentPass bare = layer.inference(x, weights, h0, c0, lengths, backend);
      assertThat(bare.output()).isEqualTo(pass.output());
      assertThat(bare.hidden()).isEqualTo(pass.hidden());
      assertThat(bare.cell()).isEqualTo(pass.cell());
      Recurrent.Prepared prepared = layer.prepare(weights, backend);
      for (int sequence = 0; sequence < 2; sequence++) {
        RecurrentPass again = prepared.inference(x, h0, c0, lengths);
        assertThat(again.output()).isEqualTo(pass.output());
        assertThat(again.hidden()).isEqualTo(pass.hidden());
        assertThat(again.cell()).isEqualTo(pass.cell());
      }
      results.put("output", pass.output());
      results.putAll(pass.trace());
      Map<String, Tensor> gradients = pass.zeroGradients();
      RecurrentPass.Gradients back = pass.backward(dy, dh, dc, gradients);
      gradients.forEach((name, gradient) -> results.put("grad " + name, gradient));
      results.put("grad x", back.input());
      results.put("grad h0", back.h0());
      if (lstm) {
        results.put("grad c0", back.c0());
      }
    }
    double tolerance = (dtype == DType.FLOAT64 ? 1e-14 : 2e-6) * (10 + hidden * batch);
    for (Map.Entry<String, Tensor> result : expected.entrySet()) {
      String name = variant + ", hidden " + hidden + ", batch " + batch + ": " + result.getKey();
      assertClose(name, actual.get(result.getKey()), result.getValue(), tolerance, tolerance);
    }
  }

  private static Tensor random(Random random, DType dtype, int... shape) {
    return Recurrent.uniform(2, dtype, random, shape);
  }
}
