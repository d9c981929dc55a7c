package lamina.cli.command;

import java.util.List;
import java.util.Map;
import lamina.check.Comparison;
import lamina.cli.option.ModelTestData;
import lamina.cli.option.ToleranceOptions;
import lamina.cli.process.ExitCode;
import lamina.cli.process.Io;
import lamina.report.Document;
import lamina.tensor.Tensor;

/**
 * {@code lamina run} of a model whose inputs were read by their names; compares what it gave with a
 * folder of test data.
 *
 * @param run what runs it
 * @param inputs in the model's order
 * @param testData null if nothing is compared
 */
record ModelRun(
    NetworkRun run,
    List<Tensor> inputs,
    ModelTestData testData,
    ToleranceOptions tolerance,
    boolean quiet)
    implements TensorCommand.Operation {
  @Override
  public Document apply(Tensor none) {
    return run.run(inputs);
  }

  @Override
  public int check(Io io) {
    if (testData == null) {
      return ExitCode.OK;
    }
    int code = ExitCode.OK;
    List<Tensor> results = run.results();
    int index = 0;
    for (Map.Entry<String, Tensor> output : testData.outputs(results).entrySet()) {
      Comparison comparison =
          Comparison.of(
              results.get(index++),
              output.getValue(),
              tolerance.relative(1e-3),
              tolerance.absolute(1e-7));
      if (!comparison.matches()) {
        code = ExitCode.CHECK_FAILED;
        if (!quiet) {
          io.tell("run: output '" + output.getKey() + "': " + comparison.description());
        }
      }
    }
    return code;
  }
}
