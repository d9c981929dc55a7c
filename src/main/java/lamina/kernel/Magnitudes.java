package lamina.kernel;

/**
 * How large some elements are, sign aside.
 *
 * @param largest the largest |x|; NaN counts for nothing
 * @param zeros how many are 0
 */
public record Magnitudes(double largest, int zeros) {}
