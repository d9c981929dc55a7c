package lamina.check.diagnosis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.IntBinaryOperator;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import lamina.check.Answer;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/** What is known to go wrong with sizes, the simplest first. */
final class ShapeMistakes {
  private static final Pattern HAS_BIAS =
      Pattern.compile(
          "\\b((?:Lazy)?(?:Conv(?:Transpose)?[123]d|Linear)\\((?:[^()]|\\([^()]*\\))*)\\)");

  private final List<Candidate> candidates = new ArrayList<>();
  private final CommandWords words;
  private final String text;
  private final LayerText layers;

  private ShapeMistakes(CommandWords words) {
    this.words = words;
    this.text = String.join(", ", words.positionals());
    this.layers = new LayerText(text);
  }

  static List<Candidate> of(CommandWords words) {
    ShapeMistakes mistakes = new ShapeMistakes(words);
    mistakes.addArguments();
    mistakes.addFormulas();
    mistakes.addTransposed();
    mistakes.addAxes();
    mistakes.addInOtherOrder();
    mistakes.addCounts();
    return mistakes.candidates;
  }

  private void add(String id, String result, String hint, Supplier<Answer> of) {
    String member = words.value("--member");
    boolean isSize = member == null || member.contains("output");
    String named = isSize ? result : result.replaceFirst("^the size", "the result");
    candidates.add(Candidate.of(id, named, hint, of).ofSizes());
  }

  /** Runs the command on another network alone. */
  private Answer run(String network) {
    CommandWords other = words;
    for (int i = words.positionals().size() - 1; i > 0; i--) {
      other = other.withoutPositional(i);
    }
    return other.withPositional(0, network).run();
  }

  private void addArguments() {
    for (int index = layers.count() == 1 ? 0 : -1; index < layers.count(); index++) {
      String of = index < 0 || layers.count() == 1 ? "" : " of " + layers.type(index);
      addArgument(index, "stride", "1", "stride-ignored", "the size with stride 1" + of);
      addArgument(index, "padding", "0", "padding-missing", "the size without the padding" + of);
      addArgument(index, "dilation", "1", "dilation-ignored", "the size with dilation 1" + of);
      addArgument(
          index,
          "output_padding",
          "0",
          "output-padding-forgotten",
          "the size without the output's padding" + of);
      if (index >= 0) {
        addDoubledPadding(index, of);
        addCeilMode(index, of);
        addPoolStride(index, of);
      }
    }
  }

  private void addArgument(int index, String name, String value, String id, String result) {
    boolean given = false;
    for (int i = 0; i < layers.count(); i++) {
      given |= (index < 0 || i == index) && layers.value(i, name) != null;
    }
    if (given) {
      add(
          id,
          result,
          "check the " + name + " in the formula of the size",
          () -> run(layers.with(index, name, value)));
    }
  }

  private void addDoubledPadding(int index, String of) {
    int[] padding = layers.numbers(index, "padding", 0);
    if (padding != null && padding[0] > 0) {
      add(
          "padding-doubled",
          "the size with twice the padding" + of,
          "check the padding in the formula of the size",
          () -> run(layers.with(index, "padding", Integer.toString(2 * padding[0]))));
    }
  }

  /** The stride that poolings have if none is given. */
  private void addPoolStride(int index, String of) {
    if (layers.type(index).contains("Pool") && layers.value(index, "stride") == null) {
      add(
          "stride-ignored",
          "the size with stride 1" + of,
          "check the stride that a pooling has if none is given",
          () -> run(layers.with(index, "stride", "1")));
    }
  }

  private void addCeilMode(int index, String of) {
    if (layers.type(index).contains("Pool")) {
      boolean ceil = "True".equals(layers.value(index, "ceil_mode"));
      add(
          ceil ? "floor-for-ceil" : "ceil-for-floor",
          "the size rounded " + (ceil ? "down" : "up") + of,
          "check how the size is rounded",
          () -> run(layers.with(index, "ceil_mode", ceil ? "False" : "True")));
    }
  }

  /** Sizes by wrong formulas, where the last window decides them. */
  private void addFormulas() {
    int last = layers.count() - 1;
    if (last < 0 || layers.type(last).contains("Transpose")) {
      return;
    }
    boolean pool = layers.type(last).contains("Pool");
    int[] kernel = layers.numbers(last, "kernel_size", 1);
    int[] given = layers.numbers(last, "stride", 1);
    int[] stride = pool && layers.value(last, "stride") == null ? kernel : given;
    int[] padding = layers.numbers(last, "padding", 0);
    int[] dilation = layers.numbers(last, "dilation", 1);
    if (kernel == null || given == null || padding == null || dilation == null) {
      return;
    }
    addFormulas(!pool, stride, padding, dilation, kernel);
  }

  /**
   * Adds sizes by wrong formulas. All arrays have a number for each axis.
   *
   * @param rounds whether the size is rounded down, so that rounding up is a mistake
   */
  private void addFormulas(
      boolean rounds, int[] steps, int[] padding, int[] dilation, int[] kernel) {
    IntBinaryOperator base =
        (i, axis) -> i + 2 * padding[axis] - dilation[axis] * (kernel[axis] - 1) - 1;
    if (rounds) {
      add(
          "ceil-for-floor",
          "the size rounded up instead of down",
          "check how the size is rounded",
          () -> sized((i, axis) -> -Math.floorDiv(-base.applyAsInt(i, axis), steps[axis]) + 1));
    }
    add(
        "not-rounded",
        "the size not rounded",
        "check how the size is rounded",
        () -> sized((i, axis) -> base.applyAsInt(i, axis) / (double) steps[axis] + 1));
    add(
        "one-forgotten",
        "the size without the + 1 at the end of the formula",
        "check the formula of the size at its ends",
        () -> sized((i, axis) -> Math.floorDiv(base.applyAsInt(i, axis), steps[axis])));
    add(
        "padding-once",
        "the size with the padding counted on one side only",
        "check the padding in the formula of the size",
        () ->
            sized(
                (i, axis) ->
                    Math.floorDiv(base.applyAsInt(i, axis) - padding[axis], steps[axis]) + 1));
    add(
        "kernel-ignored",
        "the size without the kernel in its formula",
        "check what is subtracted in the formula of the size",
        () -> sized((i, axis) -> Math.floorDiv(i + 2 * padding[axis], steps[axis])));
    add(
        "one-too-many",
        "a size larger by one",
        "check the formula of the size at its ends",
        () -> sized((i, axis) -> exactly(base.applyAsInt(i, axis), steps[axis]) + 2));
    if (Arrays.stream(steps).anyMatch(step -> step > 1)) {
      add(
          "padding-same",
          "the size that padding to the same size gives",
          "check the padding in the formula of the size",
          () -> sized((i, axis) -> -Math.floorDiv(-i, steps[axis])));
    }
  }

  /** A quotient. With a remainder, a size larger by one may come of rounding: that is refused. */
  private static int exactly(int dividend, int divisor) {
    if (dividend % divisor != 0) {
      throw new InputException("the size is rounded");
    }
    return dividend / divisor;
  }

  /** Adds sizes by wrong formulas for transposed convolutions. */
  private void addTransposed() {
    int last = layers.count() - 1;
    if (last < 0 || !layers.type(last).contains("Transpose")) {
      return;
    }
    int[] kernel = layers.numbers(last, "kernel_size", 1);
    int[] stride = layers.numbers(last, "stride", 1);
    int[] padding = layers.numbers(last, "padding", 0);
    if (kernel == null || stride == null || padding == null) {
      return;
    }
    add(
        "convolution-for-transposed",
        "the size of a convolution that is not transposed",
        "check which operation was asked for",
        () ->
            sized(
                (i, axis) ->
                    Math.floorDiv(i + 2 * padding[axis] - kernel[axis], stride[axis]) + 1));
    add(
        "times-stride",
        "the input's size times the stride",
        "check the formula of the size of a transposed convolution",
        () -> sized((i, axis) -> i * stride[axis]));
    add(
        "padding-added",
        "the size with the padding added instead of subtracted",
        "check the sign of the padding: a transposed convolution cuts it off",
        () -> sized((i, axis) -> (i - 1) * stride[axis] + kernel[axis] + 2 * padding[axis]));
  }

  /** Adds each mistake with the channels at the other end too: some people make both at once. */
  private void addInOtherOrder() {
    String layout = words.value("--layout");
    boolean channelsLast = layout != null && layout.endsWith("c");
    for (Candidate candidate : List.copyOf(candidates)) {
      candidates.add(
          candidate.also(
              channelsLast ? "with the channels first" : "with the channels last",
              answer -> inOtherOrder(answer, channelsLast)));
    }
  }

  /** Sizes with the channels at the other end; null if they are right but for that. */
  private Answer inOtherOrder(Answer answer, boolean channelsLast) {
    boolean isRight =
        answer == null || answer.member("output").equals(words.run().member("output"));
    return isRight ? null : GeneralMistakes.inOtherOrder(answer, channelsLast);
  }

  /** Adds height and width exchanged, and the input's channels kept. */
  private void addAxes() {
    for (int index = 0; index < layers.count(); index++) {
      for (String name : new String[] {"kernel_size", "stride", "padding", "dilation"}) {
        int[] sizes = layers.numbers(index, name, 0);
        if (sizes != null && sizes.length == 2 && sizes[0] != sizes[1]) {
          int at = index;
          add(
              "axes-swapped",
              "the size with the two numbers of " + name + " exchanged",
              "check which axis is which",
              () -> run(layers.with(at, name, "(" + sizes[1] + ", " + sizes[0] + ")")));
        }
      }
    }
    int last = layers.count() - 1;
    if (last >= 0 && layers.type(last).contains("Conv")) {
      String hint = "check what decides the number of channels";
      add(
          "channels-kept",
          "the size with as many channels as the input has",
          hint,
          () -> withChannels((in, out) -> in));
      add(
          "channels-multiplied",
          "the size with the channels of input and output multiplied",
          hint,
          () -> withChannels((in, out) -> in * out));
    }
  }

  /** The size with another number of channels of the last convolution. */
  private Answer withChannels(DoubleBinaryOperator channels) {
    Answer all = words.runWhole();
    List<Integer> windows = LayerSizes.windows(all);
    int layer = windows.get(windows.size() - 1);
    LayerSizes shapes = new LayerSizes(all, words.value("--layout"));
    Tensor output = shapes.output(layer);
    if (windows.size() != layers.count() || !output.equals(all.member("output"))) {
      return null;
    }
    int dims = layers.numbers(layers.count() - 1, "kernel_size", 1).length;
    int axis = shapes.channelAxis(output, dims);
    double[] sizes = new double[output.size()];
    Arrays.setAll(
        sizes,
        i ->
            i == axis
                ? channels.applyAsDouble(shapes.input(layer).get(axis), output.get(axis))
                : output.get(i));
    return withOutput(all, layer, Tensor.of(sizes, sizes.length));
  }

  /** A formula of a size. */
  private interface Formula {
    double of(int size, int axis);
  }

  /** The output with the spatial sizes of the last window by another formula. */
  private Answer sized(Formula formula) {
    Answer all = words.runWhole();
    List<Integer> windows = LayerSizes.windows(all);
    int last = windows.isEmpty() ? -1 : windows.get(windows.size() - 1);
    LayerSizes shapes = new LayerSizes(all, words.value("--layout"));
    Tensor output = (Tensor) all.member("output");
    if (windows.size() != layers.count() || !output.equals(shapes.output(last))) {
      return null;
    }
    double[] sizes = new double[output.size()];
    int axis = 0;
    int dims = layers.numbers(layers.count() - 1, "kernel_size", 1).length;
    for (int i = 0; i < sizes.length; i++) {
      boolean spatial = shapes.isSpatial(i, output, dims);
      sizes[i] = spatial ? formula.of((int) shapes.input(last).get(i), axis++) : output.get(i);
    }
    return withOutput(all, last, Tensor.of(sizes, sizes.length));
  }

  /** The result with another output of a layer and of those behind it, which keep its shape. */
  private Answer withOutput(Answer all, int layer, Tensor sizes) {
    Map<String, Tensor> changed = new HashMap<>();
    changed.put("output", sizes);
    int count = (int) ((Tensor) all.member("layers.length")).get(0);
    for (int i = layer; i < count; i++) {
      changed.put("layers." + i + ".output", sizes);
    }
    return words.selectedWith(all, changed);
  }

  private void addCounts() {
    if (HAS_BIAS.matcher(text).find()) {
      add(
          "bias-not-counted",
          "the number of parameters without the biases",
          "check which parameters a layer has",
          () -> run(HAS_BIAS.matcher(text).replaceAll("$1, bias=False)")));
    }
    CountMistakes.add(words, layers, candidates);
  }
}
