/**
 * Pages of one file each, with pictures as SVG inside, for browsers and printers. Commands use it.
 * Start reading at {@link lamina.report.html.TrainingPage}.
 */
package lamina.report.html;
