package lamina.network;

import java.util.Arrays;
import java.util.Map;
import lamina.tensor.DType;
import lamina.tensor.RandomNumbers;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * A network with initial weights and a batch of random samples, which takes as long as any other.
 *
 * @param model the network for the shape of the batch
 * @param input the samples
 * @param weights by full names
 */
public record RandomBatch(RunnableNetwork model, Tensor input, Map<String, Tensor> weights) {
  /**
   * Draws a batch.
   *
   * @param sample the shape of one sample
   * @throws InputException if the network does not take it
   */
  public static RandomBatch of(Network network, int[] sample, int batch, DType dtype, long seed) {
    int[] shape = withBatch(batch, sample, network);
    RunnableNetwork model = model(network, shape, sample);
    return new RandomBatch(
        model, random(shape, model, dtype, seed), model.initialWeights(dtype, seed));
  }

  /** Named by what was typed: the batch of {@code shape} is added here. */
  private static RunnableNetwork model(Network network, int[] shape, int[] sample) {
    try {
      return RunnableNetwork.of(network, shape);
    } catch (InputException e) {
      if (sample.length < 2) {
        throw e;
      }
      throw new InputException(
          "--input takes the shape of one sample, and "
              + Shape.of(sample)
              + " has a batch already; give "
              + Shape.of(Arrays.copyOfRange(sample, 1, sample.length))
              + ", and --batch "
              + sample[0]);
    }
  }

  /** The shape of a batch: its axis is where running one sample puts it, or the first. */
  private static int[] withBatch(int batch, int[] sample, Network network) {
    int[] single = RunnableNetwork.of(network, sample).report().layers().get(0).taken().sizes();
    int axis = 0;
    while (axis < sample.length && !Arrays.equals(without(axis, single), sample)) {
      axis++;
    }
    axis = axis == sample.length ? 0 : axis;
    int[] shape = new int[sample.length + 1];
    System.arraycopy(sample, 0, shape, 0, axis);
    shape[axis] = batch;
    System.arraycopy(sample, axis, shape, axis + 1, sample.length - axis);
    return shape;
  }

  private static int[] without(int axis, int[] shape) {
    int[] rest = Arrays.copyOf(shape, shape.length - 1);
    System.arraycopy(shape, axis + 1, rest, axis, rest.length - axis);
    return rest;
  }

  /** Normal numbers; for a layer that takes indices, such. */
  private static Tensor random(int[] shape, RunnableNetwork model, DType dtype, long seed) {
    RandomNumbers random = new RandomNumbers(seed);
    LayerAnalysis first = model.report().layers().get(0);
    int indices = first.layer().indices();
    Tensor input = Tensor.zeros(DType.FLOAT64, shape);
    for (int i = 0; i < input.size(); i++) {
      input.doubles()[i] = indices > 0 ? random.nextLong(indices) : random.nextGaussian();
    }
    return input.as(dtype);
  }
}
