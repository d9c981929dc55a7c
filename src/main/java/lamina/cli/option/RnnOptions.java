package lamina.cli.option;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lamina.kernel.Cell;
import lamina.kernel.GateFunction;
import lamina.layer.recurrent.Recurrent.Direction;
import lamina.layer.recurrent.RecurrentConvention;
import lamina.layer.recurrent.RecurrentReader;
import lamina.layer.recurrent.RecurrentTopology;

/** Which recurrent model {@code lamina rnn} runs over a sequence, and what it tells of it. */
public final class RnnOptions extends OptionGroup {
  private final ChoiceOption cell =
      choice("CELL", Arrays.asList("rnn", "lstm", "gru"), null, "rnn, lstm or gru", "--cell");

  private final TextOption weights =
      text(
          "FILE",
          "weights by name: JSON, npz or safetensors; optional weight_out and bias_out make"
              + " y = W_out h + b_out",
          "--weights");

  private final IntegerOption hiddenSize =
      integer(
          "H", 0, 1, "hidden size; without --weights they are drawn with --seed", "--hidden-size");

  private final ChoiceOption mode =
      choice(
          "MODE",
          modes(),
          "many-to-many",
          "many-to-many (default), many-to-one, one-to-many, one-to-one or encoder-decoder"
              + " (second cell's weights under decoder.)",
          "--mode");

  private final IntegerOption steps =
      integer(
          "N",
          0,
          1,
          "steps to put out: one-to-many, and encoder-decoder (default: the input's)",
          "--steps");

  private final ChoiceOption feedback =
      choice(
          "WHAT",
          Arrays.asList("output", "zeros"),
          "output",
          "what later steps read: the output before (default) or zeros",
          "--feedback");

  private final IntegerOption numLayers =
      integer("L", 0, 1, "layers; default: what the weights have, or 1", "--num-layers");

  private final ChoiceOption direction =
      choice(
          "DIRECTION",
          Arrays.asList("forward", "reverse", "bidirectional"),
          null,
          "forward, reverse or bidirectional; default: what the weights have",
          "--direction");

  private final FlagOption batchFirst =
      flag("sequences are (N, T, I); states stay (L·D, N, H)", "--batch-first");

  private final ChoiceOption nonlinearity =
      choice(
          "FUNCTION",
          Arrays.asList("tanh", "relu"),
          null,
          "of --cell rnn: tanh (default) or relu",
          "--nonlinearity");

  private final TextOption h0 =
      text("TENSOR", "initial hidden states (L·D, N, H); default zeros", "--h0");

  private final TextOption c0 =
      text("TENSOR", "initial cell states of an lstm; default zeros", "--c0");

  private final SizesOption lengths =
      sizes("N,N,...", 0, "valid steps of each sequence; outputs beyond are 0", "--lengths");

  private final GateOptions gates = include(new GateOptions());

  private final FlagOption trace =
      flag("add every gate and state of every step, by name", "--trace");

  private final TextOption gradient =
      text(
          "DY",
          "gradient of the output (its shape, or one number): add grad_input, grad_h0,"
              + " grad_c0 and grad_<weight>",
          "--grad");

  private static List<String> modes() {
    List<String> names = new ArrayList<>();
    for (RecurrentTopology each : RecurrentTopology.values()) {
      names.add(each.label());
    }
    return names;
  }

  /** The file of the weights, without which they are random. */
  public TextOption weights() {
    return weights;
  }

  /** The initial hidden states. */
  public TextOption h0() {
    return h0;
  }

  /** The initial cell states. */
  public TextOption c0() {
    return c0;
  }

  /** The gradient of the output. */
  public TextOption gradient() {
    return gradient;
  }

  /** Whether every gate and state is wanted. */
  public boolean isTraced() {
    return trace.isGiven();
  }

  /**
   * What the options ask for, beside the tensors.
   *
   * @throws UsageException for options that make no sense, or none together
   */
  public RnnSettings read() {
    if (cell.word() == null) {
      throw new UsageException("--cell is needed: rnn, lstm or gru");
    }
    Cell kind = Cell.of(cell.word());
    int hidden = hiddenSize.value();
    if (!weights.isGiven() && hidden == 0) {
      throw new UsageException("--weights FILE is needed, or --hidden-size H for random weights");
    }
    RecurrentTopology topology = RecurrentTopology.of(mode.word());
    checkMode(topology);
    if (kind != Cell.LSTM && c0.isGiven()) {
      throw new UsageException("--c0 goes with --cell lstm, not " + cell.word());
    }
    return new RnnSettings(
        reader(kind, hidden),
        topology,
        steps.value(),
        feedback.is("output"),
        batchFirst.isGiven(),
        lengths.sizes());
  }

  private void checkMode(RecurrentTopology topology) {
    boolean generates =
        topology == RecurrentTopology.ONE_TO_MANY || topology == RecurrentTopology.ENCODER_DECODER;
    if (topology == RecurrentTopology.ONE_TO_MANY && !steps.isGiven()) {
      throw new UsageException("--mode one-to-many needs --steps N, the length of its output");
    }
    for (Option option : new Option[] {steps, feedback}) {
      if (!generates && option.isGiven()) {
        throw new UsageException(
            option.name()
                + " goes with --mode one-to-many or encoder-decoder, not "
                + topology.label());
      }
    }
    if (topology.takesOne() && lengths.isGiven()) {
      throw new UsageException(
          "--lengths goes with inputs of many steps; --mode " + topology.label() + " takes one");
    }
  }

  private RecurrentReader reader(Cell kind, int hidden) {
    RecurrentConvention convention = gates.convention();
    String directions = direction.word();
    GateFunction[] functions = gates.functions(kind, convention, nonlinearity.word());
    double clip = gates.clip();
    return new RecurrentReader(
        kind,
        convention,
        hidden,
        numLayers.value(),
        directions == null ? null : Direction.of(directions),
        functions[0],
        functions[1],
        functions[2],
        clip,
        gates.resetAfter(kind));
  }
}
