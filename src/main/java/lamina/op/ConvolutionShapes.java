package lamina.op;

import java.util.Arrays;
import lamina.kernel.Convolution;
import lamina.kernel.Window;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/** What both kinds of convolution ask of their tensors, and the shapes that these have. */
final class ConvolutionShapes {
  private ConvolutionShapes() {}

  /** Checks that an input and a kernel have the axes of a window and no empty one but the batch. */
  static void checkSizes(int[] inputShape, Tensor w, Window window) {
    int rank = window.rank() + 2;
    if (inputShape.length != rank || w.rank() != rank) {
      throw new InputException(
          "a convolution over "
              + window.rank()
              + " spatial axes takes an input and a kernel of rank "
              + rank
              + ", not "
              + Tensor.text(inputShape)
              + " and "
              + Tensor.text(w.shape()));
    }
    int[] kernel = Arrays.copyOfRange(w.shape(), 2, rank);
    if (!Arrays.equals(kernel, window.kernel())) {
      throw InputException.sentence(
          "the kernel's window "
              + Tensor.text(kernel)
              + " is not the one of the convolution, "
              + Tensor.text(window.kernel()));
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

  static void checkBias(Tensor bias, Tensor w, int channels) {
    if (bias != null) {
      Shapes.checkType(w, bias);
      if (bias.rank() != 1 || bias.size() != channels) {
        throw InputException.sentence(
            "the bias has shape "
                + Tensor.text(bias.shape())
                + " but the output has "
                + channels
                + (channels == 1 ? " channel" : " channels")
                + "; give one value a channel");
      }
    }
  }

  static void checkOutputGradient(Tensor dy, int[] shape) {
    if (!Arrays.equals(dy.shape(), shape)) {
      throw InputException.sentence(
          "the gradient of the output has shape "
              + Tensor.text(dy.shape())
              + " but the output has "
              + Tensor.text(shape));
    }
  }

  static int[] outputShape(Convolution conv) {
    return shape(conv.batch(), conv.outChannels(), conv.outputSize());
  }

  static int[] inputShape(Convolution conv) {
    return shape(conv.batch(), conv.inChannels(), conv.inputSize());
  }

  private static int[] shape(int batch, int channels, int[] size) {
    int[] shape = new int[size.length + 2];
    shape[0] = batch;
    shape[1] = channels;
    System.arraycopy(size, 0, shape, 2, size.length);
    return shape;
  }
}
