package lamina.kernel;

import java.util.Arrays;
import lamina.tensor.Tensor;

/**
 * The windows of a pooling on its three spatial axes (depth, height, width; missing leading ones
 * have size 1): which taps of each window stand on elements of the input. Sizes only, hence shared
 * by both precisions, by pooling of a fixed window and by adaptive pooling.
 */
public final class PoolPlacement {
  final Axis depth;
  final Axis height;
  final Axis width;

  /** The taps of a whole window. */
  final long taps;

  /** The windows of a fixed kernel; null if they are adaptive. */
  private final WindowPlacement regular;

  private PoolPlacement(Axis[] axes, long taps, WindowPlacement regular) {
    depth = axes.length < 3 ? new Axis(1, 1, 1) : axes[axes.length - 3];
    height = axes.length < 2 ? new Axis(1, 1, 1) : axes[axes.length - 2];
    width = axes[axes.length - 1];
    this.taps = taps;
    this.regular = regular;
  }

  /** The windows of a pooling with a fixed kernel. */
  public static PoolPlacement of(Window geometry, int[] inputSize, int[] outputSize) {
    Axis[] axes = new Axis[geometry.rank()];
    long taps = 1;
    for (int axis = 0; axis < axes.length; axis++) {
      axes[axis] = new Axis(inputSize[axis], outputSize[axis], geometry.dilation()[axis]);
      axes[axis].place(geometry, axis);
      taps *= geometry.kernel()[axis];
    }
    return new PoolPlacement(axes, taps, new WindowPlacement(geometry, inputSize, outputSize));
  }

  /** Adaptive windows: window j of o reaches from {@code ⌊j·i/o⌋} to {@code ⌈(j+1)·i/o⌉}. */
  public static PoolPlacement adaptive(int[] inputSize, int[] outputSize) {
    Axis[] axes = new Axis[inputSize.length];
    for (int axis = 0; axis < axes.length; axis++) {
      axes[axis] = new Axis(inputSize[axis], outputSize[axis], 1);
      axes[axis].spread();
    }
    return new PoolPlacement(axes, 0, null);
  }

  /** The windows of a fixed kernel; null if they are adaptive. */
  public WindowPlacement regular() {
    return regular;
  }

  /** Whether the windows are squares of 2×2 elements side by side that cover each plane. */
  public boolean isInFours() {
    return regular != null
        && regular.kernelDepth == 1
        && regular.kernelHeight == 2
        && regular.kernelWidth == 2
        && regular.strideDepth == 1
        && regular.strideHeight == 2
        && regular.strideWidth == 2
        && (regular.dilationHeight | regular.dilationWidth) == 1
        && (regular.padDepth | regular.padHeight | regular.padWidth) == 0
        && regular.outDepth == regular.inDepth
        && 2 * regular.outHeight == regular.inHeight
        && 2 * regular.outWidth == regular.inWidth;
  }

  /** Where the first element under a window lies in its plane; −1 if there is none. */
  public int firstElement(int output) {
    int column = output % width.windows;
    int row = output / width.windows % height.windows;
    int slice = output / width.windows / height.windows % depth.windows;
    if (real(slice, row, column) == 0) {
      return -1;
    }
    int line = depth.start[slice] * height.size + height.start[row];
    return line * width.size + width.start[column];
  }

  /**
   * What the sum over a window is divided by: a fixed divisor wins; else the window's taps, with or
   * without those in the padding.
   *
   * @param output the index of the output element among those of all planes
   */
  public long divisor(int output, boolean countPadding, int fixedDivisor) {
    int column = output % width.windows;
    int row = output / width.windows % height.windows;
    int slice = output / width.windows / height.windows % depth.windows;
    return divisor(slice, row, column, countPadding, fixedDivisor);
  }

  /** The divisor of the window at a place on each axis. */
  long divisor(int slice, int row, int column, boolean countPadding, int fixedDivisor) {
    if (fixedDivisor > 0) {
      return fixedDivisor;
    }
    return countPadding ? withPadding(slice, row, column) : real(slice, row, column);
  }

  /** Elements of one plane of the input. */
  public int inPlane() {
    return depth.size * height.size * width.size;
  }

  /** Elements of one plane of the output. */
  public int outPlane() {
    return depth.windows * height.windows * width.windows;
  }

  /** The taps of one window that stand on elements. */
  int real(int od, int oh, int ow) {
    return depth.count[od] * height.count[oh] * width.count[ow];
  }

  /** The taps of one window up to the end of the padding: where counted padding ends. */
  long withPadding(int od, int oh, int ow) {
    return (long) depth.counted[od] * height.counted[oh] * width.counted[ow];
  }

  /** The windows on one axis. */
  static final class Axis {
    /** Elements of the input. */
    final int size;

    final int windows;

    /** How far apart two taps are. */
    final int step;

    /** Per window: the element under its first tap that is not in the padding. */
    final int[] start;

    /** Per window: the taps on elements. */
    final int[] count;

    /** Per window: the taps before {@code size + padAfter}, those in the padding too. */
    final int[] counted;

    private Axis(int size, int windows, int step) {
      this.size = size;
      this.windows = windows;
      this.step = step;
      start = new int[windows];
      count = new int[windows];
      counted = new int[windows];
      Arrays.fill(count, 1);
      Arrays.fill(counted, 1);
    }

    private void place(Window geometry, int axis) {
      int taps = geometry.kernel()[axis];
      for (int window = 0; window < windows; window++) {
        long from = (long) window * geometry.stride()[axis] - geometry.padBefore()[axis];
        long first = Math.min(taps, tapsBelow(-from));
        long beyond = Math.min(taps, tapsBelow(size - from));
        start[window] = (int) (from + first * step);
        count[window] = (int) Math.max(0, beyond - first);
        long end = (long) size + geometry.padAfter()[axis];
        counted[window] = (int) Math.min(taps, tapsBelow(end - from));
      }
    }

    /** How many taps of a window stand less than {@code distance} after its first one. */
    private long tapsBelow(long distance) {
      return distance <= 0 ? 0 : (distance + step - 1) / step;
    }

    private void spread() {
      for (int window = 0; window < windows; window++) {
        start[window] = (int) ((long) window * size / windows);
        long end = ((window + 1L) * size + windows - 1) / windows;
        count[window] = (int) (end - start[window]);
        counted[window] = count[window];
      }
    }
  }

  /** The number of planes of a shape: the product of the axes before the spatial ones. */
  public static int planes(int[] shape, int spatialAxes) {
    return Tensor.elements(Arrays.copyOf(shape, shape.length - spatialAxes));
  }
}
