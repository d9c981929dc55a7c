package lamina.network.read;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import lamina.layer.ActivationLayer;
import lamina.layer.Call;
import lamina.layer.ChannelsLast;
import lamina.layer.Compatibility;
import lamina.layer.ElementSlopes;
import lamina.layer.Exponential;
import lamina.layer.Layer;
import lamina.layer.LayerRegistry;
import lamina.layer.TrainedRelu;
import lamina.op.Activation;
import lamina.op.activation.ActivationKind;
import lamina.op.activation.Activations;
import lamina.op.activation.ForeignName;
import lamina.tensor.Shape;
import lamina.tensor.symbol.Dim;

/**
 * The activation functions of Keras: layers of their own, and members of other layers.
 *
 * @param isOld whether the model says that Keras 1 or 2 wrote it, in which hard_sigmoid is another
 *     function
 */
record KerasActivations(boolean isOld) {
  /**
   * What a layer that is a function does; null if it is none.
   *
   * @param input the shape that it takes, with a batch; null if it is not known
   */
  Layer layer(KerasConfig config, Shape input) {
    return switch (config.type()) {
      case "Activation" -> member(config, "activation", "linear");
      case "ReLU" -> relu(config);
      case "PReLU" -> prelu(config, input);
      default -> named(config.type(), config::numberOrNull);
    };
  }

  /**
   * The function of a member.
   *
   * @param otherwise its name if the member is missing; one that is null is the linear function
   * @throws lamina.text.InputException if there is no such function
   */
  Layer member(KerasConfig config, String name, String otherwise) {
    Layer layer =
        config.value(name) instanceof Map<?, ?> object
            ? ofObject(object, config)
            : named(config.wordOr(name, otherwise, "linear"));
    if (layer == null) {
      throw config.refused(name);
    }
    return layer;
  }

  /** The function of a layer that stands in a member's place; null if it is none. */
  private Layer ofObject(Map<?, ?> object, KerasConfig outer) {
    boolean isLayer =
        object.get("class_name") instanceof String && object.get("config") instanceof Map<?, ?>;
    if (!isLayer) {
      return null;
    }
    KerasConfig config = KerasConfig.of(object, outer.source());
    Layer layer = config.type().equals("PReLU") ? null : layer(config, null);
    if (layer != null) {
      config.refuseTheRest();
    }
    return layer;
  }

  /** The function that Keras calls so, with its parameters there; null if there is none. */
  private static Layer named(String name, Function<String, Number> given) {
    for (ActivationKind kind : Activations.ALL) {
      for (ForeignName foreign : kind.keras()) {
        if (foreign.name().equals(name)) {
          return ActivationLayer.of(Activation.of(kind, foreign, given));
        }
      }
    }
    return null;
  }

  private Layer named(String name) {
    if (isOld && name.equals("hard_sigmoid")) {
      return ActivationLayer.of(Activation.of(Activations.of("hard-sigmoid"), 0.2, 0.5));
    }
    return name.equals("exponential") ? new Exponential() : named(name, argument -> null);
  }

  private static Layer torch(String expression) {
    Call call = ExpressionParser.parse(expression, expression).get(0).call();
    return LayerRegistry.create(call, Compatibility.TENSORFLOW);
  }

  /** Keras's ReLU has a limit, a slope and a threshold; one at a time is a layer of PyTorch. */
  private static Layer relu(KerasConfig config) {
    double limit = config.number("max_value", Double.POSITIVE_INFINITY);
    double slope = config.number("negative_slope", 0);
    double threshold = config.number("threshold", 0);
    boolean isLimited = limit != Double.POSITIVE_INFINITY;
    if (threshold != 0) {
      if (isLimited || slope != 0 || threshold < 0) {
        throw config.refused("threshold");
      }
      return torch("Threshold(" + threshold + ", 0)");
    }
    if (slope != 0 && isLimited) {
      throw config.refused("negative_slope");
    }
    if (slope != 0) {
      return torch("LeakyReLU(" + slope + ")");
    }
    return torch(isLimited ? "Hardtanh(0, " + limit + ")" : "ReLU()");
  }

  /** One slope a channel as in PyTorch, or one for each element of the axes that are not shared. */
  private static Layer prelu(KerasConfig config, Shape input) {
    if (input == null) {
      return null;
    }
    int[] given = config.value("shared_axes") == null ? new int[0] : config.integers("shared_axes");
    Set<Integer> own = new TreeSet<>();
    for (int axis = 1; axis < input.rank(); axis++) {
      own.add(axis);
    }
    for (int axis : given) {
      own.remove(axis);
    }
    int axis = own.isEmpty() ? 0 : own.iterator().next();
    boolean isLast = axis == input.rank() - 1;
    if (own.size() != 1 || !(isLast || axis == 1) || !input.dim(axis).isNumber()) {
      List<Dim> slopes = new ArrayList<>();
      for (int each = 1; each < input.rank(); each++) {
        slopes.add(own.contains(each) ? input.dim(each) : Dim.ONE);
      }
      return new ElementSlopes(new Shape(slopes));
    }
    Layer layer = new TrainedRelu((int) input.dim(axis).value(), 0);
    return axis == 1 ? layer : new ChannelsLast(layer);
  }
}
