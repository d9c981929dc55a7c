/**
 * Answers and what was to be answered: comparison with tolerance, suites and their reports, and the
 * diagnosis of well-known mistakes. Commands and reports use it; what runs lamina's own commands
 * for it is {@link lamina.check.CommandRunner}, which the program implements. Start reading at
 * {@link lamina.check.Answer}.
 */
package lamina.check;
