package lamina.layer.recurrent;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lamina.kernel.Backend;
import lamina.kernel.Cell;
import lamina.kernel.Recurrence;
import lamina.op.Blocks;
import lamina.op.RecurrentProducts;
import lamina.op.RecurrentSequence;
import lamina.op.RecurrentWeights;
import lamina.tensor.DType;
import lamina.tensor.Tensor;

/**
 * One forward pass through a stack of recurrent layers: its results, and its tape if it has one.
 */
public final class RecurrentPass {
  private final Recurrent layer;
  private final Map<String, Tensor> weights;
  private final boolean keeping;
  private final RecurrentSequence[] runs;
  private final Tensor[] inputs;
  private final DType dtype;
  private final int batch;
  private final Tensor hidden;
  private final Tensor cell;
  private Tensor output;

  /**
   * Runs forward.
   *
   * @param prepared the weights of each run, prepared by the same backend, or null
   */
  RecurrentPass(
      Recurrent layer,
      RecurrentInput input,
      Map<String, Tensor> weights,
      List<RecurrentProducts> prepared,
      boolean keeping,
      Backend backend) {
    this.layer = layer;
    this.keeping = keeping;
    this.weights = weights;
    this.dtype = input.sequence().dtype();
    this.batch = input.batch();
    this.runs = new RecurrentSequence[layer.runs()];
    this.inputs = new Tensor[layer.numLayers()];
    int steps = input.steps();
    int directions = layer.direction().count();
    if (keeping) {
      // The tape takes all gates and the states of one run: refuse them before memory runs out.
      Tensor.allocatable(dtype, steps, batch, layer.cell().gates() + 2, layer.hiddenSize());
    }
    this.hidden = states();
    this.cell = layer.cell() == Cell.LSTM ? states() : null;
    output = input.sequence();
    for (int run = 0; run < runs.length; run++) {
      if (run % directions == 0) {
        inputs[run / directions] = output;
        output = Tensor.zeros(dtype, steps, batch, layer.outputSize());
      }
      RecurrentWeights own = Recurrent.weights(weights, layer.suffix(run));
      RecurrentProducts products =
          prepared == null ? RecurrentProducts.of(layer.cell(), own, backend) : prepared.get(run);
      runs[run] =
          RecurrentSequence.of(
              problem(run, steps, input.lengths()), own, products, keeping, backend);
      forward(run, input);
      if (prepared == null) {
        products.release();
      }
    }
  }

  /** Runs one layer in one direction, from the level's input into its part of the output. */
  private void forward(int run, RecurrentInput input) {
    int directions = layer.direction().count();
    int size = batch * layer.hiddenSize();
    runs[run].forward(
        inputs[run / directions],
        initial(input.h0(), run),
        cell == null ? null : initial(input.c0(), run),
        output,
        run % directions * layer.hiddenSize());
    Blocks.copy(runs[run].finalHidden(), 0, hidden, run * size, size);
    if (cell != null) {
      Blocks.copy(runs[run].finalCell(), 0, cell, run * size, size);
    }
  }

  private Recurrence problem(int run, int steps, int[] lengths) {
    return new Recurrence(
        layer.cell(),
        steps,
        batch,
        layer.features(run),
        layer.hiddenSize(),
        layer.direction().reverse(run % layer.direction().count()),
        lengths,
        layer.gate(),
        layer.candidate(),
        layer.state(),
        layer.clip(),
        layer.resetAfter());
  }

  private Tensor states() {
    return Tensor.zeros(dtype, layer.runs(), batch, layer.hiddenSize());
  }

  private Tensor initial(Tensor states, int run) {
    return states == null
        ? Tensor.zeros(dtype, batch, layer.hiddenSize())
        : Blocks.entry(states, run);
  }

  /** The top layer's hidden states {@code (T, N, D·H)}; 0 beyond a sequence's end. */
  public Tensor output() {
    return output;
  }

  /** The final hidden states {@code (L·D, N, H)}: h_n. */
  public Tensor hidden() {
    return hidden;
  }

  /** The final cell states {@code (L·D, N, H)}: c_n; null but for an LSTM. */
  public Tensor cell() {
    return cell;
  }

  /**
   * Gates and states of every step {@code (T, N, H)}, by name: {@code i f g o c h}, {@code r z n h}
   * or {@code h}; with several runs each name has the suffix of that run's weights.
   */
  public Map<String, Tensor> trace() {
    checkKept();
    Map<String, Tensor> trace = new LinkedHashMap<>();
    Map<String, Tensor> gates = layer.cell() == Cell.RNN ? Map.of() : gates();
    for (int run = 0; run < runs.length; run++) {
      String suffix = runs.length == 1 ? "" : layer.suffix(run);
      for (int gate = 0; !gates.isEmpty() && gate < layer.cell().gates(); gate++) {
        String name = layer.cell().gate(gate) + suffix;
        trace.put(name, gates.get(name));
      }
      if (layer.cell() == Cell.LSTM) {
        trace.put("c" + suffix, runs[run].trace("c"));
      }
      trace.put("h" + suffix, runs[run].trace("h"));
    }
    return trace;
  }

  /** The gates of {@link #trace}, without the states. */
  public Map<String, Tensor> gates() {
    checkKept();
    Map<String, Tensor> gates = new LinkedHashMap<>();
    for (int run = 0; run < runs.length; run++) {
      String suffix = runs.length == 1 ? "" : layer.suffix(run);
      for (int gate = 0; gate < layer.cell().gates(); gate++) {
        String name = layer.cell().gate(gate);
        gates.put(name + suffix, runs[run].trace(name));
      }
    }
    return gates;
  }

  private void checkKept() {
    if (!keeping) {
      throw new IllegalStateException("this pass kept no tape");
    }
  }

  /** Zeros by the names and shapes of the weights, for {@link #backward} to add to. */
  public Map<String, Tensor> zeroGradients() {
    Map<String, Tensor> gradients = new LinkedHashMap<>();
    for (Map.Entry<String, Tensor> weight : weights.entrySet()) {
      gradients.put(weight.getKey(), Tensor.zeros(dtype, weight.getValue().shape()));
    }
    return gradients;
  }

  /**
   * Goes back through time and through all layers.
   *
   * @param dOutput the gradient of the output {@code (T, N, D·H)}, or null for zeros
   * @param dHidden the gradient of the final hidden states {@code (L·D, N, H)}, or null for zeros
   * @param dCell the gradient of the final cell states, or null for zeros
   * @param gradients the gradients of the weights, by their names; added to
   */
  public Gradients backward(
      Tensor dOutput, Tensor dHidden, Tensor dCell, Map<String, Tensor> gradients) {
    checkKept();
    int directions = layer.direction().count();
    int size = batch * layer.hiddenSize();
    boolean lstm = layer.cell() == Cell.LSTM;
    Tensor dh0 = states();
    Tensor dc0 = lstm ? states() : null;
    Tensor above = dOutput == null ? Tensor.zeros(dtype, output.shape()) : dOutput;
    for (int level = layer.numLayers() - 1; level >= 0; level--) {
      Tensor dx = Tensor.zeros(dtype, inputs[level].shape());
      for (int direction = 0; direction < directions; direction++) {
        int run = level * directions + direction;
        Tensor dh = initial(dHidden, run);
        Tensor dc = lstm ? initial(dCell, run) : null;
        runs[run].backward(
            above,
            direction * layer.hiddenSize(),
            dh,
            dc,
            dx,
            Recurrent.weights(gradients, layer.suffix(run)));
        Blocks.copy(dh, 0, dh0, run * size, size);
        if (lstm) {
          Blocks.copy(dc, 0, dc0, run * size, size);
        }
      }
      above = dx;
    }
    return new Gradients(above, dh0, dc0);
  }

  /**
   * The gradients of what a pass was given.
   *
   * @param input {@code (T, N, I)}
   * @param h0 {@code (L·D, N, H)}
   * @param c0 {@code (L·D, N, H)}, null but for an LSTM
   */
  public record Gradients(Tensor input, Tensor h0, Tensor c0) {}
}
