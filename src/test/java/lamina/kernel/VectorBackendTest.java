package lamina.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VectorBackendTest {
  @Test
  void saysHowWideItsVectorsAre() {
    Backend backend = BackendContract.vector();
    assertThat(backend.toString()).matches("vector: (128|256|512)-bit");
    assertThat(backend.name()).isEqualTo("vector");
  }
}
