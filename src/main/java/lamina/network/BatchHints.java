package lamina.network;

import lamina.layer.Layer;
import lamina.network.Node.Leaf;

/**
 * What the layers of a network tell of the axes of its input.
 *
 * @param sampleRank how many axes a sample has; -1 if nothing tells
 * @param isSaid whether the network says so itself
 * @param isCounted whether a layer counts axes, with the batch among them
 * @param stepsFirst whether the steps of sequences come before the batch
 * @param losesOnes whether a layer drops axes of size 1
 */
record BatchHints(
    int sampleRank, boolean isSaid, boolean isCounted, boolean stepsFirst, boolean losesOnes) {

  static BatchHints of(Network network) {
    Layer first = null;
    boolean moved = false;
    boolean isCounted = false;
    boolean stepsFirst = false;
    boolean losesOnes = false;
    for (Leaf leaf : network.leaves()) {
      if (leaf.layer() == null) {
        continue;
      }
      Layer layer = leaf.layer();
      moved |= layer.countsAxes();
      isCounted |= layer.dependsOnAxes();
      losesOnes |= layer.dropsOnes();
      if (layer.ranks().sample() < 0) {
        continue;
      }
      first = first == null && !moved ? layer : first;
      if (!layer.ranks().isOpen()) {
        stepsFirst = layer.stepsFirst();
        break;
      }
    }
    int told = first == null ? -1 : first.ranks().sample();
    boolean isSaid = network.sample() != null;
    int rank = isSaid ? network.sample().rank() : told;
    return new BatchHints(rank, isSaid, isCounted, stepsFirst, losesOnes);
  }
}
