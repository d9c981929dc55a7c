package lamina.check.diagnosis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import lamina.check.Answer;
import lamina.tensor.Tensor;

/** What is known to go wrong with convolutions, the simplest first. */
final class ConvMistakes {
  private final List<Candidate> candidates = new ArrayList<>();
  private final CommandWords words;

  private ConvMistakes(CommandWords words) {
    this.words = words;
  }

  static List<Candidate> of(CommandWords words) {
    ConvMistakes mistakes = new ConvMistakes(words);
    mistakes.addKernel();
    WindowMistakes.add(words, mistakes.candidates);
    mistakes.addSums();
    mistakes.addBias();
    mistakes.addResults();
    mistakes.addRounding();
    return mistakes.candidates;
  }

  private void add(String id, String text, String hint, Supplier<Answer> answer) {
    candidates.add(Candidate.of(id, text, hint, answer));
  }

  private CommandWords kernel(UnaryOperator<Tensor> change) {
    return words.withTensor("--kernel", "-k", change);
  }

  private void addKernel() {
    boolean flip = words.has("--flip");
    add(
        "kernel-flipped",
        flip ? "the result with the kernel not flipped" : "the result with the kernel flipped",
        "check which way round the kernel is laid on the input",
        () -> words.toggled("--flip").run());
    add(
        "kernel-transposed",
        "the result with the kernel transposed",
        "check which of the kernel's axes is which",
        () -> kernel(k -> CommandWords.swapped(k, k.rank() - 2, k.rank() - 1)).run());
    for (int axis = 1; axis <= 2; axis++) {
      int flipped = axis;
      add(
          "kernel-mirrored",
          "the result with the kernel mirrored along one axis",
          "check which way round the kernel is laid on the input",
          () -> kernel(k -> mirrored(k, k.rank() - flipped)).run());
    }
    add(
        "input-transposed",
        "the result with the input transposed",
        "check which of the input's axes is which",
        () -> words.withInput(0, x -> CommandWords.swapped(x, x.rank() - 2, x.rank() - 1)).run());
    add(
        "kernel-channels-swapped",
        "the result with the kernel's axes of input and output channels exchanged",
        "check which of the kernel's axes is which",
        () -> kernel(k -> k.rank() < 4 ? null : CommandWords.swapped(k, 0, 1)).run());
    add(
        "transposed-convolution",
        words.has("--transpose")
            ? "the result of a convolution that is not transposed"
            : "the result of a transposed convolution",
        "check which operation was asked for",
        () -> words.toggled("--transpose").run());
  }

  private static Tensor mirrored(Tensor tensor, int axis) {
    int[] shape = tensor.shape();
    int[] strides = Tensor.strides(shape);
    double[] values = new double[tensor.size()];
    Arrays.setAll(
        values,
        i -> {
          int position = i / strides[axis] % shape[axis];
          return tensor.get(i + (shape[axis] - 1 - 2 * position) * strides[axis]);
        });
    return Tensor.of(values, shape);
  }

  private void addSums() {
    add(
        "one-channel",
        "the result of the first input channel alone, without the sum over the channels",
        "check which axes are summed over",
        () -> kernel(k -> firstChannelOnly(k)).run());
    add(
        "channels-not-summed",
        "the result of each input channel by itself, without the sum over them",
        "check which axes are summed over",
        this::eachChannel);
    add(
        "channel-mean",
        "the mean over the input channels instead of their sum",
        "check which axes are summed over, and whether anything divides",
        () -> kernel(k -> k.rank() < 3 || k.dim(-3) == 1 ? null : divided(k, k.dim(-3))).run());
    add(
        "window-mean",
        "the result divided by the number of the kernel's elements",
        "a convolution sums, and divides by nothing",
        () -> kernel(k -> divided(k, windowSize(k))).run());
    add(
        "kernel-normalised",
        "the result divided by the sum of the kernel",
        "a convolution sums, and divides by nothing",
        () -> kernel(k -> divided(k, sum(k))).run());
  }

  /** One filter without a bias, with each channel's product apart. */
  private Answer eachChannel() {
    int[] channels = new int[1];
    CommandWords apart =
        kernel(
            k -> {
              channels[0] = k.rank() < 3 ? 1 : k.dim(-3);
              boolean one = channels[0] > 1 && k.size() == channels[0] * k.dim(-1) * k.dim(-2);
              return one ? k.reshape(channels[0], 1, k.dim(-2), k.dim(-1)) : null;
            });
    return apart
        .without("--bias", "-b", "--kernel-layout")
        .with("--groups", Integer.toString(channels[0]))
        .run();
  }

  /** How many elements of one filter are summed over. */
  private static int windowSize(Tensor kernel) {
    return kernel.rank() > 3 ? kernel.size() / kernel.dim(0) : kernel.size();
  }

  private static Tensor firstChannelOnly(Tensor kernel) {
    int channels = kernel.rank() < 3 ? 1 : kernel.dim(-3);
    if (channels == 1) {
      return null;
    }
    int inner = kernel.dim(-1) * kernel.dim(-2);
    double[] values = new double[kernel.size()];
    Arrays.setAll(values, i -> i / inner % channels == 0 ? kernel.get(i) : 0);
    return Tensor.of(values, kernel.shape());
  }

  private static Tensor divided(Tensor tensor, double by) {
    return by == 0 || by == 1 ? null : CommandWords.mapped(tensor, x -> x / by);
  }

  private static double sum(Tensor tensor) {
    double sum = 0;
    for (int i = 0; i < tensor.size(); i++) {
      sum += tensor.get(i);
    }
    return sum;
  }

  private void addBias() {
    if (words.has("--bias") || words.has("-b")) {
      add(
          "bias-forgotten",
          "the result without the bias",
          "check that everything is added that belongs to the sum",
          () -> words.without("--bias", "-b").run());
      add(
          "bias-subtracted",
          "the result with the bias subtracted",
          "check the sign of what is added",
          () -> words.withTensor("--bias", "-b", b -> CommandWords.mapped(b, x -> -x)).run());
      add(
          "bias-for-each-channel",
          "the result with the bias added once for each input channel",
          "check how often the bias is added",
          () -> {
            Tensor kernel = words.tensor(words.value("--kernel", "-k"));
            int channels = kernel.rank() < 3 ? 1 : kernel.dim(-3);
            return words
                .withTensor("--bias", "-b", b -> CommandWords.mapped(b, x -> x * channels))
                .run();
          });
    }
  }

  private void addResults() {
    candidates.add(
        Candidate.of(
                "relu-applied",
                "the result with negative numbers replaced by 0",
                "check whether an activation function was asked for",
                () ->
                    GeneralMistakes.changed(
                        words.run(), y -> CommandWords.mapped(y, x -> Math.max(x, 0))))
            .needing(Candidate.OF_ZEROS));
    WindowMistakes.addLastWindow(words, "1".equals(words.value("--dims")) ? 1 : 2, candidates);
  }

  private void addRounding() {
    for (int decimals = 2; decimals >= 0; decimals--) {
      double scale = Math.pow(10, decimals);
      UnaryOperator<Tensor> round =
          tensor -> CommandWords.mapped(tensor, x -> Math.rint(x * scale) / scale);
      add(
          "rounded-early",
          "the result with input and kernel rounded to " + decimals + " decimals beforehand",
          "round at the end only",
          () -> kernel(round).withInput(0, round).run());
    }
  }
}
