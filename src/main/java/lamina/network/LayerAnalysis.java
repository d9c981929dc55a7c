package lamina.network;

import java.util.List;
import lamina.layer.Layer;
import lamina.layer.Layer.Parameter;
import lamina.tensor.Shape;
import lamina.tensor.symbol.Dim;

/**
 * What a layer does within a network. Members that cannot be known are null.
 *
 * @param name the layer's path: {@code features.0}
 * @param type the name of its class
 * @param text how it was written
 * @param input the shape of its first input
 * @param output the shape of its output
 * @param params the number of trained weights; 0 where the weights are another layer's
 * @param macs multiply-accumulates per sample
 * @param flops 2 MACs + bias additions, per sample
 * @param activations the number of elements of the output per sample
 * @param field what an element of the output sees of the network's input
 * @param weights the shapes of its weights by name
 * @param explanation how the output's sizes come about
 * @param layer the layer with the sizes that the input decided; null if it is unknown
 * @param inputs the layers whose outputs it takes, as indices; -1 is the network's input
 * @param takenShapes the shapes of its inputs with the batch that running it needs
 */
public record LayerAnalysis(
    String name,
    String type,
    String text,
    Shape input,
    Shape output,
    Dim params,
    Dim macs,
    Dim flops,
    Dim activations,
    ReceptiveField field,
    List<Parameter> weights,
    List<String> explanation,
    Layer layer,
    List<Integer> inputs,
    List<Shape> takenShapes) {

  /** The shape of its first input with the batch that running it needs; null if unknown. */
  public Shape taken() {
    return takenShapes.isEmpty() ? null : takenShapes.get(0);
  }
}
