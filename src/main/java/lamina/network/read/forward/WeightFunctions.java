package lamina.network.read.forward;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lamina.layer.ByTensors;
import lamina.layer.Call;
import lamina.layer.Compatibility;
import lamina.layer.Layer;
import lamina.layer.LayerRegistry;
import lamina.layer.Shaped;
import lamina.network.read.forward.ForwardValue.Ref;
import lamina.tensor.Shape;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/** Functions that do what a module does, with weights that are given as tensors. */
final class WeightFunctions {
  private final Functions functions;

  WeightFunctions(Functions functions) {
    this.functions = functions;
  }

  /** Adds them to the table. */
  void add() {
    functions.add("linear", WeightFunctions::linear);
    functions.add("prelu", WeightFunctions::prelu);
    functions.add("layer_norm", WeightFunctions::layerNorm);
    functions.add("group_norm", WeightFunctions::groupNorm);
    functions.add("batch_norm", WeightFunctions::batchNorm);
    functions.add("instance_norm", WeightFunctions::instanceNorm);
    for (int axes = 1; axes <= 3; axes++) {
      int count = axes;
      functions.add("conv" + axes + "d", call -> conv(call, count, false));
      functions.add("conv_transpose" + axes + "d", call -> conv(call, count, true));
    }
  }

  /** Weights by the names that the module gives them; those that are None are left out. */
  private static Map<String, Ref> weights(FunctionCall call, int position, String... names) {
    Map<String, Ref> weights = new LinkedHashMap<>();
    for (int i = 0; i < names.length; i++) {
      if (call.get(position + i, names[i]) != null) {
        weights.put(names[i], call.tensor(position + i, names[i]));
      }
    }
    return weights;
  }

  private static Ref emit(
      FunctionCall call,
      String type,
      Layer.Ranks ranks,
      Map<String, Ref> weights,
      Shaped.Rule rule) {
    List<Ref> taken = new ArrayList<>(List.of(call.input()));
    taken.addAll(weights.values());
    Layer layer = new ByTensors(type, ranks, List.copyOf(weights.keySet()), rule);
    return call.emit(layer, String.join(", ", weights.keySet()), taken.toArray(new Ref[0]));
  }

  private static Layer module(FunctionCall call, String type, Map<String, Object> values) {
    List<Call.Argument> arguments = new ArrayList<>();
    values.forEach(
        (name, value) -> {
          if (value != null) {
            arguments.add(new Call.Argument(name, value, call.place()));
          }
        });
    return LayerRegistry.create(
        new Call(type, arguments, List.of(), call.place(), type), Compatibility.TORCH);
  }

  /** A size of a weight, which must be known. */
  private static long size(Shape weight, int axis) {
    Dim size = axis < weight.rank() ? weight.dim(axis) : null;
    if (size == null || !size.isNumber()) {
      throw new InputException("needs a weight of known sizes, not " + weight);
    }
    return size.value();
  }

  private static List<Object> kernel(Shape weight, int axes) {
    if (weight.rank() != axes + 2) {
      throw new InputException("needs a weight of " + (axes + 2) + " axes, not " + weight);
    }
    List<Object> kernel = new ArrayList<>();
    for (int axis = 2; axis < weight.rank(); axis++) {
      kernel.add(size(weight, axis));
    }
    return kernel;
  }

  private static Object linear(FunctionCall call) {
    Map<String, Ref> weights = weights(call, 1, "weight", "bias");
    return emit(
        call,
        "Linear",
        Layer.Ranks.anyBefore(1),
        weights,
        shapes -> {
          Shape weight = shapes.get(1);
          if (weight.rank() != 2) {
            throw new InputException("needs a weight of 2 axes, not " + weight);
          }
          Map<String, Object> values = new LinkedHashMap<>();
          values.put("in_features", size(weight, 1));
          values.put("out_features", size(weight, 0));
          values.put("bias", weights.containsKey("bias"));
          return module(call, "Linear", values);
        });
  }

  private static Object prelu(FunctionCall call) {
    return emit(
        call,
        "PReLU",
        Layer.Ranks.ANY,
        weights(call, 1, "weight"),
        shapes -> {
          long count = shapes.get(1).rank() == 0 ? 1 : size(shapes.get(1), 0);
          return module(call, "PReLU", Map.of("num_parameters", count));
        });
  }

  private static Object conv(FunctionCall call, int axes, boolean isTransposed) {
    String type = (isTransposed ? "ConvTranspose" : "Conv") + axes + "d";
    List<String> names =
        isTransposed
            ? List.of("stride", "padding", "output_padding", "groups", "dilation")
            : List.of("stride", "padding", "dilation", "groups");
    Map<String, Ref> weights = weights(call, 1, "weight", "bias");
    Map<String, Object> values = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      values.put(names.get(i), call.get(i + 3, names.get(i)));
    }
    values.put("bias", weights.containsKey("bias"));
    long groups = call.integer(6, "groups", 1);
    return emit(
        call,
        type,
        Layer.Ranks.channelsAnd(axes),
        weights,
        shapes -> {
          Shape weight = shapes.get(1);
          long all = size(weight, 0);
          long ofGroups = size(weight, 1) * groups;
          values.put("kernel_size", kernel(weight, axes));
          values.put("in_channels", isTransposed ? all : ofGroups);
          values.put("out_channels", isTransposed ? ofGroups : all);
          return module(call, type, values);
        });
  }

  /** How many of the last axes are normalised: those of a list, or those of {@code x.shape[1:]}. */
  private static int axes(FunctionCall call, Shape x) {
    Object given = call.get(1, "normalized_shape");
    if (given instanceof ForwardValue.ShapePart part && part.stop() == null) {
      int start = part.start() == null ? 0 : part.start();
      return start < 0 ? -start : x.rank() - start;
    }
    return call.sizes(1, "normalized_shape").size();
  }

  private static Object layerNorm(FunctionCall call) {
    call.get(1, "normalized_shape");
    Map<String, Ref> weights = weights(call, 2, "weight", "bias");
    double eps = call.number(4, "eps", 1e-5);
    boolean isAffine = weights.containsKey("weight");
    if (!isAffine && !weights.isEmpty()) {
      throw call.error("is not known with a bias alone");
    }
    return emit(
        call,
        "LayerNorm",
        Layer.Ranks.ANY,
        weights,
        shapes -> {
          Shape x = shapes.get(0);
          int axes = axes(call, x);
          List<Object> sizes = new ArrayList<>();
          for (int axis = x.rank() - axes; axis < x.rank(); axis++) {
            if (axis < 0 || !x.dim(axis).isNumber()) {
              throw new InputException("needs " + axes + " axes of known sizes, not " + x);
            }
            sizes.add(x.dim(axis).value());
          }
          Map<String, Object> values = new LinkedHashMap<>();
          values.put("normalized_shape", sizes);
          values.put("eps", eps);
          values.put("elementwise_affine", isAffine);
          values.put("bias", weights.containsKey("bias"));
          return module(call, "LayerNorm", values);
        });
  }

  private static boolean affine(FunctionCall call, Map<String, Ref> weights) {
    if (weights.containsKey("weight") != weights.containsKey("bias")) {
      throw call.error("is known with weight and bias, or without both");
    }
    return weights.containsKey("weight");
  }

  private static Object groupNorm(FunctionCall call) {
    int groups = call.integer(1, "num_groups", 1);
    Map<String, Ref> weights = weights(call, 2, "weight", "bias");
    boolean isAffine = affine(call, weights);
    double eps = call.number(4, "eps", 1e-5);
    return emit(
        call,
        "GroupNorm",
        Layer.Ranks.ANY,
        weights,
        shapes -> {
          Map<String, Object> values = new LinkedHashMap<>();
          values.put("num_groups", (long) groups);
          values.put("num_channels", size(shapes.get(0), 1));
          values.put("eps", eps);
          values.put("affine", isAffine);
          return module(call, "GroupNorm", values);
        });
  }

  private static Object batchNorm(FunctionCall call) {
    Map<String, Ref> weights = weights(call, 1, "running_mean", "running_var", "weight", "bias");
    boolean isTraining = Boolean.TRUE.equals(call.get(5, "training"));
    return norm(call, "BatchNorm", weights, isTraining);
  }

  private static Object instanceNorm(FunctionCall call) {
    Map<String, Ref> weights = weights(call, 1, "running_mean", "running_var", "weight", "bias");
    return norm(call, "InstanceNorm", weights, call.flag(5, "use_input_stats", true));
  }

  /** Statistics of the input itself, or those that are given. */
  private static Object norm(
      FunctionCall call, String type, Map<String, Ref> weights, boolean ofInput) {
    boolean isAffine = affine(call, weights);
    boolean isTracked = weights.containsKey("running_mean");
    // A running mean changes only what comes after this call.
    call.get(6, "momentum");
    double eps = call.number(7, "eps", 1e-5);
    if (ofInput) {
      weights.remove("running_mean");
      weights.remove("running_var");
    } else if (!isTracked || !weights.containsKey("running_var")) {
      throw call.error("needs running_mean and running_var");
    }
    return emit(
        call,
        type,
        Layer.Ranks.ANY,
        weights,
        shapes -> {
          Shape x = shapes.get(0);
          Map<String, Object> values = new LinkedHashMap<>();
          values.put("num_features", size(x, 1));
          values.put("eps", eps);
          values.put("affine", isAffine);
          values.put("track_running_stats", !ofInput);
          return module(call, type + Math.max(1, x.rank() - 2) + "d", values);
        });
  }
}
