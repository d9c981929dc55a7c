package lamina.cli.option;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lamina.kernel.Cell;
import lamina.kernel.GateFunction;
import lamina.layer.recurrent.Recurrent.Direction;
import lamina.layer.recurrent.RecurrentConvention;
import lamina.layer.recurrent.RecurrentReader;
import lamina.layer.recurrent.SequenceModel.Mode;
import lamina.text.NearSpelling;
import picocli.CommandLine.Model.CommandSpec;

/**
 * What the user asked {@code lamina rnn} for, checked as far as that goes without the weights.
 *
 * @param weights the argument of {@code --weights}, or null for random ones
 * @param steps of the output, or 0
 * @param lengths of the sequences, or null
 */
public record RnnOptions(
    RecurrentReader reader,
    String weights,
    Mode mode,
    int steps,
    boolean feedback,
    boolean batchFirst,
    int[] lengths) {
  private static final List<String> CELLS = Arrays.asList("rnn", "lstm", "gru");
  private static final List<String> DIRECTIONS =
      Arrays.asList("forward", "reverse", "bidirectional");
  private static final List<String> CONVENTIONS = Arrays.asList("torch", "onnx", "keras");
  private static final List<String> NONLINEARITIES = Arrays.asList("tanh", "relu");
  private static final List<String> FEEDBACK = Arrays.asList("output", "zeros");
  private static final List<String> FUNCTIONS =
      Arrays.asList(
          "tanh",
          "sigmoid",
          "relu",
          "hard-sigmoid",
          "leaky-relu",
          "elu",
          "softsign",
          "softplus",
          "identity");

  private static List<String> modes() {
    List<String> names = new ArrayList<>();
    for (Mode mode : Mode.values()) {
      names.add(mode.label());
    }
    return names;
  }

  /** Adds the options of a run. */
  public static void define(CommandSpec spec) {
    spec.addOption(CommonOptions.choice("CELL", CELLS, "rnn, lstm or gru", "--cell").build());
    spec.addOption(
        CommonOptions.value(
                "FILE",
                "weights by name: JSON, npz or safetensors; optional weight_out and bias_out make"
                    + " y = W_out h + b_out",
                "--weights")
            .build());
    spec.addOption(
        CommonOptions.value(
                "H", "hidden size; without --weights they are drawn with --seed", "--hidden-size")
            .build());
    spec.addOption(
        CommonOptions.choice(
                "MODE",
                modes(),
                "many-to-many (default), many-to-one, one-to-many, one-to-one or encoder-decoder"
                    + " (second cell's weights under decoder.)",
                "--mode")
            .build());
    spec.addOption(
        CommonOptions.value(
                "N",
                "steps to put out: one-to-many, and encoder-decoder (default: the input's)",
                "--steps")
            .build());
    spec.addOption(
        CommonOptions.choice(
                "WHAT",
                FEEDBACK,
                "what later steps read: the output before (default) or zeros",
                "--feedback")
            .build());
    spec.addOption(
        CommonOptions.value("L", "layers; default: what the weights have, or 1", "--num-layers")
            .build());
    spec.addOption(
        CommonOptions.choice(
                "DIRECTION",
                DIRECTIONS,
                "forward, reverse or bidirectional; default: what the weights have",
                "--direction")
            .build());
    spec.addOption(
        CommonOptions.flag("sequences are (N, T, I); states stay (L·D, N, H)", "--batch-first")
            .build());
    spec.addOption(
        CommonOptions.choice(
                "FUNCTION",
                NONLINEARITIES,
                "of --cell rnn: tanh (default) or relu",
                "--nonlinearity")
            .build());
    spec.addOption(
        CommonOptions.value("TENSOR", "initial hidden states (L·D, N, H); default zeros", "--h0")
            .build());
    spec.addOption(
        CommonOptions.value("TENSOR", "initial cell states of an lstm; default zeros", "--c0")
            .build());
    spec.addOption(
        CommonOptions.value(
                "N,N,...", "valid steps of each sequence; outputs beyond are 0", "--lengths")
            .build());
    defineCell(spec);
    spec.addOption(
        CommonOptions.flag("add every gate and state of every step, by name", "--trace").build());
    spec.addOption(
        CommonOptions.value(
                "DY",
                "gradient of the output (its shape, or one number): add grad_input, grad_h0,"
                    + " grad_c0 and grad_<weight>",
                "--grad")
            .build());
  }

  private static void defineCell(CommandSpec spec) {
    spec.addOption(
        CommonOptions.choice(
                "NAME",
                CONVENTIONS,
                "names, layouts and gate order of the weights: torch (default), onnx (W R B P) or"
                    + " keras (kernel recurrent_kernel bias)",
                "--convention")
            .build());
    spec.addOption(
        CommonOptions.flag(
                "gru: reset the state before its product (onnx's default)", "--reset-before")
            .build());
    spec.addOption(
        CommonOptions.flag(
                "gru: reset after the product (torch's; linear_before_reset=1)", "--reset-after")
            .build());
    spec.addOption(
        CommonOptions.value(
                "F,G,H",
                "functions of gates, candidate and cell state; rnn: one. Of "
                    + String.join(", ", FUNCTIONS),
                "--activations")
            .build());
    spec.addOption(
        CommonOptions.value("C", "bound the sums within the cell to -C..C", "--clip").build());
  }

  /** The options of a command line. */
  public static RnnOptions of(Arguments arguments) {
    String cellName = arguments.choice("--cell", null, CELLS);
    if (cellName == null) {
      throw new UsageException("--cell is needed: rnn, lstm or gru");
    }
    Cell cell = Cell.of(cellName);
    String weights = arguments.text("--weights");
    int hiddenSize = arguments.integer("--hidden-size", 0, 1);
    if (weights == null && hiddenSize == 0) {
      throw new UsageException("--weights FILE is needed, or --hidden-size H for random weights");
    }
    Mode mode = Mode.of(arguments.choice("--mode", "many-to-many", modes()));
    checkMode(arguments, mode);
    if (cell != Cell.LSTM && arguments.has("--c0")) {
      throw new UsageException("--c0 goes with --cell lstm, not " + cellName);
    }
    String lengths = arguments.text("--lengths");
    return new RnnOptions(
        reader(arguments, cell, hiddenSize),
        weights,
        mode,
        arguments.integer("--steps", 0, 1),
        arguments.choice("--feedback", "output", FEEDBACK).equals("output"),
        arguments.has("--batch-first"),
        lengths == null ? null : Sizes.parse("--lengths", lengths));
  }

  /** The same for a decoder: one direction, and sizes that its own weights tell. */
  static RecurrentReader decoder(RecurrentReader of) {
    return new RecurrentReader(
        of.cell(),
        of.convention(),
        0,
        0,
        null,
        of.gate(),
        of.candidate(),
        of.state(),
        of.clip(),
        of.resetAfter());
  }

  private static void checkMode(Arguments arguments, Mode mode) {
    boolean generates = mode == Mode.ONE_TO_MANY || mode == Mode.ENCODER_DECODER;
    if (mode == Mode.ONE_TO_MANY && !arguments.has("--steps")) {
      throw new UsageException("--mode one-to-many needs --steps N, the length of its output");
    }
    for (String option : new String[] {"--steps", "--feedback"}) {
      if (!generates && arguments.has(option)) {
        throw new UsageException(
            option + " goes with --mode one-to-many or encoder-decoder, not " + mode.label());
      }
    }
    if (mode.takesOne() && arguments.has("--lengths")) {
      throw new UsageException(
          "--lengths goes with inputs of many steps; --mode " + mode.label() + " takes one");
    }
  }

  private static RecurrentReader reader(Arguments arguments, Cell cell, int hiddenSize) {
    RecurrentConvention convention =
        RecurrentConvention.of(arguments.choice("--convention", "torch", CONVENTIONS));
    String direction = arguments.choice("--direction", null, DIRECTIONS);
    GateFunction[] functions = functions(arguments, cell, convention);
    double clip = arguments.number("--clip", Double.POSITIVE_INFINITY);
    if (clip <= 0) {
      throw new UsageException(
          "--clip takes a number above 0, not '" + arguments.text("--clip") + "'");
    }
    return new RecurrentReader(
        cell,
        convention,
        hiddenSize,
        arguments.integer("--num-layers", 0, 1),
        direction == null ? null : Direction.of(direction),
        functions[0],
        functions[1],
        functions[2],
        clip,
        resetAfter(arguments, cell));
  }

  private static Boolean resetAfter(Arguments arguments, Cell cell) {
    boolean before = arguments.has("--reset-before");
    boolean after = arguments.has("--reset-after");
    if (before && after) {
      throw new UsageException("--reset-before and --reset-after exclude each other");
    }
    if ((before || after) && cell != Cell.GRU) {
      throw new UsageException(
          (before ? "--reset-before" : "--reset-after")
              + " goes with --cell gru, not "
              + cell.label());
    }
    return (before || after) ? (Boolean) after : null;
  }

  /** The functions of gates, candidate and cell state. */
  private static GateFunction[] functions(
      Arguments arguments, Cell cell, RecurrentConvention convention) {
    GateFunction[] functions = {GateFunction.SIGMOID, GateFunction.TANH, GateFunction.TANH};
    String nonlinearity = arguments.choice("--nonlinearity", null, NONLINEARITIES);
    String list = arguments.text("--activations");
    if (nonlinearity != null) {
      if (cell != Cell.RNN) {
        throw new UsageException("--nonlinearity goes with --cell rnn, not " + cell.label());
      }
      if (list != null) {
        throw new UsageException("--nonlinearity and --activations exclude each other");
      }
      functions[1] = function(nonlinearity, convention);
    }
    if (list == null) {
      return functions;
    }
    String[] names = list.split(",", -1);
    int count = cell == Cell.RNN ? 1 : cell == Cell.GRU ? 2 : 3;
    if (names.length != count) {
      throw new UsageException(
          "--activations takes "
              + count
              + (count == 1 ? " function for " : " functions for ")
              + cell.label()
              + " ("
              + (count == 1 ? "F" : count == 2 ? "F,G" : "F,G,H")
              + "), not "
              + names.length);
    }
    for (int i = 0; i < count; i++) {
      functions[cell == Cell.RNN ? 1 : i] = function(names[i], convention);
    }
    return functions;
  }

  /** A function by its name, as PyTorch, Keras or ONNX write it. */
  private static GateFunction function(String name, RecurrentConvention convention) {
    String plain = NearSpelling.plain(name);
    for (int i = 0; i < FUNCTIONS.size(); i++) {
      if (NearSpelling.plain(FUNCTIONS.get(i)).equals(plain)) {
        return switch (i) {
          case 0 -> GateFunction.TANH;
          case 1 -> GateFunction.SIGMOID;
          case 2 -> GateFunction.RELU;
          case 3 ->
              convention == RecurrentConvention.ONNX
                  ? GateFunction.ONNX_HARD_SIGMOID
                  : GateFunction.HARD_SIGMOID;
          case 4 -> GateFunction.LEAKY_RELU;
          case 5 -> GateFunction.ELU;
          case 6 -> GateFunction.SOFTSIGN;
          case 7 -> GateFunction.SOFTPLUS;
          default -> GateFunction.IDENTITY;
        };
      }
    }
    throw new UsageException(
        "--activations does not know '" + name + "'; known are " + String.join(", ", FUNCTIONS),
        Suggestions.didYouMean(name, FUNCTIONS, null));
  }
}
