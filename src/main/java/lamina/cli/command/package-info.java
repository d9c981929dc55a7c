/**
 * One file a command: options in, a call of the core, a document out; beside it, what is run and
 * what is written where that takes more than a page. Arithmetic belongs to the rooms below. Start
 * reading at {@link lamina.cli.command.TensorCommand}, on which most commands stand, then see
 * {@link lamina.cli.command.ConvCommand}.
 */
package lamina.cli.command;
