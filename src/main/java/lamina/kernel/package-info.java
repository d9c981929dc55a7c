/**
 * Arithmetic on plain arrays: the problems as records, one interface for what has several
 * implementations, and the choice between them. Operations use it; layers and options state windows
 * and padding with its records. Start reading at {@link lamina.kernel.Backend} and {@link
 * lamina.kernel.Backends}.
 */
package lamina.kernel;
