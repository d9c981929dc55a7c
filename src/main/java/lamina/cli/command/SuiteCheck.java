package lamina.cli.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import lamina.check.Grader;
import lamina.check.Suite;
import lamina.check.SuiteReader;
import lamina.check.SuiteResult;
import lamina.check.report.Report;
import lamina.cli.InProcess;
import lamina.cli.Io;
import lamina.cli.Program;
import lamina.cli.option.Arguments;
import lamina.format.AtomicFile;
import lamina.text.InputException;

/** {@code lamina check SUITE}: grades a submission and writes the report. */
final class SuiteCheck {
  private SuiteCheck() {}

  static int run(Arguments arguments, Io io) throws IOException {
    String name = arguments.positional(0);
    Report report = Report.of(arguments.choice("--report", "text", Report.labels()));
    Suite suite = SuiteReader.read(io.directory().resolve(name), name, io.environment());
    String folder = arguments.text("--submissions");
    Path submissions = folder == null ? suite.directory() : io.directory().resolve(folder);
    if (!Files.isDirectory(submissions)) {
      throw new InputException("--submissions: there is no folder '" + folder + "'");
    }
    Grader grader = new Grader(suite, new InProcess());
    SuiteResult result = grader.grade(submissions, null);
    write(report.write(result, arguments.has("--hint-only")), arguments, io);
    return result.passed() || arguments.has("--exit-zero") ? Program.OK : Program.CHECK_FAILED;
  }

  /** Writes a report where the options say. */
  static void write(String text, Arguments arguments, Io io) throws IOException {
    String name = arguments.text("--output");
    if (name == null) {
      if (!arguments.has("--quiet")) {
        Program.print(io, text);
      }
      return;
    }
    try (AtomicFile file = AtomicFile.create(io.directory().resolve(name))) {
      file.stream().write(text.getBytes(StandardCharsets.UTF_8));
      file.commit();
    }
  }
}
