package lamina.network.read;

import java.util.ArrayList;
import java.util.List;
import lamina.layer.Dropout;
import lamina.layer.Identity;
import lamina.layer.Layer;
import lamina.layer.Masking;
import lamina.layer.Permute;
import lamina.layer.RepeatVector;
import lamina.layer.Rescaling;

/** Layers of Keras without weights, beside activations and those of images. */
final class KerasPlain {
  private KerasPlain() {}

  /** What such a layer does; null if it is none of these. */
  static Layer layer(KerasConfig config) {
    return switch (config.type()) {
      case "Dropout", "AlphaDropout" -> new Dropout(config.type(), rate(config));
      // What they do in training is not here, which is named.
      case "GaussianDropout", "GaussianNoise", "ActivityRegularization" -> new Identity();
      case "Identity" -> new Identity();
      case "Masking" -> new Masking(config.number("mask_value", 0));
      case "RepeatVector" -> new RepeatVector(config.size("n"));
      case "Permute" -> permute(config);
      case "Rescaling" -> new Rescaling(numbers(config, "scale"), numbers(config, "offset"));
      case "Normalization" -> normalization(config);
      default -> null;
    };
  }

  /** The share that a dropout drops in training. */
  static double rate(KerasConfig config) {
    String name = config.members().containsKey("p") ? "p" : "rate";
    double rate = config.number(name, 0.5);
    if (!(rate >= 0 && rate <= 1)) {
      throw config.error(name, "share from 0 to 1");
    }
    return rate;
  }

  /** Keras counts axes from 1, the batch being 0. */
  private static Layer permute(KerasConfig config) {
    int[] given = config.integers("dims");
    int[] dims = new int[given.length + 1];
    boolean[] seen = new boolean[dims.length];
    for (int i = 0; i < given.length; i++) {
      if (given[i] < 1 || given[i] >= dims.length || seen[given[i]]) {
        throw config.error("dims", "order of the axes from 1 to " + given.length);
      }
      seen[given[i]] = true;
      dims[i + 1] = given[i];
    }
    return new Permute(dims);
  }

  /** With the mean and the variance that the model gives; without, they are weights. */
  private static Layer normalization(KerasConfig config) {
    if (config.members().get("mean") == null || config.members().get("variance") == null) {
      return null;
    }
    int[] axis = config.value("axis") == null ? new int[] {-1} : config.axes("axis");
    if (axis.length > 1 || (axis.length == 1 && axis[0] != -1) || config.flag("invert", false)) {
      throw config.refused(config.flag("invert", false) ? "invert" : "axis");
    }
    List<Double> mean = numbers(config, "mean");
    List<Double> scale = new ArrayList<>();
    List<Double> offset = new ArrayList<>();
    for (double variance : numbers(config, "variance")) {
      // Keras's epsilon.
      double deviation = Math.max(Math.sqrt(variance), 1e-7);
      double centre = mean.get(mean.size() == 1 ? 0 : scale.size());
      scale.add(1 / deviation);
      offset.add(-centre / deviation);
    }
    return new Rescaling(scale, offset);
  }

  /** A number, or several, also within further lists. */
  private static List<Double> numbers(KerasConfig config, String name) {
    List<Double> numbers = new ArrayList<>();
    Object value = config.value(name);
    if (value == null) {
      numbers.add(0.0);
    } else {
      addNumbers(config, name, value, numbers);
    }
    return numbers;
  }

  private static void addNumbers(
      KerasConfig config, String name, Object value, List<Double> numbers) {
    if (value instanceof Number number) {
      numbers.add(number.doubleValue());
    } else if (value instanceof List<?> list) {
      list.forEach(element -> addNumbers(config, name, element, numbers));
    } else {
      throw config.error(name, "number");
    }
  }
}
