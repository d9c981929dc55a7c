package lamina.layer.recurrent;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import lamina.kernel.Backend;
import lamina.kernel.Kernels;
import lamina.kernel.Matrix;
import lamina.op.Blocks;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * A recurrent stack with its weights and, if {@code outWeight} is not null, a projection of each
 * hidden state to an output, {@code y = W_out h + b_out}.
 *
 * @param weights by PyTorch's names
 * @param outWeight {@code (O, D·H)}, or null: the output is the hidden state
 * @param outBias {@code (O)}, or null
 */
public record SequencePart(
    Recurrent layer, Map<String, Tensor> weights, Tensor outWeight, Tensor outBias) {
  static final String OUT_WEIGHT = "weight_out";
  static final String OUT_BIAS = "bias_out";

  /**
   * Checks the projection.
   *
   * @throws InputException naming the weight, with both shapes
   */
  public SequencePart {
    if (outWeight == null && outBias != null) {
      throw new InputException("weight bias_out has no weight_out to go with");
    }
    if (outWeight != null && (outWeight.rank() != 2 || outWeight.dim(1) != layer.outputSize())) {
      throw new InputException(
          "weight weight_out has shape "
              + Tensor.text(outWeight.shape())
              + " but "
              + layer.describe()
              + " needs Ox"
              + layer.outputSize()
              + " for O outputs");
    }
    if (outBias != null && (outBias.rank() != 1 || outBias.dim(0) != outWeight.dim(0))) {
      throw new InputException(
          "weight bias_out has shape "
              + Tensor.text(outBias.shape())
              + " but weight_out of shape "
              + Tensor.text(outWeight.shape())
              + " needs "
              + outWeight.dim(0));
    }
  }

  /**
   * A stack with random weights, as PyTorch draws them.
   *
   * @param projection whether it has one, back to the size of its input
   */
  public static SequencePart drawn(
      Recurrent layer, boolean projection, DType dtype, RandomGenerator random) {
    Map<String, Tensor> weights = layer.initialWeights(true, dtype, random);
    if (!projection) {
      return new SequencePart(layer, weights, null, null);
    }
    // A linear layer's weights are within ±1/√fan-in, which is the stack's output size here.
    double bound = 1 / Math.sqrt(layer.outputSize());
    return new SequencePart(
        layer,
        weights,
        Recurrent.uniform(bound, dtype, random, layer.inputSize(), layer.outputSize()),
        Recurrent.uniform(bound, dtype, random, layer.inputSize()));
  }

  /** The size of an output step. */
  int outputSize() {
    return outWeight == null ? layer.outputSize() : outWeight.dim(0);
  }

  /** The outputs of hidden states {@code (rows, D·H)}. */
  Tensor project(Tensor hidden, Backend backend) {
    if (outWeight == null) {
      return hidden;
    }
    Tensor y = Tensor.zeros(hidden.dtype(), hidden.dim(0), outputSize());
    for (int row = 0; outBias != null && row < y.dim(0); row++) {
      Blocks.copy(outBias, 0, y, row * outputSize(), outputSize());
    }
    Matrix<Object> w = Blocks.matrix(outWeight).transpose();
    backend.kernels(y.dtype()).multiply(Blocks.matrix(hidden), w, Blocks.matrix(y), true);
    return y;
  }

  /** The gradient of hidden states from that of their outputs; adds those of the projection. */
  Tensor projectBackward(Tensor dy, Tensor hidden, Map<String, Tensor> gradients, Backend backend) {
    if (outWeight == null) {
      return dy;
    }
    Tensor dHidden = Tensor.zeros(dy.dtype(), hidden.shape());
    Kernels<Object> kernels = backend.kernels(dy.dtype());
    Matrix<Object> d = Blocks.matrix(dy);
    kernels.multiply(d, Blocks.matrix(outWeight), Blocks.matrix(dHidden), true);
    Matrix<Object> dWeight = Blocks.matrix(gradients.get(OUT_WEIGHT));
    kernels.multiply(d.transpose(), Blocks.matrix(hidden), dWeight, true);
    if (outBias != null) {
      for (int row = 0; row < dy.dim(0); row++) {
        Blocks.add(gradients.get(OUT_BIAS), Blocks.entry(dy, row));
      }
    }
    return dHidden;
  }

  /** Zeros by the names and shapes of all weights, the projection's included. */
  Map<String, Tensor> zeroGradients() {
    Map<String, Tensor> all = new LinkedHashMap<>(weights);
    if (outWeight != null) {
      all.put(OUT_WEIGHT, outWeight);
    }
    if (outBias != null) {
      all.put(OUT_BIAS, outBias);
    }
    all.replaceAll((name, weight) -> Tensor.zeros(weight.dtype(), weight.shape()));
    return all;
  }
}
