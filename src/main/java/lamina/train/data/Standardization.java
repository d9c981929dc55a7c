package lamina.train.data;

import java.util.Arrays;
import lamina.tensor.DType;
import lamina.tensor.Tensor;

/**
 * Mean and deviation of each channel of images {@code (C, H, W)} (in general, of axis 0 of samples
 * of rank 3 and more), or of each feature, the last axis of other samples.
 *
 * @param mean one number a channel or feature
 * @param deviation the standard deviation of the population (divided by n, as scikit-learn's
 *     StandardScaler); 1 where all values are equal
 */
record Standardization(double[] mean, double[] deviation) {
  /** The statistics of samples {@code (N, ...)}; sums in float64, mean first. */
  static Standardization of(Tensor samples) {
    int groups = groups(samples);
    int inner = inner(samples, groups);
    double[] mean = new double[groups];
    double[] deviation = new double[groups];
    double[] least = new double[groups];
    double[] most = new double[groups];
    Arrays.fill(least, Double.POSITIVE_INFINITY);
    Arrays.fill(most, Double.NEGATIVE_INFINITY);
    int size = samples.size();
    double count = (double) size / groups;
    for (int i = 0; i < size; i++) {
      int group = (i / inner) % groups;
      double value = samples.get(i);
      mean[group] += value;
      least[group] = Math.min(least[group], value);
      most[group] = Math.max(most[group], value);
    }
    for (int group = 0; group < groups; group++) {
      mean[group] /= count;
    }
    for (int i = 0; i < size; i++) {
      int group = (i / inner) % groups;
      double difference = samples.get(i) - mean[group];
      deviation[group] += difference * difference;
    }
    for (int group = 0; group < groups; group++) {
      deviation[group] = Math.sqrt(deviation[group] / count);
      if (least[group] == most[group]) {
        // Rounding may leave a deviation of 1e-17, which would blow up a constant.
        mean[group] = least[group];
        deviation[group] = 1;
      }
    }
    return new Standardization(mean, deviation);
  }

  /** Brings samples {@code (N, ...)} to mean 0 and deviation 1, in place. */
  void apply(Tensor samples) {
    int groups = mean.length;
    int inner = inner(samples, groups);
    int size = samples.size();
    if (samples.dtype() == DType.FLOAT32) {
      float[] values = samples.floats();
      for (int i = 0; i < size; i++) {
        int group = (i / inner) % groups;
        values[i] = (float) ((values[i] - mean[group]) / deviation[group]);
      }
    } else {
      double[] values = samples.doubles();
      for (int i = 0; i < size; i++) {
        int group = (i / inner) % groups;
        values[i] = (values[i] - mean[group]) / deviation[group];
      }
    }
  }

  private static int groups(Tensor samples) {
    if (samples.rank() == 1) {
      return 1;
    }
    return samples.rank() > 3 ? samples.dim(1) : samples.dim(-1);
  }

  /** How many neighbours belong to one channel: 1 for features. */
  private static int inner(Tensor samples, int groups) {
    return samples.rank() > 3 ? samples.size() / samples.dim(0) / groups : 1;
  }
}
