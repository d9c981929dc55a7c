package lamina.kernel;

/**
 * What a local response normalisation does to an array {@code (outer, channels, inner)}: {@code y_c
 * = x_c (k + alpha / size · Σ x_j²)^−beta} over the channels j from {@code c − size/2} to {@code c
 * + (size − 1)/2}, as far as they exist.
 */
public record ResponseRule(
    int channels, int inner, int size, double alpha, double beta, double k) {}
