package lamina.train.diagnosis;

import java.util.Arrays;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.train.Loss;
import lamina.train.data.Dataset;

/**
 * What can be reached without looking at the inputs: the best answer that is the same for all
 * samples.
 *
 * @param loss the loss of that answer
 * @param accuracy the share of the most frequent class; NaN without classes
 */
record Baseline(double loss, double accuracy) {
  /**
   * That of some samples, known from the targets of others.
   *
   * @param isWeighted whether classes count the more the rarer they are
   */
  static Baseline of(Dataset known, Dataset judged, Loss loss, boolean isWeighted) {
    return known.classes() == null
        ? ofNumbers(known, judged, loss)
        : ofClasses(known, judged, loss, isWeighted);
  }

  private static Baseline ofClasses(Dataset known, Dataset judged, Loss loss, boolean isWeighted) {
    int classes = known.classes().size();
    double[] shares = shares(known, classes);
    Tensor targets = judged.targets().reshape(judged.targets().size());
    Tensor answers = Tensor.zeros(DType.FLOAT64, targets.size(), classes);
    for (int i = 0; i < answers.size(); i++) {
      // A class that was never seen is not quite impossible.
      answers.doubles()[i] = Math.log(Math.max(shares[i % classes], 1e-3));
    }
    double most = Arrays.stream(shares(judged, classes)).max().orElse(1);
    // Weighted by how rare they are, all classes that occur count alike.
    double even = Math.log((double) Arrays.stream(shares).filter(share -> share > 0).count());
    return new Baseline(isWeighted ? even : loss.forward(answers, targets).get(0), most);
  }

  private static double[] shares(Dataset data, int classes) {
    double[] shares = new double[classes];
    int counted = 0;
    for (long target : data.targets().longs()) {
      if (target != Loss.IGNORED) {
        shares[(int) target]++;
        counted++;
      }
    }
    for (int i = 0; i < classes; i++) {
      shares[i] /= counted;
    }
    return shares;
  }

  /** The mean of each number; for absolute errors the median. */
  private static Baseline ofNumbers(Dataset known, Dataset judged, Loss loss) {
    int width = known.targets().size() / known.size();
    Tensor answers = Tensor.zeros(DType.FLOAT64, judged.targets().shape());
    for (int column = 0; column < width; column++) {
      double[] values = new double[known.size()];
      double sum = 0;
      for (int i = 0; i < values.length; i++) {
        values[i] = known.targets().get(i * width + column);
        sum += values[i];
      }
      Arrays.sort(values);
      double answer =
          switch (loss.kind()) {
            case L1, HUBER, SMOOTH_L1 -> values[values.length / 2];
            case BCE_WITH_LOGITS -> Math.log(sum / (values.length - sum));
            default -> sum / values.length;
          };
      for (int i = column; i < answers.size(); i += width) {
        answers.doubles()[i] = answer;
      }
    }
    Tensor targets = judged.targets().as(DType.FLOAT64);
    return new Baseline(loss.forward(answers, targets).get(0), Double.NaN);
  }
}
