package lamina.network.read;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import lamina.kernel.Cell;
import lamina.kernel.GateFunction;
import lamina.layer.Layer;
import lamina.layer.recurrent.KerasCell;
import lamina.layer.recurrent.KerasRecurrent;
import lamina.op.Activation;
import lamina.tensor.Shape;
import lamina.tensor.symbol.Dim;

/** The recurrent layers of Keras. */
final class KerasSequences {
  /** Why a layer has no values that keeps its state. */
  static final String STATEFUL =
      "keeps its state from one batch to the next (stateful), which a run of one batch has no"
          + " place for; set stateful to false";

  private final KerasActivations activations;

  /** Why the layer that is being read has no values; null if it has them. */
  private String refusal;

  KerasSequences(KerasActivations activations) {
    this.activations = activations;
  }

  private static boolean isRecurrent(String type) {
    return List.of("SimpleRNN", "LSTM", "GRU", "CuDNNLSTM", "CuDNNGRU").contains(type);
  }

  /** What such a layer does; null if it is none. */
  Layer layer(KerasConfig config) {
    if (config.type().equals("Bidirectional")) {
      return bidirectional(config);
    }
    return isRecurrent(config.type())
        ? new KerasRecurrent(null, cell(config), null, null, refusal)
        : null;
  }

  private KerasCell cell(KerasConfig config) {
    String type = config.type();
    Cell cell = type.endsWith("LSTM") ? Cell.LSTM : type.endsWith("GRU") ? Cell.GRU : Cell.RNN;
    boolean isCuDnn = type.startsWith("CuDNN");
    for (String name : List.of("return_state", "time_major")) {
      if (config.flag(name, false)) {
        throw config.refused(name);
      }
    }
    if (config.flag("stateful", false)) {
      refusal = STATEFUL;
    }
    boolean hasGates = cell != Cell.RNN && !isCuDnn;
    GateFunction gate =
        hasGates ? function(config, "recurrent_activation", "sigmoid") : GateFunction.SIGMOID;
    GateFunction candidate = isCuDnn ? GateFunction.TANH : function(config, "activation", "tanh");
    int units = config.size("units");
    // Models from before Keras 2.1.3 do not say it; there the reset came before.
    boolean resetAfter = cell == Cell.GRU && (isCuDnn || config.flag("reset_after", false));
    return new KerasCell(
        cell,
        units,
        isCuDnn || config.flag("use_bias", true)
            ? bias((long) cell.gates() * units, isCuDnn, resetAfter)
            : null,
        config.flag("return_sequences", false),
        config.flag("go_backwards", false),
        config.flag("zero_output_for_mask", false),
        gate,
        candidate,
        resetAfter);
  }

  private static Shape bias(long columns, boolean isCuDnn, boolean resetAfter) {
    if (isCuDnn) {
      return new Shape(List.of(Dim.of(2 * columns)));
    }
    return new Shape(resetAfter ? List.of(Dim.of(2), Dim.of(columns)) : List.of(Dim.of(columns)));
  }

  /** The function of a gate or a candidate; one that the kernels lack leaves a shape alone. */
  private GateFunction function(KerasConfig config, String name, String otherwise) {
    Activation function = activations.member(config, name, otherwise).activation();
    GateFunction found = function == null ? null : gate(function);
    if (found == null) {
      refusal =
          "has the "
              + name
              + " "
              + config.value(name)
              + ", for which recurrent layers have no values here";
      return GateFunction.IDENTITY;
    }
    return found;
  }

  private static GateFunction gate(Activation function) {
    return switch (function.kind().label()) {
      case "sigmoid" -> GateFunction.SIGMOID;
      case "tanh" -> GateFunction.TANH;
      case "relu" -> GateFunction.RELU;
      case "hard-sigmoid" ->
          function.alpha() == 0.2 ? GateFunction.ONNX_HARD_SIGMOID : GateFunction.HARD_SIGMOID;
      case "elu" -> function.alpha() == 1 ? GateFunction.ELU : null;
      case "softsign" -> GateFunction.SOFTSIGN;
      case "softplus" -> GateFunction.SOFTPLUS;
      case "identity" -> GateFunction.IDENTITY;
      default -> null;
    };
  }

  /** The layer of both directions; null if what it wraps is no recurrent layer. */
  private Layer bidirectional(KerasConfig config) {
    KerasConfig inner = config.inner("layer");
    if (inner == null || !isRecurrent(inner.type())) {
      return null;
    }
    KerasCell first = cell(inner);
    inner.refuseTheRest();
    KerasCell second = first.turned();
    KerasConfig other = config.inner("backward_layer");
    if (other != null) {
      if (!isRecurrent(other.type())) {
        throw config.refused("backward_layer");
      }
      second = cell(other);
      other.refuseTheRest();
      boolean fits =
          second.backwards() != first.backwards() && second.sequences() == first.sequences();
      if (!fits) {
        throw config.refused("backward_layer");
      }
    }
    String mode = config.wordOr("merge_mode", "concat", "null");
    Map<String, KerasRecurrent.Merge> merges = new LinkedHashMap<>();
    for (KerasRecurrent.Merge merge : KerasRecurrent.Merge.values()) {
      merges.put(merge.name().toLowerCase(Locale.ROOT), merge);
    }
    boolean isSize = mode.equals("concat") || second.units() == first.units();
    if (!merges.containsKey(mode) || !isSize) {
      throw config.refused("merge_mode");
    }
    return new KerasRecurrent(
        null, first.inBothDirections(), second.inBothDirections(), merges.get(mode), refusal);
  }
}
