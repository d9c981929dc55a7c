package lamina.cli.command;

import java.util.List;
import java.util.Map;
import lamina.cli.option.NetworkArgument;
import lamina.network.Network;
import lamina.network.RunnableNetwork;
import lamina.report.AnswerDocument;
import lamina.report.Document;
import lamina.tensor.Tensor;
import lamina.text.InputException;
import lamina.train.EncoderDecoder;
import lamina.train.data.AnswerTexts;

/**
 * {@code lamina run --generate}: what a decoder writes about one input after another.
 *
 * @param input how inputs are prepared
 * @param both the network and its decoder
 * @param weights by full name
 */
record DecoderRun(TrainedInput input, EncoderDecoder both, Map<String, Tensor> weights)
    implements TensorCommand.Operation {
  /**
   * A decoder with its weights.
   *
   * @param encoder the network, with all its sizes
   * @param decoder as it was specified, with its tokens
   * @param given the weights of both
   * @param source what messages call them
   */
  static DecoderRun of(
      TrainedInput input,
      Network encoder,
      Map.Entry<String, AnswerTexts> decoder,
      Map<String, Tensor> given,
      String source) {
    AnswerTexts tokens = decoder.getValue();
    Network sized =
        NetworkArgument.parse(decoder.getKey(), source)
            .sizedByData((path, leaf) -> tokens.vocabulary().size());
    int[] sample = input.preparation().sampleShape();
    EncoderDecoder both = new EncoderDecoder(encoder, sized, sample, tokens);
    int width = Tensor.elements(sample) + tokens.length();
    return new DecoderRun(
        input, both, RunnableNetwork.of(both.network(), 1, width).weights(given, source));
  }

  @Override
  public Document apply(Tensor given) {
    Tensor prepared = input.prepared(given);
    TrainedInput.requireFinite(given, "input", true);
    int[] sample = input.preparation().sampleShape();
    boolean one = prepared.rank() == sample.length;
    int[] shape = new int[sample.length + 1];
    shape[0] = one ? 1 : prepared.dim(0);
    System.arraycopy(sample, 0, shape, 1, sample.length);
    if (prepared.size() != Tensor.elements(shape)) {
      throw new InputException(
          "the input has shape "
              + Tensor.text(prepared.shape())
              + " but the network learned from samples of shape "
              + Tensor.text(sample));
    }
    List<String> texts = both.generate(prepared.reshape(shape), weights);
    return AnswerDocument.ofTexts(texts, one);
  }
}
