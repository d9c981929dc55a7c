package lamina.train.data;

import java.util.List;

/**
 * Data ready for training.
 *
 * @param training what is learned from
 * @param test what is held out, prepared as the training part; null if nothing is
 * @param preparation what was learned from the training part, for the checkpoint
 * @param answers the tokens of answers that are texts; else null
 * @param parts the shapes of several inputs whose elements each sample has one after another; null
 *     for one input
 */
public record PreparedData(
    Dataset training,
    Dataset test,
    Preparation preparation,
    AnswerTexts answers,
    List<int[]> parts) {
  PreparedData(Dataset training, Dataset test, Preparation preparation, AnswerTexts answers) {
    this(training, test, preparation, answers, null);
  }

  PreparedData(Dataset training, Dataset test, Preparation preparation) {
    this(training, test, preparation, null, null);
  }

  PreparedData withParts(List<int[]> shapes) {
    return new PreparedData(training, test, preparation, answers, shapes);
  }
}
