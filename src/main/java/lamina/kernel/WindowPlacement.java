package lamina.kernel;

/**
 * Where the windows stand over an input of given sizes. There are always three spatial axes (depth,
 * height, width), so that one loop nest serves 1, 2 and 3 of them: missing leading axes have size
 * 1. It holds sizes and no data, so that both precisions share it.
 */
public final class WindowPlacement {
  /** Spatial sizes of the input, of the output and of the window. */
  public final int inDepth;

  public final int inHeight;
  public final int inWidth;
  public final int outDepth;
  public final int outHeight;
  public final int outWidth;
  public final int kernelDepth;
  public final int kernelHeight;
  public final int kernelWidth;

  public final int strideDepth;
  public final int strideHeight;
  public final int strideWidth;
  public final int dilationDepth;
  public final int dilationHeight;
  public final int dilationWidth;

  /** Padding before the first element. */
  public final int padDepth;

  public final int padHeight;
  public final int padWidth;

  /** Elements of one channel of the input, of the output, and taps of one window. */
  public final int inPlane;

  public final int outPlane;
  public final int taps;

  /** Places the windows over an input of these spatial sizes. */
  public WindowPlacement(Window window, int[] inputSize, int[] outputSize) {
    inDepth = third(inputSize, 1);
    inHeight = second(inputSize, 1);
    inWidth = last(inputSize);
    outDepth = third(outputSize, 1);
    outHeight = second(outputSize, 1);
    outWidth = last(outputSize);
    kernelDepth = third(window.kernel(), 1);
    kernelHeight = second(window.kernel(), 1);
    kernelWidth = last(window.kernel());
    strideDepth = third(window.stride(), 1);
    strideHeight = second(window.stride(), 1);
    strideWidth = last(window.stride());
    dilationDepth = third(window.dilation(), 1);
    dilationHeight = second(window.dilation(), 1);
    dilationWidth = last(window.dilation());
    padDepth = third(window.padBefore(), 0);
    padHeight = second(window.padBefore(), 0);
    padWidth = last(window.padBefore());
    inPlane = inDepth * inHeight * inWidth;
    outPlane = outDepth * outHeight * outWidth;
    taps = kernelDepth * kernelHeight * kernelWidth;
  }

  private static int last(int[] sizes) {
    return sizes[sizes.length - 1];
  }

  private static int second(int[] sizes, int missing) {
    return sizes.length < 2 ? missing : sizes[sizes.length - 2];
  }

  private static int third(int[] sizes, int missing) {
    return sizes.length < 3 ? missing : sizes[0];
  }

  /**
   * The depth at which a tap of the window of an output's depth reads the input; -1 outside of it.
   */
  public int depth(int out, int tap) {
    return inside((long) out * strideDepth - padDepth + (long) tap * dilationDepth, inDepth);
  }

  /**
   * The height at which a tap of the window of an output's height reads the input; -1 outside of
   * it.
   */
  public int height(int out, int tap) {
    return inside((long) out * strideHeight - padHeight + (long) tap * dilationHeight, inHeight);
  }

  /**
   * The first output column for which column {@code tap} of the window is not left of the input.
   */
  public int firstInside(int tap) {
    long missing = padWidth - (long) tap * dilationWidth;
    return missing <= 0 ? 0 : (int) Math.min(outWidth, (missing + strideWidth - 1) / strideWidth);
  }

  /** The first output column for which column {@code tap} of the window is right of the input. */
  public int firstBeyond(int tap) {
    long room = inWidth - 1L + padWidth - (long) tap * dilationWidth;
    return room < 0 ? 0 : (int) Math.min(outWidth, room / strideWidth + 1);
  }

  private static int inside(long index, int size) {
    return index >= 0 && index < size ? (int) index : -1;
  }
}
