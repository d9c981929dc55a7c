/**
 * What learning needs besides a network: losses, optimisers, the loop, checkpoints, and an encoder
 * with its decoder. Commands and reports use it. Start reading at {@link lamina.train.Trainer},
 * then {@link lamina.train.Loss} and {@link lamina.train.Optimizer}.
 */
package lamina.train;
