/**
 * Comparison of answers with tolerance. Commands and reports use it. Start reading at {@link
 * lamina.check.Comparison}.
 */
package lamina.check;
