/**
 * Reports of graded suites: for people, for TAP harnesses, for CI servers that read JUnit's XML,
 * for Gradescope and as JSON. The check command uses them. Start reading at {@link
 * lamina.check.report.Report}.
 */
package lamina.check.report;
