package lamina.cli.command;

import java.util.Arrays;
import lamina.op.Activation;
import lamina.op.ActivationStatistics;
import lamina.op.PRelu;
import lamina.report.ActivationDocument;
import lamina.report.Document;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * {@code lamina activate}: a function applied to one input after another.
 *
 * @param slopes one a channel, for prelu; else null
 * @param dy the gradient of the output, or null for ones
 */
record ActivationRun(
    Activation function, Tensor slopes, boolean hasGradient, Tensor dy, boolean hasStatistics)
    implements TensorCommand.Operation {
  @Override
  public Document apply(Tensor x) {
    Tensor y = slopes == null ? function.forward(x) : PRelu.forward(x, slopes);
    Document document = new Document(y);
    if (hasGradient) {
      Tensor upstream = upstream(y);
      if (slopes == null) {
        document.put("grad_input", function.backward(x, upstream));
      } else {
        PRelu.Gradients gradients = PRelu.backward(x, slopes, upstream);
        document.put("grad_input", gradients.input()).put("grad_alpha", gradients.slope());
      }
    }
    if (hasStatistics) {
      Tensor ones = Tensor.filled(y.dtype(), 1, y.shape());
      Tensor derivatives =
          slopes == null ? function.slopes(x) : PRelu.backward(x, slopes, ones).input();
      document.put("stats", ActivationDocument.of(ActivationStatistics.of(y, derivatives)));
    }
    return document;
  }

  /** DY in the output's shape: ones by default, and a number stands for ones times it. */
  private Tensor upstream(Tensor y) {
    if (dy == null || (dy.rank() == 0 && y.rank() > 0)) {
      return Tensor.filled(y.dtype(), dy == null ? 1 : dy.get(0), y.shape());
    }
    if (!Arrays.equals(dy.shape(), y.shape())) {
      throw new InputException(
          "--grad has shape "
              + Tensor.text(dy.shape())
              + " but the output has "
              + Tensor.text(y.shape())
              + "; give a tensor of that shape, or one number for all");
    }
    return dy;
  }
}
