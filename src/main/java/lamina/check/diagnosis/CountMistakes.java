package lamina.check.diagnosis;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import lamina.check.Answer;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/** What is known to go wrong with counts of parameters and operations, and receptive fields. */
final class CountMistakes {
  private static final String PARAMETERS = "check what a filter consists of";
  private static final String OPERATIONS = "check how often which products are computed";
  private static final String FIELD = "check how the receptive field grows from layer to layer";

  private final List<Candidate> candidates;
  private final CommandWords words;
  private final LayerText layers;

  private CountMistakes(CommandWords words, LayerText layers, List<Candidate> candidates) {
    this.words = words;
    this.layers = layers;
    this.candidates = candidates;
  }

  static void add(CommandWords words, LayerText layers, List<Candidate> candidates) {
    CountMistakes mistakes = new CountMistakes(words, layers, candidates);
    mistakes.addOperations();
    mistakes.addBytes();
    if (layers.count() > 0) {
      mistakes.addConvolutions();
      mistakes.addFields();
    }
  }

  private void addOperations() {
    add(
        "flops-for-macs",
        "the number of operations (FLOPs) in place of multiply-accumulates (MACs)",
        "check what counts as one operation",
        "macs",
        all -> number(all, "flops"));
    add(
        "macs-doubled",
        "twice the number of multiply-accumulates (MACs)",
        "check what counts as one operation",
        "macs",
        all -> 2 * number(all, "macs"));
    add(
        "macs-for-flops",
        "the number of multiply-accumulates (MACs) in place of operations (FLOPs)",
        "check what counts as one operation",
        "flops",
        all -> number(all, "macs"));
  }

  private void addBytes() {
    add(
        "bytes",
        "the bytes of the parameters in float32 instead of their number",
        "check the unit",
        "params",
        all -> 4 * number(all, "params"));
  }

  private void add(
      String id, String result, String hint, String member, ToDoubleFunction<Answer> value) {
    candidates.add(
        Candidate.of(
                id,
                result,
                hint,
                () -> {
                  Answer all = words.runWhole();
                  return words.selectedWith(
                      all, Map.of(member, Tensor.scalar(value.applyAsDouble(all))));
                })
            .ofSizes());
  }

  private static double number(Answer answer, String member) {
    return ((Tensor) answer.member(member)).get(0);
  }

  /** The sizes of a convolution: of the kernel, of its channels, of what comes in and out. */
  private record Sizes(
      double side, double area, double in, double out, double bias, double before, double after) {
    double weights() {
      return area * in * out;
    }
  }

  private void addConvolutions() {
    params("kernel-forgotten", "without the size of the kernel", s -> s.in * s.out + s.bias);
    params(
        "kernel-side", "with the kernel's side for its area", s -> s.side * s.in * s.out + s.bias);
    params("channels-forgotten", "without the input channels", s -> s.area * s.out + s.bias);
    params("one-filter", "of one filter alone", s -> s.area * s.in + Math.min(1, s.bias));
    params("one-bias", "with one bias in all", s -> s.weights() + Math.min(1, s.bias));
    params("not-shared", "as if each position had its own", s -> s.weights() * s.after + s.bias);
    macs(
        "positions-of-input",
        "counted over the positions of the input",
        s -> s.weights() * s.before);
    macs("positions-forgotten", "of a single position", Sizes::weights);
    macs("bias-counted", "with the biases among them", s -> (s.weights() + s.bias) * s.after);
    macs("kernel-forgotten", "without the size of the kernel", s -> s.in * s.out * s.after);
    macs(
        "kernel-side", "with the kernel's side for its area", s -> s.side * s.in * s.out * s.after);
    macs("channels-forgotten", "without the input channels", s -> s.area * s.out * s.after);
    macs("one-filter", "of one filter alone", s -> s.area * s.in * s.after);
  }

  private void params(String id, String how, ToDoubleFunction<Sizes> count) {
    add(
        id,
        "the number of parameters " + how,
        PARAMETERS,
        "params",
        all -> total(all, "params", s -> s.weights() + s.bias(), count));
  }

  private void macs(String id, String how, ToDoubleFunction<Sizes> count) {
    add(
        id,
        "the number of multiply-accumulates " + how,
        OPERATIONS,
        "macs",
        all -> total(all, "macs", s -> s.weights() * s.after(), count));
  }

  /** A sum over all layers with another count for convolutions. */
  private double total(
      Answer all, String member, ToDoubleFunction<Sizes> count, ToDoubleFunction<Sizes> wrong) {
    double total = number(all, member);
    List<Integer> places = LayerSizes.windows(all);
    LayerSizes shapes = new LayerSizes(all, words.value("--layout"));
    for (int index = 0; index < layers.count(); index++) {
      if (!layers.type(index).matches("(Lazy)?Conv[123]d")) {
        continue;
      }
      int place = places.get(index);
      int[] kernel = layers.numbers(index, "kernel_size", 1);
      double area = 1;
      for (int size : kernel) {
        area *= size;
      }
      Tensor before = shapes.input(place);
      Tensor after = shapes.output(place);
      double out = shapes.channels(after, kernel.length);
      Sizes sizes =
          new Sizes(
              kernel[0],
              area,
              shapes.channels(before, kernel.length) / layers.numbers(index, "groups", 1)[0],
              out,
              "False".equals(layers.value(index, "bias")) ? 0 : out,
              shapes.positions(before, kernel.length),
              shapes.positions(after, kernel.length));
      if (count.applyAsDouble(sizes) != number(all, "layers." + place + "." + member)) {
        throw new InputException("the layer counts in another way");
      }
      total += wrong.applyAsDouble(sizes) - count.applyAsDouble(sizes);
    }
    return total;
  }

  /** What the receptive field of a window is, by the field and the step before it. */
  private interface Growth {
    double of(double field, double step, double kernel);
  }

  private void addFields() {
    field("kernels-added", "the sum of the kernels' sizes", 0, (r, step, k) -> r + k);
    field("kernel-whole", "with the kernel's size for its size - 1", 1, (r, j, k) -> r + k * j);
    field("kernels-multiplied", "the product of the kernels' sizes", 1, (r, step, k) -> r * k);
  }

  private void field(String id, String how, double start, Growth growth) {
    candidates.add(
        Candidate.of(
                "field-" + id,
                how.startsWith("with")
                    ? "the receptive field " + how
                    : how + " in place of the receptive field",
                FIELD,
                () -> fields(start, growth))
            .ofSizes());
  }

  /** The receptive fields of all layers, whose last window decides them. */
  private Answer fields(double start, Growth growth) {
    Answer all = words.runWhole();
    List<Integer> places = LayerSizes.windows(all);
    Map<String, Object> changed = new LinkedHashMap<>();
    double field = start;
    double step = 1;
    int count = (int) number(all, "layers.length");
    for (int index = 0; index < layers.count(); index++) {
      int[] kernel = layers.numbers(index, "kernel_size", 1);
      int[] dilation = layers.numbers(index, "dilation", 1);
      boolean pools = layers.type(index).contains("Pool") && layers.value(index, "stride") == null;
      int stride = pools ? kernel[0] : layers.numbers(index, "stride", 1)[0];
      field = growth.of(field, step, dilation[0] * (kernel[0] - 1) + 1);
      step *= stride;
      int end = index + 1 < layers.count() ? places.get(index + 1) : count;
      for (int place = places.get(index); place < end; place++) {
        changed.put("layers." + place + ".receptive_field.size", Tensor.scalar(field));
      }
    }
    return words.selectedWith(all, changed);
  }
}
