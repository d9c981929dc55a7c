package lamina.network;

import lamina.tensor.Shape;

/**
 * What goes from one layer to others.
 *
 * @param source the layer it comes from, as an index; -1 is the network's input, -2 its second
 * @param shape null where a part before is unknown
 * @param field null where the shape is
 */
record Flow(int source, Shape shape, ReceptiveField field) {}
