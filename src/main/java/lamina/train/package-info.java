/**
 * What learning needs besides a network: losses and optimisers. Commands use it. Start reading at
 * {@link lamina.train.Loss} and {@link lamina.train.Optimizer}.
 */
package lamina.train;
