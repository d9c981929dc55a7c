package lamina.kernel;

/**
 * One convolution problem with zero padding, as every backend solves it. Arrays are contiguous and
 * row-major: the input {@code (batch, inChannels, inputSize...)}, the kernel {@code (outChannels,
 * inChannels / groups, geometry.kernel...)}, the output {@code (batch, outChannels,
 * outputSize...)}. A transposed convolution is the gradient of one with respect to its input.
 *
 * @param geometry window, stride, dilation and padding
 * @param inputSize the spatial sizes of the input
 * @param outputSize the spatial sizes of the output; what {@link Geometry#outputSize} gives, or
 *     less than that, never more
 */
public record Convolution(
    int batch,
    int inChannels,
    int outChannels,
    int groups,
    Geometry geometry,
    int[] inputSize,
    int[] outputSize) {}
