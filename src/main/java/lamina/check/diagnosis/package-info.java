/**
 * What well-known mistakes make of a command: each is the command run again with one thing wrong.
 * The check room and its command use it. Start reading at {@link
 * lamina.check.diagnosis.MistakeFinder}; a file each lists the mistakes of a command.
 */
package lamina.check.diagnosis;
