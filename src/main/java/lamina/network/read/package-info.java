/**
 * Texts to networks: layer expressions, the text of {@code print(model)}, JSON and Keras. Only
 * {@code lamina.network} calls it. Start reading at {@link lamina.network.Network#parse}.
 */
package lamina.network.read;
