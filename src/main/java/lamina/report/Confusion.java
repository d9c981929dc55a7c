package lamina.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lamina.tensor.Tensor;
import lamina.train.Loss;
import lamina.train.Trainer;
import lamina.train.data.Dataset;

/**
 * How a network told classes apart.
 *
 * @param classes their names
 * @param counts how often each class, by row, was answered with each class, by column
 * @param wrong what was answered wrongly, the surest mistakes first
 * @param steps the number of answers a sample has
 */
public record Confusion(List<String> classes, int[][] counts, List<Wrong> wrong, int steps) {
  /** How many samples to run at a time. */
  private static final int BATCH = 64;

  /**
   * A wrong answer.
   *
   * @param sample counted from 0
   * @param step of the sample, counted from 0
   * @param actual the class it is
   * @param given the output that was greatest, which may be none of the classes
   * @param margin how far that output was above the one of the right class
   */
  public record Wrong(int sample, int step, int actual, int given, double margin) {}

  /** That of some samples. */
  public static Confusion of(Trainer trainer, Dataset data) {
    int classes = data.classes().size();
    int steps = data.targets().size() / data.size();
    int[][] counts = new int[classes][classes];
    List<Wrong> wrong = new ArrayList<>();
    trainer.answers(
        data,
        BATCH,
        (from, answers) -> {
          Tensor output = answers.output();
          int width = output.size() / output.dim(0);
          for (int i = 0; i < output.dim(0); i++) {
            int actual = (int) answers.targets().longs()[i];
            if (actual == Loss.IGNORED) {
              continue;
            }
            int given = Trainer.greatest(output, i * width, width);
            if (given < classes) {
              counts[actual][given]++;
            }
            if (given != actual) {
              double margin = output.get(i * width + given) - output.get(i * width + actual);
              int place = from * steps + i;
              wrong.add(new Wrong(place / steps, place % steps, actual, given, margin));
            }
          }
        });
    wrong.sort((a, b) -> Double.compare(b.margin(), a.margin()));
    return new Confusion(data.classes(), counts, wrong, steps);
  }

  /** How many answers each class has, whatever they were. */
  public int[] samples() {
    int[] samples = new int[counts.length];
    for (int i = 0; i < counts.length; i++) {
      samples[i] = Arrays.stream(counts[i]).sum();
    }
    for (Wrong each : wrong) {
      samples[each.actual] += each.given < counts.length ? 0 : 1;
    }
    return samples;
  }

  /** The name of an output: of its class, or its number. */
  public String name(int output) {
    return output < classes.size() ? classes.get(output) : "output " + output;
  }
}
