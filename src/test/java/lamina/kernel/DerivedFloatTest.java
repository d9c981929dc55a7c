package lamina.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The float32 kernels are what their float64 sources say. */
class DerivedFloatTest {
  @Test
  void everyFloatFileIsDerivedFromItsDoubleFile() {
    if (Boolean.getBoolean("lamina.derive")) {
      DerivedFloat.main(new String[0]);
    }
    assertThat(DerivedFloat.sources())
        .isNotEmpty()
        .allSatisfy(
            source ->
                assertThat(DerivedFloat.isDerived(source))
                    .as(
                        "%s is out of date; run java src/test/java/lamina/kernel/DerivedFloat.java"
                            + " && mvn spotless:apply",
                        DerivedFloat.target(source))
                    .isTrue());
  }

  @Test
  void noFloatFileIsWithoutItsSource() {
    assertThat(DerivedFloat.targets())
        .containsExactlyInAnyOrderElementsOf(
            DerivedFloat.sources().stream().map(DerivedFloat::target).toList());
  }

  @Test
  void onlyTheTypeChanges() {
    Path source = Path.of("src/main/java/lamina/kernel/plain/ProductDouble.java");
    assertThat(DerivedFloat.derive(source))
        .contains("final class ProductFloat", "float32", "float[] a")
        .doesNotContain("double");
  }
}
