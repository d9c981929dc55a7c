/**
 * Pictures of functions in the terminal and as SVG. Commands and pages use it. Start reading at
 * {@link lamina.report.plot.Plot}.
 */
package lamina.report.plot;
