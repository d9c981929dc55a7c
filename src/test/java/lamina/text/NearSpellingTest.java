package lamina.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearSpellingTest {
  private static final List<String> NAMES = List.of("relu", "leaky-relu", "gelu", "softmax");

  @Test
  void findsSlipsOfTheFinger() {
    assertThat(NearSpelling.of("rleu", NAMES)).isEqualTo("relu");
    assertThat(NearSpelling.of("sofmax", NAMES)).isEqualTo("softmax");
    assertThat(NearSpelling.of("softmaxx", NAMES)).isEqualTo("softmax");
    assertThat(NearSpelling.of("Leaky_Rellu", NAMES)).isEqualTo("leaky-relu");
  }

  @Test
  void staysSilentWhenNothingIsNear() {
    assertThat(NearSpelling.of("convolution", NAMES)).isNull();
    assertThat(NearSpelling.hint("x", NAMES)).isEmpty();
    assertThat(NearSpelling.hint("gellu", NAMES)).isEqualTo("; did you mean 'gelu'?");
  }
}
