/**
 * Completion scripts for bash, zsh and fish, written from the definitions of the commands. The
 * completion command uses them. Start reading at {@link lamina.cli.complete.Completable}.
 */
package lamina.cli.complete;
