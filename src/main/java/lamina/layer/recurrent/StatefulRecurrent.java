package lamina.layer.recurrent;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lamina.kernel.Backends;
import lamina.kernel.Cell;
import lamina.kernel.GateFunction;
import lamina.layer.MergeLayer;
import lamina.layer.Pass;
import lamina.layer.Reach;
import lamina.layer.Weights;
import lamina.tensor.RandomNumbers;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/**
 * A recurrent layer as torch.nn.LSTM is called: from initial states {@code (L·D, N, H)}, which come
 * after its input, to its output and its final states. Each result is a part of the network of its
 * own. LSTMCell and its like are a single step: {@code (N, I)} and {@code (N, H)}.
 *
 * @param isStep whether it is a cell that makes one step
 * @param result what this part gives
 * @param states how many initial states come in: none, the hidden ones, or those of the cell too
 * @param shared what the results of one call share
 * @param isCounted whether the cost of the call counts here
 */
public record StatefulRecurrent(
    RecurrentLayer layer,
    boolean isStep,
    Result result,
    int states,
    Shared shared,
    boolean isCounted)
    implements MergeLayer {
  /** Which result of a call. */
  public enum Result {
    OUTPUT,
    HIDDEN,
    CELL
  }

  /** A pass without gradients that several results share. */
  public static final class Shared {
    private List<Tensor> inputs;
    private Object weight;
    private RecurrentPass run;

    private boolean isOf(List<Tensor> others, Object otherWeight) {
      boolean isSame = run != null && weight == otherWeight && inputs.size() == others.size();
      for (int i = 0; isSame && i < inputs.size(); i++) {
        isSame = inputs.get(i).sharesElements(others.get(i));
      }
      return isSame;
    }
  }

  @Override
  public String type() {
    String name = layer.type() + (isStep ? "Cell" : "");
    return switch (result) {
      case OUTPUT -> name;
      case HIDDEN -> isStep && !hasCellState(layer) ? name : name + " h";
      case CELL -> name + " c";
    };
  }

  @Override
  public int least() {
    return 1;
  }

  @Override
  public Ranks ranks() {
    return isStep ? new Ranks(1, 2, 1) : layer.ranks();
  }

  @Override
  public boolean stepsFirst() {
    return !isStep && layer.stepsFirst();
  }

  private int runs() {
    return layer.numLayers() * (layer.bidirectional() ? 2 : 1);
  }

  @Override
  public Shape output(List<Shape> inputs) {
    Shape x = inputs.get(0);
    int rank = x.rank() + (isStep ? 1 : 0);
    if (rank < 2 || rank > 3) {
      throw new InputException("needs a sequence with or without a batch, not " + x);
    }
    if (x.dim(-1).isNumber() && !x.dim(-1).equals(layer.inputSize())) {
      throw new InputException("expects " + layer.inputSize() + " features but takes " + x);
    }
    List<Dim> state = new ArrayList<>();
    if (!isStep) {
      state.add(Dim.of(runs()));
    }
    if (rank == 3) {
      state.add(x.dim(isStep || layer.batchFirst() ? 0 : 1));
    }
    state.add(Dim.of(layer.hiddenSize()));
    Shape needed = new Shape(state);
    for (Shape given : inputs.subList(1, inputs.size())) {
      boolean areNumbers = needed.isNumber() && given.isNumber();
      if (areNumbers ? !needed.equals(given) : needed.rank() != given.rank()) {
        throw new InputException("needs states of shape " + needed + ", not " + given);
      }
    }
    return result == Result.OUTPUT && !isStep ? layer.output(x) : needed;
  }

  private String name(String parameter) {
    return isStep ? parameter.substring(0, parameter.length() - "_l0".length()) : parameter;
  }

  @Override
  public List<Parameter> parameters() {
    List<Parameter> parameters = new ArrayList<>();
    for (Parameter parameter : layer.parameters()) {
      parameters.add(new Parameter(name(parameter.name()), parameter.shape()));
    }
    return parameters;
  }

  @Override
  public void initialize(Parameter parameter, Tensor values, RandomNumbers random) {
    layer.initialize(parameter, values, random);
  }

  @Override
  public Cost cost(List<Shape> inputs) {
    return isCounted ? layer.cost(inputs.get(0)) : Cost.NONE;
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
    if (layer.projSize() > 0) {
      throw new InputException("projections have a shape but no values here");
    }
    if (pass.isTraining() && layer.dropout() > 0 && layer.numLayers() > 1) {
      throw new InputException(
          "has dropout between its layers, with which its states are not known in training");
    }
    Tensor given = inputs.get(0);
    Tensor input = isStep ? given.reshape(withStep(given.shape())) : given;
    SequenceLayout layout = SequenceLayout.of(input, !isStep && layer.batchFirst());
    Tensor x = layout.inside(input);
    Recurrent stack =
        Recurrent.torch(
            layer.cell(),
            x.dim(2),
            layer.hiddenSize(),
            layer.numLayers(),
            layer.bidirectional()
                ? Recurrent.Direction.BIDIRECTIONAL
                : Recurrent.Direction.FORWARD);
    if (layer.relu()) {
      stack = stack.withCandidate(GateFunction.RELU);
    }
    Map<String, Tensor> own = new LinkedHashMap<>();
    for (Parameter parameter : layer.parameters()) {
      own.put(parameter.name(), weights.get(name(parameter.name())));
    }
    int[] inner = {runs(), x.dim(1), layer.hiddenSize()};
    Tensor h0 = states > 0 ? inputs.get(1).reshape(inner) : null;
    Tensor c0 = states > 1 ? inputs.get(2).reshape(inner) : null;
    if (!pass.isRecording()) {
      Object weight = own.values().iterator().next();
      if (!shared.isOf(inputs, weight)) {
        shared.run = stack.inference(x, own, h0, c0, null, Backends.current());
        shared.inputs = inputs;
        shared.weight = weight;
      }
      return outside(shared.run, layout);
    }
    RecurrentPass run = stack.forward(x, own, h0, c0, null, Backends.current());
    List<List<Tensor>> found = new ArrayList<>();
    pass.recordTrained(
        (dy, gradients) -> {
          Map<String, Tensor> sums = run.zeroGradients();
          Tensor state = result == Result.OUTPUT ? null : dy.reshape(inner);
          RecurrentPass.Gradients all =
              run.backward(
                  result == Result.OUTPUT ? layout.inside(dy) : null,
                  result == Result.HIDDEN ? state : null,
                  result == Result.CELL ? state : null,
                  sums);
          sums.forEach((name, gradient) -> gradients.add(weights, name(name), gradient));
          List<Tensor> parts = new ArrayList<>();
          parts.add(layout.outside(all.input()).reshape(given.shape()));
          if (states > 0) {
            parts.add(all.h0().reshape(inputs.get(1).shape()));
          }
          if (states > 1) {
            parts.add(all.c0().reshape(inputs.get(2).shape()));
          }
          found.add(parts);
          return dy;
        });
    pass.recordMerge(dy -> found.get(0));
    return outside(run, layout);
  }

  private static int[] withStep(int... shape) {
    int[] longer = new int[shape.length + 1];
    longer[0] = 1;
    System.arraycopy(shape, 0, longer, 1, shape.length);
    return longer;
  }

  private Tensor outside(RecurrentPass run, SequenceLayout layout) {
    if (result == Result.OUTPUT) {
      return layout.outside(run.output());
    }
    Tensor state = layout.outsideStates(result == Result.HIDDEN ? run.hidden() : run.cell());
    return isStep ? state.reshape(Arrays.copyOfRange(state.shape(), 1, state.rank())) : state;
  }

  /** Whether this kind of layer has a state of its cell beside the hidden one. */
  public static boolean hasCellState(RecurrentLayer layer) {
    return layer.cell() == Cell.LSTM;
  }
}
