package lamina.op;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lamina.kernel.WindowPlacement;
import lamina.tensor.Tensor;

/**
 * The sums of products of a convolution, written out with their numbers. They are for people to
 * read: they follow the definition and do not use the backends.
 */
public final class ConvolutionExplanation {
  /** How many products of a sum are written out. */
  public static final int MAX_TERMS = 100;

  private final StringBuilder text = new StringBuilder();
  private int terms;
  private int left;

  private ConvolutionExplanation() {}

  /**
   * The sums of products behind the first elements of a convolution's output, input times kernel.
   *
   * @param y the output, in row-major order
   * @param most how many elements
   */
  public static List<String> sums(
      TensorConvolution convolution, Tensor x, Tensor w, Tensor bias, Tensor y, int most) {
    Tensor padded = x;
    TensorConvolution placed = convolution;
    if (!convolution.mode().isZeros()) {
      padded = convolution.padded(x);
      placed = convolution.unpadded();
    }
    List<String> sums = new ArrayList<>();
    for (int element = 0; element < Math.min(y.size(), most); element++) {
      sums.add(sum(placed, padded, w, bias, y, element));
    }
    return sums;
  }

  /** The sums of products behind the first elements of a transposed convolution's output. */
  public static List<String> transposedSums(
      TransposedConvolution convolution, Tensor x, Tensor w, Tensor bias, Tensor y, int most) {
    List<String> sums = new ArrayList<>();
    for (int element = 0; element < Math.min(y.size(), most); element++) {
      sums.add(transposedSum(convolution, x, w, bias, y, element));
    }
    return sums;
  }

  private static String sum(
      TensorConvolution convolution, Tensor x, Tensor w, Tensor bias, Tensor y, int element) {
    WindowPlacement windows = new WindowPlacement(convolution.window(), spatial(x), spatial(y));
    int[] index =
        position(element, y.dim(1), windows.outDepth, windows.outHeight, windows.outWidth);
    int groupIn = w.dim(1);
    int group = index[1] / (w.dim(0) / convolution.groups());
    ConvolutionExplanation sum = new ConvolutionExplanation();
    int padded = 0;
    int tap = index[1] * groupIn * windows.taps;
    for (int c = 0; c < groupIn; c++) {
      int plane = (index[0] * x.dim(1) + group * groupIn + c) * windows.inPlane;
      for (int kd = 0; kd < windows.kernelDepth; kd++) {
        int depth = windows.depth(index[2], kd);
        for (int kh = 0; kh < windows.kernelHeight; kh++) {
          int height = windows.height(index[3], kh);
          for (int kw = 0; kw < windows.kernelWidth; kw++, tap++) {
            boolean inside =
                index[4] >= windows.firstInside(kw) && index[4] < windows.firstBeyond(kw);
            if (depth < 0 || height < 0 || !inside) {
              padded++;
              continue;
            }
            int column = index[4] * windows.strideWidth - windows.padWidth;
            column += kw * windows.dilationWidth;
            int row = depth * windows.inHeight + height;
            sum.add(x.get(plane + row * windows.inWidth + column), w.get(tap));
          }
        }
      }
    }
    return sum.end(padded, bias == null ? null : bias.get(index[1]), y.get(element));
  }

  private static String transposedSum(
      TransposedConvolution convolution, Tensor x, Tensor w, Tensor bias, Tensor y, int element) {
    // A transposed convolution is the gradient of one whose input is y and whose output is x.
    WindowPlacement windows = new WindowPlacement(convolution.window(), spatial(y), spatial(x));
    int[] index = position(element, y.dim(1), windows.inDepth, windows.inHeight, windows.inWidth);
    int groupOut = w.dim(1);
    int groupIn = w.dim(0) / convolution.groups();
    int group = index[1] / groupOut;
    ConvolutionExplanation sum = new ConvolutionExplanation();
    for (int c = group * groupIn; c < (group + 1) * groupIn; c++) {
      int tap = (c * groupOut + index[1] % groupOut) * windows.taps;
      int plane = (index[0] * x.dim(1) + c) * windows.outPlane;
      for (int kd = 0; kd < windows.kernelDepth; kd++) {
        long depth = index[2] + (long) windows.padDepth - (long) kd * windows.dilationDepth;
        for (int kh = 0; kh < windows.kernelHeight; kh++) {
          long height = index[3] + (long) windows.padHeight - (long) kh * windows.dilationHeight;
          for (int kw = 0; kw < windows.kernelWidth; kw++, tap++) {
            long width = index[4] + (long) windows.padWidth - (long) kw * windows.dilationWidth;
            int pd = step(depth, windows.strideDepth, windows.outDepth);
            int ph = step(height, windows.strideHeight, windows.outHeight);
            int pw = step(width, windows.strideWidth, windows.outWidth);
            if (pd >= 0 && ph >= 0 && pw >= 0) {
              int row = pd * windows.outHeight + ph;
              sum.add(x.get(plane + row * windows.outWidth + pw), w.get(tap));
            }
          }
        }
      }
    }
    return sum.end(0, bias == null ? null : bias.get(index[1]), y.get(element));
  }

  /** Which window starts at a distance from the first; −1 if none does. */
  private static int step(long distance, int stride, int windows) {
    boolean starts = distance >= 0 && distance % stride == 0 && distance / stride < windows;
    return starts ? (int) (distance / stride) : -1;
  }

  private void add(double value, double weight) {
    if (terms == MAX_TERMS) {
      left++;
      return;
    }
    terms++;
    text.append(text.length() == 0 ? "" : " + ");
    number(value);
    text.append('·');
    number(weight);
  }

  private String end(int padded, Double bias, double result) {
    if (left > 0) {
      text.append(" + … (").append(left).append(left == 1 ? " product" : " products");
      text.append(" more)");
    }
    if (padded > 0) {
      text.append(text.length() == 0 ? "0 (" : " + 0 (").append(padded);
      text.append(padded == 1 ? " tap" : " taps").append(" in the padding)");
    }
    if (text.length() == 0) {
      text.append('0');
    }
    if (bias != null) {
      text.append(" + ");
      number(bias);
      text.append(" (bias)");
    }
    text.append(" = ");
    append(result);
    return text.toString();
  }

  private void number(double value) {
    if (value < 0) {
      text.append('(');
      append(value);
      text.append(')');
    } else {
      append(value);
    }
  }

  /** Whole numbers without a fraction, others with at most ten significant digits. */
  private void append(double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      text.append((long) value);
    } else if (Double.isNaN(value) || Double.isInfinite(value)) {
      text.append(value);
    } else {
      BigDecimal rounded = new BigDecimal(value).round(new MathContext(10)).stripTrailingZeros();
      int exponent = rounded.precision() - rounded.scale();
      boolean plain = exponent > -5 && exponent < 16;
      text.append(plain ? rounded.toPlainString() : rounded.toString());
    }
  }

  private static int[] spatial(Tensor tensor) {
    return Arrays.copyOfRange(tensor.shape(), 2, tensor.rank());
  }

  /** Image, channel, depth, height and width of a flat index. */
  private static int[] position(int flat, int channels, int depth, int height, int width) {
    int row = flat / width;
    int slice = row / height;
    int plane = slice / depth;
    return new int[] {
      plane / channels, plane % channels, slice % depth, row % height, flat % width
    };
  }
}
