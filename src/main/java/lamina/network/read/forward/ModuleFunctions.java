package lamina.network.read.forward;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import lamina.layer.Call;
import lamina.layer.Compatibility;
import lamina.layer.Layer;
import lamina.layer.LayerRegistry;
import lamina.layer.Pick;
import lamina.layer.Shaped;
import lamina.layer.View;
import lamina.network.read.forward.ForwardValue.Ref;
import lamina.op.activation.ActivationKind;
import lamina.op.activation.Activations;
import lamina.tensor.Shape;
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
    for (String name : List.of("return_indices", "antialias")) {
      LEFT.put(name, Arrays.asList(false, null));
    }
    LEFT.put("dtype", Arrays.asList(null, "torch.float32", "torch.float64"));
  }

  private final Functions functions;

  ModuleFunctions(Functions functions) {
    this.functions = functions;
  }

  /** Adds them to the table. */
  void add() {
    for (ActivationKind kind : Activations.ALL) {
      // A function takes a learnt slope as a tensor.
      if (kind.torch() != null && !kind.torch().equals("PReLU")) {
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
    functions.add("interpolate upsample", ModuleFunctions::resized);
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

  /** To a size, which may be that of another tensor, or by a factor. */
  private static Object resized(FunctionCall call) {
    List<String> names =
        List.of(
            "size", "scale_factor", "mode", "align_corners", "recompute_scale_factor", "antialias");
    Map<String, Object> values = call.forModule(names, LEFT);
    values.values().removeIf(value -> value == null);
    Object size = values.get("size");
    if (size instanceof ForwardValue.ShapePart part) {
      return resizedLike(call, values, part);
    }
    List<?> sizes = size instanceof List<?> list ? list : size == null ? List.of() : List.of(size);
    if (sizes.stream().allMatch(each -> each instanceof Long)) {
      return call.emit("Upsample", values, call.input());
    }
    List<Dim> dims = call.sizes(1, "size");
    Ref[] taken = call.trace().takenFor(call.input(), dims);
    List<Dim> within = call.trace().within(dims, taken);
    Layer layer =
        new Shaped(
            "Upsample",
            taken.length,
            shapes -> {
              List<Dim> known = new ArrayList<>();
              within.forEach(dim -> known.add(View.of(dim, shapes)));
              return upsample(call, values, shapes.get(0), known);
            });
    return call.emit(layer, "size=" + dims, taken);
  }

  /** To the last sizes of another tensor, however many they are: {@code y.shape[2:]}. */
  private static Object resizedLike(
      FunctionCall call, Map<String, Object> values, ForwardValue.ShapePart part) {
    if (part.stop() != null) {
      throw call.error("needs sizes, or those of the last axes of a tensor");
    }
    Layer layer =
        new Shaped(
            "Upsample",
            2,
            shapes -> {
              List<Dim> all = shapes.get(1).dims();
              List<Dim> last = all.subList(Math.min(part.start(), all.size()), all.size());
              return upsample(call, values, shapes.get(0), last);
            });
    return call.emit(layer, "size=shape[" + part.start() + ":]", call.input(), part.tensor());
  }

  private static Layer upsample(
      FunctionCall call, Map<String, Object> values, Shape x, List<Dim> sizes) {
    List<Object> numbers = new ArrayList<>();
    Shape target = x;
    for (int axis = 0; axis < sizes.size() && axis < x.rank(); axis++) {
      Dim size = sizes.get(axis);
      target = target.with(axis - sizes.size(), size);
      numbers.add(size.isNumber() ? (Object) size.value() : null);
    }
    if (numbers.contains(null)) {
      // Sizes that are symbols have a shape, but nothing runs on them.
      return new Pick("Upsample", target, null, 0);
    }
    List<Call.Argument> arguments = new ArrayList<>();
    values.forEach(
        (name, value) ->
            arguments.add(
                new Call.Argument(name, name.equals("size") ? numbers : value, call.place())));
    Call made = new Call("Upsample", arguments, List.of(), call.place(), "Upsample");
    return LayerRegistry.create(made, Compatibility.TORCH);
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
}
