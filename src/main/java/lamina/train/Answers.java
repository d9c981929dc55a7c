package lamina.train;

import lamina.tensor.Tensor;

/**
 * What a network gave beside what it should have given, as a loss takes both. Classes for every
 * step, {@code (N, T)}, belong to an output {@code (N, T, C)}, as linear layers after recurrent
 * ones give it, or {@code (N, C, T)}, as convolutions do and PyTorch's losses take it; both become
 * {@code (N·T, C)} here.
 *
 * @param output {@code (N, C)}, or what was given where there are no classes
 * @param targets {@code (N)} or the output's shape
 * @param shape the shape of what the network gave
 * @param classesSecond whether its classes were on axis 1 of three
 */
public record Answers(Tensor output, Tensor targets, int[] shape, boolean classesSecond) {
  /** Aligns both. */
  public static Answers of(Tensor output, Tensor targets, boolean areClasses) {
    int[] shape = output.shape();
    if (!areClasses || targets.rank() != 2 || shape.length != 3 || shape[0] != targets.dim(0)) {
      return new Answers(output, targets, shape, false);
    }
    boolean second = shape[1] != targets.dim(1) && shape[2] == targets.dim(1);
    Tensor last = second ? output.permute(0, 2, 1) : output;
    if (last.dim(1) != targets.dim(1)) {
      return new Answers(output, targets, shape, false);
    }
    return new Answers(
        last.reshape(targets.size(), last.dim(2)), targets.reshape(targets.size()), shape, second);
  }

  /** A gradient with respect to {@link #output} as one with respect to what the network gave. */
  public Tensor gradient(Tensor dy) {
    return classesSecond
        ? dy.reshape(shape[0], shape[2], shape[1]).permute(0, 2, 1)
        : dy.reshape(shape);
  }

  /** The number of targets that count. */
  public int counted() {
    int counted = 0;
    for (int i = 0; i < targets.size(); i++) {
      counted += targets.get(i) == Loss.IGNORED ? 0 : 1;
    }
    return counted;
  }

  /** How many classes are right: the greatest of each row is that of its target. */
  public int right() {
    int right = 0;
    int classes = output.size() / output.dim(0);
    for (int i = 0; i < output.dim(0); i++) {
      right += Trainer.greatest(output, i * classes, classes) == (int) targets.get(i) ? 1 : 0;
    }
    return right;
  }
}
