package lamina.kernel.vector;

import java.util.Arrays;
import lamina.kernel.Convolution;
import lamina.kernel.WindowPlacement;

/**
 * Where the elements under the windows of a convolution lie in a copy of its input that holds the
 * padding and, for strides of s down and t across, keeps every s-th row and every t-th column
 * together, in s·t phases. In that copy neighbouring output positions read neighbouring elements
 * for every tap, whatever stride, dilation and padding are: element {@code base(position) +
 * tapOffsets[tap]} of a channel's plane. Without padding and stride the input itself is such a
 * copy.
 */
final class Unfolding {
  final WindowPlacement windows;

  /** Strides down and across, 1 where there is only one window. */
  final int strideHeight;

  final int strideWidth;

  /** Whether the input can be read as it is. */
  final boolean direct;

  final int depth;

  /** How many rows and columns a phase has. */
  final int phaseHeight;

  final int phaseWidth;

  /**
   * The place of each phase among those that are kept, first by rows, then by columns; −1 for those
   * that no tap reads.
   */
  final int[] rowPhases;

  final int[] columnPhases;

  private final int keptColumnPhases;

  /** For each phase of columns, its first column that is not padding and the one after its last. */
  final int[] firstColumns;

  final int[] endColumns;

  /**
   * How many elements the phases of a slice have, and the distance from a channel to the next one.
   */
  final int slice;

  final int plane;

  /** How far each tap reads from the first element of its window, in the order of the weights. */
  final int[] tapOffsets;

  /** The distance from a slice of output positions to the next one. */
  final int sliceStep;

  /** How many output positions follow each other without a gap: a row, or more where rows join. */
  private final int rowLength;

  private final int rowsPerSlice;

  Unfolding(Convolution conv) {
    this(new WindowPlacement(conv.window(), conv.inputSize(), conv.outputSize()), false);
  }

  /**
   * Lays out the input for windows.
   *
   * @param copied whether there is a copy even where the input could be read as it is
   */
  Unfolding(WindowPlacement w, boolean copied) {
    windows = w;
    strideHeight = w.outHeight == 1 ? 1 : w.strideHeight;
    strideWidth = w.outWidth == 1 ? 1 : w.strideWidth;
    int needDepth = span(w.outDepth, w.strideDepth, w.kernelDepth, w.dilationDepth);
    int needHeight = span(w.outHeight, strideHeight, w.kernelHeight, w.dilationHeight);
    int needWidth = span(w.outWidth, strideWidth, w.kernelWidth, w.dilationWidth);
    direct =
        !copied
            && (w.padDepth | w.padHeight | w.padWidth) == 0
            && strideHeight == 1
            && strideWidth == 1
            && needDepth <= w.inDepth
            && needHeight <= w.inHeight
            && needWidth <= w.inWidth;
    depth = direct ? w.inDepth : needDepth;
    phaseHeight = direct ? w.inHeight : MatrixProductDouble.ceil(needHeight, strideHeight);
    phaseWidth = direct ? w.inWidth : MatrixProductDouble.ceil(needWidth, strideWidth);
    rowPhases = phases(strideHeight, w.kernelHeight, w.dilationHeight);
    columnPhases = phases(strideWidth, w.kernelWidth, w.dilationWidth);
    keptColumnPhases = max(columnPhases) + 1;
    firstColumns = new int[strideWidth];
    endColumns = new int[strideWidth];
    for (int phase = 0; phase < strideWidth; phase++) {
      int first = columnsBefore(w.padWidth - phase);
      firstColumns[phase] = first;
      endColumns[phase] = Math.max(first, columnsBefore(w.inWidth + w.padWidth - phase));
    }
    int kept = (max(rowPhases) + 1) * keptColumnPhases;
    slice = Math.multiplyExact(kept, Math.multiplyExact(phaseHeight, phaseWidth));
    plane = Math.multiplyExact(depth, slice);
    sliceStep = slice * w.strideDepth;
    tapOffsets = tapOffsets();
    boolean joined = phaseWidth == w.outWidth || w.outHeight == 1;
    rowLength = joined ? w.outWidth * w.outHeight : w.outWidth;
    rowsPerSlice = joined ? 1 : w.outHeight;
  }

  private static int span(int out, int stride, int kernel, int dilation) {
    return (out - 1) * stride + (kernel - 1) * dilation + 1;
  }

  /** How many columns of a phase lie among the first columns of the padded input. */
  private int columnsBefore(int columns) {
    return columns <= 0 ? 0 : Math.min(phaseWidth, MatrixProductDouble.ceil(columns, strideWidth));
  }

  private static int[] phases(int stride, int kernel, int dilation) {
    int[] phases = new int[stride];
    Arrays.fill(phases, -1);
    for (int tap = 0; tap < kernel; tap++) {
      phases[tap * dilation % stride] = 0;
    }
    int kept = 0;
    for (int phase = 0; phase < stride; phase++) {
      if (phases[phase] == 0) {
        phases[phase] = kept++;
      }
    }
    return phases;
  }

  private static int max(int[] values) {
    return Arrays.stream(values).max().orElseThrow();
  }

  private int[] tapOffsets() {
    int[] offsets = new int[windows.taps];
    int tap = 0;
    for (int d = 0; d < windows.kernelDepth; d++) {
      for (int h = 0; h < windows.kernelHeight; h++) {
        int row = h * windows.dilationHeight;
        int start =
            d * windows.dilationDepth * slice
                + phase(rowPhases[row % strideHeight], 0)
                + row / strideHeight * phaseWidth;
        for (int w = 0; w < windows.kernelWidth; w++) {
          int column = w * windows.dilationWidth;
          offsets[tap++] =
              start + phase(0, columnPhases[column % strideWidth]) + column / strideWidth;
        }
      }
    }
    return offsets;
  }

  /**
   * How many elements the copy of a channel has for some rows of output positions, in one slice.
   */
  long elements(int rows) {
    int need = span(rows, strideHeight, windows.kernelHeight, windows.dilationHeight);
    long height = MatrixProductDouble.ceil(need, strideHeight);
    return (long) (max(rowPhases) + 1) * keptColumnPhases * height * phaseWidth;
  }

  /** Where a phase starts within a slice, by the places of its rows and columns. */
  int phase(int rows, int columns) {
    return (rows * keptColumnPhases + columns) * phaseHeight * phaseWidth;
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

  /** How many taps of a row read neighbouring columns, from its first one on: all, or one. */
  int neighbouringTaps() {
    return strideWidth == 1 && windows.dilationWidth == 1 ? windows.kernelWidth : 1;
  }

  /** Where the first element under the window of an output position lies in a plane. */
  int base(int position) {
    int row = position / rowLength;
    return row / rowsPerSlice * sliceStep + row % rowsPerSlice * phaseWidth + position % rowLength;
  }

  /** How many positions from this one on have their elements side by side. */
  int run(int position) {
    return rowLength - position % rowLength;
  }
}
