package lamina.cli.command;

import java.io.IOException;
import lamina.cli.option.NetworkArgument;
import lamina.cli.option.TensorInputs;
import lamina.cli.option.TextOption;
import lamina.cli.option.TrainDataOptions;
import lamina.cli.option.TrainSettings;
import lamina.cli.option.UsageException;
import lamina.network.Network;
import lamina.train.EncoderDecoder;
import lamina.train.TrainingData;

/**
 * What learns, and from what.
 *
 * @param text the network as it was specified
 * @param network with the sizes that it left to the data; of a decoder's both parts as one
 * @param decoderText the decoder as it was specified, or null
 * @param both the network and its decoder, or null
 * @param data the samples
 */
record Learner(
    String text, Network network, String decoderText, EncoderDecoder both, TrainingData data) {
  /**
   * Reads the network, or both of its parts, with the sizes that they leave to the samples.
   *
   * @param net the NET argument
   */
  static Learner read(
      String net, TrainDataOptions samples, TrainSettings settings, TensorInputs inputs)
      throws IOException {
    String text = NetworkArgument.text(net, inputs);
    Network open = NetworkArgument.parse(text, NetworkArgument.sourceName(net));
    TrainingData data = samples.read(inputs, settings, open);
    TextOption second = samples.decoder();
    if (!second.isGiven()) {
      return new Learner(text, data.sized(data.packed(open)), null, null, data);
    }
    if (!settings.loss().kind().hasClasses()) {
      throw new UsageException("--decoder goes with --loss cross-entropy or nll");
    }
    String decoderText = NetworkArgument.text(second.text(), inputs);
    Network decoder = NetworkArgument.parse(decoderText, second.name());
    EncoderDecoder both = data.withDecoder(open, decoder);
    return new Learner(text, both.network(), decoderText, both, data.forced(both));
  }
}
