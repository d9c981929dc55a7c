// Derived from OptimizerDouble.java: change that file and run DerivedFloat.
package lamina.train;

import lamina.kernel.Precision;

/**
 * The steps of {@link Optimizer} in float32, each a loop without a choice within, so that it runs
 * on vectors. The rules check the arguments and state the formulas; w is a parameter and g its
 * gradient. A decay of 0 costs nothing where memory is the limit, so it has no loop of its own.
 *
 * <p>Where five arrays take part, elements go through locals and are stored last: otherwise C2 of
 * JDK 17 may leave the loop scalar, 7 times as slow.
 */
final class OptimizerFloat {
  private OptimizerFloat() {}

  static void descend(Sgd rule, float[] w, float[] g) {
    float lr = Precision.toFloat(rule.lr());
    float decay = Precision.toFloat(rule.weightDecay());
    for (int i = 0; i < w.length; i++) {
      w[i] -= lr * (g[i] + decay * w[i]);
    }
  }

  /** The same with momentum. */
  static void descend(Sgd rule, boolean first, float[] w, float[] g, float[] velocity) {
    float lr = Precision.toFloat(rule.lr());
    float decay = Precision.toFloat(rule.weightDecay());
    float keep = Precision.toFloat(rule.momentum());
    float add = Precision.toFloat(first ? 1 : 1 - rule.dampening());
    if (rule.nesterov()) {
      for (int i = 0; i < w.length; i++) {
        float d = g[i] + decay * w[i];
        velocity[i] = keep * velocity[i] + add * d;
        w[i] -= lr * (d + keep * velocity[i]);
      }
    } else {
      for (int i = 0; i < w.length; i++) {
        float d = g[i] + decay * w[i];
        velocity[i] = keep * velocity[i] + add * d;
        w[i] -= lr * velocity[i];
      }
    }
  }

  /**
   * @param largest the largest v so far; null unless the rule is AMSGrad
   */
  static void adam(
      Adam rule, int number, float[] w, float[] g, float[] m, float[] v, float[] largest) {
    float kept = Precision.toFloat(rule.kept());
    float decay = Precision.toFloat(rule.gradientDecay());
    float keepM = Precision.toFloat(rule.beta1());
    float addM = Precision.toFloat(1 - rule.beta1());
    float keepV = Precision.toFloat(rule.beta2());
    float addV = Precision.toFloat(1 - rule.beta2());
    float size = Precision.toFloat(rule.lr() / (1 - Math.pow(rule.beta1(), number)));
    float scale = Precision.toFloat(1 / Math.sqrt(1 - Math.pow(rule.beta2(), number)));
    float eps = Precision.toFloat(rule.eps());
    if (largest == null) {
      for (int i = 0; i < w.length; i++) {
        float d = g[i] + decay * w[i];
        m[i] = keepM * m[i] + addM * d;
        v[i] = keepV * v[i] + addV * d * d;
        w[i] = kept * w[i] - size * m[i] / (scale * root(v[i]) + eps);
      }
    } else {
      for (int i = 0; i < w.length; i++) {
        float d = g[i] + decay * w[i];
        float mean = keepM * m[i] + addM * d;
        float square = keepV * v[i] + addV * d * d;
        float most = Math.max(largest[i], square);
        w[i] = kept * w[i] - size * mean / (scale * root(most) + eps);
        m[i] = mean;
        v[i] = square;
        largest[i] = most;
      }
    }
  }

  /**
   * @param product one element: the product of the momenta of all steps before this one
   */
  static void nadam(
      NAdam rule, int number, float[] w, float[] g, float[] m, float[] v, float[] product) {
    var momentum = rule.momentum(number);
    var nextMomentum = rule.momentum(number + 1);
    var now = product[0] * momentum;
    product[0] = Precision.toFloat(now);
    float ofGradient = Precision.toFloat(rule.lr() * (1 - momentum) / (1 - now));
    var next = now * momentum * nextMomentum;
    float ofM = Precision.toFloat(rule.lr() * nextMomentum / (1 - next));
    float decay = Precision.toFloat(rule.weightDecay());
    float keepM = Precision.toFloat(rule.beta1());
    float addM = Precision.toFloat(1 - rule.beta1());
    float keepV = Precision.toFloat(rule.beta2());
    float addV = Precision.toFloat(1 - rule.beta2());
    float scale = Precision.toFloat(1 / Math.sqrt(1 - Math.pow(rule.beta2(), number)));
    float eps = Precision.toFloat(rule.eps());
    for (int i = 0; i < w.length; i++) {
      float d = g[i] + decay * w[i];
      m[i] = keepM * m[i] + addM * d;
      v[i] = keepV * v[i] + addV * d * d;
      w[i] -= (ofGradient * d + ofM * m[i]) / (scale * root(v[i]) + eps);
    }
  }

  /**
   * @param means null unless the rule is centered
   * @param velocity null without momentum
   */
  static void rmsProp(
      RmsProp rule, float[] w, float[] g, float[] squares, float[] means, float[] velocity) {
    float lr = Precision.toFloat(rule.lr());
    float keep = Precision.toFloat(rule.alpha());
    float add = Precision.toFloat(1 - rule.alpha());
    float eps = Precision.toFloat(rule.eps());
    float decay = Precision.toFloat(rule.weightDecay());
    float momentum = Precision.toFloat(rule.momentum());
    if (means == null && velocity == null) {
      byRootOfSquares(lr, decay, keep, add, eps, w, g, squares);
    } else if (means == null) {
      for (int i = 0; i < w.length; i++) {
        float d = g[i] + decay * w[i];
        squares[i] = keep * squares[i] + add * d * d;
        velocity[i] = momentum * velocity[i] + d / (root(squares[i]) + eps);
        w[i] -= lr * velocity[i];
      }
    } else if (velocity == null) {
      for (int i = 0; i < w.length; i++) {
        float d = g[i] + decay * w[i];
        squares[i] = keep * squares[i] + add * d * d;
        means[i] = keep * means[i] + add * d;
        w[i] -= lr * d / (root(squares[i] - means[i] * means[i]) + eps);
      }
    } else {
      for (int i = 0; i < w.length; i++) {
        float d = g[i] + decay * w[i];
        float square = keep * squares[i] + add * d * d;
        float mean = keep * means[i] + add * d;
        float v = momentum * velocity[i] + d / (root(square - mean * mean) + eps);
        w[i] -= lr * v;
        squares[i] = square;
        means[i] = mean;
        velocity[i] = v;
      }
    }
  }

  static void adagrad(Adagrad rule, int number, float[] w, float[] g, float[] sums) {
    float lr = Precision.toFloat(rule.lr() / (1 + (number - 1) * rule.lrDecay()));
    float decay = Precision.toFloat(rule.weightDecay());
    byRootOfSquares(lr, decay, 1, 1, Precision.toFloat(rule.eps()), w, g, sums);
  }

  /**
   * {@code s ← keep s + add d²}, {@code w ← w − lr d / (√s + eps)} with {@code d = g + decay w}.
   */
  private static void byRootOfSquares(
      float lr,
      float decay,
      float keep,
      float add,
      float eps,
      float[] w,
      float[] g,
      float[] squares) {
    for (int i = 0; i < w.length; i++) {
      float d = g[i] + decay * w[i];
      squares[i] = keep * squares[i] + add * d * d;
      w[i] -= lr * d / (root(squares[i]) + eps);
    }
  }

  static void adadelta(Adadelta rule, float[] w, float[] g, float[] squares, float[] steps) {
    float lr = Precision.toFloat(rule.lr());
    float keep = Precision.toFloat(rule.rho());
    float add = Precision.toFloat(1 - rule.rho());
    float eps = Precision.toFloat(rule.eps());
    float decay = Precision.toFloat(rule.weightDecay());
    for (int i = 0; i < w.length; i++) {
      float d = g[i] + decay * w[i];
      squares[i] = keep * squares[i] + add * d * d;
      float step = root(steps[i] + eps) / root(squares[i] + eps) * d;
      steps[i] = keep * steps[i] + add * step * step;
      w[i] -= lr * step;
    }
  }

  /** In float32 the cast makes it one instruction of that precision. */
  private static float root(float x) {
    return Precision.toFloat(Math.sqrt(x));
  }
}
