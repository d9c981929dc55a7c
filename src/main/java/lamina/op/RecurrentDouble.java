package lamina.op;

import java.util.Arrays;
import lamina.kernel.Cell;
import lamina.kernel.Kernels;
import lamina.kernel.Matrix;
import lamina.kernel.Parallel;
import lamina.kernel.Recurrence;
import lamina.kernel.RecurrentGatesDouble;
import lamina.kernel.RecurrentGradients;
import lamina.kernel.RecurrentState;
import lamina.kernel.RepeatedProduct;
import lamina.tensor.DType;
import lamina.tensor.Tensor;

/**
 * {@link RecurrentSequence} in float64. One product with the input serves many steps. Each step
 * takes a product with the state, and then one pass over the rows for its gates ({@link
 * RecurrentGatesDouble}). The gradients of the weights are products over all steps again.
 */
final class RecurrentDouble implements RecurrentSequence {
  /**
   * A product with the input has at least so many rows: enough to use the weights well, and so few
   * that the sums are still in the second-level cache when their step comes.
   */
  private static final int ROWS = 64;

  private final Recurrence problem;
  private final Kernels<double[]> kernels;
  private final RecurrentWeights weights;
  private final RecurrentProductsDouble products;
  private final int n;
  private final int h;
  private final int width;

  /**
   * How many columns of the sums one product with the state gives: all, or those of a GRU's r and
   * z.
   */
  private final int together;

  private final Matrix<double[]> hiddenWeight;

  /** For how many steps the products with the input are computed together. */
  private final int chunk;

  /** Whether the gates of all steps are kept, or those of one chunk. */
  private final boolean keeping;

  private final RecurrentGatesDouble gates;
  private Matrix<double[]> x;
  private RecurrentState<double[]> initial;

  RecurrentDouble(
      Recurrence problem,
      RecurrentWeights weights,
      RecurrentProductsDouble products,
      boolean keeping,
      Kernels<double[]> kernels) {
    this.problem = problem;
    this.kernels = kernels;
    this.weights = weights;
    this.n = problem.batch();
    this.h = problem.hiddenSize();
    this.width = problem.cell().gates() * h;
    this.together = problem.cell() == Cell.GRU ? 2 * h : width;
    this.hiddenWeight = Matrix.of(weights.hidden().doubles(), width, h);
    this.chunk = Math.min(problem.steps(), (ROWS + n - 1) / n);
    this.keeping = keeping;
    this.products = products;
    this.gates =
        new RecurrentGatesDouble(
            problem,
            weights.peephole() == null ? null : weights.peephole().doubles(),
            keeping ? problem.steps() : chunk,
            kernels);
  }

  @Override
  public void forward(
      Tensor input, Tensor initialHidden, Tensor initialCell, Tensor output, int column) {
    int steps = problem.steps();
    x = Matrix.of(input.doubles(), steps * n, problem.inputSize());
    double[] c0 = initialCell == null ? null : initialCell.doubles();
    initial = new RecurrentState<>(initialHidden.doubles(), c0, 0);
    products.begin((long) steps * n);
    // The sums start from these values, and the product of a GRU's candidate with the state from
    // its own.
    double[] bias = sum(weights.inputBias(), weights.hiddenBias());
    double[] candidateBias = null;
    if (gates.hiddenCandidate != null) {
      double[] hiddenBias = sum(weights.hiddenBias(), null);
      candidateBias = Arrays.copyOfRange(hiddenBias, 2 * h, width);
      double[] inputBias = sum(weights.inputBias(), null);
      System.arraycopy(inputBias, 2 * h, bias, 2 * h, h);
    }
    RecurrentState<double[]> previous = initial;
    for (int index = 0; index < steps; index++) {
      Parallel.checkInterrupt();
      int t = problem.step(index);
      if (index % chunk == 0) {
        if (index > 0 && !keeping) {
          previous = copy(previous);
        }
        int end = problem.step(Math.min(steps, index + chunk) - 1);
        int from = Math.min(t, end);
        if (!keeping) {
          gates.startWith(from);
        }
        int count = (Math.abs(t - end) + 1) * n;
        products.input.addTo(bias, x.rows(from * n, count), sums(from, count, 0, width));
      }
      products.hidden.add(states(previous), sums(t, n, 0, together));
      switch (problem.cell()) {
        case RNN -> gates.rnn(t, previous);
        case LSTM -> gates.lstm(t, previous);
        case GRU -> gru(t, candidateBias, previous);
      }
      previous = new RecurrentState<>(gates.hidden, gates.cell, firstRow(t) * h);
      copyValid(t, output, column);
    }
  }

  /** A state in arrays of its own. */
  private RecurrentState<double[]> copy(RecurrentState<double[]> state) {
    int from = state.offset();
    double[] cell = state.cell();
    return new RecurrentState<>(
        Arrays.copyOfRange(state.hidden(), from, from + n * h),
        cell == null ? null : Arrays.copyOfRange(cell, from, from + n * h),
        0);
  }

  /** The hidden states of the batch. */
  private Matrix<double[]> states(RecurrentState<double[]> state) {
    return Matrix.of(state.hidden(), state.offset(), n, h, h);
  }

  /** Some columns of the sums that go into the gates, in some rows from a step's first one on. */
  private Matrix<double[]> sums(int t, int rows, int column, int columns) {
    return Matrix.of(gates.gates, firstRow(t) * width + column, rows, columns, width);
  }

  /** The row in the arrays of gates and states where a step starts. */
  private int firstRow(int t) {
    return gates.slot(t) * n;
  }

  private void copyValid(int t, Tensor output, int column) {
    double[] y = output.doubles();
    int outputWidth = output.dim(-1);
    for (int i = 0; i < n; i++) {
      if (problem.isValid(t, i)) {
        int to = (t * n + i) * outputWidth + column;
        System.arraycopy(gates.hidden, (firstRow(t) + i) * h, y, to, h);
      }
    }
  }

  private void gru(int t, double[] bias, RecurrentState<double[]> previous) {
    gates.gruResets(t);
    if (problem.resetAfter()) {
      products.candidate.addTo(
          bias, states(previous), Matrix.of(gates.hiddenCandidate, firstRow(t) * h, n, h, h));
    } else {
      double[] reset = new double[n * h];
      gates.resetHidden(t, previous, reset, 0);
      products.candidate.add(Matrix.of(reset, n, h), sums(t, n, 2 * h, h));
    }
    gates.gru(t, previous);
  }

  /** The sum of two biases; null counts as zeros. */
  private double[] sum(Tensor one, Tensor other) {
    double[] sum = new double[width];
    for (Tensor bias : new Tensor[] {one, other}) {
      for (int j = 0; bias != null && j < width; j++) {
        sum[j] += bias.doubles()[j];
      }
    }
    return sum;
  }

  @Override
  public Tensor finalHidden() {
    return finalState(gates.hidden);
  }

  @Override
  public Tensor finalCell() {
    return gates.cell == null ? null : finalState(gates.cell);
  }

  private Tensor finalState(double[] states) {
    int from = firstRow(problem.step(problem.steps() - 1)) * h;
    return Tensor.of(Arrays.copyOfRange(states, from, from + n * h), n, h);
  }

  @Override
  public Tensor trace(String name) {
    double[] values = new double[problem.steps() * n * h];
    double[] from = gates.gates;
    int ld = width;
    int offset = 0;
    if (name.equals("h") || name.equals("c")) {
      from = name.equals("h") ? gates.hidden : gates.cell;
      ld = h;
    } else {
      while (!problem.cell().gate(offset / h).equals(name)) {
        offset += h;
      }
    }
    for (int row = 0; row < problem.steps() * n; row++) {
      if (problem.isValid(row / n, row % n)) {
        System.arraycopy(from, row * ld + offset, values, row * h, h);
      }
    }
    return Tensor.of(values, problem.steps(), n, h);
  }

  @Override
  public void backward(
      Tensor outputGradient,
      int column,
      Tensor hiddenGradient,
      Tensor cellGradient,
      Tensor inputGradient,
      RecurrentWeights gradients) {
    int steps = problem.steps();
    boolean isGru = problem.cell() == Cell.GRU;
    double[] dh = hiddenGradient.doubles();
    double[] dGates = zeros(steps * n * width);
    double[] dHiddenCandidate = gates.hiddenCandidate == null ? null : zeros(steps * n * h);
    RecurrentGradients<double[]> d =
        new RecurrentGradients<>(
            dGates, dHiddenCandidate, dh, cellGradient == null ? null : cellGradient.doubles());
    double[] dPeephole = gradients.peephole() == null ? null : gradients.peephole().doubles();
    // r ⊙ h of all steps, where the candidate's product with the state comes after the reset.
    double[] reset = isGru && !problem.resetAfter() ? zeros(steps * n * h) : null;
    double[] dBias = new double[width];
    double[] dCandidateBias = dHiddenCandidate == null ? null : new double[h];
    long rows = (long) steps * n;
    RepeatedProduct<double[]> back = kernels.repeated(hiddenWeight.rows(0, together), rows);
    RepeatedProduct<double[]> backOfCandidate =
        isGru ? kernels.repeated(hiddenWeight.rows(together, h), rows) : null;
    Matrix<double[]> dState = Matrix.of(dh, n, h);
    for (int index = steps - 1; index >= 0; index--) {
      Parallel.checkInterrupt();
      int t = problem.step(index);
      RecurrentState<double[]> previous = stateBefore(index);
      addValid(t, outputGradient, column, dh);
      switch (problem.cell()) {
        case RNN -> gates.rnnBackward(t, d);
        case LSTM -> gates.lstmBackward(t, previous, d, dPeephole);
        case GRU -> gruBackward(t, previous, backOfCandidate, reset, d);
      }
      back.add(Matrix.of(dGates, t * n * width, n, together, width), dState);
      // The rows are added up here, while they are in the cache, which may not hold the gradients
      // of all steps.
      addRows(t, dGates, dBias);
      if (dHiddenCandidate != null) {
        addRows(t, dHiddenCandidate, dCandidateBias);
      }
    }
    back.release();
    if (backOfCandidate != null) {
      backOfCandidate.release();
    }
    inputBackward(dGates, inputGradient.doubles(), gradients);
    hiddenBackward(dGates, dHiddenCandidate, reset, gradients.hidden().doubles());
    biasBackward(dBias, dCandidateBias, gradients);
  }

  /** The state before the step that is computed as the {@code index}-th. */
  private RecurrentState<double[]> stateBefore(int index) {
    return index == 0
        ? initial
        : new RecurrentState<>(gates.hidden, gates.cell, problem.step(index - 1) * n * h);
  }

  private static double[] zeros(int size) {
    return Tensor.zeros(DType.FLOAT64, size).doubles();
  }

  /**
   * The gradients of a GRU's step.
   *
   * @param reset where r ⊙ h of the step goes if the reset comes before the product, else null
   */
  private void gruBackward(
      int t,
      RecurrentState<double[]> previous,
      RepeatedProduct<double[]> backOfCandidate,
      double[] reset,
      RecurrentGradients<double[]> d) {
    gates.gruBackward(t, previous, d);
    if (reset == null) {
      backOfCandidate.add(
          Matrix.of(d.candidateProduct(), t * n * h, n, h, h), Matrix.of(d.hidden(), n, h));
    } else {
      resetBackward(t, previous, backOfCandidate, reset, d);
    }
  }

  /** The gradients of a step's reset gates and states from that of a candidate after the reset. */
  private void resetBackward(
      int t,
      RecurrentState<double[]> previous,
      RepeatedProduct<double[]> backOfCandidate,
      double[] reset,
      RecurrentGradients<double[]> d) {
    gates.resetHidden(t, previous, reset, t * n * h);
    double[] dReset = new double[n * h];
    int offset = firstRow(t) * width + 2 * h;
    backOfCandidate.add(Matrix.of(d.gates(), offset, n, h, width), Matrix.of(dReset, n, h));
    gates.resetBackward(t, previous, dReset, d);
  }

  /** Adds the outputs' gradient of a step to the state's, where the sequence has not ended. */
  private void addValid(int t, Tensor outputGradient, int column, double[] dh) {
    double[] dy = outputGradient.doubles();
    int outputWidth = outputGradient.dim(-1);
    for (int i = 0; i < n; i++) {
      if (problem.isValid(t, i)) {
        add(h, dy, (t * n + i) * outputWidth + column, dh, i * h);
      }
    }
  }

  /** Adds the rows of a step to {@code sum}. */
  private void addRows(int t, double[] d, double[] sum) {
    for (int row = t * n; row < (t + 1) * n; row++) {
      add(sum.length, d, row * sum.length, sum, 0);
    }
  }

  private static void add(int count, double[] x, int from, double[] sum, int to) {
    for (int j = 0; j < count; j++) {
      sum[to + j] += x[from + j];
    }
  }

  /** The gradients of the input and its weight: products over all steps. */
  private void inputBackward(double[] dGates, double[] dx, RecurrentWeights gradients) {
    int size = problem.inputSize();
    Matrix<double[]> d = Matrix.of(dGates, problem.steps() * n, width);
    Matrix<double[]> w = Matrix.of(weights.input().doubles(), width, size);
    Matrix<double[]> dw = Matrix.of(gradients.input().doubles(), width, size);
    kernels.multiply(d, w, Matrix.of(dx, d.rows(), size), true);
    kernels.multiply(d.transpose(), x, dw, true);
  }

  /** The gradient of the hidden weight. */
  private void hiddenBackward(
      double[] dGates, double[] dHiddenCandidate, double[] reset, double[] dWeight) {
    int rows = problem.steps() * n;
    Matrix<double[]> d = Matrix.of(dGates, rows, width);
    Matrix<double[]> dw = Matrix.of(dWeight, width, h);
    timesStates(d.part(0, rows, 0, together), dw.rows(0, together));
    if (dHiddenCandidate != null) {
      timesStates(Matrix.of(dHiddenCandidate, rows, h), dw.rows(together, h));
    } else if (reset != null) {
      Matrix<double[]> dCandidate = d.part(0, rows, together, h);
      kernels.multiply(
          dCandidate.transpose(), Matrix.of(reset, rows, h), dw.rows(together, h), true);
    }
  }

  /**
   * The gradients of the biases: the sums of those of the gates, and of the candidate's product.
   */
  private static void biasBackward(
      double[] sums, double[] candidateSums, RecurrentWeights gradients) {
    if (gradients.inputBias() != null) {
      add(sums.length, sums, 0, gradients.inputBias().doubles(), 0);
    }
    if (gradients.hiddenBias() != null) {
      int candidates = candidateSums == null ? 0 : candidateSums.length;
      double[] dBias = gradients.hiddenBias().doubles();
      add(sums.length - candidates, sums, 0, dBias, 0);
      add(candidates, candidateSums, 0, dBias, sums.length - candidates);
    }
  }

  /**
   * Adds {@code dᵀ · (the state before each step)} to {@code sum}. The states lie one step beside
   * their gradients, so all but the first step are one product.
   */
  private void timesStates(Matrix<double[]> d, Matrix<double[]> sum) {
    int steps = problem.steps();
    int first = problem.step(0);
    kernels.multiply(d.rows(first * n, n).transpose(), states(initial), sum, true);
    if (steps > 1) {
      int count = (steps - 1) * n;
      int from = problem.reverse() ? 0 : n;
      int before = problem.reverse() ? n : 0;
      Matrix<double[]> states = Matrix.of(gates.hidden, before * h, count, h, h);
      kernels.multiply(d.rows(from, count).transpose(), states, sum, true);
    }
  }
}
