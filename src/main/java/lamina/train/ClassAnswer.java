package lamina.train;

import lamina.tensor.Tensor;

/**
 * The class that a network answers with.
 *
 * @param index of the greatest output, the first of equal ones
 * @param probability its share by softmax
 */
public record ClassAnswer(int index, double probability) {
  /** The answer in some elements of an output. */
  public static ClassAnswer of(Tensor output, int from, int count) {
    int answer = Trainer.greatest(output, from, count);
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += Math.exp(output.get(from + i) - output.get(from + answer));
    }
    return new ClassAnswer(answer, 1 / sum);
  }
}
