package lamina.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
