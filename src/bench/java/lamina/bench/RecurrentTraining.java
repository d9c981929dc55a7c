package lamina.bench;

import java.util.Map;
import java.util.Random;
import lamina.kernel.Backend;
import lamina.kernel.Backends;
import lamina.kernel.Cell;
import lamina.layer.recurrent.Recurrent;
import lamina.layer.recurrent.RecurrentPass;
import lamina.tensor.DType;
import lamina.tensor.Tensor;

/**
 * Times recurrent layers in training, without a peer: float32, forward with a tape, and forward and
 * backward, over whole sequences. Both speeds count the products of their own work, of which
 * backward has twice forward's.
 */
final class RecurrentTraining {
  private static final int STEPS = 128;
  private static final int INPUT = 128;

  private RecurrentTraining() {}

  /** Prints one row for each layer whose name contains the word. */
  static void print(String word) {
    SideBySide.heading("forward GFLOP/s", "forward and backward GFLOP/s");
    for (int[] size : new int[][] {{1, 128}, {32, 256}}) {
      for (Cell cell : Cell.values()) {
        String name = "training of " + cell + ", T 128, N " + size[0] + ", 128→" + size[1];
        if (name.contains(word)) {
          time(name, cell, size[0], size[1]);
        }
      }
    }
  }

  private static void time(String name, Cell cell, int batch, int hidden) {
    Recurrent layer = Recurrent.torch(cell, INPUT, hidden, 1, Recurrent.Direction.FORWARD);
    Random random = new Random(3);
    Backend backend = Backends.current();
    Tensor input = tensor(random, STEPS, batch, INPUT);
    Tensor dy = tensor(random, STEPS, batch, hidden);
    Map<String, Tensor> weights = layer.initialWeights(true, DType.FLOAT32, random);
    double gigaFlops = 2e-9 * STEPS * batch * cell.gates() * hidden * (INPUT + hidden);
    SideBySide.report(
        name,
        gigaFlops,
        () -> layer.forward(input, weights, null, null, null, backend),
        3 * gigaFlops,
        () -> {
          RecurrentPass pass = layer.forward(input, weights, null, null, null, backend);
          pass.backward(dy, null, null, pass.zeroGradients());
        });
  }

  private static Tensor tensor(Random random, int... shape) {
    float[] values = new float[Tensor.elements(shape)];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return Tensor.of(values, shape);
  }
}
