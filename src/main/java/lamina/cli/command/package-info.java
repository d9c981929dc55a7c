/**
 * One file a command: options in, a call of the core, a document out. Arithmetic belongs to the
 * rooms below. Start reading at {@link lamina.cli.command.TensorCommand}, on which most commands
 * stand.
 */
package lamina.cli.command;
