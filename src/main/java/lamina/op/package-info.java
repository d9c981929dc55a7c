/**
 * Operations on tensors: arguments are checked, formulas stated. Layers and commands use them; they
 * call the kernels. Start reading at {@link lamina.op.TensorConvolution}.
 *
 * <p>An operation with parameters of its own is a record or an enum with {@code forward} and {@code
 * backward}, as {@link lamina.op.Activation}; one without is a class of static methods of these
 * names, as {@link lamina.op.LinearMap}. Where a class holds a family, the methods have the names
 * of its members, as {@code max} and {@code maxBackward} in {@link lamina.op.Poolings}.
 */
package lamina.op;
