package lamina;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The command lines of the README do what the README says they do. */
class ReadmeTest {
  static List<ShownCommand> commands() throws IOException {
    return ShownCommand.of(Path.of("README.md"));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void printsWhatItSays(ShownCommand command) {
    command.check();
  }
}
