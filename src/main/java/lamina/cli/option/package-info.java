/**
 * Groups of options that several commands share: each defines its options and reads what was typed
 * into values. Commands use them. Start reading at {@link lamina.cli.option.CommonOptions} and
 * {@link lamina.cli.option.Arguments}.
 */
package lamina.cli.option;
