package lamina.train;

import lamina.kernel.Precision;

/**
 * The steps of {@link Optimizer} in float64, each a loop without a choice within, so that it runs
 * on vectors. The rules check the arguments and state the formulas; w is a parameter and g its
 * gradient. A decay of 0 costs nothing where memory is the limit, so it has no loop of its own.
 *
 * <p>Where five arrays take part, elements go through locals and are stored last: otherwise C2 of
 * JDK 17 may leave the loop scalar, 7 times as slow.
 */
final class OptimizerDouble {
  private OptimizerDouble() {}

  static void descend(Sgd rule, double[] w, double[] g) {
    double lr = Precision.toDouble(rule.lr());
    double decay = Precision.toDouble(rule.weightDecay());
    for (int i = 0; i < w.length; i++) {
      w[i] -= lr * (g[i] + decay * w[i]);
    }
  }

  /** The same with momentum. */
  static void descend(Sgd rule, boolean first, double[] w, double[] g, double[] velocity) {
    double lr = Precision.toDouble(rule.lr());
    double decay = Precision.toDouble(rule.weightDecay());
    double keep = Precision.toDouble(rule.momentum());
    double add = Precision.toDouble(first ? 1 : 1 - rule.dampening());
    if (rule.nesterov()) {
      for (int i = 0; i < w.length; i++) {
        double d = g[i] + decay * w[i];
        velocity[i] = keep * velocity[i] + add * d;
        w[i] -= lr * (d + keep * velocity[i]);
      }
    } else {
      for (int i = 0; i < w.length; i++) {
        double d = g[i] + decay * w[i];
        velocity[i] = keep * velocity[i] + add * d;
        w[i] -= lr * velocity[i];
      }
    }
  }

  /**
   * @param largest the largest v so far; null unless the rule is AMSGrad
   */
  static void adam(
      Adam rule, int number, double[] w, double[] g, double[] m, double[] v, double[] largest) {
    double kept = Precision.toDouble(rule.kept());
    double decay = Precision.toDouble(rule.gradientDecay());
    double keepM = Precision.toDouble(rule.beta1());
    double addM = Precision.toDouble(1 - rule.beta1());
    double keepV = Precision.toDouble(rule.beta2());
    double addV = Precision.toDouble(1 - rule.beta2());
    double size = Precision.toDouble(rule.lr() / (1 - Math.pow(rule.beta1(), number)));
    double scale = Precision.toDouble(1 / Math.sqrt(1 - Math.pow(rule.beta2(), number)));
    double eps = Precision.toDouble(rule.eps());
    if (largest == null) {
      for (int i = 0; i < w.length; i++) {
        double d = g[i] + decay * w[i];
        m[i] = keepM * m[i] + addM * d;
        v[i] = keepV * v[i] + addV * d * d;
        w[i] = kept * w[i] - size * m[i] / (scale * root(v[i]) + eps);
      }
    } else {
      for (int i = 0; i < w.length; i++) {
        double d = g[i] + decay * w[i];
        double mean = keepM * m[i] + addM * d;
        double square = keepV * v[i] + addV * d * d;
        double most = Math.max(largest[i], square);
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
      NAdam rule, int number, double[] w, double[] g, double[] m, double[] v, double[] product) {
    var momentum = rule.momentum(number);
    var nextMomentum = rule.momentum(number + 1);
    var now = product[0] * momentum;
    product[0] = Precision.toDouble(now);
    double ofGradient = Precision.toDouble(rule.lr() * (1 - momentum) / (1 - now));
    var next = now * momentum * nextMomentum;
    double ofM = Precision.toDouble(rule.lr() * nextMomentum / (1 - next));
    double decay = Precision.toDouble(rule.weightDecay());
    double keepM = Precision.toDouble(rule.beta1());
    double addM = Precision.toDouble(1 - rule.beta1());
    double keepV = Precision.toDouble(rule.beta2());
    double addV = Precision.toDouble(1 - rule.beta2());
    double scale = Precision.toDouble(1 / Math.sqrt(1 - Math.pow(rule.beta2(), number)));
    double eps = Precision.toDouble(rule.eps());
    for (int i = 0; i < w.length; i++) {
      double d = g[i] + decay * w[i];
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
      RmsProp rule, double[] w, double[] g, double[] squares, double[] means, double[] velocity) {
    double lr = Precision.toDouble(rule.lr());
    double keep = Precision.toDouble(rule.alpha());
    double add = Precision.toDouble(1 - rule.alpha());
    double eps = Precision.toDouble(rule.eps());
    double decay = Precision.toDouble(rule.weightDecay());
    double momentum = Precision.toDouble(rule.momentum());
    if (means == null && velocity == null) {
      byRootOfSquares(new Rates(lr, decay, keep, add, eps), w, g, squares);
    } else if (means == null) {
      for (int i = 0; i < w.length; i++) {
        double d = g[i] + decay * w[i];
        squares[i] = keep * squares[i] + add * d * d;
        velocity[i] = momentum * velocity[i] + d / (root(squares[i]) + eps);
        w[i] -= lr * velocity[i];
      }
    } else if (velocity == null) {
      for (int i = 0; i < w.length; i++) {
        double d = g[i] + decay * w[i];
        squares[i] = keep * squares[i] + add * d * d;
        means[i] = keep * means[i] + add * d;
        w[i] -= lr * d / (root(squares[i] - means[i] * means[i]) + eps);
      }
    } else {
      for (int i = 0; i < w.length; i++) {
        double d = g[i] + decay * w[i];
        double square = keep * squares[i] + add * d * d;
        double mean = keep * means[i] + add * d;
        double v = momentum * velocity[i] + d / (root(square - mean * mean) + eps);
        w[i] -= lr * v;
        squares[i] = square;
        means[i] = mean;
        velocity[i] = v;
      }
    }
  }

  static void adagrad(Adagrad rule, int number, double[] w, double[] g, double[] sums) {
    double lr = Precision.toDouble(rule.lr() / (1 + (number - 1) * rule.lrDecay()));
    double decay = Precision.toDouble(rule.weightDecay());
    double eps = Precision.toDouble(rule.eps());
    byRootOfSquares(new Rates(lr, decay, 1, 1, eps), w, g, sums);
  }

  private record Rates(double lr, double decay, double keep, double add, double eps) {}

  /**
   * {@code s ← keep s + add d²}, {@code w ← w − lr d / (√s + eps)} with {@code d = g + decay w}.
   */
  private static void byRootOfSquares(Rates rates, double[] w, double[] g, double[] squares) {
    double lr = rates.lr();
    double decay = rates.decay();
    double keep = rates.keep();
    double add = rates.add();
    double eps = rates.eps();
    for (int i = 0; i < w.length; i++) {
      double d = g[i] + decay * w[i];
      squares[i] = keep * squares[i] + add * d * d;
      w[i] -= lr * d / (root(squares[i]) + eps);
    }
  }

  static void adadelta(Adadelta rule, double[] w, double[] g, double[] squares, double[] steps) {
    double lr = Precision.toDouble(rule.lr());
    double keep = Precision.toDouble(rule.rho());
    double add = Precision.toDouble(1 - rule.rho());
    double eps = Precision.toDouble(rule.eps());
    double decay = Precision.toDouble(rule.weightDecay());
    for (int i = 0; i < w.length; i++) {
      double d = g[i] + decay * w[i];
      squares[i] = keep * squares[i] + add * d * d;
      double step = root(steps[i] + eps) / root(squares[i] + eps) * d;
      steps[i] = keep * steps[i] + add * step * step;
      w[i] -= lr * step;
    }
  }

  /** In float32 the cast makes it one instruction of that precision. */
  private static double root(double x) {
    return Precision.toDouble(Math.sqrt(x));
  }
}
