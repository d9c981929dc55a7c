package lamina.op;

import java.util.Arrays;
import lamina.kernel.Backend;
import lamina.kernel.Cell;
import lamina.kernel.Recurrence;
import lamina.kernel.RecurrentGatesDouble;
import lamina.kernel.RepeatedProductDouble;
import lamina.tensor.Tensor;

/**
 * {@link RecurrentSequence} in float64. The product with the input is one for many steps; each step
 * is a product with the state, then its gates in one pass over the rows ({@link
 * RecurrentGatesDouble}). The gradients of the weights are products over all steps again.
 */
final class RecurrentDouble implements RecurrentSequence {
  /**
   * Rows of a product with the input, at least: enough to use the weights well, and so few that the
   * sums are still in the second-level cache when their step comes.
   */
  private static final int ROWS = 64;

  private final Recurrence problem;
  private final Backend backend;
  private final RecurrentWeights weights;
  private final RecurrentProductsDouble products;
  private final int n;
  private final int h;
  private final int width;
  private final double[] hiddenWeight;

  /** Steps whose products with the input are computed together. */
  private final int chunk;

  /** Whether the gates of all steps are kept, or those of one chunk. */
  private final boolean keeping;

  private final RecurrentGatesDouble gates;
  private double[] x;
  private double[] h0;
  private double[] c0;

  RecurrentDouble(
      Recurrence problem,
      RecurrentWeights weights,
      RecurrentProductsDouble products,
      boolean keeping,
      Backend backend) {
    this.problem = problem;
    this.backend = backend;
    this.weights = weights;
    this.n = problem.batch();
    this.h = problem.hiddenSize();
    this.width = problem.cell().gates() * h;
    this.hiddenWeight = weights.hidden().doubles();
    this.chunk = Math.min(problem.steps(), (ROWS + n - 1) / n);
    this.keeping = keeping;
    this.products = products;
    this.gates =
        new RecurrentGatesDouble(
            problem,
            weights.peephole() == null ? null : weights.peephole().doubles(),
            keeping ? problem.steps() : chunk,
            backend);
  }

  @Override
  public void forward(
      Tensor input, Tensor initialHidden, Tensor initialCell, Tensor output, int column) {
    x = input.doubles();
    h0 = initialHidden.doubles();
    c0 = initialCell == null ? null : initialCell.doubles();
    int size = problem.inputSize();
    products.begin((long) problem.steps() * n);
    // What the sums start from; of the candidate, what its product with the state starts from.
    double[] bias = sum(weights.inputBias(), weights.hiddenBias());
    double[] candidateBias = null;
    if (gates.hiddenCandidate != null) {
      double[] hiddenBias = sum(weights.hiddenBias(), null);
      candidateBias = Arrays.copyOfRange(hiddenBias, 2 * h, width);
      double[] inputBias = sum(weights.inputBias(), null);
      System.arraycopy(inputBias, 2 * h, bias, 2 * h, h);
    }
    double[] hidden = h0;
    double[] cell = c0;
    int previous = 0;
    int from = 0;
    for (int index = 0; index < problem.steps(); index++) {
      int t = problem.step(index);
      if (index % chunk == 0) {
        if (index > 0 && !keeping) {
          hidden = Arrays.copyOfRange(hidden, previous, previous + n * h);
          cell = cell == null ? null : Arrays.copyOfRange(cell, previous, previous + n * h);
          previous = 0;
        }
        int end = problem.step(Math.min(problem.steps(), index + chunk) - 1);
        from = Math.min(t, end);
        if (!keeping) {
          gates.startWith(from);
        }
        int count = (Math.abs(t - end) + 1) * n;
        products.input.addTo(
            bias, count, x, from * n * size, size, gates.gates, firstRow(from) * width, width);
      }
      products.hidden.add(n, hidden, previous, h, gates.gates, firstRow(t) * width, width);
      switch (problem.cell()) {
        case RNN -> gates.rnn(t, hidden, previous);
        case LSTM -> gates.lstm(t, hidden, cell, previous);
        case GRU -> gru(t, candidateBias, hidden, previous);
      }
      hidden = gates.hidden;
      cell = gates.cell;
      previous = firstRow(t) * h;
      copyValid(t, output, column);
    }
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

  private void gru(int t, double[] bias, double[] previousHidden, int previous) {
    gates.gruResets(t);
    if (problem.resetAfter()) {
      products.candidate.addTo(
          bias, n, previousHidden, previous, h, gates.hiddenCandidate, firstRow(t) * h, h);
    } else {
      double[] reset = new double[n * h];
      gates.resetHidden(t, previousHidden, previous, reset, 0);
      products.candidate.add(n, reset, 0, h, gates.gates, firstRow(t) * width + 2 * h, width);
    }
    gates.gru(t, previousHidden, previous);
  }

  /** The sum of two biases, of which both may be null. */
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
    double[] dh = hiddenGradient.doubles();
    double[] dc = cellGradient == null ? null : cellGradient.doubles();
    double[] dGates = new double[steps * n * width];
    double[] dPeephole = gradients.peephole() == null ? null : gradients.peephole().doubles();
    // What the candidate's product with the state gets, where the reset gate stands between.
    double[] dHiddenCandidate = gates.hiddenCandidate == null ? null : new double[steps * n * h];
    double[] reset =
        problem.cell() == Cell.GRU && !problem.resetAfter() ? new double[steps * n * h] : null;
    double[] dBias = new double[width];
    double[] dCandidateBias = dHiddenCandidate == null ? null : new double[h];
    long rows = (long) steps * n;
    int together = problem.cell() == Cell.GRU ? 2 * h : width;
    RepeatedProductDouble back = backend.repeated(together, h, hiddenWeight, 0, h, false, rows);
    RepeatedProductDouble backOfCandidate =
        problem.cell() == Cell.GRU
            ? backend.repeated(h, h, hiddenWeight, together * h, h, false, rows)
            : null;
    for (int index = steps - 1; index >= 0; index--) {
      int t = problem.step(index);
      double[] previousHidden = index == 0 ? h0 : gates.hidden;
      double[] previousCell = index == 0 ? c0 : gates.cell;
      int previous = index == 0 ? 0 : problem.step(index - 1) * n * h;
      addValid(t, outputGradient, column, dh);
      switch (problem.cell()) {
        case RNN -> gates.rnnBackward(t, dh, dGates);
        case LSTM -> gates.lstmBackward(t, previousCell, previous, dh, dc, dGates, dPeephole);
        case GRU -> {
          gates.gruBackward(t, previousHidden, previous, dh, dGates, dHiddenCandidate);
          if (reset == null) {
            backOfCandidate.add(n, dHiddenCandidate, t * n * h, h, dh, 0, h);
          } else {
            resetBackward(t, previousHidden, previous, backOfCandidate, reset, dh, dGates);
          }
        }
      }
      back.add(n, dGates, t * n * width, width, dh, 0, h);
      // Here, while they are in the cache: the gradients of all steps may not be.
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

  /** The gradients of a step's reset gates and states from that of a candidate after the reset. */
  private void resetBackward(
      int t,
      double[] previousHidden,
      int previous,
      RepeatedProductDouble backOfCandidate,
      double[] reset,
      double[] dh,
      double[] dGates) {
    gates.resetHidden(t, previousHidden, previous, reset, t * n * h);
    double[] dReset = new double[n * h];
    backOfCandidate.add(n, dGates, firstRow(t) * width + 2 * h, width, dReset, 0, h);
    gates.resetBackward(t, previousHidden, previous, dReset, dh, dGates);
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
    int rows = problem.steps() * n;
    int size = problem.inputSize();
    backend.multiply(
        rows,
        size,
        width,
        dGates,
        0,
        width,
        false,
        weights.input().doubles(),
        0,
        size,
        false,
        dx,
        0,
        size,
        true);
    double[] dWeight = gradients.input().doubles();
    backend.multiply(
        width, size, rows, dGates, 0, width, true, x, 0, size, false, dWeight, 0, size, true);
  }

  /** The gradient of the hidden weight. */
  private void hiddenBackward(
      double[] dGates, double[] dHiddenCandidate, double[] reset, double[] dWeight) {
    int plain = problem.cell() == Cell.GRU ? 2 * h : width;
    timesStates(dGates, 0, width, plain, dWeight, 0);
    if (dHiddenCandidate != null) {
      timesStates(dHiddenCandidate, 0, h, h, dWeight, plain * h);
    } else if (reset != null) {
      int rows = problem.steps() * n;
      backend.multiply(
          h, h, rows, dGates, plain, width, true, reset, 0, h, false, dWeight, plain * h, h, true);
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
  private void timesStates(double[] d, int column, int ld, int count, double[] sum, int sumOffset) {
    int steps = problem.steps();
    int first = problem.step(0);
    backend.multiply(
        count,
        h,
        n,
        d,
        first * n * ld + column,
        ld,
        true,
        h0,
        0,
        h,
        false,
        sum,
        sumOffset,
        h,
        true);
    if (steps > 1) {
      int from = problem.reverse() ? 0 : 1;
      int states = problem.reverse() ? 1 : 0;
      backend.multiply(
          count,
          h,
          (steps - 1) * n,
          d,
          from * n * ld + column,
          ld,
          true,
          gates.hidden,
          states * n * h,
          h,
          false,
          sum,
          sumOffset,
          h,
          true);
    }
  }
}
