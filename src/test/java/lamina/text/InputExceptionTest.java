package lamina.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class InputExceptionTest {
  @Test
  void saysItsPlaceOnce() {
    InputException problem = new InputException("too large");
    assertThat(problem.place()).isNull();
    InputException placed = problem.placed("k.csv");
    assertThat(placed).hasMessage("k.csv: too large").hasCause(problem);
    assertThat(placed.place()).isEqualTo("k.csv");
    assertThat(placed.placed("another")).isSameAs(placed);
  }

  @Test
  void keepsItsPlaceWhenMoreIsSaid() {
    InputException more = InputException.at("k.csv, row 2", "has 3 fields").followedBy("; give 2");
    assertThat(more).hasMessage("k.csv, row 2: has 3 fields; give 2");
    assertThat(more.place()).isEqualTo("k.csv, row 2");
  }

  @Test
  void goesOnAboutASubject() {
    InputException error = InputException.about("node 'a' Relu", "has no output");
    assertThat(error).hasMessage("node 'a' Relu has no output");
    assertThat(error.subject()).isEqualTo("node 'a' Relu");
    assertThat(InputException.sentence("the kernel is larger").about("Conv"))
        .hasMessage("Conv: the kernel is larger");
    assertThat(new InputException("needs 3 axes").about("Conv")).hasMessage("Conv needs 3 axes");
  }

  /**
   * What a rule of a layer says is said of that layer: "Conv the kernel spans ..." is no English.
   */
  @Test
  void rulesThatNameAnotherThingAreSentences() throws IOException {
    Pattern other = Pattern.compile("new InputException\\(\\s*\"the ");
    List<String> wrong = new ArrayList<>();
    for (String room : List.of("op", "layer", "tensor")) {
      try (Stream<Path> files = Files.walk(Path.of("src/main/java/lamina", room))) {
        for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
          if (other.matcher(Files.readString(file)).find()) {
            wrong.add(file.toString());
          }
        }
      }
    }
    assertThat(wrong).isEmpty();
  }
}
