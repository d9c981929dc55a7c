package lamina.train.diagnosis;

import static lamina.train.diagnosis.Evidence.figure;
import static lamina.train.diagnosis.Evidence.percent;

import lamina.tensor.DType;
import lamina.tensor.RandomNumbers;
import lamina.tensor.Tensor;
import lamina.train.data.Dataset;

/**
 * Whether samples whose inputs are alike have targets that are alike, without any network: each of
 * some samples is compared with its nearest neighbour.
 *
 * @param agreement the share of neighbours with the same class; for numbers, the mean square of the
 *     difference over that of two samples drawn at random
 * @param low with an agreement from here ...
 * @param threshold ... to here, inputs and targets look unrelated
 * @param text the figures in words
 */
record Neighbours(double agreement, double low, double threshold, String text) {
  private static final int ASKED = 400;
  private static final int FEWEST = 100;
  private static final double WORK = 2e8;

  /** After so many elements a distance is given up that is too large already. */
  private static final int BLOCK = 32;

  boolean areUnrelated() {
    return agreement >= low && agreement <= threshold;
  }

  /** Those of some samples; null if they are too few, of words, or of several classes each. */
  static Neighbours of(Dataset data) {
    boolean hasSteps = data.classes() != null && data.targets().rank() > 1;
    if (data.inputs().dtype() == DType.INT64 || data.size() < FEWEST || hasSteps) {
      return null;
    }
    int width = data.inputs().size() / data.size();
    int asked = Math.min(ASKED, data.size());
    int among = (int) Math.min(data.size(), Math.max(FEWEST, WORK / asked / width));
    int[] order = order(data.size());
    double[][] samples = new double[Math.max(asked, among)][];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = row(data.inputs(), order[i], width);
    }
    double[] nearest = new double[asked];
    int[] neighbour = new int[asked];
    for (int i = 0; i < asked; i++) {
      nearest[i] = Double.POSITIVE_INFINITY;
      for (int j = 0; j < among; j++) {
        double distance = i == j ? nearest[i] : distance(samples[i], samples[j], nearest[i]);
        if (distance < nearest[i]) {
          nearest[i] = distance;
          neighbour[i] = order[j];
        }
      }
    }
    return data.classes() == null
        ? ofNumbers(data.targets(), order, neighbour)
        : ofClasses(data, order, neighbour);
  }

  private static int[] order(int size) {
    int[] order = new int[size];
    RandomNumbers random = new RandomNumbers(1);
    for (int i = 0; i < size; i++) {
      int other = (int) random.nextLong(i + 1L);
      order[i] = order[other];
      order[other] = i;
    }
    return order;
  }

  private static double[] row(Tensor tensor, int row, int width) {
    double[] elements = new double[width];
    for (int i = 0; i < width; i++) {
      elements[i] = tensor.get(row * width + i);
    }
    return elements;
  }

  /**
   * The square of the distance, or at least {@code limit} if it is not below that. It is added up
   * in four chains, since an addition takes four times as long as the processor is busy with it.
   */
  private static double distance(double[] a, double[] b, double limit) {
    double squares = 0;
    for (int start = 0; start < a.length && squares < limit; start += BLOCK) {
      int end = Math.min(a.length, start + BLOCK);
      double first = 0;
      double second = 0;
      double third = 0;
      int i = start;
      for (; i + 4 <= end; i += 4) {
        first += square(a[i] - b[i]);
        second += square(a[i + 1] - b[i + 1]);
        third += square(a[i + 2] - b[i + 2]);
        squares += square(a[i + 3] - b[i + 3]);
      }
      for (; i < end; i++) {
        squares += square(a[i] - b[i]);
      }
      squares += first + second + third;
    }
    return squares;
  }

  private static double square(double x) {
    return x * x;
  }

  private static Neighbours ofClasses(Dataset data, int[] order, int[] neighbour) {
    long[] classes = data.targets().longs();
    double[] counts = new double[data.classes().size()];
    for (long each : classes) {
      counts[(int) each]++;
    }
    double chance = 0;
    for (double count : counts) {
      chance += count / classes.length * (count / classes.length);
    }
    int same = 0;
    for (int i = 0; i < neighbour.length; i++) {
      same += classes[order[i]] == classes[neighbour[i]] ? 1 : 0;
    }
    double agreement = (double) same / neighbour.length;
    double deviation = Math.sqrt(chance * (1 - chance) / neighbour.length);
    return new Neighbours(
        agreement,
        chance - 2 * deviation,
        chance + 2 * deviation,
        percent(agreement)
            + " of the samples have the class of the sample most like them, by chance "
            + percent(chance)
            + " would");
  }

  private static Neighbours ofNumbers(Tensor targets, int[] order, int[] neighbour) {
    int width = targets.size() / targets.dim(0);
    double near = 0;
    double far = 0;
    for (int i = 0; i < neighbour.length; i++) {
      double[] own = row(targets, order[i], width);
      double all = Double.POSITIVE_INFINITY;
      near += distance(own, row(targets, neighbour[i], width), all);
      far += distance(own, row(targets, order[(i + 1) % order.length], width), all);
    }
    double ratio = near / far;
    return new Neighbours(
        ratio,
        0.9,
        Double.POSITIVE_INFINITY,
        "targets of samples most alike differ "
            + figure(ratio)
            + " times as much (in squares) as those of any two");
  }
}
