package lamina.cli.command;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lamina.cli.process.Notes;
import lamina.layer.Layer;
import lamina.network.Network;
import lamina.network.Node;
import lamina.network.RunnableNetwork;
import lamina.tensor.Tensor;
import lamina.text.InputException;
import lamina.train.LossKind;

/** Whether a network fits the samples and the loss, and what would make it fit. */
final class TrainingFit {
  private TrainingFit() {}

  /**
   * A network that runs on one sample.
   *
   * @throws InputException if it does not; names another shape of the sample with which it does
   */
  static RunnableNetwork ofOneSample(Network network, int... sample) {
    InputException misfit = null;
    RunnableNetwork one = null;
    try {
      one = runnable(network, 1, sample);
      if (fits(network, sample)) {
        return one;
      }
    } catch (InputException e) {
      misfit = e;
    }
    for (int[] shape : otherShapes(sample)) {
      if (fits(network, shape)) {
        throw new InputException(
            (misfit == null
                    ? "the network takes the samples of a batch for channels"
                    : misfit.getMessage())
                + "; samples are "
                + Tensor.text(sample)
                + ", but --input "
                + Tensor.text(shape)
                + " would fit",
            misfit);
      }
    }
    if (misfit != null) {
      throw misfit;
    }
    return one;
  }

  private static RunnableNetwork runnable(Network network, int batch, int... sample) {
    int[] shape = new int[sample.length + 1];
    shape[0] = batch;
    System.arraycopy(sample, 0, shape, 1, sample.length);
    return RunnableNetwork.of(network, shape);
  }

  /** Whether it answers to each sample of a batch, so many that no layer has as many channels. */
  private static boolean fits(Network network, int... sample) {
    try {
      int[] output = runnable(network, 97, sample).report().output().sizes();
      return output.length > 0 && output[0] == 97;
    } catch (InputException e) {
      return false;
    }
  }

  /** Others of as many elements: with a channel, without axes of 1, as a square, in a row. */
  private static List<int[]> otherShapes(int... sample) {
    int size = Arrays.stream(sample).reduce(1, (a, b) -> a * b);
    int[] plain = Arrays.stream(sample).filter(axis -> axis > 1).toArray();
    if (sample.length == 1) {
      for (int channels : new int[] {1, 3}) {
        int side = (int) Math.round(Math.sqrt((double) size / channels));
        if (side > 1 && channels * side * side == size) {
          plain = channels == 1 ? new int[] {side, side} : new int[] {channels, side, side};
          break;
        }
      }
    }
    int[] first = new int[plain.length + 1];
    first[0] = 1;
    System.arraycopy(plain, 0, first, 1, plain.length);
    int[] last = Arrays.copyOf(plain, plain.length + 1);
    last[plain.length] = 1;
    return new ArrayList<>(
        List.of(first, plain, last, new int[] {size}, new int[] {1, size}, new int[] {size, 1}));
  }

  /** Remarks on a loss that expects something else than what the network ends with. */
  static void remark(Network network, LossKind loss, Notes notes) {
    List<Node.Leaf> leaves = network.leaves();
    Layer last = leaves.isEmpty() ? null : leaves.get(leaves.size() - 1).layer();
    String end = last == null ? "" : last.type();
    if (loss == LossKind.CROSS_ENTROPY && end.equalsIgnoreCase("softmax")) {
      notes.add(
          "cross-entropy has a softmax of its own, so that the one at the end of the network makes"
              + " two; leave it out, or end with LogSoftmax(1) for --loss nll");
    } else if (loss == LossKind.NLL && !end.equalsIgnoreCase("logsoftmax")) {
      notes.add(
          "nll takes log-probabilities, but the network does not end with LogSoftmax(1); add it,"
              + " or use --loss cross-entropy");
    } else if (loss == LossKind.BCE_WITH_LOGITS && end.equalsIgnoreCase("sigmoid")) {
      notes.add(
          "bce-with-logits has a sigmoid of its own, so that the one at the end of the network"
              + " makes two; leave it out, or use --loss bce");
    }
  }
}
