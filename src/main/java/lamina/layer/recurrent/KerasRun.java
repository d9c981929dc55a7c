package lamina.layer.recurrent;

import java.util.LinkedHashMap;
import java.util.Map;
import lamina.kernel.Backends;
import lamina.layer.Gradients;
import lamina.layer.Pass;
import lamina.layer.Weights;
import lamina.op.Rows;
import lamina.tensor.Tensor;

/** One direction of a recurrent layer of Keras, run over sequences {@code (N, T, I)}. */
final class KerasRun {
  private final KerasCell cell;
  private final String prefix;
  private final Map<String, Tensor> given = new LinkedHashMap<>();
  private final int[] inputShape;
  private final int[] read;
  private final int[] outputs;
  private final RecurrentPass run;

  /**
   * Runs forward.
   *
   * @param prefix what stands before the names of its weights
   * @param kept whether each step of each sequence is read; null if all are
   * @param turned whether the outputs are given in the order opposite to that of reading
   */
  KerasRun(
      KerasCell cell,
      String prefix,
      Tensor input,
      boolean[] kept,
      boolean turned,
      Weights weights,
      Pass pass) {
    this.cell = cell;
    this.prefix = prefix;
    this.inputShape = input.shape();
    int batch = input.dim(0);
    KerasSteps steps = new KerasSteps(batch, input.dim(1), kept, cell.backwards());
    this.read = steps.read();
    this.outputs = steps.given(cell.sequences(), turned, cell.zeroed());
    for (String name : new String[] {"kernel", "recurrent_kernel", "bias"}) {
      if (!name.equals("bias") || cell.bias() != null) {
        given.put(name, weights.get(prefix + name));
      }
    }
    Tensor sequence = Rows.take(input, read, steps.most(), batch, input.dim(2));
    Recurrent layer = cell.recurrent(input.dim(2));
    this.run =
        pass.isRecording()
            ? layer.forward(
                sequence, cell.toTorch(given), null, null, steps.lengths(), Backends.current())
            : pass.prepared(
                    weights.fullName(prefix + "kernel"),
                    Recurrent.Prepared.class,
                    () -> layer.prepare(cell.toTorch(given), Backends.current()))
                .inference(sequence, null, null, steps.lengths());
  }

  /** The outputs {@code (N, T, H)}, or {@code (N, H)} of the last step alone. */
  Tensor output() {
    int batch = inputShape[0];
    return cell.sequences()
        ? Rows.take(run.output(), outputs, batch, inputShape[1], cell.units())
        : Rows.take(run.output(), outputs, batch, cell.units());
  }

  /** The gradient of the input; those of the weights are added. */
  Tensor backward(Tensor dy, Weights weights, Gradients gradients) {
    Tensor dOutput = Rows.takeBackward(dy, outputs, run.output().shape());
    Map<String, Tensor> found = run.zeroGradients();
    Tensor dx = run.backward(dOutput, null, null, found).input();
    cell.fromTorch(found, given)
        .forEach((name, gradient) -> gradients.add(weights, prefix + name, gradient));
    return Rows.takeBackward(dx, read, inputShape);
  }
}
