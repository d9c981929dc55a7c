/**
 * What is said to the user: input that is refused, and near spellings of words. Every room uses it.
 * Start reading at {@link lamina.text.InputException}.
 */
package lamina.text;
