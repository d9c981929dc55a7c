package lamina.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RandomNumbersTest {
  /** The sequence that Vigna's splitmix64.c prints for this seed. */
  @Test
  void isSplitMix64() {
    RandomNumbers random = new RandomNumbers(1234567);
    assertThat(Long.toUnsignedString(random.nextLong())).isEqualTo("6457827717110365317");
    assertThat(Long.toUnsignedString(random.nextLong())).isEqualTo("3203168211198807973");
    assertThat(Long.toUnsignedString(random.nextLong())).isEqualTo("9817491932198370423");
  }

  @Test
  void drawsNormalNumbers() {
    RandomNumbers random = new RandomNumbers(5);
    double sum = 0;
    double squares = 0;
    int count = 100_000;
    for (int i = 0; i < count; i++) {
      double value = random.nextGaussian();
      sum += value;
      squares += value * value;
    }
    assertThat(sum / count).isCloseTo(0, within(0.01));
    assertThat(squares / count).isCloseTo(1, within(0.02));
  }

  @Test
  void staysWithinItsBound() {
    RandomNumbers random = new RandomNumbers(6);
    double most = 0;
    for (int i = 0; i < 10_000; i++) {
      most = Math.max(most, Math.abs(random.nextWithin(0.25)));
    }
    assertThat(most).isBetween(0.249, 0.25);
  }
}
