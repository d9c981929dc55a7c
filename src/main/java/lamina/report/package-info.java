/**
 * Documents (named tensors and figures) to text, JSON, CSV, LaTeX and Markdown. Commands use it.
 * Start reading at {@link lamina.report.Document} and {@link lamina.report.DocumentWriter}.
 */
package lamina.report;
