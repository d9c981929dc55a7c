package lamina.cli.option;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import lamina.layer.recurrent.Recurrent;
import lamina.layer.recurrent.Recurrent.Direction;
import lamina.layer.recurrent.RecurrentReader;
import lamina.layer.recurrent.RecurrentTopology;
import lamina.layer.recurrent.SequenceModel;
import lamina.layer.recurrent.SequencePart;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/** The model of {@code lamina rnn}: of the user's weights, or of random ones for each input. */
public final class RnnWeights {
  private static final String DECODER = "decoder.";

  private final RnnSettings settings;
  private final DType dtype;
  private final long seed;
  private Map<String, Tensor> encoderWeights;
  private Map<String, Tensor> decoderWeights;
  private SequencePart encoder;
  private SequencePart decoder;

  /**
   * @param weights what the user gave, or null for random ones
   */
  public RnnWeights(RnnSettings settings, Map<String, Tensor> weights, DType dtype, long seed) {
    this.settings = settings;
    this.dtype = dtype;
    this.seed = seed;
    if (weights == null) {
      return;
    }
    encoderWeights = new LinkedHashMap<>(weights);
    if (settings.mode() == RecurrentTopology.ENCODER_DECODER) {
      decoderWeights = takePrefixed(encoderWeights, DECODER);
      if (decoderWeights.isEmpty()) {
        throw new InputException(
            "--mode encoder-decoder needs the decoder's weights, by names that begin with"
                + " 'decoder.'; there are "
                + String.join(", ", weights.keySet()));
      }
      if (encoderWeights.containsKey("weight_out")) {
        throw new InputException(
            "weight weight_out has no place in an encoder; the projection of the output is"
                + " decoder.weight_out");
      }
      decoder = readDecoder();
    }
    if (decoder == null && weights.containsKey("decoder.weight_ih_l0")) {
      throw new InputException(
          "weight decoder.weight_ih_l0 belongs to a decoder; run it with --mode encoder-decoder");
    }
    encoder = settings.reader().read(encoderWeights);
  }

  private SequencePart readDecoder() {
    try {
      // The decoder's sizes follow from its own weights.
      return decoder(settings.reader()).read(decoderWeights);
    } catch (InputException e) {
      throw new InputException("decoder: " + e.getMessage(), e);
    }
  }

  /** The reader of a decoder: of one direction, and of sizes that its own weights tell. */
  private static RecurrentReader decoder(RecurrentReader of) {
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

  /** The model for an input. */
  public SequenceModel model(Tensor input) {
    if (encoderWeights == null) {
      draw(input);
    }
    return new SequenceModel(
        settings.mode(),
        encoder,
        decoder,
        settings.steps(),
        settings.feedback(),
        settings.batchFirst());
  }

  private void draw(Tensor input) {
    int features = input.rank() == 0 ? 0 : input.dim(-1);
    if (features == 0) {
      throw new InputException(
          "the input of shape " + Tensor.text(input.shape()) + " has no features");
    }
    if (encoder != null && encoder.layer().inputSize() == features) {
      return;
    }
    SplittableRandom random = new SplittableRandom(seed);
    Direction direction =
        settings.reader().direction() == null ? Direction.FORWARD : settings.reader().direction();
    int layers = Math.max(1, settings.reader().numLayers());
    int hidden = settings.reader().hiddenSize();
    Recurrent layer = settings.reader().layer(features, hidden, layers, direction);
    encoder = SequencePart.drawn(layer, false, dtype, random);
    if (settings.mode() == RecurrentTopology.ENCODER_DECODER) {
      int size = layer.outputSize();
      decoder =
          SequencePart.drawn(
              settings.reader().layer(size, size, layers, Direction.FORWARD), false, dtype, random);
    } else if (settings.mode() == RecurrentTopology.ONE_TO_MANY && settings.feedback()) {
      // What is fed back must have the input's size.
      encoder =
          SequencePart.drawn(
              layer, features != layer.outputSize(), dtype, new SplittableRandom(seed));
    }
  }

  /** The gradients by the names of the weights as the user gave them. */
  public Map<String, Tensor> gradients(SequenceModel.Gradients gradients) {
    if (encoderWeights == null) {
      return named(gradients.weights(), gradients.decoder());
    }
    return named(
        settings.reader().gradients(gradients.weights(), encoderWeights),
        gradients.decoder() == null
            ? null
            : settings.reader().gradients(gradients.decoder(), decoderWeights));
  }

  private static Map<String, Tensor> named(
      Map<String, Tensor> weights, Map<String, Tensor> decoderWeights) {
    Map<String, Tensor> all = new LinkedHashMap<>(weights);
    if (decoderWeights != null) {
      for (Map.Entry<String, Tensor> entry : decoderWeights.entrySet()) {
        all.put(DECODER + entry.getKey(), entry.getValue());
      }
    }
    return all;
  }

  /** The names of weights that begin with a prefix, without it; taken out of the others. */
  private static Map<String, Tensor> takePrefixed(Map<String, Tensor> weights, String prefix) {
    Map<String, Tensor> taken = new LinkedHashMap<>();
    for (String name : List.copyOf(weights.keySet())) {
      if (name.startsWith(prefix)) {
        taken.put(name.substring(prefix.length()), weights.remove(name));
      }
    }
    if (weights.isEmpty()) {
      throw new InputException("all weights begin with '" + prefix + "'; the encoder has none");
    }
    return taken;
  }
}
