package lamina.op;

import java.util.Arrays;
import lamina.kernel.Backend;
import lamina.kernel.Backends;
import lamina.kernel.ChannelLoops;
import lamina.kernel.Convolution;
import lamina.kernel.Kernels;
import lamina.kernel.PaddingMode;
import lamina.kernel.RepeatedConvolution;
import lamina.kernel.Window;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * Convolution and transposed convolution over tensors, with their gradients: checks every argument
 * and leaves the arithmetic to the {@link Backends#current backend}. Shapes are PyTorch's: input
 * {@code (N, C, size...)}, kernel {@code (O, C/groups, k...)}, of a transposed convolution {@code
 * (C, O/groups, k...)}, bias {@code (O)}, output {@code (N, O, size...)}. The kernel is not
 * flipped. All methods throw {@link InputException} for shapes that do not fit.
 */
public final class Convolutions {
  private Convolutions() {}

  /**
   * {@code y[n,o,p] = b[o] + Σ_{c,k} w[o,c,k] · x[n, c, p·stride − padBefore + k·dilation]}.
   *
   * @param bias one value an output channel, or null
   */
  public static Tensor forward(
      Tensor x, Tensor w, Tensor bias, Window geometry, int groups, PaddingMode mode) {
    return forward(x, w, bias, geometry, groups, mode, Convolution.Algorithm.AUTO);
  }

  /** The convolution, computed by a certain algorithm. */
  public static Tensor forward(
      Tensor x,
      Tensor w,
      Tensor bias,
      Window geometry,
      int groups,
      PaddingMode mode,
      Convolution.Algorithm algorithm) {
    if (!mode.isZeros()) {
      // The kernel's channels must fit before memory is spent on the padding.
      checkChannels(x.shape(), w, geometry, groups);
      Tensor padded = Paddings.pad(x, geometry.padBefore(), geometry.padAfter(), mode);
      return forward(padded, w, bias, unpadded(geometry), groups, PaddingMode.ZEROS, algorithm);
    }
    Convolution conv = problem(x.shape(), w, geometry, groups).by(algorithm);
    Shapes.checkType(x, w);
    checkBias(bias, w, conv.outChannels());
    Tensor y = Tensor.unset(x.dtype(), outputShape(conv));
    kernels(x).convolve(conv, x.array(), w.array(), array(bias), y.array());
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

    /** As {@link Convolutions#forward}, always with the same geometry and groups. */
    @SuppressWarnings("ReferenceEquality") // An equal kernel would have to be compared first.
    public Tensor forward(
        Tensor x, Tensor w, Tensor bias, Window geometry, int groups, PaddingMode mode) {
      boolean again =
          w == kernel
              && Arrays.equals(x.shape(), inputShape)
              && backend == Backends.current()
              && mode.isZeros();
      if (!again) {
        inputShape = x.shape();
        kernel = w;
        backend = Backends.current();
        prepared = null;
        return Convolutions.forward(x, w, bias, geometry, groups, mode);
      }
      Convolution conv = problem(inputShape, w, geometry, groups);
      Shapes.checkType(x, w);
      Tensor y = Tensor.unset(x.dtype(), outputShape(conv));
      if (prepared == null) {
        prepared = backend.kernels(x.dtype()).repeated(conv, w.array());
      }
      prepared.convolve(x.array(), array(bias), y.array());
      return y;
    }
  }

  /**
   * The gradient with respect to the input.
   *
   * @param dy the gradient of the output
   * @param inputShape the shape of x
   */
  public static Tensor backwardInput(
      Tensor dy, Tensor w, int[] inputShape, Window geometry, int groups, PaddingMode mode) {
    if (!mode.isZeros()) {
      int[] paddedShape = paddedShape(inputShape, geometry);
      Tensor padded =
          backwardInput(dy, w, paddedShape, unpadded(geometry), groups, PaddingMode.ZEROS);
      return Paddings.padBackward(
          padded, inputShape, geometry.padBefore(), geometry.padAfter(), mode);
    }
    Convolution conv = problem(inputShape, w, geometry, groups);
    checkOutputGradient(dy, outputShape(conv));
    return inputGradient(conv, dy, w, inputShape);
  }

  /** The gradient with respect to the kernel, of shape {@code kernelShape}. */
  public static Tensor backwardKernel(
      Tensor x, Tensor dy, int[] kernelShape, Window geometry, int groups, PaddingMode mode) {
    if (!mode.isZeros()) {
      Tensor padded = Paddings.pad(x, geometry.padBefore(), geometry.padAfter(), mode);
      return backwardKernel(padded, dy, kernelShape, unpadded(geometry), groups, PaddingMode.ZEROS);
    }
    Tensor dw = Tensor.unset(x.dtype(), kernelShape);
    Convolution conv = problem(x.shape(), dw, geometry, groups);
    checkOutputGradient(dy, outputShape(conv));
    return kernelGradient(conv, x, dy, dw);
  }

  /** The gradient with respect to the bias, {@code db[o] = Σ dy[n,o,p]}: for both convolutions. */
  public static Tensor backwardBias(Tensor dy) {
    Tensor db = Tensor.zeros(dy.dtype(), dy.dim(1));
    int plane = dy.size() == 0 ? 0 : dy.size() / (dy.dim(0) * dy.dim(1));
    ChannelLoops.of(dy.dtype()).sum(dy.dim(0), dy.dim(1), plane, dy.array(), db.array());
    return db;
  }

  /**
   * The transposed convolution: the gradient of a convolution of this geometry with respect to its
   * input, {@code y[n,o,q] = b[o] + Σ w[c,o,k] · x[n,c,p]} over all c, k, p with {@code p·stride −
   * padBefore + k·dilation = q}.
   *
   * @param bias one value an output channel, or null
   * @param outputPadding how much larger the output is at its end, per spatial axis
   */
  public static Tensor transposed(
      Tensor x, Tensor w, Tensor bias, Window geometry, int groups, int[] outputPadding) {
    Convolution conv = transposedProblem(x.shape(), w, geometry, groups, outputPadding);
    Shapes.checkType(x, w);
    checkBias(bias, w, conv.inChannels());
    Tensor y = inputGradient(conv, x, w, inputShape(conv));
    if (bias != null) {
      int plane = Tensor.elements(conv.inputSize());
      ChannelLoops.of(y.dtype())
          .add(conv.batch(), conv.inChannels(), plane, bias.array(), y.array());
    }
    return y;
  }

  /** The gradient of a transposed convolution with respect to its input, of inputShape. */
  public static Tensor transposedBackwardInput(
      Tensor dy, Tensor w, int[] inputShape, Window geometry, int groups, int[] outputPadding) {
    Convolution conv = transposedProblem(inputShape, w, geometry, groups, outputPadding);
    checkOutputGradient(dy, inputShape(conv));
    Shapes.checkType(dy, w);
    Tensor dx = Tensor.unset(dy.dtype(), inputShape);
    kernels(dy).convolve(conv, dy.array(), w.array(), null, dx.array());
    return dx;
  }

  /** The gradient of a transposed convolution with respect to its kernel, of kernelShape. */
  public static Tensor transposedBackwardKernel(
      Tensor x, Tensor dy, int[] kernelShape, Window geometry, int groups, int[] outputPadding) {
    Tensor dw = Tensor.unset(x.dtype(), kernelShape);
    Convolution conv = transposedProblem(x.shape(), dw, geometry, groups, outputPadding);
    checkOutputGradient(dy, inputShape(conv));
    return kernelGradient(conv, dy, x, dw);
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

  private static Tensor inputGradient(Convolution conv, Tensor dy, Tensor w, int[] shape) {
    Shapes.checkType(dy, w);
    Tensor dx = Tensor.unset(dy.dtype(), shape);
    kernels(dy).convolveBackwardInput(conv, dy.array(), w.array(), dx.array());
    return dx;
  }

  private static Tensor kernelGradient(Convolution conv, Tensor x, Tensor dy, Tensor dw) {
    Shapes.checkType(x, dy);
    kernels(x).convolveBackwardKernel(conv, x.array(), dy.array(), dw.array());
    return dw;
  }

  private static Kernels<Object> kernels(Tensor x) {
    return Backends.current().kernels(x.dtype());
  }

  private static Object array(Tensor bias) {
    return bias == null ? null : bias.array();
  }

  private static Convolution problem(int[] inputShape, Tensor w, Window geometry, int groups) {
    checkChannels(inputShape, w, geometry, groups);
    int[] inputSize = Arrays.copyOfRange(inputShape, 2, inputShape.length);
    return new Convolution(
        inputShape[0],
        inputShape[1],
        w.dim(0),
        groups,
        geometry,
        inputSize,
        geometry.outputSizes(inputSize));
  }

  private static void checkChannels(int[] inputShape, Tensor w, Window geometry, int groups) {
    checkGeometry(inputShape, w, geometry);
    checkGroups(groups, inputShape[1], "the input's", w.dim(0), "the kernel's output");
    if ((long) w.dim(1) * groups != inputShape[1]) {
      throw new InputException(
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

  /**
   * A transposed convolution is the gradient of this convolution: input and output change places.
   */
  private static Convolution transposedProblem(
      int[] inputShape, Tensor w, Window geometry, int groups, int[] outputPadding) {
    checkGeometry(inputShape, w, geometry);
    checkGroups(groups, inputShape[1], "the input's", w.dim(0), "the kernel's input");
    if (w.dim(0) != inputShape[1]) {
      throw new InputException(
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
        geometry,
        geometry.transposedSizes(inputSize, outputPadding),
        inputSize);
  }

  private static void checkGeometry(int[] inputShape, Tensor w, Window geometry) {
    int rank = geometry.rank() + 2;
    if (inputShape.length != rank || w.rank() != rank) {
      throw new InputException(
          "a convolution over "
              + geometry.rank()
              + " spatial axes takes an input and a kernel of rank "
              + rank
              + ", not "
              + Tensor.text(inputShape)
              + " and "
              + Tensor.text(w.shape()));
    }
    int[] window = Arrays.copyOfRange(w.shape(), 2, rank);
    if (!Arrays.equals(window, geometry.kernel())) {
      throw new InputException(
          "the kernel's window "
              + Tensor.text(window)
              + " is not the geometry's "
              + Tensor.text(geometry.kernel()));
    }
    for (int axis = 1; axis < rank; axis++) {
      if (inputShape[axis] == 0 || w.dim(axis) == 0 || w.dim(0) == 0) {
        throw new InputException(
            "a convolution needs at least one element on every axis but the batch, not input "
                + Tensor.text(inputShape)
                + " and kernel "
                + Tensor.text(w.shape()));
      }
    }
  }

  private static void checkGroups(int groups, int in, String inOf, int out, String outOf) {
    if (groups < 1 || in % groups != 0 || out % groups != 0) {
      throw new InputException(
          groups
              + " groups must divide "
              + inOf
              + " "
              + in
              + " and "
              + outOf
              + " "
              + out
              + " channels");
    }
  }

  private static void checkBias(Tensor bias, Tensor w, int channels) {
    if (bias != null) {
      Shapes.checkType(w, bias);
      if (bias.rank() != 1 || bias.size() != channels) {
        throw new InputException(
            "the bias has shape "
                + Tensor.text(bias.shape())
                + " but the output has "
                + channels
                + (channels == 1 ? " channel" : " channels")
                + "; give one value a channel");
      }
    }
  }

  private static void checkOutputGradient(Tensor dy, int[] shape) {
    if (!Arrays.equals(dy.shape(), shape)) {
      throw new InputException(
          "the gradient of the output has shape "
              + Tensor.text(dy.shape())
              + " but the output has "
              + Tensor.text(shape));
    }
  }

  private static int[] outputShape(Convolution conv) {
    return shape(conv.batch(), conv.outChannels(), conv.outputSize());
  }

  private static int[] inputShape(Convolution conv) {
    return shape(conv.batch(), conv.inChannels(), conv.inputSize());
  }

  private static int[] shape(int batch, int channels, int[] size) {
    int[] shape = new int[size.length + 2];
    shape[0] = batch;
    shape[1] = channels;
    System.arraycopy(size, 0, shape, 2, size.length);
    return shape;
  }

  private static int[] paddedShape(int[] shape, Window geometry) {
    int[] padded = shape.clone();
    for (int axis = 0; axis < geometry.rank() && axis + 2 < shape.length; axis++) {
      padded[axis + 2] += geometry.padBefore()[axis] + geometry.padAfter()[axis];
    }
    return padded;
  }

  private static Window unpadded(Window geometry) {
    int[] none = new int[geometry.rank()];
    return geometry.withPadding(none, none);
  }
}
