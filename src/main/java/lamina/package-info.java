/**
 * The entry point of the process. Start reading at {@link lamina.Main}, which hands over to {@link
 * lamina.cli.Program}; {@link lamina.StartRehearsal} serves the preparation of fast starts only.
 */
package lamina;
