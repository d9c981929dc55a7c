package lamina.train.data;

/**
 * Data ready for training.
 *
 * @param training what is learned from
 * @param test what is held out, prepared as the training part; null if nothing is
 * @param preparation what was learned from the training part, for the checkpoint
 * @param answers the tokens of answers that are texts; else null
 */
public record PreparedData(
    Dataset training, Dataset test, Preparation preparation, AnswerTexts answers) {
  PreparedData(Dataset training, Dataset test, Preparation preparation) {
    this(training, test, preparation, null);
  }
}
