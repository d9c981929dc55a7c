package lamina.cli.command;

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
    String text, Network network, String decoderText, EncoderDecoder both, TrainingData data) {}
