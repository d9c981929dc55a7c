package lamina.check.diagnosis;

import java.util.List;
import lamina.tensor.DType;
import lamina.tensor.Tensor;

/** What is known to go wrong with stride, padding and dilation of convolutions and poolings. */
final class WindowMistakes {
  private static final String EDGE = "check what lies beyond the edge of the input";

  private static final String SIZES = "\\d{1,4}([,x]\\d{1,4})*";

  private WindowMistakes() {}

  static void add(CommandWords words, List<Candidate> candidates) {
    boolean pool = words.name().equals("pool");
    String stride = words.value("--stride");
    if (stride != null || pool) {
      candidates.add(
          Candidate.of(
              "stride-ignored",
              "the result with stride 1",
              "check how far the window moves",
              () -> words.with("--stride", "1").run()));
    }
    if (stride != null && pool) {
      candidates.add(
          Candidate.of(
              "stride-of-size",
              "the result with a stride as large as the window",
              "check how far the window moves",
              () -> words.without("--stride").run()));
    }
    addSwapped("stride", words, candidates);
    addPadding(words, candidates);
    addSwapped("padding", words, candidates);
    addSwapped("dilation", words, candidates);
    if (words.has("--dilation")) {
      candidates.add(
          Candidate.of(
              "dilation-ignored",
              "the result with dilation 1",
              "check how far apart the taps of the window are",
              () -> words.without("--dilation").run()));
    }
    String before = stride == null ? (pool ? words.value("--size") : "1") : stride;
    for (int step : new int[] {1, -1}) {
      // Stride 1 is the stride ignored.
      if (before != null && before.matches("\\d{1,4}") && Integer.parseInt(before) + step > 1) {
        int other = Integer.parseInt(before) + step;
        candidates.add(
            Candidate.of(
                "stride-off-by-one",
                "the result with stride " + other + " instead of " + before,
                "check how far the window moves",
                () -> words.with("--stride", Integer.toString(other)).run()));
      }
    }
  }

  /** The values of an option for two axes exchanged. */
  private static void addSwapped(String name, CommandWords words, List<Candidate> candidates) {
    String option = "--" + name;
    String value = words.value(option);
    if (value != null && value.matches("\\d{1,4}[,x]\\d{1,4}")) {
      String[] parts = value.split("[,x]", -1);
      candidates.add(
          Candidate.of(
              name + "-swapped",
              "the result with the two numbers of the " + name + " exchanged",
              "check which axis is which",
              () -> words.with(option, parts[1] + "," + parts[0]).run()));
    }
  }

  /**
   * Loops that end one too early: the right result without its last row and column.
   *
   * @param dims how many of the last axes are spatial
   */
  static void addLastWindow(CommandWords words, int dims, List<Candidate> candidates) {
    candidates.add(
        Candidate.of(
            "last-window-missed",
            "the right result without the last row and column",
            "check where the window's last place is",
            () -> GeneralMistakes.changed(words.run(), y -> withoutLast(y, dims))));
  }

  private static Tensor withoutLast(Tensor tensor, int dims) {
    int[] shape = tensor.shape();
    for (int axis = Math.max(0, shape.length - dims); axis < shape.length; axis++) {
      shape[axis]--;
    }
    int[] strides = Tensor.strides(tensor.shape());
    Tensor left = Tensor.zeros(DType.FLOAT64, shape);
    int[] ownStrides = Tensor.strides(shape);
    for (int i = 0; i < left.size(); i++) {
      int from = 0;
      for (int axis = 0; axis < shape.length; axis++) {
        from += i / ownStrides[axis] % shape[axis] * strides[axis];
      }
      left.doubles()[i] = tensor.get(from);
    }
    return left;
  }

  private static void addPadding(CommandWords words, List<Candidate> candidates) {
    String padding = words.value("--padding");
    if (padding == null) {
      for (String word : new String[] {"same", "1", "full"}) {
        candidates.add(
            Candidate.of(
                "padding-added",
                "the result with padding " + word + " where there is none",
                EDGE,
                () -> words.with("--padding", word).run()));
      }
      return;
    }
    candidates.add(
        Candidate.of(
            "padding-missing",
            "the result without the padding",
            EDGE,
            () -> words.without("--padding", "--padding-mode").run()));
    if (padding.matches(SIZES)) {
      StringBuilder doubled = new StringBuilder();
      for (String size : padding.split("[,x]", -1)) {
        doubled.append(doubled.length() == 0 ? "" : ",").append(2 * Integer.parseInt(size));
      }
      candidates.add(
          Candidate.of(
              "padding-doubled",
              "the result with twice the padding",
              EDGE,
              () -> words.with("--padding", doubled.toString()).run()));
    }
    if (padding.matches("\\d{1,4}")) {
      candidates.add(
          Candidate.of(
              "padding-one-sided",
              "the result with the padding on one side only",
              EDGE,
              () -> words.with("--padding", "0:" + padding).run()));
    }
    if (padding.startsWith("same")) {
      candidates.add(
          Candidate.of(
              "padding-other-side",
              "the result with the odd row of padding on the other side",
              EDGE,
              () -> words.with("--padding", padding.equals("same") ? "same-lower" : "same").run()));
    }
    addPaddingModes(words, candidates);
  }

  /** Other elements in the padding. */
  private static void addPaddingModes(CommandWords words, List<Candidate> candidates) {
    for (String mode : new String[] {"reflect", "replicate", "circular"}) {
      if (!mode.equals(words.value("--padding-mode")) && words.name().equals("conv")) {
        candidates.add(
            Candidate.of(
                "padding-" + mode,
                "the result with " + mode + " padding",
                EDGE,
                () -> words.with("--padding-mode", mode).run()));
      }
    }
    if (words.has("--padding-mode")) {
      candidates.add(
          Candidate.of(
              "padding-zeros",
              "the result with zeros as padding",
              EDGE,
              () -> words.without("--padding-mode").run()));
    }
  }
}
