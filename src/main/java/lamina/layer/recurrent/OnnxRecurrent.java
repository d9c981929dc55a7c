package lamina.layer.recurrent;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import lamina.kernel.Backends;
import lamina.layer.MergeLayer;
import lamina.layer.Pass;
import lamina.layer.Reach;
import lamina.layer.Weights;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;

/**
 * ONNX's RNN, GRU and LSTM: one layer in one direction or both. Inputs are the sequence {@code (T,
 * N, I)} and, where they are given, the initial states {@code (D, N, H)}. Weights are {@code W},
 * {@code R}, and optional {@code B} and {@code P}, as {@link RecurrentConvention#ONNX} describes.
 *
 * @param batchFirst whether the batch is the first axis of everything
 * @param lengths the valid steps of each sequence; null if all are
 * @param shared the pass that all results of one operator share; the first one counts its cost
 * @param result what it gives: {@code Y (T, D, N, H)}, {@code Y_h} or {@code Y_c (D, N, H)}
 */
public record OnnxRecurrent(
    Recurrent layer,
    boolean bias,
    boolean peepholes,
    boolean hidden,
    boolean cell,
    boolean batchFirst,
    int[] lengths,
    Shared shared,
    Result result)
    implements MergeLayer {
  /** Which result of a pass the operator gives. */
  public enum Result {
    SEQUENCE,
    HIDDEN,
    CELL
  }

  /** The last pass without a tape, for those that ask for another result of it. */
  public static final class Shared {
    private final Result first;
    private List<Tensor> inputs = List.of();
    private RecurrentPass run;

    /**
     * @param first the result that is asked for first
     */
    public Shared(Result first) {
      this.first = first;
    }

    private boolean isOf(List<Tensor> others) {
      boolean isSame = run != null && inputs.size() == others.size();
      for (int i = 0; isSame && i < inputs.size(); i++) {
        isSame = inputs.get(i).sharesElements(others.get(i));
      }
      return isSame;
    }
  }

  @Override
  public String type() {
    return layer.cell().label().toUpperCase(Locale.ROOT);
  }

  @Override
  public int least() {
    return 1;
  }

  private int directions() {
    return layer.direction().count();
  }

  @Override
  public Shape output(List<Shape> inputs) {
    Shape x = inputs.get(0);
    Dim steps = x.dim(batchFirst ? 1 : 0);
    Dim batch = x.dim(batchFirst ? 0 : 1);
    Dim directions = Dim.of(directions());
    Dim size = Dim.of(layer.hiddenSize());
    if (result != Result.SEQUENCE) {
      return new Shape(
          batchFirst ? List.of(batch, directions, size) : List.of(directions, batch, size));
    }
    return new Shape(
        batchFirst
            ? List.of(batch, steps, directions, size)
            : List.of(steps, directions, batch, size));
  }

  @Override
  public List<Parameter> parameters() {
    int rows = layer.cell().gates() * layer.hiddenSize();
    List<Parameter> parameters = new ArrayList<>();
    parameters.add(new Parameter("W", Shape.of(directions(), rows, layer.inputSize())));
    parameters.add(new Parameter("R", Shape.of(directions(), rows, layer.hiddenSize())));
    if (bias) {
      parameters.add(new Parameter("B", Shape.of(directions(), 2 * rows)));
    }
    if (peepholes) {
      parameters.add(new Parameter("P", Shape.of(directions(), 3 * layer.hiddenSize())));
    }
    return parameters;
  }

  @Override
  public Cost cost(List<Shape> inputs) {
    if (shared.first != result) {
      return Cost.NONE;
    }
    long rows = (long) layer.cell().gates() * layer.hiddenSize() * directions();
    Dim positions = inputs.get(0).dim(0).times(inputs.get(0).dim(1));
    Dim macs = positions.times(rows).times(layer.inputSize() + (long) layer.hiddenSize());
    return new Cost(macs, bias ? positions.times(2 * rows) : Dim.ZERO);
  }

  @Override
  public Reach reach(List<Shape> inputs) {
    return Reach.ALL;
  }

  @Override
  public Tensor forward(List<Tensor> inputs, Pass pass) {
    throw new IllegalStateException("a recurrent layer needs its weights");
  }

  @Override
  public Tensor forward(List<Tensor> inputs, Weights weights, Pass pass) {
    Map<String, Tensor> given = new LinkedHashMap<>();
    for (Parameter parameter : parameters()) {
      given.put(parameter.name(), weights.get(parameter.name()));
    }
    Map<String, Tensor> torch = RecurrentConvention.ONNX.toTorch(layer.cell(), given);
    Tensor x = swapped(inputs.get(0));
    Tensor h0 = hidden ? swapped(inputs.get(1)) : null;
    Tensor c0 = cell ? swapped(inputs.get(hidden ? 2 : 1)) : null;
    if (!pass.isRecording()) {
      // Only the first result runs the pass. It runs it anew at each call, since the elements of an
      // earlier call may have been overwritten since.
      if (shared.first == result || !shared.isOf(inputs)) {
        shared.run = layer.inference(x, torch, h0, c0, lengths, Backends.current());
        shared.inputs = inputs;
      }
      return result(shared.run);
    }
    RecurrentPass run = layer.forward(x, torch, h0, c0, lengths, Backends.current());
    List<List<Tensor>> found = new ArrayList<>();
    pass.recordTrained(
        (dy, gradients) -> {
          Map<String, Tensor> sums = run.zeroGradients();
          Tensor dOutput = result == Result.SEQUENCE ? joined(dy) : null;
          Tensor state = result == Result.SEQUENCE ? null : swapped(dy);
          RecurrentPass.Gradients all =
              run.backward(
                  dOutput,
                  result == Result.HIDDEN ? state : null,
                  result == Result.CELL ? state : null,
                  sums);
          RecurrentConvention.ONNX
              .fromTorch(layer.cell(), sums, given)
              .forEach((name, gradient) -> gradients.add(weights, name, gradient));
          List<Tensor> parts = new ArrayList<>(List.of(swapped(all.input())));
          if (hidden) {
            parts.add(swapped(all.h0()));
          }
          if (cell) {
            parts.add(swapped(all.c0()));
          }
          found.add(parts);
          return dy;
        });
    pass.recordMerge(dy -> found.get(0));
    return result(run);
  }

  /** Exchanges the first two axes if the batch comes first. */
  private Tensor swapped(Tensor tensor) {
    return batchFirst ? tensor.permute(1, 0, 2) : tensor;
  }

  private Tensor result(RecurrentPass run) {
    if (result != Result.SEQUENCE) {
      return swapped(result == Result.HIDDEN ? run.hidden() : run.cell());
    }
    Tensor y = run.output();
    Tensor apart = y.reshape(y.dim(0), y.dim(1), directions(), layer.hiddenSize());
    return batchFirst ? apart.permute(1, 0, 2, 3) : apart.permute(0, 2, 1, 3);
  }

  /** A gradient of Y as one of {@code (T, N, D·H)}. */
  private Tensor joined(Tensor dy) {
    Tensor apart = batchFirst ? dy.permute(1, 0, 2, 3) : dy.permute(0, 2, 1, 3);
    return apart.reshape(apart.dim(0), apart.dim(1), directions() * layer.hiddenSize());
  }
}
