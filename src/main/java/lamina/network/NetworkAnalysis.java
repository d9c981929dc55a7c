package lamina.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lamina.tensor.Shape;
import lamina.tensor.symbol.Dim;

/**
 * What a network makes of an input.
 *
 * @param input the shape of the input, channels first
 * @param layers the single layers, first to last
 * @param output the shape of the output, or null if a part of the network is unknown
 * @param params the trained weights of all layers that are known, shared ones once
 * @param macs multiply-accumulates per sample of all layers where they are known
 * @param flops 2 MACs + bias additions, per sample
 * @param activations the elements of all outputs per sample, which training keeps
 * @param peak the most elements that are needed at once per sample without gradients: the inputs
 *     and the output of a layer, and outputs that later layers take; null if sizes are unknown
 * @param gaps what makes the totals partial, in words; empty if they are complete
 * @param isAssumed whether sizes rest on an order of parts that the text does not show, so that the
 *     totals may be too large as well as too small
 * @param isWholeInput whether the costs are those of the whole input rather than of a sample, since
 *     a layer mixes the samples of the batch
 * @param batchReading what was assumed about the batch, in words; null if the layers tell
 * @param paramsComplete whether params are complete all the same
 * @param notes what was assumed, in words
 * @param inputs the names of the network's inputs
 * @param doubts what a file says that does not go with what was found, or what a print leaves out
 *     that matters, in words
 * @param inputShapes the shapes of the inputs that layers take, as the user knows them, by their
 *     numbers from 0
 */
public record NetworkAnalysis(
    Shape input,
    List<LayerAnalysis> layers,
    Shape output,
    Dim params,
    Dim macs,
    Dim flops,
    Dim activations,
    Dim peak,
    List<String> gaps,
    boolean isAssumed,
    boolean isWholeInput,
    String batchReading,
    boolean paramsComplete,
    List<String> notes,
    List<String> inputs,
    List<String> doubts,
    Map<Integer, Shape> inputShapes) {

  /** All that was assumed, that about the batch first. */
  public List<String> assumptions() {
    List<String> assumptions = new ArrayList<>();
    if (batchReading != null) {
      assumptions.add(batchReading);
    }
    assumptions.addAll(notes);
    return assumptions;
  }

  /** The names of what a layer takes: of layers, or {@code input}. */
  public List<String> inputNames(LayerAnalysis layer) {
    List<String> names = new ArrayList<>();
    for (int input : layer.inputs()) {
      names.add(input < 0 ? inputs.get(-1 - input) : layers.get(input).name());
    }
    return names;
  }

  /** Whether the sizes of all outputs are known, be it by what the gaps assume. */
  public boolean isRunnable() {
    for (LayerAnalysis layer : layers) {
      if (layer.output() == null || layer.layer().gap() != null) {
        return false;
      }
    }
    return true;
  }

  /** Whether the totals leave something out, or rest on an assumption. */
  public boolean isPartial() {
    return !gaps.isEmpty();
  }
}
