package lamina.train;

import java.util.List;
import lamina.layer.Layer;
import lamina.network.Network;
import lamina.network.Node;
import lamina.tensor.Tensor;
import lamina.text.InputException;
import lamina.train.data.AnswerTexts;
import lamina.train.data.Augmentation;
import lamina.train.data.Dataset;
import lamina.train.data.Preparation;
import lamina.train.data.PreparedData;

/**
 * The samples that a network learns from and is tested with.
 *
 * @param training what is learned from
 * @param test what is held out; null if nothing is
 * @param preparation what the training part taught, for the checkpoint
 * @param augmentation changes images before they are learned from; null for none
 * @param answers the tokens of answers that are texts; else null
 * @param parts the shapes of several inputs whose elements each sample has one after another; null
 *     for one input
 */
public record TrainingData(
    Dataset training,
    Dataset test,
    Preparation preparation,
    Augmentation augmentation,
    AnswerTexts answers,
    List<int[]> parts) {
  /** Prepared data, whose images are changed at random or not. */
  public static TrainingData of(PreparedData data, Augmentation augmentation) {
    return new TrainingData(
        data.training(),
        data.test(),
        data.preparation(),
        augmentation,
        data.answers(),
        data.parts());
  }

  /** A network of several inputs as one that takes them as the samples have them; others as is. */
  public Network packed(Network network) {
    return parts == null ? network : network.packed(parts);
  }

  /** What the network is judged by: what is held out, or else what was learned from. */
  public Dataset held() {
    return test == null ? training : test;
  }

  /**
   * Refuses a network that does not answer with a number for each class.
   *
   * @param output the shape of what it gives for one sample
   * @throws InputException if the classes do not fit into it
   */
  public void requireOutput(int... output) {
    List<String> classes = training.classes();
    int[] target = training.targetShape();
    if (classes == null) {
      return;
    }
    if (target.length == 1) {
      checkSteps(output, target[0], classes.size());
    } else if (output.length != 2 || output[1] < classes.size()) {
      throw new InputException(
          "the network gives "
              + Tensor.text(output)
              + " for one sample, but there are "
              + classes.size()
              + " classes; it must end with one number for each");
    }
  }

  /**
   * Checks that the table of an embedding at a network's begin has a row for each index.
   *
   * @throws InputException if it has too few
   */
  public void requireIndices(Network network) {
    List<Node.Leaf> leaves = network.leaves();
    Layer first = leaves.isEmpty() ? null : leaves.get(0).layer();
    if (first == null || first.indices() == 0) {
      return;
    }
    int rows = first.indices();
    boolean areWords = preparation.vocabulary() != null;
    int needed = indices();
    if (needed > rows) {
      throw new InputException(
          (areWords
                  ? "the texts have a vocabulary of " + needed + " words"
                  : "the largest index in the data is " + (needed - 1))
              + ", but "
              + leaves.get(0).text()
              + " has "
              + rows
              + " rows; "
              + (areWords
                  ? "say --vocab-size " + rows + " to keep the most frequent, or leave"
                  : "leave")
              + " the number of rows to the data: Embedding(_, ...)");
    }
  }

  private void checkSteps(int[] output, int steps, int classes) {
    boolean fits =
        output.length == 3
            && ((output[1] == steps && output[2] >= classes)
                || (output[2] == steps && output[1] >= classes));
    if (!fits) {
      throw new InputException(
          "the network gives "
              + Tensor.text(output)
              + " for one sample, but the targets are a class for each of "
              + steps
              + " steps, of "
              + classes
              + " classes; it must give 1x"
              + steps
              + "x"
              + classes
              + " or 1x"
              + classes
              + "x"
              + steps
              + (isOneHot()
                  ? "; one class for each sample, instead of one-hot rows, is numpy.argmax(y, 1)"
                  : ""));
    }
  }

  /** Whether the classes of the steps may be meant as one class, that of the step with a 1. */
  private boolean isOneHot() {
    Tensor targets = training.targets();
    int steps = targets.dim(1);
    for (int from = 0; from < targets.size(); from += steps) {
      int ones = 0;
      for (int i = from; i < from + steps; i++) {
        double value = targets.get(i);
        ones += value == 1 ? 1 : value == 0 ? 0 : steps;
      }
      if (ones != 1) {
        return false;
      }
    }
    return true;
  }

  /** A weight for each class that makes all count alike: the rarer, the larger; 0 for none. */
  public double[] classWeights() {
    double[] counts = new double[training.classes().size()];
    double counted = 0;
    for (int i = 0; i < training.targets().size(); i++) {
      int target = (int) training.targets().longs()[i];
      if (target != Loss.IGNORED) {
        counts[target]++;
        counted++;
      }
    }
    for (int i = 0; i < counts.length; i++) {
      counts[i] = counts[i] == 0 ? 0 : counted / (counts.length * counts[i]);
    }
    return counts;
  }

  /**
   * The network with the sizes that it leaves to the data: the indices of a first embedding, and
   * the outputs of the last linear layer, one a class or number to be learned.
   */
  public Network sized(Network network) {
    Node.Leaf found = null;
    for (Node.Leaf leaf : network.leaves()) {
      found = leaf.layer() != null && leaf.layer().outputFeatures() >= 0 ? leaf : found;
    }
    Node.Leaf last = found;
    return network.sizedByData(
        (path, leaf) ->
            leaf.layer().takesIndices()
                ? indices(path, leaf)
                : leaf.equals(last) ? training.outputs() : 0);
  }

  private int indices(String path, Node.Leaf leaf) {
    if (parts != null) {
      throw new InputException(
          "layer '"
              + path
              + "' "
              + leaf.text()
              + " leaves the number of its indices open; say it where a network takes several"
              + " inputs");
    }
    return indices();
  }

  /** How many words or other indices the samples may have. */
  private int indices() {
    return preparation.vocabulary() != null
        ? preparation.vocabulary().size()
        : training.indices(test);
  }

  /**
   * An encoder with its decoder, both with the sizes that they leave to the data.
   *
   * @throws lamina.text.InputException if they do not fit each other
   */
  public EncoderDecoder withDecoder(Network encoder, Network decoder) {
    return new EncoderDecoder(
        sized(encoder),
        decoder.sizedByData((path, leaf) -> answers.vocabulary().size()),
        training.sampleShape(),
        answers);
  }

  /**
   * The same samples as an encoder and its decoder learn from them: beside each input stands the
   * right answer up to each token (teacher forcing).
   */
  public TrainingData forced(EncoderDecoder both) {
    return new TrainingData(
        both.forced(training),
        test == null ? null : both.forced(test),
        preparation,
        augmentation,
        answers,
        parts);
  }
}
