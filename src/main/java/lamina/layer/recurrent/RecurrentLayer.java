package lamina.layer.recurrent;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import lamina.kernel.Backends;
import lamina.kernel.Cell;
import lamina.kernel.GateFunction;
import lamina.layer.Dropout;
import lamina.layer.InitialValues;
import lamina.layer.Layer;
import lamina.layer.LayerArguments;
import lamina.layer.LayerType;
import lamina.layer.MergeLayer;
import lamina.layer.Pass;
import lamina.layer.Reach;
import lamina.layer.Weights;
import lamina.op.Broadcast;
import lamina.tensor.RandomNumbers;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/**
 * RNN, LSTM and GRU over a sequence {@code (T, N, I)}, {@code (N, T, I)} with batchFirst, or {@code
 * (T, I)}. The module returns its outputs and its final states; the outputs, {@code (..., D·H)}, go
 * on to the next layer. A {@link Recurrent} of one layer runs each level: in training, dropout
 * stands between the levels, and each is observed alone.
 *
 * @param inputSize the size of the input's last axis; null until the input decides
 * @param projSize for LSTM: the size of the projected hidden state; 0 for none
 */
public record RecurrentLayer(
    Cell cell,
    Dim inputSize,
    int hiddenSize,
    int numLayers,
    boolean relu,
    boolean bias,
    boolean batchFirst,
    double dropout,
    boolean bidirectional,
    int projSize)
    implements Layer {

  public static final LayerType RNN =
      new LayerType(
          "RNN",
          "input_size, hidden_size, num_layers=1, nonlinearity='tanh', bias=True,"
              + " batch_first=False, dropout=0.0, bidirectional=False",
          "a simple recurrent layer over a sequence; all its outputs go on") {
        @Override
        public Layer layer(LayerArguments args) {
          return of(args, Cell.RNN);
        }
      }.keras("SimpleRNN").onnx("RNN");

  public static final LayerType LSTM =
      new LayerType(
          "LSTM",
          "input_size, hidden_size, num_layers=1, bias=True, batch_first=False, dropout=0.0,"
              + " bidirectional=False, proj_size=0",
          "long short-term memory over a sequence; all its outputs go on") {
        @Override
        public Layer layer(LayerArguments args) {
          return of(args, Cell.LSTM);
        }
      }.keras("LSTM").onnx("LSTM");

  public static final LayerType GRU =
      new LayerType(
          "GRU",
          "input_size, hidden_size, num_layers=1, bias=True, batch_first=False, dropout=0.0,"
              + " bidirectional=False",
          "gated recurrent units over a sequence; all their outputs go on") {
        @Override
        public Layer layer(LayerArguments args) {
          return of(args, Cell.GRU);
        }
      }.keras("GRU").onnx("GRU");

  private static Layer of(LayerArguments args, Cell cell) {
    int hidden = args.integer("hidden_size", 1);
    int proj = cell == Cell.LSTM ? args.integer("proj_size", 0) : 0;
    if (proj >= hidden) {
      throw args.error("has proj_size " + proj + ", which must be below its hidden_size " + hidden);
    }
    return new RecurrentLayer(
        cell,
        args.inferable("input_size"),
        hidden,
        args.integer("num_layers", 1),
        cell == Cell.RNN && args.word("nonlinearity", "tanh", "relu").equals("relu"),
        args.flag("bias"),
        args.flag("batch_first"),
        args.number("dropout", 0, 1),
        args.flag("bidirectional"),
        proj);
  }

  private int directions() {
    return bidirectional ? 2 : 1;
  }

  private int outputSize() {
    return projSize > 0 ? projSize : hiddenSize;
  }

  @Override
  public String type() {
    return cell.name();
  }

  @Override
  public Ranks ranks() {
    return new Ranks(2, 3, 2);
  }

  @Override
  public MergeLayer started() {
    return new StartedRecurrent(this);
  }

  @Override
  public boolean stepsFirst() {
    return !batchFirst;
  }

  @Override
  public Layer inferred(Shape input) {
    return inputSize != null
        ? this
        : new RecurrentLayer(
            cell,
            input.dim(-1),
            hiddenSize,
            numLayers,
            relu,
            bias,
            batchFirst,
            dropout,
            bidirectional,
            projSize);
  }

  @Override
  public boolean isComplete() {
    return inputSize != null;
  }

  @Override
  public List<Expectation> expectations(Shape input) {
    return List.of(new Expectation(-1, inputSize, "features"));
  }

  @Override
  public Shape output(Shape input) {
    return input.with(-1, Dim.of((long) directions() * outputSize()));
  }

  private Dim inputSize(int layer) {
    return layer == 0 ? inputSize : Dim.of((long) directions() * outputSize());
  }

  @Override
  public List<Parameter> parameters() {
    List<Parameter> parameters = new ArrayList<>();
    Dim rows = Dim.of((long) cell.gates() * hiddenSize);
    for (int layer = 0; layer < numLayers; layer++) {
      for (int direction = 0; direction < directions(); direction++) {
        String suffix = "_l" + layer + (direction == 0 ? "" : "_reverse");
        parameters.add(
            new Parameter("weight_ih" + suffix, new Shape(List.of(rows, inputSize(layer)))));
        parameters.add(
            new Parameter("weight_hh" + suffix, new Shape(List.of(rows, Dim.of(outputSize())))));
        if (bias) {
          parameters.add(new Parameter("bias_ih" + suffix, new Shape(List.of(rows))));
          parameters.add(new Parameter("bias_hh" + suffix, new Shape(List.of(rows))));
        }
        if (projSize > 0) {
          parameters.add(new Parameter("weight_hr" + suffix, Shape.of(projSize, hiddenSize)));
        }
      }
    }
    return parameters;
  }

  /** Counts the products with the weights at every step, not those between gates and states. */
  @Override
  public Cost cost(Shape input) {
    Dim steps = input.with(-1, Dim.ONE).elements();
    long rows = (long) cell.gates() * hiddenSize;
    Dim macs = Dim.ZERO;
    for (int layer = 0; layer < numLayers; layer++) {
      macs = macs.plus(inputSize(layer).plus(outputSize()).times(rows));
      macs = macs.plus((long) projSize * hiddenSize);
    }
    long biases = bias ? 2 * rows * numLayers : 0;
    return new Cost(steps.times(macs.times(directions())), steps.times(biases * directions()));
  }

  /** A unit of an RNN with relu may die. */
  @Override
  public double silence() {
    return relu ? 0 : Double.NaN;
  }

  /** The bounds of an RNN's tanh. The gates of other cells have bounds of their own. */
  @Override
  public double[] bounds() {
    return cell == Cell.RNN && !relu ? new double[] {-1, 1} : null;
  }

  @Override
  public Reach reach(Shape input) {
    return Reach.ALL;
  }

  @Override
  public List<String> explanation(Shape input) {
    return List.of(
        "features of the output = "
            + directions()
            + (bidirectional ? " directions · " : " direction · ")
            + outputSize()
            + (projSize > 0 ? " (proj_size) = " : " (hidden_size) = ")
            + directions() * outputSize());
  }

  /** Uniform within ±1/√hiddenSize. */
  @Override
  public void initialize(Parameter parameter, Tensor values, RandomNumbers random) {
    InitialValues.uniform(values, 1 / Math.sqrt(hiddenSize), random);
  }

  /**
   * The outputs of the top layer; between layers there is dropout in training.
   *
   * @throws InputException if the states are projected
   */
  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    return forward(input, null, gradient -> {}, weights, pass);
  }

  /**
   * Runs forward from a hidden state {@code (N, H)}, which every layer of the stack starts from;
   * null for zeros.
   *
   * @param stateGradient takes the gradient of that state when the pass is gone back
   */
  Tensor forward(
      Tensor input, Tensor state, Consumer<Tensor> stateGradient, Weights weights, Pass pass) {
    if (projSize > 0) {
      throw new InputException(
          "projections (proj_size=" + projSize + ") have a shape but no values here");
    }
    SequenceLayout layout = SequenceLayout.of(input, batchFirst);
    Tensor[] sum = new Tensor[1];
    pass.record(
        (dy, gradients) -> {
          stateGradient.accept(sum[0]);
          return dy;
        });
    pass.record((dy, gradients) -> layout.outside(dy));
    Tensor sequence = layout.inside(input);
    for (int level = 0; level < numLayers; level++) {
      if (level > 0) {
        sequence = new Dropout("Dropout", dropout).forward(sequence, weights, pass);
      }
      sequence = forward(level, sequence, state, sum, weights, pass);
    }
    pass.recordTrained((dy, gradients) -> layout.inside(dy));
    return layout.outside(sequence);
  }

  /** Runs one layer of the stack over {@code (T, N, I)}. */
  private Tensor forward(
      int level, Tensor sequence, Tensor state, Tensor[] sum, Weights weights, Pass pass) {
    Tensor h0 = state == null ? null : state.reshape(1, state.dim(0), state.dim(1));
    Recurrent layer =
        Recurrent.torch(
            cell,
            sequence.dim(2),
            hiddenSize,
            1,
            bidirectional ? Recurrent.Direction.BIDIRECTIONAL : Recurrent.Direction.FORWARD);
    if (relu) {
      layer = layer.withCandidate(GateFunction.RELU);
    }
    Map<String, Tensor> own = new LinkedHashMap<>();
    for (String name : layer.parameters(bias).keySet()) {
      own.put(name, weights.get(ofLevel(name, level)));
    }
    if (!pass.isRecording()) {
      Recurrent once = layer;
      return pass.prepared(
              weights.fullName(ofLevel("weight_ih_l0", level)),
              Recurrent.Prepared.class,
              () -> once.prepare(own, Backends.current()))
          .inference(sequence, h0, null, null)
          .output();
    }
    RecurrentPass recurrentPass = layer.forward(sequence, own, h0, null, null, Backends.current());
    Pass.Observer observer = pass.observer();
    if (observer != null && cell != Cell.RNN) {
      observer.gated(weights.fullName("l" + level), recurrentPass::gates);
    }
    pass.recordTrained(
        (dy, gradients) -> {
          Map<String, Tensor> found = recurrentPass.zeroGradients();
          RecurrentPass.Gradients inputs = recurrentPass.backward(dy, null, null, found);
          if (observer != null) {
            observer.wentBackThroughTime(weights.fullName("l" + level), inputs.input());
          }
          for (Map.Entry<String, Tensor> gradient : found.entrySet()) {
            gradients.add(weights, ofLevel(gradient.getKey(), level), gradient.getValue());
          }
          if (state != null) {
            Tensor one = inputs.h0().reshape(state.shape());
            sum[0] = sum[0] == null ? one : Broadcast.add(sum[0], one);
          }
          return inputs.input();
        });
    return recurrentPass.output();
  }

  private static String ofLevel(String name, int level) {
    return name.replace("_l0", "_l" + level);
  }
}
