package lamina.kernel;

import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Gates and states of recurrent layers, of every backend: rows of every length around a vector's.
 */
abstract class RecurrentContract extends BackendContract {
  /** Rows of the tape; what is in the others must stay as it is. */
  private static final int ROWS = 3;

  /** The row of the tape at hand, and the sequence whose row it is. */
  private static final int ROW = 1;

  private static final int SEQUENCE = 2;

  /** Where the states before the step start in their array. */
  private static final int OFFSET = 5;

  /** Runs of every length around a vector's, and nothing beside them. */
  @Test
  void squashesRunsOfEveryLength() {
    for (GateFunction function : GateFunction.values()) {
      for (int count = 1; count <= 67; count++) {
        double[] x = new Random(count).doubles(count + 5, -3, 3).toArray();
        double[] y = x.clone();
        float[] y32 = floats(x);
        float64.squash(function, y, 2, count);
        float32.squash(function, y32, 2, count);
        double[] expected = x.clone();
        for (int i = 2; i < 2 + count; i++) {
          expected[i] = function.apply(x[i]);
        }
        assertClose(function + ", " + count, y, expected, 1e-15);
        assertClose(function + ", " + count, y32, floats(expected), 4e-7);
      }
    }
  }

  @Test
  void computesStatesOfRowsOfEveryLength() {
    for (GateFunction function : new GateFunction[] {GateFunction.TANH, GateFunction.RELU}) {
      for (int h = 1; h <= 67; h++) {
        checkLstmState(function, h);
        checkGruState(function, h, true);
        checkGruState(function, h, false);
      }
    }
  }

  private void checkLstmState(GateFunction function, int h) {
    Random random = new Random(h);
    double[] gates = random.doubles(ROWS * 4L * h, -1, 1).toArray();
    double[] previous = random.doubles(OFFSET + (SEQUENCE + 1L) * h, -1, 1).toArray();
    double[] cell = new double[ROWS * h];
    double[] hidden = new double[ROWS * h];
    float[] cell32 = new float[ROWS * h];
    float[] hidden32 = new float[ROWS * h];
    float64.lstmState(
        function,
        new RecurrentTape<>(h, gates, hidden, cell, null),
        ROW,
        new RecurrentState<>(null, previous, OFFSET),
        SEQUENCE);
    float32.lstmState(
        function,
        new RecurrentTape<>(h, floats(gates), hidden32, cell32, null),
        ROW,
        new RecurrentState<>(null, floats(previous), OFFSET),
        SEQUENCE);
    double[] expectedCell = new double[ROWS * h];
    double[] expectedHidden = new double[ROWS * h];
    for (int j = 0; j < h; j++) {
      int at = ROW * 4 * h + j;
      double before = previous[OFFSET + SEQUENCE * h + j];
      double state = gates[at + h] * before + gates[at] * gates[at + 2 * h];
      expectedCell[ROW * h + j] = state;
      expectedHidden[ROW * h + j] = gates[at + 3 * h] * function.apply(state);
    }
    assertClose("cell of " + h, cell, expectedCell, 1e-15);
    assertClose("hidden of " + h, hidden, expectedHidden, 1e-15);
    assertClose("cell32 of " + h, cell32, floats(expectedCell), 5e-7);
    assertClose("hidden32 of " + h, hidden32, floats(expectedHidden), 5e-7);
  }

  private void checkGruState(GateFunction function, int h, boolean withProduct) {
    Random random = new Random(h);
    double[] gates = random.doubles(ROWS * 3L * h, -1, 1).toArray();
    double[] previous = random.doubles(OFFSET + (SEQUENCE + 1L) * h, -1, 1).toArray();
    double[] product = withProduct ? random.doubles(ROWS * (long) h, -1, 1).toArray() : null;
    double[] hidden = new double[ROWS * h];
    float[] hidden32 = new float[ROWS * h];
    double[] expectedGates = gates.clone();
    double[] expectedHidden = new double[ROWS * h];
    for (int j = 0; j < h; j++) {
      int at = ROW * 3 * h + j;
      double sum = gates[at + 2 * h] + (withProduct ? gates[at] * product[ROW * h + j] : 0);
      double candidate = function.apply(sum);
      double keep = gates[at + h];
      expectedGates[at + 2 * h] = candidate;
      expectedHidden[ROW * h + j] =
          (1 - keep) * candidate + keep * previous[OFFSET + SEQUENCE * h + j];
    }
    float[] gates32 = floats(gates);
    float[] product32 = withProduct ? floats(product) : null;
    float64.gruState(
        function,
        new RecurrentTape<>(h, gates, hidden, null, product),
        ROW,
        new RecurrentState<>(previous, null, OFFSET),
        SEQUENCE);
    float32.gruState(
        function,
        new RecurrentTape<>(h, gates32, hidden32, null, product32),
        ROW,
        new RecurrentState<>(floats(previous), null, OFFSET),
        SEQUENCE);
    assertClose("gates of " + h, gates, expectedGates, 1e-15);
    assertClose("hidden of " + h, hidden, expectedHidden, 1e-15);
    assertClose("gates32 of " + h, gates32, floats(expectedGates), 1e-6);
    assertClose("hidden32 of " + h, hidden32, floats(expectedHidden), 1e-6);
  }

  @Test
  void differentiatesStatesOfRowsOfEveryLength() {
    for (int h = 1; h <= 67; h++) {
      checkLstmStateBackward(h);
      checkGruStateBackward(h, true);
      checkGruStateBackward(h, false);
    }
  }

  private void checkLstmStateBackward(int h) {
    Random random = new Random(h);
    double[] gates = random.doubles(ROWS * 4L * h, -1, 1).toArray();
    double[] squashed = random.doubles(h, -1, 1).toArray();
    double[] previous = random.doubles(OFFSET + (SEQUENCE + 1L) * h, -1, 1).toArray();
    double[] dHidden = random.doubles((SEQUENCE + 2L) * h, -1, 1).toArray();
    double[] dCell = random.doubles((SEQUENCE + 2L) * h, -1, 1).toArray();
    double[] dGates = new double[gates.length];
    double[] expectedCell = dCell.clone();
    double[] expected = new double[gates.length];
    for (int j = 0; j < h; j++) {
      int at = ROW * 4 * h + j;
      int state = SEQUENCE * h + j;
      double i = gates[at];
      double f = gates[at + h];
      double g = gates[at + 2 * h];
      double o = gates[at + 3 * h];
      double d = dCell[state] + dHidden[state] * o * (1 - squashed[j] * squashed[j]);
      expected[at] = d * g * i * (1 - i);
      expected[at + h] = d * previous[OFFSET + state] * f * (1 - f);
      expected[at + 2 * h] = d * i * (1 - g * g);
      expected[at + 3 * h] = dHidden[state] * squashed[j] * o * (1 - o);
      expectedCell[state] = d * f;
    }
    float[] dCell32 = floats(dCell);
    float[] dGates32 = new float[dGates.length];
    float64.lstmStateBackward(
        new RecurrentTape<>(h, gates, null, null, null),
        ROW,
        squashed,
        new RecurrentState<>(null, previous, OFFSET),
        SEQUENCE,
        new RecurrentGradients<>(dGates, null, dHidden, dCell));
    float32.lstmStateBackward(
        new RecurrentTape<>(h, floats(gates), null, null, null),
        ROW,
        floats(squashed),
        new RecurrentState<>(null, floats(previous), OFFSET),
        SEQUENCE,
        new RecurrentGradients<>(dGates32, null, floats(dHidden), dCell32));
    assertClose("dGates of " + h, dGates, expected, 4e-15);
    assertClose("dCell of " + h, dCell, expectedCell, 4e-15);
    assertClose("dGates32 of " + h, dGates32, floats(expected), 2e-6);
    assertClose("dCell32 of " + h, dCell32, floats(expectedCell), 2e-6);
  }

  private void checkGruStateBackward(int h, boolean withProduct) {
    Random random = new Random(h);
    double[] gates = random.doubles(ROWS * 3L * h, -1, 1).toArray();
    double[] previous = random.doubles(OFFSET + (SEQUENCE + 1L) * h, -1, 1).toArray();
    double[] product = withProduct ? random.doubles(ROWS * (long) h, -1, 1).toArray() : null;
    double[] dHidden = random.doubles((SEQUENCE + 2L) * h, -1, 1).toArray();
    double[] dGates = new double[gates.length];
    double[] dProduct = new double[ROWS * h];
    double[] expectedHidden = dHidden.clone();
    double[] expected = new double[gates.length];
    double[] expectedProduct = new double[ROWS * h];
    for (int j = 0; j < h; j++) {
      int at = ROW * 3 * h + j;
      int state = SEQUENCE * h + j;
      double r = gates[at];
      double z = gates[at + h];
      double n = gates[at + 2 * h];
      double d = dHidden[state] * (1 - z) * (1 - n * n);
      expected[at + h] = dHidden[state] * (previous[OFFSET + state] - n) * z * (1 - z);
      expected[at + 2 * h] = d;
      expectedHidden[state] = dHidden[state] * z;
      if (withProduct) {
        expected[at] = d * product[ROW * h + j] * r * (1 - r);
        expectedProduct[ROW * h + j] = d * r;
      }
    }
    float[] product32 = withProduct ? floats(product) : null;
    float[] dHidden32 = floats(dHidden);
    float[] dGates32 = new float[dGates.length];
    float[] dProduct32 = new float[dProduct.length];
    float64.gruStateBackward(
        new RecurrentTape<>(h, gates, null, null, product),
        ROW,
        new RecurrentState<>(previous, null, OFFSET),
        SEQUENCE,
        new RecurrentGradients<>(dGates, dProduct, dHidden, null));
    float32.gruStateBackward(
        new RecurrentTape<>(h, floats(gates), null, null, product32),
        ROW,
        new RecurrentState<>(floats(previous), null, OFFSET),
        SEQUENCE,
        new RecurrentGradients<>(dGates32, dProduct32, dHidden32, null));
    assertClose("dGates of " + h, dGates, expected, 4e-15);
    assertClose("dHidden of " + h, dHidden, expectedHidden, 4e-15);
    assertClose("dProduct of " + h, dProduct, expectedProduct, 4e-15);
    assertClose("dGates32 of " + h, dGates32, floats(expected), 2e-6);
    assertClose("dHidden32 of " + h, dHidden32, floats(expectedHidden), 2e-6);
    assertClose("dProduct32 of " + h, dProduct32, floats(expectedProduct), 2e-6);
  }
}
