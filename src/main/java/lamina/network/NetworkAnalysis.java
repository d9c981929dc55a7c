package lamina.network;

import java.util.List;
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
 * @param activations the elements of all outputs per sample
 * @param gaps what makes the totals partial, in words; empty if they are complete
 * @param paramsComplete whether params are complete all the same
 * @param notes what was assumed, in words
 */
public record NetworkAnalysis(
    Shape input,
    List<LayerAnalysis> layers,
    Shape output,
    Dim params,
    Dim macs,
    Dim flops,
    Dim activations,
    List<String> gaps,
    boolean paramsComplete,
    List<String> notes) {

  /** Whether the totals leave something out. */
  public boolean isPartial() {
    return !gaps.isEmpty();
  }
}
