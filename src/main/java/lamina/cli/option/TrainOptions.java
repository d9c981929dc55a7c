package lamina.cli.option;

import java.util.ArrayList;
import java.util.List;
import lamina.tensor.DType;
import lamina.text.InputException;
import lamina.train.Loss;
import lamina.train.LossKind;
import lamina.train.OptimizerSettings;
import lamina.train.Schedule;
import picocli.CommandLine.Model.CommandSpec;

/**
 * How to train, as typed.
 *
 * @param split the share held out; 0 for none
 * @param batchSize 0 for all samples
 * @param patience the epochs without a better score after which training stops; 0 for no limit
 * @param failIfDead the share of dead units of a layer from which on the exit code is 1
 */
public record TrainOptions(
    Loss loss,
    OptimizerSettings optimizer,
    double rate,
    Schedule schedule,
    int epochs,
    int batchSize,
    boolean shuffle,
    double clipNorm,
    boolean classWeights,
    double split,
    int patience,
    double failIfDead,
    DType dtype) {
  private static final List<String> LOSSES =
      List.of("cross-entropy", "mse", "l1", "huber", "bce", "nll");

  /** Each hyperparameter with the optimizers that have it. */
  private static final String[][] OWNERS = {
    {"--momentum", "sgd rmsprop"},
    {"--dampening", "sgd"},
    {"--nesterov", "sgd"},
    {"--betas", "adam adamw nadam"},
    {"--eps", "adam adamw nadam rmsprop adagrad adadelta"},
    {"--alpha", "rmsprop"},
    {"--rho", "adadelta"},
    {"--amsgrad", "adam adamw"},
    {"--centered", "rmsprop"},
    {"--lr-decay", "adagrad"}
  };

  /** Adds the options of learning. */
  public static void define(CommandSpec spec) {
    spec.addOption(
        CommonOptions.choice(
                "NAME", LOSSES, "cross-entropy (default), mse, l1, huber, bce or nll", "--loss")
            .build());
    spec.addOption(
        CommonOptions.choice(
                "NAME",
                OptimizerSettings.NAMES,
                "adam (default), sgd, adamw, rmsprop, adagrad, adadelta or nadam",
                "--optimizer")
            .build());
    value(spec, "R", "learning rate; default: PyTorch's", "--lr");
    value(spec, "SCHEDULE", "of the learning rate: " + Schedule.FORMS, "--schedule");
    value(spec, "N", "epochs in all; default 10", "--epochs");
    value(
        spec,
        "N",
        "samples of a step, or 'all'; default 32; several (8,16,32) are compared",
        "--batch-size");
    value(spec, "M", "momentum of sgd and rmsprop", "--momentum");
    value(spec, "D", "dampening of sgd's momentum", "--dampening");
    flag(spec, "Nesterov's momentum for sgd", "--nesterov");
    value(spec, "B1,B2", "averages of adam, adamw and nadam; default 0.9,0.999", "--betas");
    value(spec, "E", "what is added to denominators; default: PyTorch's", "--eps");
    value(spec, "A", "average of rmsprop; default 0.99", "--alpha");
    value(spec, "R", "average of adadelta; default 0.9", "--rho");
    flag(spec, "the largest average so far, for adam and adamw", "--amsgrad");
    flag(spec, "rmsprop by the variance", "--centered");
    value(spec, "D", "decay of adagrad's learning rate", "--lr-decay");
    value(spec, "W", "weight decay", "--weight-decay");
    value(spec, "N", "limit of the L2 norm of all gradients together", "--clip-norm");
    value(spec, "S", "label smoothing of cross-entropy, 0 to 1", "--label-smoothing");
    flag(spec, "weight classes by how rare they are", "--class-weights");
    flag(spec, "take the samples in their order", "--no-shuffle");
    value(spec, "SHARE", "hold out this share for testing, of each class alike", "--split");
    value(spec, "N", "stop after N epochs without a better loss; keep the best", "--patience");
    flag(spec, "say what was looked at, also where nothing is wrong", "--diagnose");
    value(spec, "SHARE", "exit with 1 if more units of a layer are dead", "--fail-if-dead");
  }

  private static void value(CommandSpec spec, String label, String description, String name) {
    spec.addOption(CommonOptions.value(label, description, name).build());
  }

  private static void flag(CommandSpec spec, String description, String name) {
    spec.addOption(CommonOptions.flag(description, name).build());
  }

  /**
   * Reads the options.
   *
   * @throws UsageException for a value out of its range, or one that the optimizer does not have
   */
  public static TrainOptions of(Arguments arguments) {
    OptimizerSettings optimizer = optimizer(arguments);
    Loss loss = loss(arguments);
    boolean classWeights = arguments.has("--class-weights");
    if (classWeights && !loss.kind().hasClasses()) {
      throw new UsageException("--class-weights goes with --loss cross-entropy or nll");
    }
    return new TrainOptions(
        loss,
        optimizer,
        positive(arguments, "--lr", optimizer.defaultRate()),
        schedule(arguments),
        arguments.integer("--epochs", 10, 1),
        batchSizes(arguments)[0],
        !arguments.has("--no-shuffle"),
        positive(arguments, "--clip-norm", Double.POSITIVE_INFINITY),
        classWeights,
        share(arguments, "--split", 0),
        arguments.has("--patience") ? arguments.integer("--patience", 0, 1) : 0,
        share(arguments, "--fail-if-dead", 2),
        DType.of(arguments.choice("--dtype", "float32", CommonOptions.DTYPES)));
  }

  /** The sizes of {@code --batch-size}, 0 for all samples; several are to be compared. */
  public static int[] batchSizes(Arguments arguments) {
    String[] parts = arguments.text("--batch-size", "32").split(",", -1);
    int[] sizes = new int[parts.length];
    for (int i = 0; i < parts.length; i++) {
      if (!parts[i].equals("all") && !parts[i].matches("[1-9][0-9]{0,8}")) {
        throw new UsageException(
            "--batch-size takes whole numbers from 1 on such as 32 or 8,16,32, or 'all', not '"
                + arguments.text("--batch-size")
                + "'");
      }
      sizes[i] = parts[i].equals("all") ? 0 : Integer.parseInt(parts[i]);
    }
    return sizes;
  }

  /** The same with another size of batches; 0 for all samples. */
  public TrainOptions withBatchSize(int size) {
    return new TrainOptions(
        loss,
        optimizer,
        rate,
        schedule,
        epochs,
        size,
        shuffle,
        clipNorm,
        classWeights,
        split,
        patience,
        failIfDead,
        dtype);
  }

  /** What must be the same when a run is taken up again: an option a line, where it matters. */
  public String settings(long seed) {
    OptimizerSettings usual = OptimizerSettings.of(optimizer.name());
    StringBuilder lines = new StringBuilder();
    setting(lines, "--loss", loss.kind().label(), "");
    setting(lines, "--label-smoothing", loss.parameter(), Loss.of(loss.kind()).parameter());
    setting(lines, "--optimizer", optimizer.name(), "");
    setting(lines, "--lr", rate, "");
    setting(lines, "--momentum", optimizer.momentum(), usual.momentum());
    setting(lines, "--dampening", optimizer.dampening(), usual.dampening());
    setting(lines, "--nesterov", optimizer.nesterov(), false);
    setting(
        lines,
        "--betas",
        optimizer.beta1() + "," + optimizer.beta2(),
        usual.beta1() + "," + usual.beta2());
    setting(lines, "--eps", optimizer.eps(), usual.eps());
    setting(lines, "--alpha", optimizer.alpha(), usual.alpha());
    setting(lines, "--rho", optimizer.rho(), usual.rho());
    setting(lines, "--amsgrad", optimizer.amsgrad(), false);
    setting(lines, "--centered", optimizer.centered(), false);
    setting(lines, "--lr-decay", optimizer.lrDecay(), usual.lrDecay());
    setting(lines, "--weight-decay", optimizer.weightDecay(), usual.weightDecay());
    setting(lines, "--batch-size", batchSize == 0 ? "all" : batchSize, "");
    setting(lines, "--no-shuffle", !shuffle, false);
    setting(lines, "--clip-norm", clipNorm, Double.POSITIVE_INFINITY);
    setting(lines, "--class-weights", classWeights, false);
    setting(lines, "--split", split, 0.0);
    setting(lines, "--seed", seed, "");
    setting(lines, "--dtype", dtype.label(), "");
    return lines.toString();
  }

  private static void setting(StringBuilder lines, String option, Object value, Object usual) {
    if (!value.equals(usual)) {
      lines.append(option).append(value.equals(true) ? "" : " " + value).append('\n');
    }
  }

  /**
   * In which options two settings differ.
   *
   * @param settings lines of options
   * @param others what they are compared with
   * @return the options that {@code settings} has otherwise, {@code no --flip} for those it lacks
   */
  public static String differing(String settings, String others) {
    List<String> differing = new ArrayList<>(settings.lines().toList());
    differing.removeAll(others.lines().toList());
    for (String line : others.lines().toList()) {
      String option = line.split(" ", 2)[0];
      if (settings.lines().noneMatch(own -> own.split(" ", 2)[0].equals(option))) {
        differing.add("no " + option);
      }
    }
    return String.join(", ", differing);
  }

  private static Loss loss(Arguments arguments) {
    LossKind kind = LossKind.of(arguments.choice("--loss", "cross-entropy", LOSSES));
    if (!arguments.has("--label-smoothing")) {
      return Loss.of(kind);
    }
    if (kind != LossKind.CROSS_ENTROPY) {
      throw new UsageException("--label-smoothing goes with --loss cross-entropy");
    }
    return new Loss(kind, Loss.Reduction.MEAN, share(arguments, "--label-smoothing", 0));
  }

  private static Schedule schedule(Arguments arguments) {
    try {
      return Schedule.parse(arguments.text("--schedule", "constant"));
    } catch (InputException e) {
      throw new UsageException("--schedule: " + e.getMessage());
    }
  }

  private static OptimizerSettings optimizer(Arguments arguments) {
    String name = arguments.choice("--optimizer", "adam", OptimizerSettings.NAMES);
    for (String[] owner : OWNERS) {
      List<String> owners = List.of(owner[1].split(" ", -1));
      if (arguments.has(owner[0]) && !owners.contains(name)) {
        throw new UsageException(
            owner[0] + " goes with --optimizer " + String.join(", ", owners) + ", not " + name);
      }
    }
    OptimizerSettings base = OptimizerSettings.of(name);
    double[] betas = betas(arguments, base);
    OptimizerSettings settings =
        new OptimizerSettings(
            name,
            arguments.number("--momentum", base.momentum()),
            arguments.number("--dampening", base.dampening()),
            arguments.has("--nesterov"),
            betas[0],
            betas[1],
            arguments.number("--eps", base.eps()),
            arguments.number("--alpha", base.alpha()),
            arguments.number("--rho", base.rho()),
            arguments.has("--amsgrad"),
            arguments.has("--centered"),
            arguments.number("--lr-decay", base.lrDecay()),
            arguments.number("--weight-decay", base.weightDecay()));
    try {
      settings.at(1);
    } catch (InputException e) {
      throw new UsageException(e.getMessage());
    }
    return settings;
  }

  private static double[] betas(Arguments arguments, OptimizerSettings base) {
    String text = arguments.text("--betas");
    if (text == null) {
      return new double[] {base.beta1(), base.beta2()};
    }
    List<Double> betas = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      try {
        betas.add(Double.valueOf(part.strip()));
      } catch (NumberFormatException e) {
        throw new UsageException("--betas takes two numbers such as 0.9,0.999, not '" + text + "'");
      }
    }
    if (betas.size() != 2) {
      throw new UsageException("--betas takes two numbers such as 0.9,0.999, not '" + text + "'");
    }
    return new double[] {betas.get(0), betas.get(1)};
  }

  private static double positive(Arguments arguments, String option, double otherwise) {
    double value = arguments.number(option, otherwise);
    if (!(value > 0)) {
      throw new UsageException(
          option + " takes a number above 0, not '" + arguments.text(option) + "'");
    }
    return value;
  }

  private static double share(Arguments arguments, String option, double otherwise) {
    double value = arguments.number(option, otherwise);
    if (arguments.has(option) && !(value >= 0 && value <= 1)) {
      throw new UsageException(
          option + " takes a share from 0 to 1, not '" + arguments.text(option) + "'");
    }
    return value;
  }
}
