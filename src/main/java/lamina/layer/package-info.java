/**
 * One file a layer: its arguments, its rule of shapes, its parameters and costs, forward and
 * backward. Networks, training, reports and commands use it. Start reading at {@link
 * lamina.layer.Layer}; {@link lamina.layer.LayerRegistry} lists the layers.
 */
package lamina.layer;
