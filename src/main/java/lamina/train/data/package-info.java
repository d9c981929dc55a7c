/**
 * Data to learn from: files become {@link lamina.train.data.Dataset}s of tensors, and what was
 * learned on the way (classes, mean and deviation, vocabulary) becomes a {@link
 * lamina.train.data.Preparation}, which goes with the network. Start reading in {@link
 * lamina.train.data.DatasetReader}.
 */
package lamina.train.data;
