package lamina.train.data;

/**
 * What a file or folder holds.
 *
 * @param training its samples, or those to learn from
 * @param test those to test with, if it sets some apart; else null
 */
record SampleSource(Samples training, Samples test) {}
