/**
 * The program: it parses the command line, dispatches to a command, turns errors into one line and
 * an exit code, and knows the terminal. Only {@code lamina.Main} uses it. Start reading at {@link
 * lamina.cli.Program}; {@link lamina.cli.Commands} lists the commands.
 */
package lamina.cli;
