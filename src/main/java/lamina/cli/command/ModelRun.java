package lamina.cli.command;

import java.util.List;
import lamina.check.Comparison;
import lamina.cli.option.ToleranceOptions;
import lamina.cli.process.ExitCode;
import lamina.cli.process.Io;
import lamina.report.Document;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * {@code lamina run} of a model whose inputs were read by their names; compares what it gave with a
 * folder of test data.
 *
 * @param run what runs it
 * @param inputs in the model's order
 * @param expected the outputs that a folder of test data has; null if nothing is compared
 */
record ModelRun(
    NetworkRun run,
    List<Tensor> inputs,
    List<Tensor> expected,
    ToleranceOptions tolerance,
    boolean quiet)
    implements TensorCommand.Operation {
  @Override
  public Document apply(Tensor none) {
    return run.run(inputs);
  }

  @Override
  public int check(Io io) {
    if (expected == null) {
      return ExitCode.OK;
    }
    int code = ExitCode.OK;
    List<Tensor> results = run.results();
    if (expected.size() != results.size()) {
      throw new InputException(
          "--test-data: the model gives "
              + results.size()
              + " tensors, but its folder expects "
              + expected.size());
    }
    for (int i = 0; i < results.size(); i++) {
      Comparison comparison =
          Comparison.of(
              results.get(i), expected.get(i), tolerance.relative(1e-3), tolerance.absolute(1e-7));
      if (!comparison.matches()) {
        code = ExitCode.CHECK_FAILED;
        if (!quiet) {
          io.tell("run: output '" + run.outputNames().get(i) + "': " + comparison.description());
        }
      }
    }
    return code;
  }
}
