package lamina.layer.recurrent;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lamina.kernel.Backend;
import lamina.op.Blocks;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * A recurrent stack that makes a sequence step by step: the first step reads the given input, each
 * later one what the step before put out, or zeros.
 */
final class UnrolledPass {
  private final SequencePart part;
  private final Backend backend;
  private final boolean feedback;
  private final List<RecurrentPass> passes = new ArrayList<>();
  private final Tensor output;

  /**
   * @param first the first step's input {@code (N, I)}
   * @param h0 the initial hidden states {@code (L, N, H)}, or null
   * @param c0 the initial cell states, or null
   * @param feedback whether outputs are fed back; else the later inputs are zeros
   */
  UnrolledPass(
      SequencePart part,
      Tensor first,
      Tensor h0,
      Tensor c0,
      int steps,
      boolean feedback,
      Backend backend) {
    Recurrent layer = part.layer();
    if (feedback && layer.direction() != Recurrent.Direction.FORWARD) {
      throw new InputException(
          "outputs can be fed back in a forward direction only, not in " + layer.describe());
    }
    if (feedback && steps > 1 && part.outputSize() != layer.inputSize()) {
      throw new InputException(
          "an output of size "
              + part.outputSize()
              + " cannot be fed back as an input of size "
              + layer.inputSize()
              + "; add weight_out of shape "
              + Tensor.text(layer.inputSize(), layer.outputSize())
              + " or use --feedback zeros");
    }
    this.part = part;
    this.backend = backend;
    this.feedback = feedback;
    int batch = first.dim(0);
    Tensor input = first;
    Tensor hidden = h0;
    Tensor cell = c0;
    output = Tensor.zeros(first.dtype(), steps, batch, part.outputSize());
    for (int step = 0; step < steps; step++) {
      RecurrentPass pass =
          layer.forward(
              input.reshape(1, batch, input.dim(1)), part.weights(), hidden, cell, null, backend);
      passes.add(pass);
      hidden = pass.hidden();
      cell = pass.cell();
      Tensor y = part.project(Blocks.entry(pass.output(), 0), backend);
      Blocks.copy(y, 0, output, step * y.size(), y.size());
      input = feedback ? y : Tensor.zeros(first.dtype(), first.shape());
    }
  }

  /** The outputs {@code (steps, N, O)}. */
  Tensor output() {
    return output;
  }

  RecurrentPass last() {
    return passes.get(passes.size() - 1);
  }

  /** As {@link RecurrentPass#trace}, over all steps. */
  Map<String, Tensor> trace() {
    Map<String, Tensor> trace = new LinkedHashMap<>();
    for (int step = 0; step < passes.size(); step++) {
      for (Map.Entry<String, Tensor> entry : passes.get(step).trace().entrySet()) {
        Tensor one = entry.getValue();
        Tensor all =
            trace.computeIfAbsent(
                entry.getKey(),
                name -> Tensor.zeros(one.dtype(), passes.size(), one.dim(1), one.dim(2)));
        Blocks.copy(one, 0, all, step * one.size(), one.size());
      }
    }
    return trace;
  }

  /**
   * Backward through all steps, and through what was fed back.
   *
   * @param dy the gradient of the outputs {@code (steps, N, O)}
   * @return the gradient of the first input as {@code (1, N, I)}, and of the initial states
   */
  RecurrentPass.Gradients backward(Tensor dy, Map<String, Tensor> gradients) {
    RecurrentPass.Gradients later = null;
    for (int step = passes.size() - 1; step >= 0; step--) {
      RecurrentPass pass = passes.get(step);
      Tensor dOutput = Blocks.entry(dy, step);
      if (later != null && feedback) {
        Blocks.add(dOutput, later.input().reshape(dOutput.shape()));
      }
      Tensor dHidden =
          part.projectBackward(dOutput, Blocks.entry(pass.output(), 0), gradients, backend);
      later =
          pass.backward(
              dHidden.reshape(pass.output().shape()),
              later == null ? null : later.h0(),
              later == null ? null : later.c0(),
              gradients);
    }
    return later;
  }
}
