package lamina.op;

import java.util.Arrays;
import lamina.kernel.Backend;
import lamina.kernel.Backends;
import lamina.kernel.ChannelLoops;
import lamina.kernel.Convolution;
import lamina.kernel.PaddingMode;
import lamina.kernel.RepeatedConvolution;
import lamina.kernel.Window;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * A convolution, {@code y[n,o,p] = b[o] + Σ_{c,k} w[o,c,k] · x[n, c, p·stride − padBefore +
 * k·dilation]}, with its gradients: checks every argument and leaves the arithmetic to the {@link
 * Backends#current backend}. Shapes are PyTorch's: input {@code (N, C, size...)}, kernel {@code (O,
 * C/groups, k...)}, bias {@code (O)}, output {@code (N, O, size...)}. The kernel is not flipped.
 * All methods throw {@link InputException} for shapes that do not fit. {@link ChannelBias} has the
 * bias's gradient.
 *
 * @param groups into how many groups the channels fall, each with filters of its own
 * @param mode what stands in the padding
 * @param algorithm how the output is computed
 */
public record TensorConvolution(
    Window window, int groups, PaddingMode mode, Convolution.Algorithm algorithm) {

  /** A convolution that is computed as its sizes suggest. */
  public TensorConvolution(Window window, int groups, PaddingMode mode) {
    this(window, groups, mode, Convolution.Algorithm.AUTO);
  }

  /**
   * Checks that channels fall into groups.
   *
   * @param channels which channels: {@code input channels}
   */
  public static void checkGroups(int groups, String channels, long count) {
    if (groups < 1 || count % groups != 0) {
      throw new InputException("groups " + groups + " must divide the " + count + " " + channels);
    }
  }

  /**
   * The output.
   *
   * @param bias one value an output channel, or null
   */
  public Tensor forward(Tensor x, Tensor w, Tensor bias) {
    if (!mode.isZeros()) {
      // The kernel's channels must fit before memory is spent on the padding.
      checkChannels(x.shape(), w);
      return unpadded().forward(padded(x), w, bias);
    }
    Convolution conv = problem(x.shape(), w).by(algorithm);
    Shapes.checkType(x, w);
    ConvolutionShapes.checkBias(bias, w, conv.outChannels());
    Tensor y = Tensor.unset(x.dtype(), ConvolutionShapes.outputShape(conv));
    Object shift = bias == null ? null : bias.array();
    Backends.current().kernels(x.dtype()).convolve(conv, x.array(), w.array(), shift, y.array());
    return y;
  }

  /**
   * A convolution that may come again: from the second time on that the same kernel meets an input
   * of the same shape, what depends on the kernel alone is prepared. The kernel's elements must not
   * change meanwhile.
   */
  public static final class Repeated {
    private int[] inputShape;
    private Tensor kernel;
    private Backend backend;
    private RepeatedConvolution<Object> prepared;

    /** As {@link TensorConvolution#forward}, always of the same convolution. */
    @SuppressWarnings("ReferenceEquality") // An equal kernel would have to be compared first.
    public Tensor forward(TensorConvolution convolution, Tensor x, Tensor w, Tensor bias) {
      boolean again =
          w == kernel
              && Arrays.equals(x.shape(), inputShape)
              && backend == Backends.current()
              && convolution.mode.isZeros();
      if (!again) {
        inputShape = x.shape();
        kernel = w;
        backend = Backends.current();
        prepared = null;
        return convolution.forward(x, w, bias);
      }
      Convolution conv = convolution.problem(inputShape, w);
      Shapes.checkType(x, w);
      Tensor y = Tensor.unset(x.dtype(), ConvolutionShapes.outputShape(conv));
      if (prepared == null) {
        prepared = backend.kernels(x.dtype()).repeated(conv, w.array());
      }
      prepared.convolve(x.array(), bias == null ? null : bias.array(), y.array());
      return y;
    }
  }

  /**
   * The gradient with respect to the input.
   *
   * @param dy the gradient of the output
   * @param inputShape the shape of x
   */
  public Tensor backwardInput(Tensor dy, Tensor w, int[] inputShape) {
    if (!mode.isZeros()) {
      Tensor padded = unpadded().backwardInput(dy, w, paddedShape(inputShape));
      return Paddings.padBackward(padded, inputShape, window.padBefore(), window.padAfter(), mode);
    }
    Convolution conv = problem(inputShape, w);
    ConvolutionShapes.checkOutputGradient(dy, ConvolutionShapes.outputShape(conv));
    Shapes.checkType(dy, w);
    Tensor dx = Tensor.unset(dy.dtype(), inputShape);
    Backends.current()
        .kernels(dy.dtype())
        .convolveBackwardInput(conv, dy.array(), w.array(), dx.array());
    return dx;
  }

  /** The gradient with respect to the kernel, of shape {@code kernelShape}. */
  public Tensor backwardKernel(Tensor x, Tensor dy, int[] kernelShape) {
    if (!mode.isZeros()) {
      return unpadded().backwardKernel(padded(x), dy, kernelShape);
    }
    Tensor dw = Tensor.unset(x.dtype(), kernelShape);
    Convolution conv = problem(x.shape(), dw);
    ConvolutionShapes.checkOutputGradient(dy, ConvolutionShapes.outputShape(conv));
    Shapes.checkType(x, dy);
    Backends.current()
        .kernels(x.dtype())
        .convolveBackwardKernel(conv, x.array(), dy.array(), dw.array());
    return dw;
  }

  /**
   * The kernel turned by 180° in its spatial axes, all but the first two: what makes a
   * cross-correlation the mathematical convolution.
   */
  public static Tensor flip(Tensor w) {
    Tensor flipped = Tensor.zeros(w.dtype(), w.shape());
    int filters = w.dim(0) * w.dim(1);
    int taps = filters == 0 ? 0 : w.size() / filters;
    ChannelLoops.of(w.dtype()).reverse(filters, taps, w.array(), flipped.array());
    return flipped;
  }

  /** An input with its padding, for {@link #unpadded}. */
  Tensor padded(Tensor x) {
    return Paddings.pad(x, window.padBefore(), window.padAfter(), mode);
  }

  private int[] paddedShape(int[] shape) {
    int[] padded = shape.clone();
    for (int axis = 0; axis < window.rank() && axis + 2 < shape.length; axis++) {
      padded[axis + 2] += window.padBefore()[axis] + window.padAfter()[axis];
    }
    return padded;
  }

  /** This convolution of an input that has its padding. */
  TensorConvolution unpadded() {
    int[] none = new int[window.rank()];
    return new TensorConvolution(
        window.withPadding(none, none), groups, PaddingMode.ZEROS, algorithm);
  }

  private Convolution problem(int[] inputShape, Tensor w) {
    checkChannels(inputShape, w);
    int[] inputSize = Arrays.copyOfRange(inputShape, 2, inputShape.length);
    return new Convolution(
        inputShape[0],
        inputShape[1],
        w.dim(0),
        groups,
        window,
        inputSize,
        window.outputSizes(inputSize));
  }

  private void checkChannels(int[] inputShape, Tensor w) {
    ConvolutionShapes.checkSizes(inputShape, w, window);
    checkGroups(groups, "input channels", inputShape[1]);
    checkGroups(groups, "output channels", w.dim(0));
    if ((long) w.dim(1) * groups != inputShape[1]) {
      throw InputException.sentence(
          "the kernel "
              + Tensor.text(w.shape())
              + " takes "
              + (long) w.dim(1) * groups
              + " input channels"
              + (groups == 1 ? "" : " (" + w.dim(1) + " in each of " + groups + " groups)")
              + " but the input "
              + Tensor.text(inputShape)
              + " has "
              + inputShape[1]);
    }
  }
}
