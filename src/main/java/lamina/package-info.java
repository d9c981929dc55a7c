/**
 * The entry point of the process. Start reading at {@link lamina.Main}, which hands over to {@link
 * lamina.cli.Program}.
 */
package lamina;
