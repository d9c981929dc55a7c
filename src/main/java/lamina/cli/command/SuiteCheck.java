package lamina.cli.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import lamina.check.CommandRunner;
import lamina.check.Grader;
import lamina.check.Submissions;
import lamina.check.Suite;
import lamina.check.SuiteCase;
import lamina.check.SuiteReader;
import lamina.check.SuiteResult;
import lamina.check.report.Report;
import lamina.cli.option.Arguments;
import lamina.cli.option.UsageException;
import lamina.cli.process.ExitCode;
import lamina.cli.process.Io;
import lamina.format.AtomicFile;
import lamina.text.InputException;

/** {@code lamina check SUITE}: grades a submission and writes the report. */
final class SuiteCheck {
  private SuiteCheck() {}

  static int run(Arguments arguments, CommandRunner commands, Io io) throws IOException {
    String name = arguments.positional(0);
    Report report = Report.of(arguments.choice("--report", "text", Report.labels()));
    Suite suite = SuiteReader.read(io.directory().resolve(name), name, io.environment());
    refuseWhatIsNoAnswer(suite, name, commands);
    String folder = arguments.text("--submissions");
    String output = arguments.text("--output");
    // A report as a file is one submission's.
    boolean one = output != null && output.endsWith(report.extension());
    List<Path> submissions =
        folder == null
            ? List.of(suite.directory())
            : Submissions.in(io.directory().resolve(folder), folder, suite, one);
    Grader grader = new Grader(suite, commands);
    boolean hintOnly = arguments.has("--hint-only");
    boolean passed;
    if (submissions.size() > 1 || isWithin(submissions.get(0), folder, io)) {
      if (output == null && arguments.has("--report")) {
        throw new UsageException(
            "a class of "
                + submissions.size()
                + (submissions.size() == 1 ? " folder" : " folders")
                + " needs -o FOLDER for --report "
                + arguments.text("--report"));
      }
      Path reports = output == null ? null : io.directory().resolve(output);
      ClassCheck all = new ClassCheck(grader, report, hintOnly, reports, io);
      passed = all.run(suite, submissions, arguments.has("--quiet"));
    } else {
      SuiteResult result = grader.grade(submissions.get(0), null);
      write(report.write(result, hintOnly), arguments, io);
      passed = result.passed();
    }
    return passed || arguments.has("--exit-zero") ? ExitCode.OK : ExitCode.CHECK_FAILED;
  }

  private static void refuseWhatIsNoAnswer(Suite suite, String name, CommandRunner commands) {
    int number = 0;
    for (SuiteCase each : suite.cases()) {
      number++;
      String problem = each.command() == null ? null : commands.noAnswer(each.command());
      if (problem != null) {
        String place = name + ": case " + number + " '" + each.name() + "': \"command\" ";
        throw new InputException(place + problem);
      }
    }
  }

  /** Whether a submission is one of a class, not the folder itself. */
  private static boolean isWithin(Path submission, String folder, Io io) {
    return folder != null && !submission.equals(io.directory().resolve(folder));
  }

  /** Writes a report where the options say. */
  static void write(String text, Arguments arguments, Io io) throws IOException {
    String name = arguments.text("--output");
    if (name == null) {
      if (!arguments.has("--quiet")) {
        io.print(text);
      }
      return;
    }
    try (AtomicFile file = AtomicFile.create(io.directory().resolve(name))) {
      file.stream().write(text.getBytes(StandardCharsets.UTF_8));
      file.commit();
    }
  }
}
