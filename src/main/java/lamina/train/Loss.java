package lamina.train;

import java.util.Arrays;
import lamina.kernel.SpecialFunctions;
import lamina.op.Checks;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * A loss between an output x and a target, as torch.nn.functional defines it.
 *
 * <p>For cross-entropy and nll, x is {@code (N, C, ...)} or {@code (C)}, and the target holds class
 * indices {@code (N, ...)}, as int64 or whole floating-point numbers; {@link #IGNORED} marks
 * samples that do not count. Cross-entropy also takes a distribution over the classes, in the shape
 * of x. For all others the target has the shape of x.
 *
 * @param parameter label smoothing of cross-entropy, beta of smooth-l1, delta of huber
 * @param classWeights a factor for each class, of losses with classes; null for none
 */
public record Loss(LossKind kind, Reduction reduction, double parameter, double[] classWeights) {
  /** The class index of a sample that does not count. */
  public static final int IGNORED = -100;

  /** What becomes of the losses of elements or samples. */
  public enum Reduction {
    MEAN,
    SUM,
    NONE
  }

  /**
   * @throws InputException if the parameter is out of its range
   */
  public Loss {
    boolean valid =
        switch (kind) {
          case CROSS_ENTROPY -> parameter >= 0 && parameter <= 1;
          case SMOOTH_L1 -> parameter >= 0;
          case HUBER -> parameter > 0;
          default -> true;
        };
    if (!valid) {
      throw new InputException(
          kind.label()
              + " cannot have "
              + (kind == LossKind.CROSS_ENTROPY ? "label smoothing " : "parameter ")
              + parameter);
    }
  }

  /** A loss for which all classes count alike. */
  public Loss(LossKind kind, Reduction reduction, double parameter) {
    this(kind, reduction, parameter, null);
  }

  /**
   * The same with a factor for each class: of the logarithm of its probability, so that smoothing
   * weighs all of them, and of its samples in a mean.
   */
  public Loss weighted(double[] factors) {
    return new Loss(kind, reduction, parameter, factors);
  }

  /** A loss with PyTorch's defaults: the mean, no label smoothing, beta and delta 1. */
  public static Loss of(LossKind kind) {
    boolean threshold = kind == LossKind.SMOOTH_L1 || kind == LossKind.HUBER;
    return new Loss(kind, Reduction.MEAN, threshold ? 1 : 0);
  }

  /** As {@link #of(LossKind)}, by name. */
  public static Loss byName(String name) {
    return of(LossKind.of(name));
  }

  /** The loss: a scalar, or with {@link Reduction#NONE} one a sample or element. */
  public Tensor forward(Tensor x, Tensor target) {
    Checks.real(x, "a loss");
    Tensor losses = kind.hasClasses() ? ofClasses(x, target) : ofElements(x, target);
    if (reduction == Reduction.NONE) {
      return losses;
    }
    double sum = 0;
    for (int i = 0; i < losses.size(); i++) {
      sum += losses.get(i);
    }
    double mean = sum / counted(x, target);
    return Tensor.scalar(reduction == Reduction.SUM ? sum : mean).as(x.dtype());
  }

  /** The gradient of the loss itself, with respect to x. */
  public Tensor backward(Tensor x, Tensor target) {
    return backward(x, target, Tensor.scalar(1).as(x.dtype()));
  }

  /**
   * The gradient with respect to x.
   *
   * @param dy the gradient with respect to the loss: a scalar, or in the shape of the losses if
   *     they are not reduced
   */
  public Tensor backward(Tensor x, Tensor target, Tensor dy) {
    Checks.real(x, "a loss");
    Tensor d = dy;
    if (dy.rank() > 0) {
      Checks.gradient(dy, x.dtype(), reduction == Reduction.NONE ? lossShape(x) : new int[0]);
    }
    if (reduction == Reduction.MEAN) {
      d = Tensor.scalar(dy.get(0) / counted(x, target)).as(x.dtype());
    }
    Tensor dx = Tensor.zeros(x.dtype(), x.shape());
    boolean isDouble = x.dtype() == DType.FLOAT64;
    if (kind.hasClasses()) {
      Tensor weights = weights(x, target);
      boolean logits = kind == LossKind.CROSS_ENTROPY;
      int classes = x.dim(classAxis(x));
      if (x.size() == 0) {
        return dx;
      }
      if (isDouble) {
        LossDouble.classesBackward(
            classes, inner(x), logits, x.doubles(), weights.doubles(), d.doubles(), dx.doubles());
      } else {
        LossFloat.classesBackward(
            classes, inner(x), logits, x.floats(), weights.floats(), d.floats(), dx.floats());
      }
      return dx;
    }
    checkElements(x, target);
    if (isDouble) {
      LossDouble.elementsBackward(
          kind, parameter, x.doubles(), target.doubles(), d.doubles(), dx.doubles());
    } else {
      LossFloat.elementsBackward(
          kind, (float) parameter, x.floats(), target.floats(), d.floats(), dx.floats());
    }
    return dx;
  }

  private Tensor ofElements(Tensor x, Tensor target) {
    checkElements(x, target);
    Tensor losses = Tensor.zeros(x.dtype(), x.shape());
    if (x.dtype() == DType.FLOAT64) {
      LossDouble.elements(kind, parameter, x.doubles(), target.doubles(), losses.doubles());
    } else {
      LossFloat.elements(kind, (float) parameter, x.floats(), target.floats(), losses.floats());
    }
    return losses;
  }

  private Tensor ofClasses(Tensor x, Tensor target) {
    Tensor weights = weights(x, target);
    boolean logits = kind == LossKind.CROSS_ENTROPY;
    int classes = x.dim(classAxis(x));
    Tensor losses = Tensor.zeros(x.dtype(), lossShape(x));
    if (x.size() == 0) {
      return losses;
    }
    if (x.dtype() == DType.FLOAT64) {
      LossDouble.classes(
          classes, inner(x), logits, x.doubles(), weights.doubles(), losses.doubles());
    } else {
      LossFloat.classes(classes, inner(x), logits, x.floats(), weights.floats(), losses.floats());
    }
    return losses;
  }

  private void checkElements(Tensor x, Tensor target) {
    Checks.sameType(target, "the target", x.dtype());
    if (!Arrays.equals(x.shape(), target.shape())) {
      throw new InputException(
          kind.label()
              + " needs a target of the output's shape "
              + Tensor.text(x.shape())
              + ", not "
              + Tensor.text(target.shape()));
    }
    for (int i = 0; kind == LossKind.BCE && i < x.size(); i++) {
      if (!(x.get(i) >= 0 && x.get(i) <= 1)) {
        throw new InputException(
            "bce needs probabilities from 0 to 1, but element "
                + i
                + " is "
                + Checks.number(x.get(i))
                + "; put a Sigmoid() at the end of the network, or use bce-with-logits");
      }
    }
  }

  private int classAxis(Tensor x) {
    if (x.rank() == 0) {
      throw new InputException(kind.label() + " needs an output (N, C, ...) or (C), not a scalar");
    }
    return x.rank() == 1 ? 0 : 1;
  }

  private int inner(Tensor x) {
    return Checks.product(x.shape(), classAxis(x) + 1, x.rank());
  }

  private int[] lossShape(Tensor x) {
    if (!kind.hasClasses()) {
      return x.shape();
    }
    int axis = classAxis(x);
    int[] shape = new int[x.rank() - 1];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = x.dim(i < axis ? i : i + 1);
    }
    return shape;
  }

  private boolean isDistribution(Tensor x, Tensor target) {
    return kind == LossKind.CROSS_ENTROPY
        && target.dtype() != DType.INT64
        && Arrays.equals(x.shape(), target.shape());
  }

  /** The number or weight of samples (not ignored), or of elements: what a mean divides by. */
  private double counted(Tensor x, Tensor target) {
    if (!kind.hasClasses()) {
      return x.size();
    }
    if (isDistribution(x, target)) {
      return x.size() / (double) x.dim(classAxis(x));
    }
    double counted = 0;
    for (int i = 0; i < target.size(); i++) {
      counted += target.get(i) == IGNORED ? 0 : factor((int) target.get(i));
    }
    return counted;
  }

  /** A network may have more outputs than there are classes; the others weigh nothing. */
  private double factor(int c) {
    return classWeights == null ? 1 : c < classWeights.length ? classWeights[c] : 0;
  }

  /** The target as a distribution over the classes, smoothed; zeros where it is ignored. */
  private Tensor weights(Tensor x, Tensor target) {
    int axis = classAxis(x);
    int classes = x.dim(axis);
    double even = parameter / classes;
    double[] weights = new double[x.size()];
    int inner = inner(x);
    if (isDistribution(x, target)) {
      for (int i = 0; i < weights.length; i++) {
        weights[i] = factor(i / inner % classes) * ((1 - parameter) * target.get(i) + even);
      }
      return Tensor.of(weights, x.shape()).as(x.dtype());
    }
    if (!Arrays.equals(target.shape(), lossShape(x))) {
      throw new InputException(
          kind.label()
              + " of an output of shape "
              + Tensor.text(x.shape())
              + " needs class indices of shape "
              + Tensor.text(lossShape(x))
              + ", not "
              + Tensor.text(target.shape()));
    }
    for (int s = 0; s < target.size(); s++) {
      double index = target.get(s);
      if (index == IGNORED) {
        continue;
      }
      if (!(index >= 0 && index < classes && index == Math.rint(index))) {
        throw new InputException(
            "target "
                + Checks.number(index)
                + " at element "
                + s
                + " is no class; there are the classes 0 to "
                + (classes - 1));
      }
      int start = s / inner * classes * inner + s % inner;
      for (int c = 0; c < classes; c++) {
        weights[start + c * inner] = factor(c) * (even + (c == index ? 1 - parameter : 0));
      }
    }
    return Tensor.of(weights, x.shape()).as(x.dtype());
  }

  /** The loss of one element. */
  static double value(LossKind kind, double parameter, double x, double t) {
    double d = x - t;
    double distance = Math.abs(d);
    return switch (kind) {
      case MSE -> d * d;
      case L1 -> distance;
      case SMOOTH_L1 -> distance < parameter ? 0.5 * d * d / parameter : distance - 0.5 * parameter;
      case HUBER -> distance <= parameter ? 0.5 * d * d : parameter * (distance - 0.5 * parameter);
      // PyTorch keeps logarithms from falling below −100.
      case BCE -> -t * Math.max(Math.log(x), -100) - (1 - t) * Math.max(Math.log1p(-x), -100);
      case BCE_WITH_LOGITS -> SpecialFunctions.softplus(x) - x * t;
      case CROSS_ENTROPY, NLL -> throw new IllegalArgumentException(kind.label());
    };
  }

  /** The derivative of {@link #value} by x; 0 at the kink of l1. */
  static double slope(LossKind kind, double parameter, double x, double t) {
    double d = x - t;
    return switch (kind) {
      case MSE -> 2 * d;
      case L1 -> Math.signum(d);
      case SMOOTH_L1 -> Math.abs(d) < parameter ? d / parameter : Math.signum(d);
      case HUBER -> Math.abs(d) <= parameter ? d : parameter * Math.signum(d);
      case BCE -> d / Math.max(x * (1 - x), 1e-12);
      case BCE_WITH_LOGITS -> SpecialFunctions.sigmoid(x) - t;
      case CROSS_ENTROPY, NLL -> throw new IllegalArgumentException(kind.label());
    };
  }
}
