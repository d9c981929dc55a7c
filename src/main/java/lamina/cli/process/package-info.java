/**
 * The process as commands see it: its streams and whether they are terminals, what is said on
 * stderr, and the exit codes. Everything in the program may use it. Start reading at {@link
 * lamina.cli.process.Io}.
 */
package lamina.cli.process;
