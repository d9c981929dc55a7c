package lamina.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BuffersTest {
  @ParameterizedTest
  @EnumSource(DType.class)
  void aPassTakesTheArraysOfTheOneBefore(DType type) {
    Buffers buffers = new Buffers();
    Tensor first = pass(buffers, type, false);
    Tensor second = pass(buffers, type, false);
    assertThat(second.sharesElements(first)).isTrue();
    assertThat(second.get(1999)).isEqualTo(7);
    assertThat(pass(buffers, type, true).get(1999)).isZero();
  }

  /** One pass of two tensors; the first is set to sevens and given. */
  private static Tensor pass(Buffers buffers, DType type, boolean cleared) {
    buffers.open();
    try {
      Tensor first = cleared ? Tensor.zeros(type, 20, 100) : Tensor.unset(type, 20, 100);
      Tensor second = Tensor.zeros(type, 2000);
      assertThat(second.sharesElements(first)).isFalse();
      if (!cleared && first.get(0) == 0) {
        switch (type) {
          case FLOAT32 -> Arrays.fill(first.floats(), 7);
          case FLOAT64 -> Arrays.fill(first.doubles(), 7);
          case INT64 -> Arrays.fill(first.longs(), 7);
        }
      }
      return first;
    } finally {
      buffers.close();
    }
  }

  @Test
  void closedBuffersAndOtherThreadsGiveNothing() throws InterruptedException {
    Buffers buffers = new Buffers();
    Tensor inside = pass(buffers, DType.FLOAT32, false);
    assertThat(Tensor.zeros(DType.FLOAT32, 2000).sharesElements(inside)).isFalse();
    buffers.open();
    Tensor[] other = new Tensor[1];
    Thread thread = new Thread(() -> other[0] = Tensor.unset(DType.FLOAT32, 2000));
    thread.start();
    thread.join();
    assertThat(other[0].get(0)).isZero();
    assertThatThrownBy(() -> new Buffers().open()).isInstanceOf(IllegalStateException.class);
    buffers.close();
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void whatIsGivenBackIsTakenNextAndWhatIsInUseStaysWithItsTensor(DType type) {
    Buffers buffers = new Buffers().open();
    Tensor first = Tensor.unset(type, 2000);
    Tensor second = Tensor.unset(type, 2000);
    Buffers.giveBack(first);
    Tensor third = Tensor.unset(type, 2000);
    buffers.leave();
    assertThat(third.sharesElements(first)).isTrue();
    assertThat(third.sharesElements(second)).isFalse();
    buffers.open();
    Tensor later = Tensor.unset(type, 2000);
    buffers.close();
    assertThat(later.sharesElements(second)).isFalse();
    assertThat(later.sharesElements(third)).isFalse();
    Buffers.giveBack(second);
  }

  @Test
  void smallTensorsAreTheJvmsOwn() {
    Buffers buffers = new Buffers();
    buffers.open();
    Tensor small = Tensor.unset(DType.FLOAT64, 10);
    buffers.close();
    buffers.open();
    assertThat(Tensor.unset(DType.FLOAT64, 10).sharesElements(small)).isFalse();
    buffers.close();
  }
}
