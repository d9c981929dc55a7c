/**
 * The activation functions, one file each: names, parameters, formula, derivative. {@code
 * lamina.op} applies them to tensors. Start reading at {@link lamina.op.activation.Activations},
 * the table of all.
 */
package lamina.op.activation;
