/**
 * The program: it dispatches to a command and turns errors into one line and an exit code. Its
 * packages stand in this order, each using those after it: this one, command, complete, option,
 * process. Only the entry point uses it. Start reading at {@link lamina.cli.Program}; {@link
 * lamina.cli.Commands} lists the commands.
 */
package lamina.cli;
