package lamina.op;

import java.util.ArrayList;
import java.util.List;
import lamina.tensor.Tensor;

/**
 * What an activation function made of a tensor. Fractions are of the output's elements, those of
 * gradients of the input's.
 *
 * @param count the number of outputs
 * @param mean their mean
 * @param std their standard deviation (divided by count, not count − 1)
 * @param min the least
 * @param max the greatest
 * @param zero the fraction of outputs that are 0
 * @param negative the fraction below 0
 * @param positive the fraction above 0
 * @param saturated the fraction of elements whose derivative is below 1% of 1: where learning all
 *     but stops
 * @param gradientZero the fraction whose derivative is exactly 0
 * @param units the number of units: the elements of one row of axis 0; 0 for rank 0 and 1
 * @param deadUnits the units whose output is zero in every row, as indices without axis 0
 */
public record ActivationStatistics(
    int count,
    double mean,
    double std,
    double min,
    double max,
    double zero,
    double negative,
    double positive,
    double saturated,
    double gradientZero,
    int units,
    List<List<Integer>> deadUnits) {
  private static final double SATURATION = 0.01;

  /**
   * The statistics of one application.
   *
   * @param y the output for x
   * @param derivatives f′ of each input element; for softmax and its kin of each output by the
   *     input in its place
   */
  public static ActivationStatistics of(Tensor y, Tensor derivatives) {
    int n = y.size();
    double sum = 0;
    double min = n == 0 ? Double.NaN : Double.POSITIVE_INFINITY;
    double max = n == 0 ? Double.NaN : Double.NEGATIVE_INFINITY;
    int zero = 0;
    int negative = 0;
    int positive = 0;
    for (int i = 0; i < n; i++) {
      double value = y.get(i);
      sum += value;
      min = Math.min(min, value);
      max = Math.max(max, value);
      zero += value == 0 ? 1 : 0;
      negative += value < 0 ? 1 : 0;
      positive += value > 0 ? 1 : 0;
    }
    double mean = sum / n;
    double squares = 0;
    for (int i = 0; i < n; i++) {
      squares += (y.get(i) - mean) * (y.get(i) - mean);
    }
    int saturated = 0;
    int gradientZero = 0;
    for (int i = 0; i < derivatives.size(); i++) {
      saturated += Math.abs(derivatives.get(i)) < SATURATION ? 1 : 0;
      gradientZero += derivatives.get(i) == 0 ? 1 : 0;
    }
    double inputs = derivatives.size();
    return new ActivationStatistics(
        n,
        mean,
        Math.sqrt(squares / n),
        min,
        max,
        zero / (double) n,
        negative / (double) n,
        positive / (double) n,
        saturated / inputs,
        gradientZero / inputs,
        y.rank() < 2 || n == 0 ? 0 : n / y.dim(0),
        deadUnits(y));
  }

  private static List<List<Integer>> deadUnits(Tensor y) {
    List<List<Integer>> dead = new ArrayList<>();
    if (y.rank() < 2 || y.size() == 0) {
      return dead;
    }
    int units = y.size() / y.dim(0);
    for (int unit = 0; unit < units; unit++) {
      boolean fires = false;
      for (int i = unit; i < y.size() && !fires; i += units) {
        fires = y.get(i) != 0;
      }
      if (!fires) {
        dead.add(index(unit, y.shape()));
      }
    }
    return dead;
  }

  private static List<Integer> index(int unit, int[] shape) {
    int[] strides = Tensor.strides(shape);
    List<Integer> index = new ArrayList<>();
    int rest = unit;
    for (int axis = 1; axis < shape.length; axis++) {
      index.add(rest / strides[axis]);
      rest %= strides[axis];
    }
    return index;
  }
}
