/**
 * How the classes of published networks join their parts, which {@code print(model)} does not show.
 * Readers of texts use it. A new family is a file of its own and a line in {@link
 * lamina.network.read.family.Families}, where reading should start.
 */
package lamina.network.read.family;
