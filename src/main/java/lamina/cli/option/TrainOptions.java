package lamina.cli.option;

import java.util.List;
import lamina.tensor.DType;
import lamina.text.InputException;
import lamina.train.Loss;
import lamina.train.LossKind;
import lamina.train.OptimizerSettings;
import lamina.train.Schedule;

/** How {@code lamina train} learns. */
public final class TrainOptions extends OptionGroup {
  private static final List<String> LOSSES =
      List.of("cross-entropy", "mse", "l1", "smooth-l1", "huber", "bce", "bce-with-logits", "nll");

  private final ChoiceOption loss =
      choice(
          "NAME",
          LOSSES,
          "cross-entropy",
          "cross-entropy (default), mse, l1, smooth-l1, huber, bce, bce-with-logits or nll",
          "--loss");

  private final ChoiceOption optimizer =
      choice(
          "NAME",
          OptimizerSettings.NAMES,
          "adam",
          "adam (default), sgd, adamw, rmsprop, adagrad, adadelta or nadam",
          "--optimizer");

  private final NumberOption rate = number("R", "learning rate; default: PyTorch's", "--lr");

  private final TextOption schedule =
      text("SCHEDULE", "of the learning rate: " + Schedule.FORMS, "--schedule");

  private final IntegerOption epochs = integer("N", 10, 1, "epochs in all; default 10", "--epochs");

  private final TextOption batchSize =
      text(
          "N",
          "samples of a step, or 'all'; default 32; several (8,16,32) are compared",
          "--batch-size");

  private final OptimizerOptions hyperparameters = include(new OptimizerOptions());

  private final NumberOption clipNorm =
      number("N", "limit of the L2 norm of all gradients together", "--clip-norm");

  private final NumberOption labelSmoothing =
      number("S", "label smoothing of cross-entropy, 0 to 1", "--label-smoothing");

  private final FlagOption classWeights =
      flag("weight classes by how rare they are", "--class-weights");

  private final FlagOption noShuffle = flag("take the samples in their order", "--no-shuffle");

  private final NumberOption split =
      number("SHARE", "hold out this share for testing, of each class alike", "--split");

  private final IntegerOption patience =
      integer("N", 0, 1, "stop after N epochs without a better loss; keep the best", "--patience");

  private final FlagOption diagnose =
      flag("say what was looked at, also where nothing is wrong", "--diagnose");

  private final NumberOption failIfDead =
      number("SHARE", "exit with 1 if more units of a layer are dead", "--fail-if-dead");

  /** Whether what was looked at is told, too. */
  public FlagOption diagnose() {
    return diagnose;
  }

  /** The share of dead units that is too large. */
  public Option failIfDead() {
    return failIfDead;
  }

  /** The options that a report names, in their order with those that stand between them. */
  public List<Option> shown() {
    return List.of(split, loss, optimizer, rate, schedule, epochs, batchSize);
  }

  /**
   * What the options ask for.
   *
   * @throws UsageException for a value out of its range, or one that the optimizer does not have
   */
  public TrainSettings read(DType dtype) {
    OptimizerSettings with = hyperparameters.read(optimizer.word());
    Loss learned = loss();
    if (classWeights.isGiven() && !learned.kind().hasClasses()) {
      throw new UsageException("--class-weights goes with --loss cross-entropy or nll");
    }
    return new TrainSettings(
        learned,
        with,
        rate.positive(with.defaultRate()),
        schedule(),
        epochs.value(),
        batchSizes()[0],
        !noShuffle.isGiven(),
        clipNorm.positive(Double.POSITIVE_INFINITY),
        classWeights.isGiven(),
        split.share(0),
        patience.value(),
        failIfDead.share(2),
        dtype);
  }

  /** The sizes of {@code --batch-size}, 0 for all samples; several are to be compared. */
  public int[] batchSizes() {
    String[] parts = batchSize.text("32").split(",", -1);
    int[] sizes = new int[parts.length];
    for (int i = 0; i < parts.length; i++) {
      if (!parts[i].equals("all") && !parts[i].matches("[1-9][0-9]{0,8}")) {
        throw new UsageException(
            "--batch-size takes whole numbers from 1 on such as 32 or 8,16,32, or 'all', not '"
                + batchSize.text()
                + "'");
      }
      sizes[i] = parts[i].equals("all") ? 0 : Integer.parseInt(parts[i]);
    }
    return sizes;
  }

  private Loss loss() {
    LossKind kind = LossKind.of(loss.word());
    if (!labelSmoothing.isGiven()) {
      return Loss.of(kind);
    }
    if (kind != LossKind.CROSS_ENTROPY) {
      throw new UsageException("--label-smoothing goes with --loss cross-entropy");
    }
    return new Loss(kind, Loss.Reduction.MEAN, labelSmoothing.share(0));
  }

  private Schedule schedule() {
    try {
      return Schedule.parse(schedule.text("constant"));
    } catch (InputException e) {
      throw new UsageException("--schedule: " + e.getMessage());
    }
  }
}
