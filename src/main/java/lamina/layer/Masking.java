package lamina.layer;

import java.util.Arrays;
import lamina.op.Broadcast;
import lamina.tensor.DType;
import lamina.tensor.Tensor;

/**
 * Keras's Masking: steps of {@code (N, T, F)} of which every feature is a value become zeros. The
 * layers behind it that know masks leave these steps out.
 */
public record Masking(double value) implements Layer {
  @Override
  public String type() {
    return "Masking";
  }

  @Override
  public Ranks ranks() {
    return new Ranks(3, Integer.MAX_VALUE, -1);
  }

  @Override
  public Tensor forward(Tensor input, Weights weights, Pass pass) {
    int[] rows = input.shape();
    int features = rows[rows.length - 1];
    rows[rows.length - 1] = 1;
    double[] kept = new double[input.size() / features];
    for (int i = 0; i < input.size(); i++) {
      if (input.get(i) != value) {
        kept[i / features] = 1;
      }
    }
    if (Arrays.stream(kept).allMatch(one -> one == 1)) {
      pass.record((dy, gradients) -> dy);
      return input;
    }
    Tensor mask = Tensor.of(kept, rows);
    Tensor factors = input.dtype() == DType.FLOAT32 ? mask.as(DType.FLOAT32) : mask;
    pass.record((dy, gradients) -> Broadcast.multiply(dy, factors));
    return Broadcast.multiply(input, factors);
  }
}
