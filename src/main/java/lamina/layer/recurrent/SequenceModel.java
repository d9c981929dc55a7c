package lamina.layer.recurrent;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import lamina.kernel.Backend;
import lamina.op.Blocks;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * Recurrent stacks put to work in one of the five topologies.
 *
 * @param topology how the steps of input and output correspond
 * @param part the stack, with its projection; the encoder of two
 * @param decoder the second stack of {@link RecurrentTopology#ENCODER_DECODER}, else null
 * @param steps how many steps to put out where the input does not say; 0 for as many as the input
 * @param feedback whether a stack that makes a sequence reads its own output, or zeros
 * @param batchFirst whether sequences are {@code (N, T, I)}
 */
public record SequenceModel(
    RecurrentTopology topology,
    SequencePart part,
    SequencePart decoder,
    int steps,
    boolean feedback,
    boolean batchFirst) {

  /**
   * Runs the model.
   *
   * @param input {@code (T, I)}, {@code (T, N, I)}, or {@code (N, T, I)}; also {@code (I)} where
   *     the topology takes one step
   * @param h0 initial hidden states, or null
   * @param c0 initial cell states, or null
   * @param lengths valid steps of each sequence, or null
   * @throws InputException if a shape does not fit
   */
  public Run forward(Tensor input, Tensor h0, Tensor c0, int[] lengths, Backend backend) {
    Tensor sequence = input;
    if (input.rank() == 1 && topology.takesOne()) {
      sequence = input.reshape(1, input.dim(0));
    }
    if (sequence.rank() != 2 && sequence.rank() != 3) {
      throw InputException.sentence(
          "the input has shape "
              + Tensor.text(input.shape())
              + " but "
              + topology.label()
              + " takes "
              + (topology.takesOne() ? "(features) or " : "")
              + "(steps, features) or "
              + (batchFirst ? "(batch, steps, features)" : "(steps, batch, features)"));
    }
    SequenceLayout layout = SequenceLayout.of(sequence, batchFirst);
    Tensor x = layout.inside(sequence);
    if (topology.takesOne() && x.dim(0) != 1) {
      throw new InputException(
          topology.label()
              + " takes one step but the input of shape "
              + Tensor.text(input.shape())
              + " has "
              + x.dim(0));
    }
    return new Run(this, input, layout, new RecurrentInput(x, h0, c0, lengths), backend);
  }

  /** A forward pass of a model: its results, and its tape. */
  public static final class Run {
    private final SequenceModel model;
    private final Tensor input;
    private final SequenceLayout layout;
    private final int[] lengths;
    private final Backend backend;

    /** The pass over the input; null for one-to-many. */
    private RecurrentPass pass;

    /** The pass that makes a sequence, or null. */
    private UnrolledPass unrolled;

    private final Tensor output;

    private Run(
        SequenceModel model,
        Tensor input,
        SequenceLayout layout,
        RecurrentInput given,
        Backend backend) {
      Tensor x = given.sequence();
      this.model = model;
      this.input = input;
      this.layout = layout;
      this.lengths = given.lengths();
      this.backend = backend;
      SequencePart part = model.part;
      Tensor hidden = layout.insideStates("h0", given.h0(), part.layer(), x.dim(1));
      Tensor cell = layout.insideStates("c0", given.c0(), part.layer(), x.dim(1));
      if (model.topology == RecurrentTopology.ONE_TO_MANY) {
        unrolled =
            new UnrolledPass(
                part, Blocks.entry(x, 0), hidden, cell, model.steps, model.feedback, backend);
        output = layout.outside(unrolled.output());
        return;
      }
      pass = part.layer().forward(x, part.weights(), hidden, cell, lengths, backend);
      switch (model.topology) {
        case MANY_TO_ONE -> output = layout.outsideStep(part.project(lastStates(), backend));
        case ONE_TO_ONE ->
            output = layout.outsideStep(part.project(Blocks.entry(pass.output(), 0), backend));
        case ENCODER_DECODER -> {
          unrolled = decode(x);
          output = layout.outside(unrolled.output());
        }
        default -> {
          Tensor y = part.project(rows(pass.output()), backend);
          clearBeyondEnds(y);
          output = layout.outside(y.reshape(x.dim(0), x.dim(1), part.outputSize()));
        }
      }
    }

    private static Tensor rows(Tensor sequence) {
      return sequence.reshape(sequence.dim(0) * sequence.dim(1), sequence.dim(2));
    }

    /** The top layer's final hidden states, directions concatenated: {@code (N, D·H)}. */
    private Tensor lastStates() {
      Recurrent layer = model.part.layer();
      Tensor last = joined(pass.hidden());
      return Blocks.entry(last, layer.numLayers() - 1);
    }

    /** States {@code (L·D, N, H)} as {@code (L, N, D·H)}. */
    private Tensor joined(Tensor states) {
      int directions = model.part.layer().direction().count();
      int batch = states.dim(1);
      int size = states.dim(2);
      return states
          .reshape(states.dim(0) / directions, directions, batch, size)
          .permute(0, 2, 1, 3)
          .reshape(states.dim(0) / directions, batch, directions * size);
    }

    /** The reverse of {@link #joined}. */
    private Tensor parted(Tensor states) {
      int directions = model.part.layer().direction().count();
      int batch = states.dim(1);
      int size = states.dim(2) / directions;
      return states
          .reshape(states.dim(0), batch, directions, size)
          .permute(0, 2, 1, 3)
          .reshape(states.dim(0) * directions, batch, size);
    }

    private UnrolledPass decode(Tensor x) {
      Recurrent encoder = model.part.layer();
      Recurrent decoder = model.decoder.layer();
      if (decoder.numLayers() != encoder.numLayers()
          || decoder.hiddenSize() != encoder.outputSize()
          || decoder.direction() != Recurrent.Direction.FORWARD) {
        throw InputException.sentence(
            "the decoder is "
                + decoder.describe()
                + " but the encoder's final state needs a forward one of "
                + encoder.numLayers()
                + (encoder.numLayers() == 1 ? " layer" : " layers")
                + " and hidden size "
                + encoder.outputSize());
      }
      return new UnrolledPass(
          model.decoder,
          Tensor.zeros(x.dtype(), x.dim(1), decoder.inputSize()),
          joined(pass.hidden()),
          pass.cell() == null ? null : joined(pass.cell()),
          model.steps == 0 ? x.dim(0) : model.steps,
          model.feedback,
          backend);
    }

    private void clearBeyondEnds(Tensor rows) {
      int batch = lengths == null ? 0 : lengths.length;
      Tensor zeros = Tensor.zeros(rows.dtype(), rows.dim(1));
      for (int n = 0; n < batch; n++) {
        for (int row = lengths[n] * batch + n; row < rows.dim(0); row += batch) {
          Blocks.copy(zeros, 0, rows, row * zeros.size(), zeros.size());
        }
      }
    }

    /** What the topology puts out. */
    public Tensor output() {
      return output;
    }

    /** The final hidden states, h_n; the decoder's if there is one. */
    public Tensor hidden() {
      return layout.outsideStates(finalPass().hidden());
    }

    /** The final cell states, c_n, or null. */
    public Tensor cell() {
      return layout.outsideStates(finalPass().cell());
    }

    private RecurrentPass finalPass() {
      return unrolled == null ? pass : unrolled.last();
    }

    /** Gates and states of every step by name; a decoder's have {@code decoder.} before. */
    public Map<String, Tensor> trace() {
      Map<String, Tensor> trace = new LinkedHashMap<>();
      if (pass != null) {
        for (Map.Entry<String, Tensor> entry : pass.trace().entrySet()) {
          trace.put(entry.getKey(), layout.outside(entry.getValue()));
        }
      }
      if (unrolled != null) {
        String prefix = pass == null ? "" : "decoder.";
        for (Map.Entry<String, Tensor> entry : unrolled.trace().entrySet()) {
          trace.put(prefix + entry.getKey(), layout.outside(entry.getValue()));
        }
      }
      return trace;
    }

    /**
     * Goes back through time and computes all gradients.
     *
     * @param dy the gradient of the output, in its shape
     * @throws InputException if {@code dy} has another shape
     */
    public Gradients backward(Tensor dy) {
      if (!Arrays.equals(dy.shape(), output.shape())) {
        throw InputException.sentence(
            "the gradient has shape "
                + Tensor.text(dy.shape())
                + " but the output has "
                + Tensor.text(output.shape()));
      }
      SequencePart part = model.part;
      Map<String, Tensor> weights = part.zeroGradients();
      Map<String, Tensor> decoder = null;
      RecurrentPass.Gradients back;
      switch (model.topology) {
        case MANY_TO_MANY -> {
          Tensor rows = rows(copy(layout.inside(dy)));
          clearBeyondEnds(rows);
          Tensor dHidden = part.projectBackward(rows, rows(pass.output()), weights, backend);
          back = pass.backward(dHidden.reshape(pass.output().shape()), null, null, weights);
        }
        case MANY_TO_ONE -> {
          Tensor last = lastStates();
          Tensor dLast =
              part.projectBackward(
                  dy.reshape(last.dim(0), part.outputSize()), last, weights, backend);
          Tensor dJoined = Tensor.zeros(dy.dtype(), joined(pass.hidden()).shape());
          Blocks.copy(dLast, 0, dJoined, dJoined.size() - dLast.size(), dLast.size());
          back = pass.backward(null, parted(dJoined), null, weights);
        }
        case ONE_TO_ONE -> {
          Tensor hidden = Blocks.entry(pass.output(), 0);
          Tensor rows = dy.reshape(hidden.dim(0), part.outputSize());
          Tensor dHidden = part.projectBackward(rows, hidden, weights, backend);
          back = pass.backward(dHidden.reshape(pass.output().shape()), null, null, weights);
        }
        case ONE_TO_MANY -> back = unrolled.backward(layout.inside(dy), weights);
        case ENCODER_DECODER -> {
          decoder = model.decoder.zeroGradients();
          RecurrentPass.Gradients state = unrolled.backward(layout.inside(dy), decoder);
          Tensor dCell = state.c0() == null ? null : parted(state.c0());
          back = pass.backward(null, parted(state.h0()), dCell, weights);
        }
        default -> throw new IllegalStateException(model.topology.label());
      }
      return new Gradients(
          layout.outside(back.input()).reshape(input.shape()),
          layout.outsideStates(back.h0()),
          layout.outsideStates(back.c0()),
          weights,
          decoder);
    }

    private static Tensor copy(Tensor tensor) {
      Tensor copy = Tensor.zeros(tensor.dtype(), tensor.shape());
      Blocks.copy(tensor, 0, copy, 0, tensor.size());
      return copy;
    }
  }

  /**
   * The gradients of what a run was given, in its shapes.
   *
   * @param weights by PyTorch's names
   * @param decoder those of the decoder, or null
   */
  public record Gradients(
      Tensor input,
      Tensor h0,
      Tensor c0,
      Map<String, Tensor> weights,
      Map<String, Tensor> decoder) {}
}
