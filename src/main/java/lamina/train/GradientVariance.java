package lamina.train;

import java.util.Map;
import lamina.layer.Gradients;
import lamina.layer.Pass;
import lamina.tensor.RandomNumbers;
import lamina.tensor.Tensor;
import lamina.train.data.Dataset;

/** How far the gradients of batches lie from their mean, with the weights as they are. */
public final class GradientVariance {
  private GradientVariance() {}

  /**
   * The variance of a batch's gradient: the mean squared distance from the mean gradient, all
   * parameters together. It falls as 1/B with the size B of a batch drawn at random.
   *
   * @param trainer whose weights count; they stay as they are
   * @param seed decides which samples make a batch
   * @return NaN if there are not two whole batches
   */
  public static double of(Trainer trainer, Loss loss, Dataset data, int batchSize, long seed) {
    int batches = data.size() / batchSize;
    if (batches < 2) {
      return Double.NaN;
    }
    int[] order = new int[data.size()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    new RandomNumbers(seed).shuffle(order);
    Map<String, Tensor> weights = trainer.snapshot();
    Tensor inputs = rows(data.inputs(), batchSize);
    Tensor targets = rows(data.targets(), batchSize);
    double[] sum = null;
    double squares = 0;
    for (int batch = 0; batch < batches; batch++) {
      data.gather(order, batch * batchSize, batchSize, inputs, targets);
      Pass pass = Pass.training(seed + batch).withoutInputGradient();
      Answers answers =
          Answers.of(
              trainer.networkFor(batchSize).forward(inputs, weights, pass),
              targets,
              loss.kind().hasClasses());
      Gradients gradients = new Gradients();
      Tensor dy = loss.backward(answers.output(), answers.targets());
      pass.backward(answers.gradient(dy), gradients);
      sum = sum == null ? new double[size(gradients)] : sum;
      squares += add(gradients, sum);
    }
    double squareOfSum = 0;
    for (double element : sum) {
      squareOfSum += element * element;
    }
    return (squares - squareOfSum / batches) / (batches - 1);
  }

  private static int size(Gradients gradients) {
    int size = 0;
    for (Tensor gradient : gradients.byName().values()) {
      size += gradient.size();
    }
    return size;
  }

  /** Adds a gradient to the sum of all; gives its square. */
  private static double add(Gradients gradients, double[] sum) {
    double squares = 0;
    int at = 0;
    for (Tensor gradient : gradients.byName().values()) {
      for (int i = 0; i < gradient.size(); i++) {
        double value = gradient.get(i);
        sum[at++] += value;
        squares += value * value;
      }
    }
    return squares;
  }

  private static Tensor rows(Tensor all, int count) {
    int[] shape = all.shape();
    shape[0] = count;
    return Tensor.zeros(all.dtype(), shape);
  }
}
