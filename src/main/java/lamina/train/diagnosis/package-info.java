/**
 * What is wrong with a training, in words, each with the figure that says so and its threshold.
 * Commands and reports use it. Start reading at {@link lamina.train.diagnosis.Diagnosis}.
 */
package lamina.train.diagnosis;
