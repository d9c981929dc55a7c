/**
 * The kernels as plain loops, which are fast from their first call. Only {@code lamina.kernel}
 * names them. Start reading at {@link lamina.kernel.plain.ScalarBackend}.
 */
package lamina.kernel.plain;
