package lamina.cli.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import lamina.check.Suite;
import lamina.cli.option.CheckOptions;
import lamina.cli.option.UsageException;
import lamina.cli.process.ExitCode;
import lamina.cli.process.Io;
import lamina.text.InputException;

/** {@code lamina check --init} and {@code --schema}: what writers of suites start from. */
final class SuiteStart {
  private SuiteStart() {}

  /**
   * Writes what is wanted.
   *
   * @param name the suite's, or null for standard output
   */
  static int write(CheckOptions options, String name, Io io) throws IOException {
    if (options.isSchema()) {
      if (options.isInit()) {
        throw new UsageException("either --init or --schema, not both");
      }
      io.print(resource("suite.schema.json"));
      return ExitCode.OK;
    }
    if (name == null) {
      io.print(resource("suite.json"));
      return ExitCode.OK;
    }
    String lower = name.toLowerCase(Locale.ROOT);
    boolean yaml = lower.endsWith(".yaml") || lower.endsWith(".yml");
    if (!yaml && !lower.endsWith(".json")) {
      throw new UsageException("a suite's name ends in .json or .yaml, not '" + name + "'");
    }
    Path file = io.directory().resolve(name);
    if (Files.exists(file)) {
      throw new InputException(name + ": is there already; give another name");
    }
    Files.writeString(file, resource(yaml ? "suite.yaml" : "suite.json"));
    return ExitCode.OK;
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = Suite.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
