package lamina.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import lamina.kernel.plain.ScalarBackend;
import lamina.tensor.DType;
import lamina.text.InputException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BackendsTest {
  @AfterEach
  void goBack() {
    Backends.use("auto");
  }

  @Test
  void smallWorkStaysOnPlainLoops() {
    Backends.use("auto");
    multiply(64);
    assertThat(Backends.current().name()).isEqualTo("scalar");
    assertThat(Backends.reason()).isEqualTo("scalar: too little work for vectors");
  }

  @Test
  void muchWorkGoesToVectors() {
    Backends.use("auto");
    for (long work = 0; work < AutoBackend.THRESHOLD; work += 512 * 512 * 512) {
      multiply(512);
    }
    assertThat(Backends.current().name()).isEqualTo("vector");
    assertThat(Backends.reason()).matches("vector: \\d+-bit");
  }

  @Test
  void workThatIsExpectedGoesToVectorsFromItsFirstOperationOn() {
    for (DType dtype : new DType[] {DType.FLOAT32, DType.FLOAT64}) {
      Backends.use("auto");
      Backends.expect(AutoBackend.THRESHOLD - 1, dtype);
      multiply(64);
      assertThat(Backends.current().name()).isEqualTo("scalar");
      Backends.expect(AutoBackend.THRESHOLD, dtype);
      assertThat(Backends.current().name()).isEqualTo("vector");
      Backends.use("scalar");
      Backends.expect(AutoBackend.THRESHOLD, dtype);
      assertThat(Backends.current().name()).isEqualTo("scalar");
    }
  }

  @Test
  void aTrainingKeepsItsBackendHoweverLongItLasts() {
    Backends.use("auto");
    Backends.settle(1_000_000, DType.FLOAT32);
    Backends.expect(AutoBackend.THRESHOLD, DType.FLOAT32);
    assertThat(Backends.current().name()).isEqualTo("scalar");
    Backends.use("auto");
    Backends.settle(AutoBackend.THRESHOLD, DType.FLOAT32);
    assertThat(Backends.current().name()).isEqualTo("vector");
    assertThat(Backends.current()).isNotInstanceOf(AutoBackend.class);
    assertThat(Backends.current().float32()).isSameAs(Backends.current().kernels(DType.FLOAT32));
    assertThat(Backends.current().float32()).hasSameClassAs(Backends.vector().float32());
    assertThat(Backends.current().float64()).hasSameClassAs(new ScalarBackend().float64());
  }

  @Test
  void lightWorkStaysOnPlainLoopsLonger() {
    Backends.use("auto");
    Backends.expect(AutoBackend.THRESHOLD, DType.FLOAT32);
    Kernels<float[]> kernels = Backends.current().float32();
    Kernels<float[]> plain = new ScalarBackend().float32();
    Kernels<float[]> vectors = Backends.vector().float32();
    float[] x = new float[1 << 20];
    for (int i = 0; i < x.length; i++) {
      x[i] = i * 1e-6f;
    }
    float[] byPlain = new float[x.length];
    float[] byVectors = new float[x.length];
    plain.softmax(x.length, 1, 1, false, x, byPlain);
    vectors.softmax(x.length, 1, 1, false, x, byVectors);
    assertThat(byVectors).isNotEqualTo(byPlain);
    float[] y = new float[x.length];
    for (long done = x.length; done < AutoBackend.LIGHT_THRESHOLD; done += x.length) {
      kernels.softmax(x.length, 1, 1, false, x, y);
      assertThat(y).isEqualTo(byPlain);
    }
    kernels.softmax(x.length, 1, 1, false, x, y);
    assertThat(y).isEqualTo(byVectors);
  }

  @Test
  void aBackendCanBeAskedFor() {
    Backends.use("vector");
    assertThat(Backends.current().name()).isEqualTo("vector");
    Backends.use("scalar");
    assertThat(Backends.current().name()).isEqualTo("scalar");
    assertThatThrownBy(() -> Backends.use("gpu"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("'gpu'");
  }

  private static void multiply(int size) {
    float[] a = new float[size * size];
    float[] c = new float[size * size];
    Matrix<float[]> factor = Matrix.of(a, size, size);
    Backends.current().float32().multiply(factor, factor, Matrix.of(c, size, size), false);
  }
}
