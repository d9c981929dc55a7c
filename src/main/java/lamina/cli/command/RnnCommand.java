package lamina.cli.command;

import java.io.IOException;
import java.util.Map;
import lamina.cli.option.Arguments;
import lamina.cli.option.RnnOptions;
import lamina.cli.option.RnnSettings;
import lamina.cli.option.RnnWeights;
import lamina.cli.option.TensorInputs;
import lamina.kernel.Backends;
import lamina.layer.recurrent.SequenceModel;
import lamina.report.Document;
import lamina.tensor.Tensor;
import picocli.CommandLine.Model.CommandSpec;

/** {@code lamina rnn}: runs an RNN, LSTM or GRU over a sequence, in one of five topologies. */
public final class RnnCommand extends TensorCommand {
  private final RnnOptions options = new RnnOptions();

  @Override
  void defineOwn(CommandSpec spec) {
    options.addTo(spec);
    Arguments.define(
        spec,
        "INPUT",
        "0..1",
        "sequence (T, I), (T, N, I) or with --batch-first (N, T, I); default: standard input");
    Command.examples(
        spec,
        "  A sequence of 3 steps through a GRU of random weights:",
        "    lamina rnn '[[1,0],[0,1],[1,1]]' --cell gru --hidden-size 4 --seed 1",
        "  An image in 4x4 patches to one vector:",
        "    lamina tokenize digit.png --by patches --size 4 |",
        "        lamina rnn --cell gru --weights gru.json --mode many-to-one",
        "  Which topology a task needs:",
        "    lamina rnn design 'image captioning'");
  }

  @Override
  Operation prepare(Arguments arguments, TensorInputs inputs) throws IOException {
    RnnSettings settings = options.read();
    Map<String, Tensor> weights = inputs.readAll(options.weights());
    Tensor h0 = inputs.read(options.h0());
    Tensor c0 = inputs.read(options.c0());
    Tensor dy = inputs.read(options.gradient());
    boolean trace = options.isTraced();
    RnnWeights source = new RnnWeights(settings, weights, inputs.dtype(), inputs.seed());
    return input -> {
      SequenceModel model = source.model(input);
      SequenceModel.Run run = model.forward(input, h0, c0, settings.lengths(), Backends.current());
      Document document = new Document(run.output()).put("h_n", run.hidden());
      if (run.cell() != null) {
        document.put("c_n", run.cell());
      }
      if (trace) {
        Document steps = new Document();
        for (Map.Entry<String, Tensor> entry : run.trace().entrySet()) {
          steps.put(entry.getKey(), entry.getValue());
        }
        document.put("trace", steps);
      }
      if (dy != null) {
        SequenceModel.Gradients gradients = run.backward(filled(dy, run.output()));
        document.put("grad_input", gradients.input()).put("grad_h0", gradients.h0());
        if (gradients.c0() != null) {
          document.put("grad_c0", gradients.c0());
        }
        for (Map.Entry<String, Tensor> entry : source.gradients(gradients).entrySet()) {
          document.put("grad_" + entry.getKey(), entry.getValue());
        }
      }
      return document;
    };
  }

  /** A gradient in the output's shape: a scalar stands for all elements. */
  private static Tensor filled(Tensor dy, Tensor output) {
    if (dy.rank() > 0) {
      return dy;
    }
    return Tensor.filled(output.dtype(), dy.get(0), output.shape());
  }
}
