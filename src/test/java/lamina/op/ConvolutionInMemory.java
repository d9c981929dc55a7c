package lamina.op;

import java.util.Arrays;
import lamina.kernel.Backends;
import lamina.kernel.Convolution;
import lamina.kernel.PaddingMode;
import lamina.kernel.Parallel;
import lamina.kernel.Window;
import lamina.tensor.DType;
import lamina.tensor.Tensor;

/** A convolution in a process of its own, whose heap {@link ConvolutionMemoryTest} chooses. */
final class ConvolutionInMemory {
  static final int[] INPUT = {8, 64, 112, 112};
  static final int[] KERNEL = {128, 64, 3, 3};
  static final int[] OUTPUT = {8, 128, 112, 112};

  private ConvolutionInMemory() {}

  /**
   * Takes the backend, the number of threads and the algorithm; prints an inner sum and a corner.
   */
  public static void main(String[] args) {
    Backends.use(args[0]);
    Parallel.use(Integer.parseInt(args[1]));
    Convolution.Algorithm algorithm = Convolution.Algorithm.valueOf(args[2]);
    int[] one = {1, 1};
    Window geometry = new Window(new int[] {3, 3}, one, one, one, one);
    Tensor x = ones(INPUT);
    Tensor w = ones(KERNEL);
    Tensor y = new TensorConvolution(geometry, 1, PaddingMode.ZEROS, algorithm).forward(x, w, null);
    int inner = OUTPUT[3] + 1;
    System.out.print(Math.round(y.floats()[inner]) + " " + Math.round(y.floats()[y.size() - 1]));
  }

  private static Tensor ones(int[] shape) {
    Tensor tensor = Tensor.zeros(DType.FLOAT32, shape);
    Arrays.fill(tensor.floats(), 1);
    return tensor;
  }
}
