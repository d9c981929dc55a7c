package lamina.kernel.vector;

import lamina.kernel.Convolution;
import lamina.kernel.Windows;

/**
 * Where the elements under the windows of a convolution lie in a copy of its input that holds the
 * padding and, for a stride of s along the width, keeps every s-th column together. In that copy
 * neighbouring output positions of a row read neighbouring elements for every tap, whatever stride,
 * dilation and padding are: element {@code base(position) + tapOffsets[tap]} of a channel's plane.
 * Without padding and stride the input itself is such a copy.
 */
final class Unfolding {
  final Windows windows;

  /** Whether the input can be read as it is. */
  final boolean direct;

  final int depth;
  final int height;

  /** Columns that are kept together, one run for each remainder by the stride. */
  final int phaseWidth;

  /** Elements of a row, of all phases, and of a channel. */
  final int pitch;

  final int plane;

  /** By tap, in the order of the weights. */
  final int[] tapOffsets;

  /** Output positions that follow each other without a gap: a row, or more where rows join. */
  private final int rowLength;

  private final int rowStep;
  private final int rowsPerSlice;
  private final int sliceStep;

  Unfolding(Convolution conv) {
    Windows w = new Windows(conv.geometry(), conv.inputSize(), conv.outputSize());
    windows = w;
    int needDepth = span(w.outDepth, w.strideDepth, w.kernelDepth, w.dilationDepth);
    int needHeight = span(w.outHeight, w.strideHeight, w.kernelHeight, w.dilationHeight);
    int needWidth = span(w.outWidth, w.strideWidth, w.kernelWidth, w.dilationWidth);
    direct =
        (w.padDepth | w.padHeight | w.padWidth) == 0
            && w.strideWidth == 1
            && needDepth <= w.inDepth
            && needHeight <= w.inHeight
            && needWidth <= w.inWidth;
    depth = direct ? w.inDepth : needDepth;
    height = direct ? w.inHeight : needHeight;
    phaseWidth = direct ? w.inWidth : (needWidth + w.strideWidth - 1) / w.strideWidth;
    pitch = phaseWidth * w.strideWidth;
    plane = Math.multiplyExact(Math.multiplyExact(depth, height), pitch);
    tapOffsets = tapOffsets();
    int step = pitch * w.strideHeight;
    boolean joined = step == w.outWidth || w.outHeight == 1;
    rowLength = joined ? w.outWidth * w.outHeight : w.outWidth;
    rowStep = step;
    rowsPerSlice = joined ? 1 : w.outHeight;
    sliceStep = height * pitch * w.strideDepth;
  }

  private static int span(int out, int stride, int kernel, int dilation) {
    return (out - 1) * stride + (kernel - 1) * dilation + 1;
  }

  private int[] tapOffsets() {
    int[] offsets = new int[windows.taps];
    int tap = 0;
    for (int d = 0; d < windows.kernelDepth; d++) {
      for (int h = 0; h < windows.kernelHeight; h++) {
        int row = (d * windows.dilationDepth * height + h * windows.dilationHeight) * pitch;
        for (int w = 0; w < windows.kernelWidth; w++) {
          int column = w * windows.dilationWidth;
          offsets[tap++] =
              row + column % windows.strideWidth * phaseWidth + column / windows.strideWidth;
        }
      }
    }
    return offsets;
  }

  /**
   * Where the elements under a window lie from its first one, over some channels, in the order of
   * the weights.
   */
  int[] offsets(int channels) {
    int taps = tapOffsets.length;
    int[] offsets = new int[Math.multiplyExact(channels, taps)];
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] = i / taps * plane + tapOffsets[i % taps];
    }
    return offsets;
  }

  /** Where the first element under the window of an output position lies in a plane. */
  int base(int position) {
    int row = position / rowLength;
    return row / rowsPerSlice * sliceStep + row % rowsPerSlice * rowStep + position % rowLength;
  }

  /** How many positions from this one on have their elements side by side. */
  int run(int position) {
    return rowLength - position % rowLength;
  }
}
