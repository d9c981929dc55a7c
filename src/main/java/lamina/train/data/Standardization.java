package lamina.train.data;

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
    double count = (double) samples.size() / groups;
    double[] mean = new double[groups];
    double[] deviation = new double[groups];
    boolean[] varies = new boolean[groups];
    for (int from = 0, group = 0; from < samples.size(); from += inner) {
      double first = samples.get(group * inner);
      double sum = 0;
      for (int i = from; i < from + inner; i++) {
        double value = samples.get(i);
        sum += value;
        varies[group] |= value != first;
      }
      mean[group] += sum;
      group = group + 1 == groups ? 0 : group + 1;
    }
    for (int group = 0; group < groups; group++) {
      // Rounding may leave a constant a deviation of 1e-17, which would blow it up.
      mean[group] = varies[group] ? mean[group] / count : samples.get(group * inner);
    }
    for (int from = 0, group = 0; from < samples.size(); from += inner) {
      double sum = 0;
      for (int i = from; i < from + inner; i++) {
        double difference = samples.get(i) - mean[group];
        sum += difference * difference;
      }
      deviation[group] += sum;
      group = group + 1 == groups ? 0 : group + 1;
    }
    for (int group = 0; group < groups; group++) {
      deviation[group] = varies[group] ? Math.sqrt(deviation[group] / count) : 1;
    }
    return new Standardization(mean, deviation);
  }

  /** Brings samples {@code (N, ...)} to mean 0 and deviation 1, in place. */
  void apply(Tensor samples) {
    int groups = mean.length;
    int inner = inner(samples, groups);
    float[] floats = samples.dtype() == DType.FLOAT32 ? samples.floats() : null;
    double[] doubles = floats == null ? samples.doubles() : null;
    for (int from = 0, group = 0; from < samples.size(); from += inner) {
      double center = mean[group];
      double divisor = deviation[group];
      for (int i = from; i < from + inner; i++) {
        if (floats != null) {
          floats[i] = (float) ((floats[i] - center) / divisor);
        } else {
          doubles[i] = (doubles[i] - center) / divisor;
        }
      }
      group = group + 1 == groups ? 0 : group + 1;
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
