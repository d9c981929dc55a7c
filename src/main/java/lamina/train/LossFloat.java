// Derived from LossDouble.java: change that file and run DerivedFloat.
package lamina.train;

import lamina.kernel.Precision;

/** Losses on float32 arrays, computed in float. {@link Loss} checks the arguments. */
final class LossFloat {
  private LossFloat() {}

  /** The loss of each element. */
  static void elements(LossKind kind, float parameter, float[] x, float[] t, float[] loss) {
    for (int i = 0; i < x.length; i++) {
      loss[i] = Precision.toFloat(Loss.value(kind, parameter, x[i], t[i]));
    }
  }

  /** {@code dx = dLoss · loss′}; dLoss has one element for all, or one for each. */
  static void elementsBackward(
      LossKind kind, float parameter, float[] x, float[] t, float[] dLoss, float[] dx) {
    for (int i = 0; i < x.length; i++) {
      float d = dLoss[dLoss.length == 1 ? 0 : i];
      dx[i] = Precision.toFloat(d * Loss.slope(kind, parameter, x[i], t[i]));
    }
  }

  /**
   * The loss of each sample, {@code −Σ_c w_c log p_c}; x is {@code (outer, classes, inner)}.
   *
   * @param logits whether p is the softmax of x; otherwise x is log p already
   * @param weights the target distribution w, in the shape of x
   */
  static void classes(
      int classes, int inner, boolean logits, float[] x, float[] weights, float[] loss) {
    for (int s = 0; s < loss.length; s++) {
      int start = s / inner * classes * inner + s % inner;
      var logSum = logits ? logSum(classes, inner, x, start) : 0;
      var sum = 0d;
      for (int c = 0, i = start; c < classes; c++, i += inner) {
        if (weights[i] != 0) {
          sum += weights[i] * (logSum - x[i]);
        }
      }
      loss[s] = Precision.toFloat(sum);
    }
  }

  /** {@code dx_c = dLoss (p_c Σ w − w_c)} from logits, {@code −dLoss w_c} from log p. */
  static void classesBackward(
      int classes,
      int inner,
      boolean logits,
      float[] x,
      float[] weights,
      float[] dLoss,
      float[] dx) {
    int samples = x.length / classes;
    for (int s = 0; s < samples; s++) {
      int start = s / inner * classes * inner + s % inner;
      float d = dLoss[dLoss.length == 1 ? 0 : s];
      var total = 0d;
      var logSum = logits ? logSum(classes, inner, x, start) : 0;
      for (int c = 0, i = start; logits && c < classes; c++, i += inner) {
        total += weights[i];
      }
      for (int c = 0, i = start; c < classes; c++, i += inner) {
        var share = total == 0 ? 0 : total * Math.exp(x[i] - logSum);
        dx[i] = Precision.toFloat(d * (share - weights[i]));
      }
    }
  }

  /** log Σ exp(x) along a class axis, shifted by its maximum. */
  private static float logSum(int classes, int inner, float[] x, int start) {
    float max = Float.NEGATIVE_INFINITY;
    for (int c = 0, i = start; c < classes; c++, i += inner) {
      max = Math.max(max, x[i]);
    }
    var sum = 0d;
    for (int c = 0, i = start; c < classes; c++, i += inner) {
      sum += Math.exp(x[i] - max);
    }
    return Precision.toFloat(max + Math.log(sum));
  }
}
