package lamina.network.read;

import java.util.ArrayList;
import java.util.List;
import lamina.layer.InputPart;
import lamina.layer.Layer;
import lamina.network.Model;
import lamina.network.Network;
import lamina.network.Node;
import lamina.tensor.Shape;
import lamina.text.InputException;

/**
 * A network of several inputs as one that takes them in one: samples {@code (N, all elements)}, as
 * training gathers them.
 */
public final class PackedInputs {
  private PackedInputs() {}

  /** The names of the inputs if there are several, in the network's order; else null. */
  public static List<String> names(Network network) {
    Model model = network.model();
    if (model == null || model.inputs().size() < 2 || model.bringsWeights()) {
      return null;
    }
    List<String> names = new ArrayList<>();
    model.inputs().forEach(port -> names.add(port.name()));
    return names;
  }

  /**
   * The network that takes all inputs in one.
   *
   * @param samples the shape of one sample of each input
   * @throws InputException if a layer counts the steps of a sequence before the batch
   */
  public static Network of(Network network, List<int[]> samples) {
    List<Node> parts = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < samples.size(); i++) {
      Shape sample = Shape.of(samples.get(i));
      String name = network.model().inputs().get(i).name();
      Layer layer = new InputPart(start, sample);
      String text = "Input(" + sample + ")";
      parts.add(new Node.Leaf(name, layer.type(), text, layer, List.of(Node.NETWORK_INPUT), name));
      start += (int) sample.elements().value();
    }
    for (Node.Leaf leaf : network.leaves()) {
      if (leaf.layer() != null && leaf.layer().stepsFirst()) {
        throw new InputException(
            "layer '"
                + leaf.name()
                + "' "
                + leaf.text()
                + " takes the steps of a sequence before the batch, which is the first axis of"
                + " every input; give it batch_first=True");
      }
    }
    parts.addAll(network.root().parts());
    Node.Container root = new Node.Container("", network.root().type(), true, parts);
    return new Network(root, null, false, network.unread(), network.remarks());
  }
}
