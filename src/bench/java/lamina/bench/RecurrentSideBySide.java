package lamina.bench;

import ai.onnxruntime.OrtException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import lamina.kernel.Backend;
import lamina.kernel.Backends;
import lamina.kernel.Cell;
import lamina.layer.recurrent.Recurrent;
import lamina.layer.recurrent.RecurrentConvention;
import lamina.layer.recurrent.RecurrentPass;
import lamina.tensor.Tensor;

/**
 * Times recurrent layers as {@link SideBySide} times convolutions: float32, forward over a whole
 * sequence, with zero states. The weights are prepared once, as in ONNX Runtime.
 */
final class RecurrentSideBySide {
  private static final int STEPS = 128;
  private static final int INPUT = 128;

  private RecurrentSideBySide() {}

  /** Prints one row for each layer whose name contains the word. */
  static void print(String word) throws OrtException {
    for (int[] size : new int[][] {{1, 128}, {32, 256}}) {
      for (Cell cell : Cell.values()) {
        String name = cell + ", T 128, N " + size[0] + ", 128→" + size[1];
        if (name.contains(word)) {
          compare(name, cell, size[0], size[1]);
        }
      }
    }
  }

  private static void compare(String name, Cell cell, int batch, int hidden) throws OrtException {
    int rows = cell.gates() * hidden;
    Random random = new Random(3);
    float[] x = values(random, STEPS * batch * INPUT, 1);
    float bound = 1 / (float) Math.sqrt(hidden);
    float[] w = values(random, rows * INPUT, bound);
    float[] r = values(random, rows * hidden, bound);
    float[] b = values(random, 2 * rows, bound);
    OnnxModel model =
        new OnnxModel(cell.name())
            .input("X", STEPS, batch, INPUT)
            .weights("W", w, 1, rows, INPUT)
            .weights("R", r, 1, rows, hidden)
            .weights("B", b, 1, 2 * rows)
            .output("Y", STEPS, 1, batch, hidden)
            .attribute("hidden_size", (long) hidden);
    if (cell == Cell.GRU) {
      model.attribute("linear_before_reset", 1L);
    }
    Map<String, Tensor> onnx = new LinkedHashMap<>();
    onnx.put("W", Tensor.of(w, 1, rows, INPUT));
    onnx.put("R", Tensor.of(r, 1, rows, hidden));
    onnx.put("B", Tensor.of(b, 1, 2 * rows));
    Map<String, Tensor> weights = RecurrentConvention.ONNX.toTorch(cell, onnx);
    Recurrent layer = Recurrent.torch(cell, INPUT, hidden, 1, Recurrent.Direction.FORWARD);
    Tensor input = Tensor.of(x, STEPS, batch, INPUT);
    Backend backend = Backends.current();
    double gigaFlops = 2e-9 * STEPS * batch * rows * (INPUT + hidden);
    try (Peer peer = new Peer(model)) {
      peer.bind("X", x, STEPS, batch, INPUT);
      Recurrent.Prepared prepared = layer.prepare(weights, backend);
      RecurrentPass pass = prepared.inference(input, null, null, null);
      SideBySide.checkEqual(name, pass.output().floats(), peer.output());
      SideBySide.report(
          name, gigaFlops, peer::run, () -> prepared.inference(input, null, null, null));
    }
  }

  /** Uniform within ±bound/2. */
  private static float[] values(Random random, int size, float bound) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (random.nextFloat() - 0.5f) * bound;
    }
    return values;
  }
}
