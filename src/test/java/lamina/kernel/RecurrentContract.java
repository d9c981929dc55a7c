package lamina.kernel;

import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Gates and states of recurrent layers, of every backend: rows of every length around a vector's.
 */
abstract class RecurrentContract extends BackendContract {
  /** Runs of every length around a vector's, and nothing beside them. */
  @Test
  void squashesRunsOfEveryLength() {
    for (GateFunction function : GateFunction.values()) {
      for (int count = 1; count <= 67; count++) {
        double[] x = new Random(count).doubles(count + 5, -3, 3).toArray();
        double[] y = x.clone();
        float[] y32 = floats(x);
        backend.squash(function, y, 2, count);
        backend.squash(function, y32, 2, count);
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
    double[] gates = random.doubles(3 + 4L * h, -1, 1).toArray();
    double[] previous = random.doubles(2 + h, -1, 1).toArray();
    double[] cell = new double[h + 4];
    double[] hidden = new double[h + 4];
    float[] cell32 = new float[h + 4];
    float[] hidden32 = new float[h + 4];
    backend.lstmState(function, h, gates, 3, previous, 2, cell, hidden, 1);
    backend.lstmState(function, h, floats(gates), 3, floats(previous), 2, cell32, hidden32, 1);
    double[] expectedCell = new double[h + 4];
    double[] expectedHidden = new double[h + 4];
    for (int j = 0; j < h; j++) {
      double state = gates[3 + h + j] * previous[2 + j] + gates[3 + j] * gates[3 + 2 * h + j];
      expectedCell[1 + j] = state;
      expectedHidden[1 + j] = gates[3 + 3 * h + j] * function.apply(state);
    }
    assertClose("cell of " + h, cell, expectedCell, 1e-15);
    assertClose("hidden of " + h, hidden, expectedHidden, 1e-15);
    assertClose("cell32 of " + h, cell32, floats(expectedCell), 5e-7);
    assertClose("hidden32 of " + h, hidden32, floats(expectedHidden), 5e-7);
  }

  private void checkGruState(GateFunction function, int h, boolean withProduct) {
    Random random = new Random(h);
    double[] gates = random.doubles(3 + 3L * h + 2, -1, 1).toArray();
    double[] previous = random.doubles(2 + h, -1, 1).toArray();
    double[] product = withProduct ? random.doubles(1 + h, -1, 1).toArray() : null;
    double[] hidden = new double[h + 4];
    float[] hidden32 = new float[h + 4];
    double[] expectedGates = gates.clone();
    double[] expectedHidden = new double[h + 4];
    for (int j = 0; j < h; j++) {
      double sum = gates[3 + 2 * h + j] + (withProduct ? gates[3 + j] * product[1 + j] : 0);
      double candidate = function.apply(sum);
      double keep = gates[3 + h + j];
      expectedGates[3 + 2 * h + j] = candidate;
      expectedHidden[1 + j] = (1 - keep) * candidate + keep * previous[2 + j];
    }
    float[] gates32 = floats(gates);
    float[] product32 = withProduct ? floats(product) : null;
    backend.gruState(function, h, gates, 3, product, previous, 2, hidden, 1);
    backend.gruState(function, h, gates32, 3, product32, floats(previous), 2, hidden32, 1);
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
    double[] gates = random.doubles(3 + 4L * h, -1, 1).toArray();
    double[] squashed = random.doubles(h, -1, 1).toArray();
    double[] previous = random.doubles(2 + h, -1, 1).toArray();
    double[] dHidden = random.doubles(1 + h, -1, 1).toArray();
    double[] dCell = random.doubles(4 + h, -1, 1).toArray();
    double[] dGates = new double[gates.length + 2];
    double[] expectedCell = dCell.clone();
    double[] expected = new double[gates.length + 2];
    for (int j = 0; j < h; j++) {
      double i = gates[3 + j];
      double f = gates[3 + h + j];
      double g = gates[3 + 2 * h + j];
      double o = gates[3 + 3 * h + j];
      double d = dCell[1 + j] + dHidden[1 + j] * o * (1 - squashed[j] * squashed[j]);
      expected[3 + j] = d * g * i * (1 - i);
      expected[3 + h + j] = d * previous[2 + j] * f * (1 - f);
      expected[3 + 2 * h + j] = d * i * (1 - g * g);
      expected[3 + 3 * h + j] = dHidden[1 + j] * squashed[j] * o * (1 - o);
      expectedCell[1 + j] = d * f;
    }
    float[] dCell32 = floats(dCell);
    float[] dGates32 = new float[dGates.length];
    backend.lstmStateBackward(h, gates, 3, squashed, previous, 2, dHidden, dCell, 1, dGates);
    backend.lstmStateBackward(
        h,
        floats(gates),
        3,
        floats(squashed),
        floats(previous),
        2,
        floats(dHidden),
        dCell32,
        1,
        dGates32);
    assertClose("dGates of " + h, dGates, expected, 4e-15);
    assertClose("dCell of " + h, dCell, expectedCell, 4e-15);
    assertClose("dGates32 of " + h, dGates32, floats(expected), 2e-6);
    assertClose("dCell32 of " + h, dCell32, floats(expectedCell), 2e-6);
  }

  private void checkGruStateBackward(int h, boolean withProduct) {
    Random random = new Random(h);
    double[] gates = random.doubles(3 + 3L * h, -1, 1).toArray();
    double[] previous = random.doubles(2 + h, -1, 1).toArray();
    double[] product = withProduct ? random.doubles(1 + h, -1, 1).toArray() : null;
    double[] dHidden = random.doubles(4 + h, -1, 1).toArray();
    double[] dGates = new double[gates.length + 2];
    double[] dProduct = new double[h + 4];
    double[] expectedHidden = dHidden.clone();
    double[] expected = new double[gates.length + 2];
    double[] expectedProduct = new double[h + 4];
    for (int j = 0; j < h; j++) {
      double r = gates[3 + j];
      double z = gates[3 + h + j];
      double n = gates[3 + 2 * h + j];
      double d = dHidden[1 + j] * (1 - z) * (1 - n * n);
      expected[3 + h + j] = dHidden[1 + j] * (previous[2 + j] - n) * z * (1 - z);
      expected[3 + 2 * h + j] = d;
      expectedHidden[1 + j] = dHidden[1 + j] * z;
      if (withProduct) {
        expected[3 + j] = d * product[1 + j] * r * (1 - r);
        expectedProduct[1 + j] = d * r;
      }
    }
    float[] product32 = withProduct ? floats(product) : null;
    float[] dHidden32 = floats(dHidden);
    float[] dGates32 = new float[dGates.length];
    float[] dProduct32 = new float[dProduct.length];
    backend.gruStateBackward(h, gates, 3, product, 1, previous, 2, dHidden, 1, dGates, dProduct);
    backend.gruStateBackward(
        h, floats(gates), 3, product32, 1, floats(previous), 2, dHidden32, 1, dGates32, dProduct32);
    assertClose("dGates of " + h, dGates, expected, 4e-15);
    assertClose("dHidden of " + h, dHidden, expectedHidden, 4e-15);
    assertClose("dProduct of " + h, dProduct, expectedProduct, 4e-15);
    assertClose("dGates32 of " + h, dGates32, floats(expected), 2e-6);
    assertClose("dHidden32 of " + h, dHidden32, floats(expectedHidden), 2e-6);
    assertClose("dProduct32 of " + h, dProduct32, floats(expectedProduct), 2e-6);
  }
}
