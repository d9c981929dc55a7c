package lamina.kernel.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The options that scripts give the JVM name methods, which must be there. */
class CompileCommandsTest {
  private static final Pattern OPTION =
      Pattern.compile("'-XX:CompileCommand=dontinline,([^':]+)::([^']+)'");

  @ParameterizedTest
  @ValueSource(strings = {"scripts/lamina", "scripts/bench"})
  void methodsThatAreNotInlinedAreThere(String script) throws IOException {
    Map<String, Set<String>> names = new TreeMap<>();
    Matcher option = OPTION.matcher(Files.readString(Path.of(script)));
    while (option.find()) {
      names.computeIfAbsent(option.group(1), type -> new TreeSet<>()).add(option.group(2));
    }
    assertThat(names)
        .isEqualTo(
            Map.of(
                "lamina.kernel.vector.SquashVectors*",
                Set.of("sigmoids", "tanhs"),
                "lamina.kernel.vector.VectorActivation*",
                Set.of("forwardPart", "backwardPart")));
    for (Class<?> type : List.of(SquashVectorsDouble.class, SquashVectorsFloat.class)) {
      assertThat(type.getName()).startsWith("lamina.kernel.vector.SquashVectors");
      assertThat(loops(type)).containsExactly("sigmoids", "tanhs");
    }
    for (Class<?> type : List.of(VectorActivationDouble.class, VectorActivationFloat.class)) {
      assertThat(type.getName()).startsWith("lamina.kernel.vector.VectorActivation");
      assertThat(type.getDeclaredMethods())
          .extracting(Method::getName)
          .contains("forwardPart", "backwardPart");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"scripts/lamina", "scripts/bench"})
  void methodsThatAreCompiledEarlyAreThere(String script) throws IOException {
    Pattern early =
        Pattern.compile("'-XX:CompileCommand=CompileThresholdScaling,([^,]+)::([^,]+),0\\.[0-9]+'");
    Matcher option = early.matcher(Files.readString(Path.of(script)));
    List<String> found = new ArrayList<>();
    while (option.find()) {
      found.add(option.group(1) + "::" + option.group(2));
    }
    assertThat(found)
        .containsExactly(
            "lamina.kernel.vector.Tile*::*",
            "lamina.kernel.vector.Packed*::dots",
            "lamina.kernel.vector.Unfolded*::pack*");
    assertThat(names(TileDouble.class)).contains("rows8", "rows5", "half8");
    assertThat(names(PackedDouble.class)).contains("dots");
    assertThat(names(UnfoldedDouble.class)).contains("packWhole", "packTwo", "packPieces");
  }

  private static Set<String> names(Class<?> type) {
    Set<String> names = new TreeSet<>();
    for (Method method : type.getDeclaredMethods()) {
      names.add(method.getName());
    }
    return names;
  }

  /** The methods that go over an array by themselves: they take two arrays and no function. */
  private static Set<String> loops(Class<?> type) {
    Set<String> names = new TreeSet<>();
    for (Method method : type.getDeclaredMethods()) {
      Class<?>[] parameters = method.getParameterTypes();
      if (parameters.length > 0
          && parameters[0].isArray()
          && Arrays.stream(parameters).filter(Class::isArray).count() == 2) {
        names.add(method.getName());
      }
    }
    return names;
  }
}
