package lamina.op;

import java.util.Arrays;
import lamina.kernel.Backends;
import lamina.kernel.Convolution;
import lamina.kernel.Window;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * A transposed convolution: the gradient of a convolution of this window with respect to its input,
 * {@code y[n,o,q] = b[o] + Σ w[c,o,k] · x[n,c,p]} over all c, k, p with {@code p·stride − padBefore
 * + k·dilation = q}. Shapes are PyTorch's: input {@code (N, C, size...)}, kernel {@code (C,
 * O/groups, k...)}, bias {@code (O)}, output {@code (N, O, size...)}. All methods throw {@link
 * InputException} for shapes that do not fit. {@link ChannelBias} has the bias's gradient.
 *
 * @param outputPadding how much larger the output is at its end, per spatial axis
 */
public record TransposedConvolution(Window window, int groups, int[] outputPadding) {
  /**
   * The output.
   *
   * @param bias one value an output channel, or null
   */
  public Tensor forward(Tensor x, Tensor w, Tensor bias) {
    Convolution conv = problem(x.shape(), w);
    Shapes.checkType(x, w);
    ConvolutionShapes.checkBias(bias, w, conv.inChannels());
    Tensor y = Tensor.unset(x.dtype(), ConvolutionShapes.inputShape(conv));
    Backends.current()
        .kernels(x.dtype())
        .convolveBackwardInput(conv, x.array(), w.array(), y.array());
    if (bias != null) {
      ChannelBias.add(bias, y);
    }
    return y;
  }

  /** The gradient with respect to the input, of shape {@code inputShape}. */
  public Tensor backwardInput(Tensor dy, Tensor w, int[] inputShape) {
    Convolution conv = problem(inputShape, w);
    ConvolutionShapes.checkOutputGradient(dy, ConvolutionShapes.inputShape(conv));
    Shapes.checkType(dy, w);
    Tensor dx = Tensor.unset(dy.dtype(), inputShape);
    Backends.current().kernels(dy.dtype()).convolve(conv, dy.array(), w.array(), null, dx.array());
    return dx;
  }

  /** The gradient with respect to the kernel, of shape {@code kernelShape}. */
  public Tensor backwardKernel(Tensor x, Tensor dy, int[] kernelShape) {
    Tensor dw = Tensor.unset(x.dtype(), kernelShape);
    Convolution conv = problem(x.shape(), dw);
    ConvolutionShapes.checkOutputGradient(dy, ConvolutionShapes.inputShape(conv));
    Shapes.checkType(dy, x);
    Backends.current()
        .kernels(x.dtype())
        .convolveBackwardKernel(conv, dy.array(), x.array(), dw.array());
    return dw;
  }

  /**
   * A transposed convolution is the gradient of this convolution: input and output change places.
   */
  private Convolution problem(int[] inputShape, Tensor w) {
    ConvolutionShapes.checkSizes(inputShape, w, window);
    TensorConvolution.checkGroups(groups, "input channels", inputShape[1]);
    if (w.dim(0) != inputShape[1]) {
      throw InputException.sentence(
          "the transposed kernel "
              + Tensor.text(w.shape())
              + " takes "
              + w.dim(0)
              + " input channels (its first axis) but the input "
              + Tensor.text(inputShape)
              + " has "
              + inputShape[1]);
    }
    int[] inputSize = Arrays.copyOfRange(inputShape, 2, inputShape.length);
    return new Convolution(
        inputShape[0],
        Tensor.elements(w.dim(1), groups),
        inputShape[1],
        groups,
        window,
        window.transposedSizes(inputSize, outputPadding),
        inputSize);
  }
}
