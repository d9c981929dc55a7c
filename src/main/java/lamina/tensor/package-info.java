/**
 * Tensors, their types, shapes and layouts. Every room above uses it. Start reading at {@link
 * lamina.tensor.Tensor} and {@link lamina.tensor.Shape}.
 */
package lamina.tensor;
