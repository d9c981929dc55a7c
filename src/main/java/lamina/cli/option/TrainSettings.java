package lamina.cli.option;

import java.util.ArrayList;
import java.util.List;
import lamina.tensor.DType;
import lamina.train.Loss;
import lamina.train.OptimizerSettings;
import lamina.train.Schedule;

/**
 * How to train, as the options of {@code lamina train} ask for.
 *
 * @param split the share held out; 0 for none
 * @param batchSize 0 for all samples
 * @param patience the epochs without a better score after which training stops; 0 for no limit
 * @param failIfDead the share of dead units of a layer from which on the exit code is 1
 */
public record TrainSettings(
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

  /** The same with another size of batches; 0 for all samples. */
  public TrainSettings withBatchSize(int size) {
    return new TrainSettings(
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
  public String lines(long seed) {
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
    setting(lines, "--schedule", schedule.text(), "constant");
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
}
