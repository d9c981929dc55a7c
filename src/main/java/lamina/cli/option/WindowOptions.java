package lamina.cli.option;

import java.util.Arrays;
import lamina.kernel.Window;
import lamina.layer.SamePadding;

/**
 * The options that place a window on each spatial axis, as typed: {@code 2} for all axes, or {@code
 * 2,3} and {@code 2x3} for each; padding also {@code 1:2,0:1} and the words.
 */
public final class WindowOptions {
  private final int[] stride;
  private final int[] dilation;

  /** A word, or null for numbers. */
  private final String paddingWord;

  private final int[] padBefore;
  private final int[] padAfter;

  public WindowOptions(Arguments arguments) {
    stride = sizes(arguments, "--stride", 1);
    dilation = sizes(arguments, "--dilation", 1);
    String padding = arguments.text("--padding", "0");
    boolean numbers = !padding.isEmpty() && Character.isDigit(padding.charAt(0));
    if (numbers) {
      paddingWord = null;
      String[] parts = split(padding);
      padBefore = new int[parts.length];
      padAfter = new int[parts.length];
      for (int i = 0; i < parts.length; i++) {
        int colon = parts[i].indexOf(':');
        String before = colon < 0 ? parts[i] : parts[i].substring(0, colon);
        padBefore[i] = padding(before, padding);
        padAfter[i] = padding(colon < 0 ? before : parts[i].substring(colon + 1), padding);
      }
    } else {
      switch (padding) {
        case "same", "same-lower", "valid", "full" -> paddingWord = padding;
        default -> throw paddingError(padding);
      }
      padBefore = new int[1];
      padAfter = new int[1];
    }
  }

  /** The sizes an option gives, each at least {@code minimum}; null if it was not given. */
  public static int[] sizes(Arguments arguments, String option, int minimum) {
    String text = arguments.text(option);
    if (text == null) {
      return null;
    }
    int[] sizes = Sizes.parse(option, text);
    for (int size : sizes) {
      if (size < minimum) {
        throw new UsageException(
            option + " takes whole numbers from " + minimum + " on, not '" + text + "'");
      }
    }
    return sizes;
  }

  private static String[] split(String text) {
    int count = 1;
    for (int i = 0; i < text.length(); i++) {
      count += text.charAt(i) == ',' || text.charAt(i) == 'x' ? 1 : 0;
    }
    String[] parts = new String[count];
    int start = 0;
    for (int i = 0; i < count; i++) {
      int end = start;
      while (end < text.length() && text.charAt(end) != ',' && text.charAt(end) != 'x') {
        end++;
      }
      parts[i] = text.substring(start, end);
      start = end + 1;
    }
    return parts;
  }

  private static int padding(String part, String text) {
    try {
      int value = Integer.parseInt(part);
      if (value >= 0 && part.charAt(0) != '+') {
        return value;
      }
    } catch (NumberFormatException e) {
      // Reported below.
    }
    throw paddingError(text);
  }

  private static UsageException paddingError(String text) {
    return new UsageException(
        "--padding takes numbers such as 1, 1,2 or 1:2,0:1, or same, same-lower, valid or full, not"
            + " '"
            + text
            + "'");
  }

  /** The word given for padding, or null. */
  public String paddingWord() {
    return paddingWord;
  }

  /** Whether the padding is computed from the other sizes: same. */
  public boolean isSame() {
    return "same".equals(paddingWord) || "same-lower".equals(paddingWord);
  }

  /** On which side the odd element of padding goes that follows from the input's size. */
  public SamePadding same() {
    return switch (paddingWord == null ? "" : paddingWord) {
      case "same" -> SamePadding.UPPER;
      case "same-lower" -> SamePadding.LOWER;
      default -> SamePadding.NO;
    };
  }

  /**
   * A window of these sizes; without the padding that {@link #same} decides.
   *
   * @param defaultStride the steps without {@code --stride}
   */
  public Window window(int[] size, int[] defaultStride) {
    Window unpadded = unpadded(size, defaultStride);
    return "full".equals(paddingWord) ? unpadded.withFullPadding() : withNumbers(unpadded);
  }

  /** The window of a transposed convolution, with all its padding. */
  public Window transposedWindow(int[] size) {
    Window unpadded = unpadded(size, ones(size.length));
    return isSame()
        ? unpadded.withTransposedSamePadding("same-lower".equals(paddingWord))
        : withNumbers(unpadded);
  }

  private Window unpadded(int[] window, int[] defaultStride) {
    int axes = window.length;
    int[] none = new int[axes];
    return new Window(
        window,
        stride == null ? defaultStride : perAxis("--stride", stride, axes),
        dilation == null ? ones(axes) : perAxis("--dilation", dilation, axes),
        none,
        none);
  }

  private Window withNumbers(Window geometry) {
    int axes = geometry.rank();
    return geometry.withPadding(
        perAxis("--padding", padBefore, axes), perAxis("--padding", padAfter, axes));
  }

  /** As many ones as axes. */
  public static int[] ones(int axes) {
    int[] ones = new int[axes];
    Arrays.fill(ones, 1);
    return ones;
  }

  /** One size for each axis: one number holds for all. */
  public static int[] perAxis(String option, int[] sizes, int axes) {
    if (sizes.length == axes) {
      return sizes;
    }
    if (sizes.length != 1) {
      throw new UsageException(
          option
              + " has "
              + sizes.length
              + " numbers but there "
              + (axes == 1 ? "is 1 spatial dimension" : "are " + axes + " spatial dimensions")
              + "; give one number, or one for each (see --dims)");
    }
    int[] all = new int[axes];
    Arrays.fill(all, sizes[0]);
    return all;
  }
}
