package lamina.kernel.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
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
  void methodsThatAreNotInlinedAreTheLoopsOfTheGates(String script) throws IOException {
    Set<String> names = new TreeSet<>();
    Matcher option = OPTION.matcher(Files.readString(Path.of(script)));
    while (option.find()) {
      String classes = option.group(1).replace(".", "\\.").replace("*", ".*");
      assertThat(SquashVectorsDouble.class.getName()).matches(classes);
      assertThat(SquashVectorsFloat.class.getName()).matches(classes);
      names.add(option.group(2));
    }
    assertThat(names).containsExactly("sigmoids", "tanhs");
    assertThat(loops(SquashVectorsDouble.class)).isEqualTo(names);
    assertThat(loops(SquashVectorsFloat.class)).isEqualTo(names);
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
