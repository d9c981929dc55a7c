package lamina.bench;

import ai.onnxruntime.OrtException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import lamina.kernel.Backends;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * The convolutions of {@link SideBySide} under JMH, each in processes of its own: what the JIT
 * compiler makes of the kernels may differ from process to process, which the table does not show.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 3, jvmArgsAppend = "--add-exports=java.base/jdk.internal.module=ALL-UNNAMED")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class Jmh {
  /** The name of a row. */
  @Param("")
  public String row;

  private SideBySide.Contest contest;

  /** Benchmarks each row whose name contains the first argument, if there is one. */
  public static void main(String[] args) throws RunnerException {
    List<String> rows =
        SideBySide.problems().stream()
            .map(SideBySide.Problem::name)
            .filter(name -> args.length == 0 || name.contains(args[0]))
            .toList();
    new Runner(
            new OptionsBuilder()
                .include(Jmh.class.getName())
                .param("row", rows.toArray(String[]::new))
                .build())
        .run();
  }

  @Setup
  public void open() throws OrtException {
    Backends.use("vector");
    for (SideBySide.Problem problem : SideBySide.problems()) {
      if (problem.name().equals(row)) {
        contest = SideBySide.open(problem);
      }
    }
  }

  @TearDown
  public void close() throws OrtException {
    contest.session().close();
  }

  @Benchmark
  public void lamina() {
    contest.here().run();
  }

  @Benchmark
  public void onnxRuntime() {
    contest.peer().run();
  }
}
