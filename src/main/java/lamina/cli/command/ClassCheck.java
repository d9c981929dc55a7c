package lamina.cli.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import lamina.check.Grader;
import lamina.check.Suite;
import lamina.check.SuiteResult;
import lamina.check.report.Report;
import lamina.check.report.SummaryReport;
import lamina.cli.process.Io;
import lamina.format.AtomicFile;
import lamina.text.InputException;

/** {@code lamina check SUITE --submissions}: grades the folders of a class side by side. */
final class ClassCheck {
  private static final int BAR = 30;

  private final Grader grader;
  private final Report report;
  private final boolean hintOnly;
  private final Path output;
  private final Io io;
  private int done;

  /**
   * @param output the folder of the reports, or null for none
   */
  ClassCheck(Grader grader, Report report, boolean hintOnly, Path output, Io io) {
    this.grader = grader;
    this.report = report;
    this.hintOnly = hintOnly;
    this.output = output;
    this.io = io;
  }

  /** Grades all; writes a report each and the summary, or prints that alone. */
  boolean run(Suite suite, List<Path> folders, boolean quiet) throws IOException {
    if (output != null) {
      Files.createDirectories(output);
    }
    List<SuiteResult> results = new ArrayList<>();
    ExecutorService pool =
        Executors.newFixedThreadPool(
            Math.min(folders.size(), Runtime.getRuntime().availableProcessors()));
    try {
      List<Future<SuiteResult>> pending = new ArrayList<>();
      for (Path folder : folders) {
        pending.add(pool.submit(() -> grade(folder, folders.size())));
      }
      for (Future<SuiteResult> each : pending) {
        results.add(each.get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InputException("interrupted", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UncheckedIOException wrapped) {
        throw wrapped.getCause();
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      pool.shutdownNow();
      if (io.errIsTerminal()) {
        io.err().print("\r" + " ".repeat(2 * BAR) + "\r");
      }
    }
    String summary = SummaryReport.of(suite, results);
    if (output != null) {
      write("summary.csv", summary);
    } else if (!quiet) {
      io.print(summary);
    }
    return results.stream().allMatch(SuiteResult::passed);
  }

  private SuiteResult grade(Path folder, int all) {
    String name = folder.getFileName().toString();
    SuiteResult result = grader.grade(folder, name);
    if (output != null) {
      write(name + report.extension(), report.write(result, hintOnly));
    }
    progress(all);
    return result;
  }

  private void write(String name, String text) {
    try (AtomicFile file = AtomicFile.create(output.resolve(name))) {
      file.stream().write(text.getBytes(StandardCharsets.UTF_8));
      file.commit();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A bar on a terminal, and nothing elsewhere. */
  private synchronized void progress(int all) {
    done++;
    if (io.errIsTerminal()) {
      int full = BAR * done / all;
      String bar = "#".repeat(full) + "-".repeat(BAR - full);
      io.err().print("\r[" + bar + "] " + done + " of " + all);
      io.err().flush();
    }
  }
}
