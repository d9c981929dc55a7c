/**
 * Operations on tensors: arguments are checked, formulas stated, forward and backward. Layers and
 * commands use it; it calls the kernels. Start reading at {@link lamina.op.Convolutions}.
 */
package lamina.op;
