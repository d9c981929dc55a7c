package lamina.kernel.vector;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CacheLinesTest {
  /** Arrays made one after another lie side by side: each of 72 bytes is 8 further in its line. */
  @Test
  void neighboursLieAsFarApartAsTheyAreLarge() {
    float[][] arrays = new float[100][];
    for (int i = 0; i < arrays.length; i++) {
      arrays[i] = new float[14];
    }
    int asExpected = 0;
    int before = CacheLines.start(arrays[0], Float.BYTES);
    for (int i = 1; i < arrays.length; i++) {
      int start = CacheLines.start(arrays[i], Float.BYTES);
      assertThat(start).isBetween(0, CacheLines.BYTES / Float.BYTES - 1);
      if (start == Math.floorMod(before - 2, 16)) {
        asExpected++;
      }
      before = start;
    }
    // Not all: the heap may go on elsewhere in between.
    assertThat(asExpected).isGreaterThan(80);
  }
}
