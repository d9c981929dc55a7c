package lamina.train.data;

import lamina.tensor.DType;
import lamina.tensor.RandomNumbers;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * Rows for training and rows held out, each in the order of the data.
 *
 * @param training the rows to learn from
 * @param test the rows held out
 */
record StratifiedSplit(int[] training, int[] test) {
  /**
   * Holds out a share of the rows, and of each class the same share as far as whole rows allow: the
   * classes with the largest remainders get the rows that are left. Every class keeps a row to
   * learn from.
   *
   * @param targets int64 classes {@code (N)}, or numbers or classes of steps, which are one class
   *     here
   * @throws InputException if a part would be empty
   */
  static StratifiedSplit of(Tensor targets, int classes, double share, long seed, String name) {
    int size = targets.dim(0);
    int[] classOf = new int[size];
    int[] counts = new int[Math.max(1, classes)];
    for (int i = 0; i < size; i++) {
      classOf[i] =
          targets.dtype() == DType.INT64 && targets.rank() == 1 ? (int) targets.longs()[i] : 0;
      counts[classOf[i]]++;
    }
    int[] held = heldOut(counts, share, size);
    RandomNumbers random = new RandomNumbers(seed);
    boolean[] isTest = new boolean[size];
    int total = 0;
    for (int c = 0; c < counts.length; c++) {
      int[] rows = rowsOf(classOf, c, counts[c]);
      random.shuffle(rows);
      for (int i = 0; i < held[c]; i++) {
        isTest[rows[i]] = true;
      }
      total += held[c];
    }
    if (total == 0 || total == size) {
      throw new InputException(
          name
              + ": --split "
              + share
              + " of "
              + size
              + (size == 1 ? " sample" : " samples")
              + " leaves none "
              + (total == 0 ? "for the test" : "to learn from"));
    }
    int[] training = new int[size - total];
    int[] test = new int[total];
    int trainings = 0;
    int tests = 0;
    for (int i = 0; i < size; i++) {
      if (isTest[i]) {
        test[tests++] = i;
      } else {
        training[trainings++] = i;
      }
    }
    return new StratifiedSplit(training, test);
  }

  private static int[] rowsOf(int[] classOf, int wanted, int count) {
    int[] rows = new int[count];
    int found = 0;
    for (int i = 0; i < classOf.length; i++) {
      if (classOf[i] == wanted) {
        rows[found++] = i;
      }
    }
    return rows;
  }

  private static int[] heldOut(int[] counts, double share, int size) {
    int[] held = new int[counts.length];
    double[] remainders = new double[counts.length];
    long left = Math.round(share * size);
    for (int c = 0; c < counts.length; c++) {
      double exact = share * counts[c];
      held[c] = Math.min((int) Math.floor(exact), Math.max(0, counts[c] - 1));
      remainders[c] = exact - held[c];
      left -= held[c];
    }
    while (left > 0) {
      int best = -1;
      for (int c = 0; c < counts.length; c++) {
        if (held[c] < counts[c] - 1 && (best < 0 || remainders[c] > remainders[best])) {
          best = c;
        }
      }
      if (best < 0) {
        break;
      }
      held[best]++;
      remainders[best] -= 1;
      left--;
    }
    return held;
  }
}
