package lamina.report;

import java.util.ArrayList;
import java.util.List;
import lamina.tensor.Tensor;
import lamina.train.ClassAnswer;

/** What a network that was trained answers, in words. */
public final class AnswerDocument {
  private AnswerDocument() {}

  /**
   * Adds the class of an output with its share, or those of each row; a network may have more
   * outputs than there are classes.
   */
  public static void addClasses(Document document, Tensor output, List<String> classes) {
    int count = output.rank() == 0 ? 0 : output.dim(-1);
    if (count < classes.size()) {
      return;
    }
    if (output.size() == count) {
      ClassAnswer answer = ClassAnswer.of(output, 0, count);
      document.put("class", name(answer, classes));
      document.put("probability", answer.probability());
    } else if (output.rank() == 2) {
      List<String> answers = new ArrayList<>();
      List<Double> shares = new ArrayList<>();
      for (int row = 0; row < output.dim(0); row++) {
        ClassAnswer answer = ClassAnswer.of(output, row * count, count);
        answers.add(name(answer, classes));
        shares.add(answer.probability());
      }
      document.put("classes", answers).put("probabilities", shares);
    }
  }

  private static String name(ClassAnswer answer, List<String> classes) {
    int index = answer.index();
    return index < classes.size() ? classes.get(index) : "output " + index;
  }

  /** The texts that a decoder wrote, or the one about a single sample. */
  public static Document ofTexts(List<String> texts, boolean one) {
    return one ? new Document().put("text", texts.get(0)) : new Document().put("texts", texts);
  }
}
