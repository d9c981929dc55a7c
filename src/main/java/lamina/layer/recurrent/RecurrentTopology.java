package lamina.layer.recurrent;

import java.util.Arrays;
import java.util.List;
import lamina.text.NearSpelling;

/** How the steps of a task's input and output correspond, and what that asks of a network. */
public enum RecurrentTopology {
  MANY_TO_MANY(
      "many-to-many",
      "Every step has its own output, in step with the input.",
      """
       y1      y2      y3
       ^       ^       ^
      [h1] -> [h2] -> [h3]
       ^       ^       ^
       x1      x2      x3\
      """,
      "LSTM(I, H, batch_first=True)",
      "Linear(H, O)"),
  MANY_TO_ONE(
      "many-to-one",
      "All steps are read, and only the last state answers.",
      """
                       y
                       ^
      [h1] -> [h2] -> [h3]
       ^       ^       ^
       x1      x2      x3\
      """,
      "LSTM(I, H, batch_first=True)",
      "Select(1, -1)",
      "Linear(H, O)"),
  ONE_TO_MANY(
      "one-to-many",
      "One input starts a sequence; each output is the next input.",
      """
       y1      y2      y3
       ^  \\    ^  \\    ^
      [h1] -> [h2] -> [h3]
       ^    \\_ ^    \\_ ^
       x       y1      y2\
      """,
      "RNN(I, H, batch_first=True)",
      "Linear(H, I)"),
  ONE_TO_ONE(
      "one-to-one",
      "One input, one output, no order in time: a feed-forward network does the same.",
      """
       y
       ^
      [h]
       ^
       x\
      """,
      "Linear(I, H)",
      "ReLU()",
      "Linear(H, O)"),
  ENCODER_DECODER(
      "encoder-decoder",
      "Input and output are sequences that are not aligned: one network reads to the end, a second"
          + " one writes from its final state.",
      """
                                y1      y2
                                ^  \\    ^
      [h1] -> [h2] -> [h3] ==> [s1] -> [s2]
       ^       ^       ^        ^    \\_ ^
       x1      x2      x3     start     y1\
      """,
      "LSTM(I, H, batch_first=True)",
      "Select(1, -1)");

  private final String label;
  private final String why;
  private final String diagram;

  /** Layer expressions, one a line. */
  private final String network;

  RecurrentTopology(String label, String why, String diagram, String... network) {
    this.label = label;
    this.why = why;
    this.diagram = diagram;
    this.network = String.join("\n", network);
  }

  /** The name, which is also that of the mode of {@code lamina rnn}. */
  public String label() {
    return label;
  }

  /** Whether the input is a single step. */
  public boolean takesOne() {
    return this == ONE_TO_MANY || this == ONE_TO_ONE;
  }

  /** The reason for it, in a sentence or two. */
  public String why() {
    return why;
  }

  /** Its steps as a drawing of several lines. */
  public String diagram() {
    return diagram;
  }

  /** Layer expressions of input size I, hidden size H and output size O. */
  public List<String> network() {
    return Arrays.asList(network.split("\n", -1));
  }

  /** The topology of a label. */
  public static RecurrentTopology of(String label) {
    RecurrentTopology topology = ofName(label);
    if (topology == null) {
      throw new IllegalArgumentException(label);
    }
    return topology;
  }

  /** The topology of a name, in any case and with any separators; or null. */
  public static RecurrentTopology ofName(String name) {
    String plain = NearSpelling.plain(name);
    for (RecurrentTopology topology : values()) {
      if (NearSpelling.plain(topology.label).equals(plain)) {
        return topology;
      }
    }
    return null;
  }

  /**
   * The topology of a task by reasoning.
   *
   * @param manyInputs whether the input is a sequence
   * @param manyOutputs whether the output is one
   * @param aligned whether each step of the input has its own output
   */
  public static RecurrentTopology of(boolean manyInputs, boolean manyOutputs, boolean aligned) {
    if (!manyInputs) {
      return manyOutputs ? ONE_TO_MANY : ONE_TO_ONE;
    }
    if (!manyOutputs) {
      return MANY_TO_ONE;
    }
    return aligned ? MANY_TO_MANY : ENCODER_DECODER;
  }
}
