package lamina.network.read.forward;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import lamina.layer.LayerRegistry;
import lamina.layer.MatMul;
import lamina.network.read.forward.ForwardValue.Ref;
import lamina.op.activation.ActivationKind;
import lamina.op.activation.Activations;
import lamina.tensor.symbol.Dim;

/** Functions that do what a module does: activations, pooling, dropout, padding, resampling. */
final class ModuleFunctions {
  /** Arguments of functions that their modules have not, with the values that they may have. */
  private static final Map<String, List<Object>> LEFT = new HashMap<>();

  static {
    // Whether it is in training changes nothing in evaluation.
    for (String name : List.of("inplace", "training", "_stacklevel")) {
      LEFT.put(name, List.of());
    }
    for (String name : List.of("return_indices", "antialias", "recompute_scale_factor", "dtype")) {
      LEFT.put(name, Arrays.asList(false, null));
    }
  }

  private final Functions functions;

  ModuleFunctions(Functions functions) {
    this.functions = functions;
  }

  /** Adds them to the table. */
  void add() {
    for (ActivationKind kind : Activations.ALL) {
      if (kind.torch() != null) {
        addActivation(kind);
      }
    }
    add("dropout", "Dropout", "p", "training", "inplace");
    add("dropout1d", "Dropout1d", "p", "training", "inplace");
    add("dropout2d feature_dropout", "Dropout2d", "p", "training", "inplace");
    add("dropout3d", "Dropout3d", "p", "training", "inplace");
    add("alpha_dropout", "AlphaDropout", "p", "training", "inplace");
    add("stochastic_depth", "StochasticDepth", "p", "mode", "training");
    for (int d = 1; d <= 3; d++) {
      addPooling(d);
    }
    add(
        "interpolate upsample",
        "Upsample",
        "size",
        "scale_factor",
        "mode",
        "align_corners",
        "recompute_scale_factor",
        "antialias");
    add("pixel_shuffle", "PixelShuffle", "upscale_factor");
    add("pixel_unshuffle", "PixelUnshuffle", "downscale_factor");
    add("channel_shuffle", "ChannelShuffle", "groups");
    add("transpose swapaxes swapdims", "Transpose", "dim0", "dim1");
    add("unsqueeze", "Unsqueeze", "dim");
    add("squeeze", "Squeeze", "dim");
    add("select", "Select", "dim", "index");
    add("unflatten", "Unflatten", "dim", "unflattened_size");
    add("local_response_norm", "LocalResponseNorm", "size", "alpha", "beta", "k");
    add("glu", "GLU", "dim");
    functions.add("pad", ModuleFunctions::pad);
    functions.add("linear", ModuleFunctions::linear);
  }

  private void addPooling(int d) {
    add(
        "max_pool" + d + "d boolean_dispatch" + d,
        "MaxPool" + d + "d",
        "kernel_size",
        "stride",
        "padding",
        "dilation",
        "ceil_mode",
        "return_indices");
    List<String> average =
        new ArrayList<>(
            List.of("kernel_size", "stride", "padding", "ceil_mode", "count_include_pad"));
    if (d > 1) {
      average.add("divisor_override");
    }
    add("avg_pool" + d + "d", "AvgPool" + d + "d", average.toArray(new String[0]));
    add("adaptive_avg_pool" + d + "d", "AdaptiveAvgPool" + d + "d", "output_size");
    add(
        "adaptive_max_pool" + d + "d",
        "AdaptiveMaxPool" + d + "d",
        "output_size",
        "return_indices");
  }

  /** A function that does what a module does; its parameters have the module's names. */
  private void add(String names, String module, String... parameters) {
    List<String> known = List.of(parameters);
    functions.add(
        names,
        call -> {
          Map<String, Object> values = call.forModule(known, LEFT);
          values.values().removeIf(value -> value == null);
          Ref made = call.emit(module, values, call.input());
          return call.isInPlace(known) ? call.changed(made, call.function()) : made;
        });
  }

  /** PyTorch writes leaky_relu and log_softmax, but hardsigmoid. */
  private void addActivation(ActivationKind kind) {
    List<String> parameters = new ArrayList<>();
    for (String argument : LayerRegistry.find(kind.torch()).arguments(kind.torch())) {
      int equals = argument.indexOf('=');
      String parameter = equals < 0 ? argument : argument.substring(0, equals);
      if (parameter.equals("inplace") && kind.torch().equals("RReLU")) {
        parameters.add("training");
      }
      parameters.add(parameter);
    }
    if (kind.torch().toLowerCase(Locale.ROOT).contains("softm")) {
      parameters.add("_stacklevel");
      parameters.add("dtype");
    }
    add(
        kind.label().replace('-', '_') + " " + kind.torch().toLowerCase(Locale.ROOT),
        kind.torch(),
        parameters.toArray(new String[0]));
  }

  private static Object pad(FunctionCall call) {
    List<Dim> sizes = call.sizes(1, "pad");
    Object mode = call.get(2, "mode", "constant");
    String kind =
        switch (String.valueOf(mode)) {
          case "constant" -> "ConstantPad";
          case "reflect" -> "ReflectionPad";
          case "replicate" -> "ReplicationPad";
          case "circular" -> "CircularPad";
          default -> throw call.error("has no mode '" + mode + "'");
        };
    if (sizes.isEmpty() || sizes.size() % 2 != 0 || sizes.size() > 6) {
      throw call.error("needs two, four or six sizes of padding, not " + sizes.size());
    }
    List<Object> padding = new ArrayList<>();
    for (Dim size : sizes) {
      if (!size.isNumber()) {
        throw call.error("needs numbers as padding");
      }
      padding.add(size.value());
    }
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("padding", padding);
    if (kind.equals("ConstantPad")) {
      Object value = call.get(3, "value");
      values.put("value", value == null ? (Object) 0.0 : value);
    }
    return call.emit(kind + sizes.size() / 2 + "d", values, call.input());
  }

  /** {@code x · Wᵀ + b} with weights that the model holds by themselves. */
  private static Object linear(FunctionCall call) {
    Ref weight = call.tensor(1, "weight");
    Map<String, Object> last = new LinkedHashMap<>();
    last.put("dim0", -2L);
    last.put("dim1", -1L);
    Ref turned = call.between("weight", "Transpose", last, weight);
    Object bias = call.get(2, "bias");
    if (bias == null) {
      return call.emit(new MatMul(), "", call.input(), turned);
    }
    Ref product = call.between("product", new MatMul(), call.input(), turned);
    return call.emit("Add", Map.of(), product, call.asTensor(bias));
  }
}
