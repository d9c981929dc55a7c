/**
 * The algebra of symbolic sizes: polynomials with floors, of which numbers are the special case.
 * Shapes use it, and the shape rules of layers. Start reading at {@link lamina.tensor.symbol.Dim}.
 */
package lamina.tensor.symbol;
