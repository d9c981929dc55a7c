package lamina.cli.option;

import lamina.layer.recurrent.RecurrentReader;
import lamina.layer.recurrent.RecurrentTopology;

/**
 * What the options of {@code lamina rnn} ask for, beside its tensors and checked as far as that
 * goes without the weights.
 *
 * @param steps of the output, or 0
 * @param feedback whether later steps read the output before them
 * @param lengths of the sequences, or null
 */
public record RnnSettings(
    RecurrentReader reader,
    RecurrentTopology mode,
    int steps,
    boolean feedback,
    boolean batchFirst,
    int[] lengths) {}
