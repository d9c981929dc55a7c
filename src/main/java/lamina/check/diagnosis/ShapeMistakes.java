package lamina.check.diagnosis;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntBinaryOperator;
import java.util.regex.Pattern;
import lamina.check.Answer;
import lamina.tensor.Tensor;

/** What is known to go wrong with sizes, the simplest first. */
final class ShapeMistakes {
  /** Sizes are few and small, so that less evidence must do. */
  private static final double OF_SIZES = 5;

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
    mistakes.addCounts();
    return mistakes.candidates;
  }

  private void add(String id, String result, String hint, java.util.function.Supplier<Answer> of) {
    candidates.add(Candidate.of(id, result, hint, of).needing(OF_SIZES));
  }

  /** The command with another network, and all members of its result. */
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
      if (index >= 0) {
        addDoubledPadding(index, of);
        addCeilMode(index, of);
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
    int[] kernel = layers.numbers(last, "kernel_size", 1);
    boolean pool = layers.type(last).contains("Pool");
    int[] stride = layers.numbers(last, "stride", 1);
    int[] padding = layers.numbers(last, "padding", 0);
    int[] dilation = layers.numbers(last, "dilation", 1);
    if (kernel == null || stride == null || padding == null || dilation == null) {
      return;
    }
    if (pool && layers.value(last, "stride") == null) {
      stride = kernel;
    }
    int[] steps = stride;
    Formula base = (i, axis) -> i + 2 * padding[axis] - dilation[axis] * (kernel[axis] - 1) - 1;
    if (!pool) {
      add(
          "ceil-for-floor",
          "the size rounded up instead of down",
          "check how the size is rounded",
          () -> sized((i, axis) -> -Math.floorDiv(-base.of(i, axis), steps[axis]) + 1));
    }
    add(
        "one-forgotten",
        "the size without the + 1 at the end of the formula",
        "check the formula of the size at its ends",
        () -> sized((i, axis) -> Math.floorDiv(base.of(i, axis), steps[axis])));
    add(
        "padding-once",
        "the size with the padding counted on one side only",
        "check the padding in the formula of the size",
        () -> sized((i, axis) -> Math.floorDiv(base.of(i, axis) - padding[axis], steps[axis]) + 1));
    add(
        "kernel-ignored",
        "the size without the kernel in its formula",
        "check what is subtracted in the formula of the size",
        () -> sized((i, axis) -> Math.floorDiv(i + 2 * padding[axis], steps[axis])));
    add(
        "one-too-many",
        "a size larger by one",
        "check the formula of the size at its ends",
        () -> sized((i, axis) -> Math.floorDiv(base.of(i, axis), steps[axis]) + 2));
  }

  /** A size by the input's size and the axis. */
  private interface Formula {
    int of(int size, int axis);
  }

  /** The output with the spatial sizes of the last window by another formula. */
  private Answer sized(Formula formula) {
    IntBinaryOperator operator = formula::of;
    Answer all = words.runWhole();
    int last = -1;
    int windows = 0;
    int count = (int) ((Tensor) all.member("layers.length")).get(0);
    for (int i = 0; i < count; i++) {
      String type = (String) all.member("layers." + i + ".type");
      if (type.matches("(Lazy)?(Conv|ConvTranspose|MaxPool|AvgPool)[123]d")) {
        last = i;
        windows++;
      }
    }
    Tensor output = (Tensor) all.member("output");
    Tensor own = (Tensor) all.member("layers." + last + ".output");
    Tensor input = (Tensor) all.member(last == 0 ? "input" : "layers." + (last - 1) + ".output");
    if (windows != layers.count() || !output.equals(own)) {
      return null;
    }
    double[] sizes = new double[output.size()];
    int axis = 0;
    String layout = words.value("--layout");
    int dims = layers.numbers(layers.count() - 1, "kernel_size", 1).length;
    for (int i = 0; i < sizes.length; i++) {
      boolean spatial =
          layout == null
              ? i >= sizes.length - dims
              : "dhw".indexOf(Character.toLowerCase(layout.charAt(i))) >= 0;
      sizes[i] = spatial ? operator.applyAsInt((int) input.get(i), axis++) : output.get(i);
    }
    return with(all, "output", Tensor.of(sizes, sizes.length));
  }

  /** A whole answer with another member, as the command writes it. */
  private Answer with(Answer answer, String name, Tensor value) {
    Map<String, Object> members = new LinkedHashMap<>(answer.members());
    members.put(name, value);
    return words.selected(Answer.ofMembers(members));
  }

  private void addCounts() {
    if (HAS_BIAS.matcher(text).find()) {
      add(
          "bias-not-counted",
          "the number of parameters without the biases",
          "check which parameters a layer has",
          () -> run(HAS_BIAS.matcher(text).replaceAll("$1, bias=False)")));
    }
    add(
        "flops-for-macs",
        "the number of operations (FLOPs) in place of multiply-accumulates (MACs)",
        "check what counts as one operation",
        () -> {
          Answer all = words.runWhole();
          return with(all, "macs", (Tensor) all.member("flops"));
        });
  }
}
