/**
 * What is typed: each option is a field of a group, which defines it and, once the command line is
 * parsed, reads it into what it means. Commands use them. Start reading at {@link
 * lamina.cli.option.OptionGroup}, then see {@link lamina.cli.option.ConvOptions} and what it gives.
 */
package lamina.cli.option;
