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
import lamina.cli.option.CheckOptions;
import lamina.cli.option.UsageException;
import lamina.cli.process.ExitCode;
import lamina.cli.process.Io;
import lamina.format.AtomicFile;
import lamina.text.InputException;

/** {@code lamina check SUITE}: grades a submission and writes the report. */
final class SuiteCheck {
  private final CheckOptions options;
  private final CommandRunner commands;
  private final Io io;

  /**
   * @param commands runs the commands that give right answers
   */
  SuiteCheck(CheckOptions options, CommandRunner commands, Io io) {
    this.options = options;
    this.commands = commands;
    this.io = io;
  }

  /** Grades by the suite of this name; gives the exit code. */
  int run(String name) throws IOException {
    Report report = Report.of(options.report().word());
    Suite suite = SuiteReader.read(io.directory().resolve(name), name, io.environment());
    refuseWhatIsNoAnswer(suite, name);
    String folder = options.submissions();
    String output = options.output();
    // A report as a file is one submission's.
    boolean one = output != null && output.endsWith(report.extension());
    List<Path> submissions =
        folder == null
            ? List.of(suite.directory())
            : Submissions.in(io.directory().resolve(folder), folder, suite, one);
    Grader grader = new Grader(suite, commands);
    boolean hintOnly = options.isHintOnly();
    boolean passed;
    if (submissions.size() > 1 || isWithin(submissions.get(0), folder)) {
      if (output == null && options.report().isGiven()) {
        throw new UsageException(
            "a class of "
                + submissions.size()
                + (submissions.size() == 1 ? " folder" : " folders")
                + " needs -o FOLDER for --report "
                + options.report().word());
      }
      Path reports = output == null ? null : io.directory().resolve(output);
      ClassCheck all = new ClassCheck(grader, report, hintOnly, reports, io);
      passed = all.run(suite, submissions, options.isQuiet());
    } else {
      SuiteResult result = grader.grade(submissions.get(0), null);
      write(report.write(result, hintOnly));
      passed = result.passed();
    }
    // It is the suite's fault and in many reports; whoever grades must not miss it.
    grader.problems().forEach(problem -> io.err().print("lamina check: " + problem + "\n"));
    return passed || options.isExitZero() ? ExitCode.OK : ExitCode.CHECK_FAILED;
  }

  private void refuseWhatIsNoAnswer(Suite suite, String name) {
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
  private boolean isWithin(Path submission, String folder) {
    return folder != null && !submission.equals(io.directory().resolve(folder));
  }

  /** Writes a report where the options say. */
  private void write(String text) throws IOException {
    String name = options.output();
    if (name == null) {
      if (!options.isQuiet()) {
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
