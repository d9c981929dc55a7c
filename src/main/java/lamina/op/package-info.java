/**
 * Operations on tensors: arguments are checked, formulas stated. The rooms above use them, layers
 * most of all; operations call the kernels. Start reading at {@link lamina.op.TensorConvolution}.
 *
 * <p>An operation with parameters of its own is a record or an enum with {@code forward} and {@code
 * backward}, as {@link lamina.op.Activation}; one without is a class of static methods of these
 * names, as {@link lamina.op.LinearMap}. {@link lamina.op.Normalization} holds a family that shares
 * its arithmetic: its methods have the names of the members.
 */
package lamina.op;
