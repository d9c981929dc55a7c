package lamina.network.read;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import lamina.layer.recurrent.StepMask;
import lamina.network.Node;

/**
 * The steps that layers behind an Embedding with {@code mask_zero} or a Masking leave out. Layers
 * of Keras pass a mask on, take it, or know nothing of masks, so that it ends there.
 *
 * @param source what the part is called whose output tells the steps; null if it is not known
 * @param steps null if it is not known
 * @param refusal why it is not known, in words that follow a layer's name; null if it is
 */
record KerasMask(String source, StepMask steps, String refusal) {
  /** Among the names of inputs, the part before. */
  static final String BEFORE = "<before>";

  /** Layers that pass on the mask of what they take; all others end it. */
  private static final Set<String> PASSING =
      Set.of(
          "Dense",
          "Activation",
          "ReLU",
          "LeakyReLU",
          "ELU",
          "PReLU",
          "ThresholdedReLU",
          "Dropout",
          "AlphaDropout",
          "GaussianDropout",
          "GaussianNoise",
          "SpatialDropout1D",
          "SpatialDropout2D",
          "SpatialDropout3D",
          "BatchNormalization",
          "LayerNormalization",
          "ActivityRegularization",
          "Identity");

  /** Layers of which it depends on the version of Keras. */
  private static final Set<String> UNSURE =
      Set.of("GroupNormalization", "Rescaling", "Normalization", "UnitNormalization", "Lambda");

  /** Layers that leave out steps. */
  private static final Set<String> TAKING =
      Set.of("SimpleRNN", "LSTM", "GRU", "CuDNNLSTM", "CuDNNGRU", "Bidirectional");

  /** A mask of which only that is known that there is one. */
  static KerasMask unknown(String why) {
    return new KerasMask(null, null, "leaves out steps by a mask that has no values here: " + why);
  }

  /** Whether a layer makes a mask of what it takes. */
  static boolean isMadeBy(KerasConfig config) {
    return config.type().equals("Masking")
        || (config.type().equals("Embedding") && config.flag("mask_zero", false));
  }

  /**
   * The mask of what a layer gives; null without one.
   *
   * @param before that of what it takes; null without one
   * @param source what the part is called that the layer takes; null if it has no name
   */
  static KerasMask behind(KerasConfig config, KerasMask before, String source) {
    String type = config.type();
    if (isMadeBy(config)) {
      if (source == null) {
        return unknown("it is made within TimeDistributed");
      }
      return new KerasMask(
          source,
          type.equals("Masking")
              ? new StepMask(config.number("mask_value", 0), false)
              : StepMask.ZERO,
          null);
    }
    if (before == null || type.equals("Embedding")) {
      return null;
    }
    if (UNSURE.contains(type)) {
      return unknown("whether " + type + " passes it on depends on the version of Keras");
    }
    if (type.startsWith("ConvLSTM") || TAKING.contains(type)) {
      KerasConfig inner = type.equals("Bidirectional") ? config.inner("layer") : config;
      return inner != null && inner.flag("return_sequences", false) ? before : null;
    }
    return PASSING.contains(type) ? before : null;
  }

  /** Whether a layer ends a mask that it does not take: layers behind it read all steps. */
  static boolean isEndedBy(KerasConfig config) {
    String type = config.type();
    return !PASSING.contains(type)
        && !UNSURE.contains(type)
        && !TAKING.contains(type)
        && !type.startsWith("ConvLSTM")
        && !type.equals("GlobalAveragePooling1D")
        && !isMadeBy(config);
  }

  /**
   * The mask of what a layer with several inputs gives; null without one.
   *
   * @param masks those of its inputs, null for those without
   */
  static KerasMask ofMerge(KerasConfig config, List<KerasMask> masks) {
    boolean isMasked = masks.stream().anyMatch(Objects::nonNull);
    if (!isMasked || config.type().equals("Dot")) {
      return null;
    }
    Object axis = config.type().equals("Concatenate") ? config.value("axis") : null;
    boolean isAlongSteps = axis != null && !isLast(axis);
    KerasMask first = masks.get(0);
    return !isAlongSteps && first != null && masks.stream().allMatch(first::equals)
        ? first
        : unknown("it is one of several that differ before " + config.type());
  }

  private static boolean isLast(Object axis) {
    return axis.equals(-1L) || axis.equals(2L);
  }

  /** This mask within a model of its own. */
  KerasMask entering() {
    return Node.BLOCK_INPUT.equals(source)
        ? unknown("it goes into a model within the model")
        : this;
  }

  /**
   * This mask, of the output of a model of its own, outside of it.
   *
   * @param entered the mask that went into the model; null without one
   * @param input what the part is called that the model takes; null if it has no name
   */
  KerasMask leaving(KerasMask entered, String input) {
    if (equals(entered)) {
      return this;
    }
    return Node.BLOCK_INPUT.equals(source) && input != null
        ? new KerasMask(input, steps, null)
        : unknown("it comes out of a model within the model");
  }
}
