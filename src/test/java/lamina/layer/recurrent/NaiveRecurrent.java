package lamina.layer.recurrent;

import java.util.Map;
import lamina.kernel.Cell;
import lamina.tensor.Tensor;

/**
 * One recurrent layer in one direction, over one sequence without a batch, written straight from
 * the equations, unit by unit: what the fast one is compared with.
 */
final class NaiveRecurrent {
  private final Recurrent layer;
  private final Map<String, Tensor> weights;
  private final int h;

  NaiveRecurrent(Recurrent layer, Map<String, Tensor> weights) {
    this.layer = layer;
    this.weights = weights;
    this.h = layer.hiddenSize();
  }

  /** The hidden states of all steps, {@code [t][unit]}. */
  double[][] run(double[][] x, double[] h0, double[] c0) {
    double[] hidden = h0;
    double[] cell = c0;
    double[][] states = new double[x.length][];
    for (int t = 0; t < x.length; t++) {
      double[] next = new double[h];
      double[] nextCell = new double[h];
      for (int j = 0; j < h; j++) {
        switch (layer.cell()) {
          case RNN -> next[j] = layer.candidate().apply(clip(in(0, j, x[t]) + from(0, j, hidden)));
          case LSTM -> {
            double i = gate(in(0, j, x[t]) + from(0, j, hidden) + peephole(0, j) * cell[j]);
            double f = gate(in(1, j, x[t]) + from(1, j, hidden) + peephole(1, j) * cell[j]);
            double g = layer.candidate().apply(clip(in(2, j, x[t]) + from(2, j, hidden)));
            nextCell[j] = f * cell[j] + i * g;
            double o = gate(in(3, j, x[t]) + from(3, j, hidden) + peephole(2, j) * nextCell[j]);
            next[j] = o * layer.state().apply(nextCell[j]);
          }
          case GRU -> {
            double z = gate(in(1, j, x[t]) + from(1, j, hidden));
            double r = gate(in(0, j, x[t]) + from(0, j, hidden));
            double n = in(2, j, x[t]);
            if (layer.resetAfter()) {
              n += r * from(2, j, hidden);
            } else {
              double[] reset = new double[h];
              for (int k = 0; k < h; k++) {
                reset[k] = hidden[k] * gate(in(0, k, x[t]) + from(0, k, hidden));
              }
              n += from(2, j, reset);
            }
            next[j] = (1 - z) * layer.candidate().apply(clip(n)) + z * hidden[j];
          }
          default -> throw new IllegalStateException();
        }
      }
      hidden = next;
      cell = nextCell;
      states[t] = next;
    }
    return states;
  }

  private double gate(double sum) {
    return layer.gate().apply(clip(sum));
  }

  private double clip(double sum) {
    return Math.max(-layer.clip(), Math.min(layer.clip(), sum));
  }

  private double in(int gate, int unit, double[] x) {
    return row("weight_ih_l0", "bias_ih_l0", gate, unit, x);
  }

  private double from(int gate, int unit, double[] state) {
    return row("weight_hh_l0", "bias_hh_l0", gate, unit, state);
  }

  private double row(String matrix, String bias, int gate, int unit, double[] values) {
    int row = gate * h + unit;
    double sum = weights.containsKey(bias) ? weights.get(bias).get(row) : 0;
    for (int k = 0; k < values.length; k++) {
      sum += weights.get(matrix).get(row * values.length + k) * values[k];
    }
    return sum;
  }

  private double peephole(int which, int unit) {
    Tensor p = layer.cell() == Cell.LSTM ? weights.get("weight_peephole_l0") : null;
    return p == null ? 0 : p.get(which * h + unit);
  }
}
