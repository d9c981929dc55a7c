package lamina.op;

import java.util.Arrays;
import lamina.tensor.DType;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * Cuts an image into a sequence of tokens for a recurrent network. Each token holds the values of
 * some pixels, channel by channel, the pixels in row-major order within a channel.
 *
 * @param by what a token is
 * @param size the sizes of patches, one or one an axis; or the pixels of a window; else null
 * @param stride the steps between patches or windows; null for their sizes
 * @param order in which tokens follow each other, and in which windows run over the pixels
 * @param remainder what becomes of pixels that fill no token
 */
public record Tokenizer(By by, int[] size, int[] stride, Order order, Remainder remainder) {
  /** What a token is. */
  public enum By {
    ROWS,
    COLUMNS,
    PIXELS,
    PATCHES,
    /** Runs of pixels of the flattened image. */
    WINDOWS
  }

  /** The order of tokens. */
  public enum Order {
    /** Left to right, then down. */
    ROW,
    /** Down, then left to right. */
    COLUMN,
    /** As rows, every second one from right to left, so that neighbours in time are neighbours. */
    SNAKE
  }

  /** What becomes of pixels that fill no token. */
  public enum Remainder {
    REFUSE,
    DROP,
    /** Zeros complete the token. */
    PAD
  }

  /** The pixel of padding in {@link #pixels}. */
  private static final int PADDING = -1;

  /**
   * The tokens of an image {@code (N, C, spatial...)} with one to three spatial axes.
   *
   * @param pixels what {@link #pixels} gives for its spatial sizes
   * @return {@code (T, N, C·P)} for tokens of P pixels
   * @throws InputException if memory does not suffice
   */
  public static Tensor tokens(Tensor image, int[][] pixels) {
    int batch = image.dim(0);
    int channels = image.dim(1);
    int plane = batch * channels == 0 ? 0 : image.size() / (batch * channels);
    int perToken = pixels[0].length;
    Tensor tokens = Tensor.zeros(image.dtype(), pixels.length, batch, channels * perToken);
    int to = 0;
    for (int[] token : pixels) {
      for (int map = 0; map < batch * channels; map++) {
        for (int pixel : token) {
          if (pixel != PADDING) {
            Blocks.copy(image, map * plane + pixel, tokens, to, 1);
          }
          to++;
        }
      }
    }
    return tokens;
  }

  /**
   * The gradient of the image from that of its tokens: each pixel gets the sum of those of all
   * tokens that hold it.
   *
   * @param dy {@code (T, N, C·P)}
   * @param plane the pixels of a channel
   * @return {@code (N, C, plane)}
   */
  public static Tensor backward(Tensor dy, int[][] pixels, int channels, int plane) {
    int batch = dy.dim(1);
    Tensor dx = Tensor.zeros(dy.dtype(), batch, channels, plane);
    int from = 0;
    for (int[] token : pixels) {
      for (int map = 0; map < batch * channels; map++) {
        for (int pixel : token) {
          if (pixel != PADDING && dy.dtype() == DType.FLOAT32) {
            dx.floats()[map * plane + pixel] += dy.floats()[from];
          } else if (pixel != PADDING) {
            dx.doubles()[map * plane + pixel] += dy.doubles()[from];
          }
          from++;
        }
      }
    }
    return dx;
  }

  /**
   * Which pixels each token holds, as {@code (T, P, axes)} indices; −1 for padding.
   *
   * @param spatial the spatial sizes that {@code pixels} were made for
   */
  public static Tensor map(int[][] pixels, int... spatial) {
    int perToken = pixels[0].length;
    Tensor map = Tensor.zeros(DType.INT64, pixels.length, perToken, spatial.length);
    int mapOffset = 0;
    for (int[] token : pixels) {
      for (int pixel : token) {
        int rest = pixel;
        for (int axis = spatial.length - 1; axis >= 0; axis--) {
          map.longs()[mapOffset + axis] = pixel == PADDING ? PADDING : rest % spatial[axis];
          rest /= spatial[axis];
        }
        mapOffset += spatial.length;
      }
    }
    return map;
  }

  /**
   * The flat indices of the pixels that each token holds; −1 for padding.
   *
   * @param spatial the spatial sizes, at least 1 each
   * @throws InputException if the sizes leave a remainder that is refused, or no token at all
   */
  public int[][] pixels(int... spatial) {
    for (int length : spatial) {
      if (length == 0) {
        throw new InputException("an image of " + Tensor.text(spatial) + " has no pixels");
      }
    }
    if (by == By.WINDOWS) {
      return windows(spatial);
    }
    int axes = spatial.length;
    int[] window = new int[axes];
    Arrays.fill(window, 1);
    int[] step = window.clone();
    switch (by) {
      case ROWS -> window[axes - 1] = spatial[axes - 1];
      case COLUMNS -> {
        if (axes < 2) {
          throw new InputException(
              "a tensor of one spatial axis has no columns; use pixels or windows");
        }
        window[axes - 2] = spatial[axes - 2];
      }
      case PATCHES -> {
        window = perAxis("--size", size, axes);
        step = stride == null ? window : perAxis("--stride", stride, axes);
      }
      default -> {}
    }
    int[] counts = new int[axes];
    for (int axis = 0; axis < axes; axis++) {
      counts[axis] = count(spatial[axis], window[axis], step[axis], spatial);
    }
    return cut(spatial, window, step, counts);
  }

  private static int[] perAxis(String option, int[] values, int axes) {
    if (values.length != 1 && values.length != axes) {
      throw new InputException(
          option
              + " has "
              + values.length
              + " sizes but the image has "
              + axes
              + (axes == 1 ? " spatial axis" : " spatial axes"));
    }
    int[] all = new int[axes];
    for (int axis = 0; axis < axes; axis++) {
      all[axis] = values[values.length == 1 ? 0 : axis];
    }
    return all;
  }

  /** How many windows there are along an axis, or along the flattened image. */
  private int count(int length, int window, int step, int[] spatial) {
    long left = (long) length - window;
    boolean fits = left >= 0 && left % step == 0;
    if (!fits && remainder == Remainder.REFUSE) {
      throw new InputException(
          (by == By.WINDOWS ? "windows" : "patches")
              + " of "
              + window
              + (step == window ? "" : " with stride " + step)
              + " do not divide "
              + length
              + " pixels"
              + (by == By.WINDOWS ? "" : " of the image of " + Tensor.text(spatial))
              + "; use another --size, or --remainder drop or pad");
    }
    if (remainder == Remainder.PAD) {
      // A stride beyond the size would make a token of padding alone, which is left out.
      return left <= 0 ? 1 : (int) Math.min((left + step - 1) / step + 1, (length - 1L) / step + 1);
    }
    if (left < 0) {
      throw new InputException(
          "no token of " + window + " pixels fits into " + length + "; use a smaller --size");
    }
    return (int) (left / step) + 1;
  }

  private int[][] cut(int[] spatial, int[] window, int[] step, int[] counts) {
    int tokens = Tensor.elements(counts);
    int perToken = Tensor.elements(window);
    Tensor.allocatable(DType.FLOAT32, tokens, perToken);
    int[][] pixels = new int[tokens][perToken];
    int[] corner = new int[counts.length];
    int[] inside = new int[counts.length];
    for (int t = 0; t < tokens; t++) {
      place(t, counts, corner);
      for (int p = 0; p < perToken; p++) {
        unravel(p, window, inside);
        int flat = 0;
        for (int axis = 0; axis < counts.length && flat != PADDING; axis++) {
          int place = corner[axis] * step[axis] + inside[axis];
          flat = place < spatial[axis] ? flat * spatial[axis] + place : PADDING;
        }
        pixels[t][p] = flat;
      }
    }
    return pixels;
  }

  /** Where the token of an index stands among the {@code counts}. */
  private void place(int index, int[] counts, int[] position) {
    int axes = counts.length;
    if (order != Order.COLUMN) {
      unravel(index, counts, position);
      boolean back = order == Order.SNAKE && index / counts[axes - 1] % 2 == 1;
      if (back) {
        position[axes - 1] = counts[axes - 1] - 1 - position[axes - 1];
      }
      return;
    }
    // Columns are the rows of the transposed image: the last two axes change places.
    int[] turned = counts.clone();
    swapLast(turned);
    unravel(index, turned, position);
    swapLast(position);
  }

  private static void swapLast(int[] values) {
    int last = values.length - 1;
    if (last > 0) {
      int value = values[last];
      values[last] = values[last - 1];
      values[last - 1] = value;
    }
  }

  private static void unravel(int index, int[] sizes, int[] position) {
    int rest = index;
    for (int axis = sizes.length - 1; axis >= 0; axis--) {
      position[axis] = rest % sizes[axis];
      rest /= sizes[axis];
    }
  }

  private int[][] windows(int[] spatial) {
    int window = perAxis("--size", size, 1)[0];
    int step = stride == null ? window : perAxis("--stride", stride, 1)[0];
    int total = Tensor.elements(spatial);
    int count = count(total, window, step, spatial);
    Tensor.allocatable(DType.FLOAT32, count, window);
    int[][] pixels = new int[count][window];
    int[] position = new int[spatial.length];
    for (int t = 0; t < count; t++) {
      for (int p = 0; p < window; p++) {
        long element = (long) t * step + p;
        int flat = PADDING;
        if (element < total) {
          place((int) element, spatial, position);
          flat = 0;
          for (int axis = 0; axis < spatial.length; axis++) {
            flat = flat * spatial[axis] + position[axis];
          }
        }
        pixels[t][p] = flat;
      }
    }
    return pixels;
  }
}
