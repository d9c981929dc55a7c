package lamina.layer.recurrent;

import static lamina.Golden.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import lamina.kernel.Cell;
import lamina.kernel.GateFunction;
import lamina.kernel.plain.ScalarBackend;
import lamina.layer.recurrent.Recurrent.Direction;
import lamina.op.Blocks;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RecurrentTest {
  private static final ScalarBackend BACKEND = new ScalarBackend();
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  /** A layer, and whether its weights have biases and peepholes, and its sequences lengths. */
  record Variant(Recurrent layer, boolean bias, boolean peephole, int[] lengths) {
    @Override
    public String toString() {
      return layer.describe()
          + (bias ? ", biases" : "")
          + (peephole ? ", peepholes" : "")
          + (lengths == null ? "" : ", lengths")
          + (layer.resetAfter() ? "" : ", reset before")
          + (layer.clip() < INFINITY ? ", clip" : "");
    }
  }

  static List<Variant> variants() {
    List<Variant> variants = new ArrayList<>();
    int[][] lengths = {null, {4, 2, 3}};
    for (Cell cell : Cell.values()) {
      for (Direction direction : Direction.values()) {
        for (int[] some : lengths) {
          for (int layers = 1; layers <= 2; layers++) {
            for (boolean bias : new boolean[] {true, false}) {
              Recurrent layer = Recurrent.torch(cell, 2, 3, layers, direction);
              variants.add(new Variant(layer, bias, false, some));
              Recurrent other =
                  new Recurrent(
                      cell,
                      2,
                      3,
                      layers,
                      direction,
                      bias ? GateFunction.HARD_SIGMOID : GateFunction.SIGMOID,
                      bias ? GateFunction.SOFTSIGN : GateFunction.ELU,
                      bias ? GateFunction.SOFTPLUS : GateFunction.IDENTITY,
                      bias ? INFINITY : 0.4,
                      false);
              variants.add(new Variant(other, bias, cell == Cell.LSTM, some));
            }
          }
        }
      }
    }
    return variants;
  }

  private static Map<String, Tensor> weights(Variant variant, Random random) {
    Recurrent layer = variant.layer();
    Map<String, Tensor> weights =
        new LinkedHashMap<>(layer.initialWeights(variant.bias(), DType.FLOAT64, random));
    for (int run = 0; variant.peephole() && run < layer.runs(); run++) {
      weights.put("weight_peephole" + layer.suffix(run), random(random, 3 * layer.hiddenSize()));
    }
    return weights;
  }

  private static Tensor random(Random random, int... shape) {
    Tensor tensor = Tensor.zeros(DType.FLOAT64, shape);
    for (int i = 0; i < tensor.size(); i++) {
      tensor.doubles()[i] = random.nextGaussian();
    }
    return tensor;
  }

  /** Central differences; where a kink lies within the step, the element is skipped. */
  @ParameterizedTest
  @MethodSource("variants")
  void gradientsAreThoseOfCentralDifferences(Variant variant) {
    long seed = 20231;
    Random random = new Random(seed);
    Recurrent layer = variant.layer();
    boolean lstm = layer.cell() == Cell.LSTM;
    Map<String, Tensor> weights = weights(variant, random);
    Tensor x = random(random, 4, 3, 2);
    Tensor h0 = random(random, layer.runs(), 3, 3);
    Tensor c0 = lstm ? random(random, layer.runs(), 3, 3) : null;
    Tensor dy = random(random, 4, 3, layer.outputSize());
    Tensor dh = random(random, layer.runs(), 3, 3);
    Tensor dc = lstm ? random(random, layer.runs(), 3, 3) : null;
    RecurrentPass pass = layer.forward(x, weights, h0, c0, variant.lengths(), BACKEND);
    Map<String, Tensor> gradients = pass.zeroGradients();
    RecurrentPass.Gradients back = pass.backward(dy, dh, dc, gradients);

    Map<String, Tensor> inputs = new LinkedHashMap<>(weights);
    Map<String, Tensor> all = new LinkedHashMap<>(gradients);
    inputs.put("x", x);
    all.put("x", back.input());
    inputs.put("h0", h0);
    all.put("h0", back.h0());
    if (lstm) {
      inputs.put("c0", c0);
      all.put("c0", back.c0());
    }
    int skipped = 0;
    int checked = 0;
    double step = 1e-6;
    for (Map.Entry<String, Tensor> input : inputs.entrySet()) {
      double[] values = input.getValue().doubles();
      for (int i = 0; i < values.length; i++) {
        double kept = values[i];
        double[] loss = new double[3];
        for (int side = -1; side <= 1; side++) {
          values[i] = kept + side * step;
          RecurrentPass moved = layer.forward(x, weights, h0, c0, variant.lengths(), BACKEND);
          loss[side + 1] = dot(moved.output(), dy) + dot(moved.hidden(), dh);
          loss[side + 1] += lstm ? dot(moved.cell(), dc) : 0;
        }
        values[i] = kept;
        double expected = (loss[2] - loss[0]) / (2 * step);
        double kink = Math.abs(loss[2] - 2 * loss[1] + loss[0]) / step;
        if (kink > 1e-4 * (1 + Math.abs(expected))) {
          skipped++;
          continue;
        }
        checked++;
        assertThat(all.get(input.getKey()).get(i))
            .as("%s: grad %s[%s], seed %s", variant, input.getKey(), i, seed)
            .isCloseTo(expected, offset(1e-6 * (1 + Math.abs(expected))));
      }
    }
    assertThat(skipped).as("skipped near kinks").isLessThan(1 + checked / 50);
  }

  private static double dot(Tensor a, Tensor b) {
    double sum = 0;
    for (int i = 0; i < a.size(); i++) {
      sum += a.get(i) * b.get(i);
    }
    return sum;
  }

  static List<Variant> simpleVariants() {
    return variants().stream()
        .filter(v -> v.layer().runs() == 1 && v.layer().direction() == Direction.FORWARD)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("simpleVariants")
  void statesAreThoseOfTheEquations(Variant variant) {
    Recurrent layer = variant.layer();
    Random random = new Random(7);
    Map<String, Tensor> weights = weights(variant, random);
    Tensor x = random(random, 4, 3, 2);
    Tensor h0 = random(random, 1, 3, 3);
    Tensor c0 = layer.cell() == Cell.LSTM ? random(random, 1, 3, 3) : null;
    RecurrentPass pass = layer.forward(x, weights, h0, c0, variant.lengths(), BACKEND);
    Tensor expected = Tensor.zeros(DType.FLOAT64, 4, 3, 3);
    for (int n = 0; n < 3; n++) {
      double[][] sequence = new double[variant.lengths() == null ? 4 : variant.lengths()[n]][];
      for (int t = 0; t < sequence.length; t++) {
        sequence[t] = new double[] {x.get((t * 3 + n) * 2), x.get((t * 3 + n) * 2 + 1)};
      }
      double[][] states =
          new NaiveRecurrent(layer, weights)
              .run(sequence, row(h0, n), c0 == null ? null : row(c0, n));
      for (int t = 0; t < sequence.length; t++) {
        System.arraycopy(states[t], 0, expected.doubles(), (t * 3 + n) * 3, 3);
      }
      assertThat(row(pass.hidden(), n)).containsExactly(states[sequence.length - 1], offset(1e-12));
    }
    assertClose(variant.toString(), pass.output(), expected, 1e-12, 1e-12);
  }

  private static double[] row(Tensor states, int n) {
    return new double[] {states.get(n * 3), states.get(n * 3 + 1), states.get(n * 3 + 2)};
  }

  /** Each sequence of a batch gives what it gives alone, cut at its end; beyond it are zeros. */
  @ParameterizedTest
  @MethodSource("variants")
  void sequencesOfABatchDoNotSeeEachOther(Variant variant) {
    Recurrent layer = variant.layer();
    Random random = new Random(8);
    Map<String, Tensor> weights = weights(variant, random);
    Tensor x = random(random, 4, 3, 2);
    RecurrentPass all = layer.forward(x, weights, null, null, variant.lengths(), BACKEND);
    int width = layer.outputSize();
    for (int n = 0; n < 3; n++) {
      int length = variant.lengths() == null ? 4 : variant.lengths()[n];
      Tensor alone = Tensor.zeros(DType.FLOAT64, length, 1, 2);
      for (int t = 0; t < length; t++) {
        Blocks.copy(x, (t * 3 + n) * 2, alone, t * 2, 2);
      }
      RecurrentPass one = layer.forward(alone, weights, null, null, null, BACKEND);
      for (int t = 0; t < 4; t++) {
        for (int j = 0; j < width; j++) {
          double expected = t < length ? one.output().get(t * width + j) : 0;
          assertThat(all.output().get((t * 3 + n) * width + j)).isCloseTo(expected, offset(1e-14));
        }
      }
      for (int run = 0; run < layer.runs(); run++) {
        for (int j = 0; j < 3; j++) {
          assertThat(all.hidden().get((run * 3 + n) * 3 + j))
              .isCloseTo(one.hidden().get(run * 3 + j), offset(1e-14));
        }
      }
    }
  }

  /**
   * A batch so large that its steps are computed in pieces gives what its first sequences give
   * alone; with and without a tape.
   */
  @ParameterizedTest
  @MethodSource("variants")
  void stepsInPiecesGiveTheSame(Variant variant) {
    // Pieces of three steps and two, and of one.
    stepsInPiecesGiveTheSame(variant, 30);
    stepsInPiecesGiveTheSame(variant, 100);
  }

  private static void stepsInPiecesGiveTheSame(Variant variant, int batch) {
    Recurrent layer = variant.layer();
    Map<String, Tensor> weights = weights(variant, new Random(9));
    Tensor few = random(new Random(10), 5, 3, 2);
    Tensor many = Tensor.zeros(DType.FLOAT64, 5, batch, 2);
    int[] fewLengths = variant.lengths() == null ? null : new int[] {5, 2, 3};
    int[] manyLengths = fewLengths == null ? null : new int[batch];
    for (int n = 0; n < batch; n++) {
      for (int t = 0; t < 5; t++) {
        Blocks.copy(few, (t * 3 + n % 3) * 2, many, (t * batch + n) * 2, 2);
      }
      if (manyLengths != null) {
        manyLengths[n] = fewLengths[n % 3];
      }
    }
    RecurrentPass alone = layer.forward(few, weights, null, null, fewLengths, BACKEND);
    RecurrentPass pass = layer.forward(many, weights, null, null, manyLengths, BACKEND);
    RecurrentPass bare = layer.inference(many, weights, null, null, manyLengths, BACKEND);
    assertThat(bare.output()).isEqualTo(pass.output());
    assertThat(bare.hidden()).isEqualTo(pass.hidden());
    assertThat(bare.cell()).isEqualTo(pass.cell());
    int width = layer.outputSize();
    for (int t = 0; t < 5; t++) {
      for (int i = 0; i < batch * width; i++) {
        double expected = alone.output().get(t * 3 * width + i % (3 * width));
        double actual = pass.output().get(t * batch * width + i);
        if (!(Math.abs(actual - expected) <= 1e-13)) {
          assertThat(actual).as("step %s, element %s", t, i).isCloseTo(expected, offset(1e-13));
        }
      }
    }
  }

  @Test
  void withoutATapeThereIsNoWayBack() {
    Tensor x = Tensor.of(new double[] {1}, 1, 1, 1);
    RecurrentPass pass =
        Recurrent.torch(Cell.RNN, 1, 1, 1, Direction.FORWARD)
            .inference(x, ofOnes(Cell.RNN), null, null, null, BACKEND);
    Map<String, Tensor> gradients = pass.zeroGradients();
    assertThatThrownBy(pass::trace).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> pass.backward(null, null, null, gradients))
        .isInstanceOf(IllegalStateException.class);
  }

  private static Map<String, Tensor> ofOnes(Cell cell) {
    int rows = cell.gates();
    double[] ones = new double[rows];
    Arrays.fill(ones, 1);
    return Map.of(
        "weight_ih_l0", Tensor.of(ones, rows, 1), "weight_hh_l0", Tensor.of(ones, rows, 1));
  }

  private static RecurrentPass oneStep(Cell cell, double x, double h, Double c) {
    Tensor c0 = c == null ? null : Tensor.of(new double[] {c}, 1, 1, 1);
    return Recurrent.torch(cell, 1, 1, 1, Direction.FORWARD)
        .forward(
            Tensor.of(new double[] {x}, 1, 1, 1),
            ofOnes(cell),
            Tensor.of(new double[] {h}, 1, 1, 1),
            c0,
            null,
            BACKEND);
  }

  /** All weights 1, x = 1, h = −1: every sum is 0. */
  @Test
  void stepsByHand() {
    assertThat(oneStep(Cell.RNN, 1, -1, null).hidden().get(0)).isZero();
    // i = f = o = 1/2, g = 0: c' = c/2 = 1, h' = tanh(1)/2.
    RecurrentPass lstm = oneStep(Cell.LSTM, 1, -1, 2.0);
    assertThat(lstm.cell().get(0)).isEqualTo(1);
    assertThat(lstm.hidden().get(0)).isEqualTo(Math.tanh(1) / 2);
    // r = z = 1/2, n = tanh(1 + 1/2·(−1)) = tanh(1/2): h' = n/2 − 1/2.
    assertThat(oneStep(Cell.GRU, 1, -1, null).hidden().get(0)).isEqualTo(Math.tanh(0.5) / 2 - 0.5);
  }

  @Test
  void traceNamesEveryGate() {
    RecurrentPass lstm = oneStep(Cell.LSTM, 1, -1, 2.0);
    assertThat(lstm.trace().keySet()).containsExactly("i", "f", "g", "o", "c", "h");
    assertThat(lstm.trace().get("f").get(0)).isEqualTo(0.5);
    assertThat(lstm.trace().get("g").get(0)).isZero();
    assertThat(lstm.trace().get("c").get(0)).isEqualTo(1);
    RecurrentPass gru = oneStep(Cell.GRU, 1, -1, null);
    assertThat(gru.trace().keySet()).containsExactly("r", "z", "n", "h");
    assertThat(gru.trace().get("n").get(0)).isEqualTo(Math.tanh(0.5));
    assertThat(oneStep(Cell.RNN, 1, -1, null).trace().keySet()).containsExactly("h");
  }

  @Test
  void withOneWeightMissingNothingRuns() {
    Recurrent layer = Recurrent.torch(Cell.GRU, 1, 1, 1, Direction.BIDIRECTIONAL);
    assertThatThrownBy(() -> layer.checkWeights(ofOnes(Cell.GRU)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("weight weight_ih_l0_reverse of shape 3x1 is missing");
  }

  @Test
  void drawnWeightsAreWithinTheBoundAndTheSameForASeed() {
    Recurrent layer = Recurrent.torch(Cell.LSTM, 3, 16, 2, Direction.BIDIRECTIONAL);
    Map<String, Tensor> weights = layer.initialWeights(true, DType.FLOAT64, new Random(1));
    assertThat(weights).isEqualTo(layer.initialWeights(true, DType.FLOAT64, new Random(1)));
    for (Tensor weight : weights.values()) {
      for (double value : weight.doubles()) {
        assertThat(Math.abs(value)).isLessThanOrEqualTo(0.25);
      }
    }
  }
}
