package lamina.network;

import java.util.List;
import lamina.tensor.symbol.Dim;

/** How many elements are needed at once where each output is let go after its last use. */
final class PeakElements {
  private PeakElements() {}

  /**
   * The most, layer by layer.
   *
   * @param input the elements of the network's input
   * @return null if some size is unknown
   */
  static Dim of(List<LayerAnalysis> layers, Dim input) {
    int[] lastUse = new int[layers.size()];
    int inputUse = -1;
    for (int i = 0; i < lastUse.length; i++) {
      Dim elements = layers.get(i).activations();
      if (elements == null || !elements.isNumber() || !input.isNumber()) {
        return null;
      }
      lastUse[i] = Math.max(lastUse[i], i);
      for (int source : layers.get(i).inputs()) {
        if (source >= 0) {
          lastUse[source] = i;
        }
        inputUse = source == -1 ? i : inputUse;
      }
    }
    Dim[] freed = new Dim[layers.size()];
    Dim held = input;
    Dim peak = input;
    for (int i = 0; i < lastUse.length; i++) {
      Dim elements = layers.get(i).activations();
      int end = lastUse[i];
      freed[end] = freed[end] == null ? elements : freed[end].plus(elements);
      held = i == inputUse + 1 ? held.minus(input) : held;
      held = held.plus(elements);
      peak = held.value() > peak.value() ? held : peak;
      held = freed[i] == null ? held : held.minus(freed[i]);
    }
    return peak;
  }
}
