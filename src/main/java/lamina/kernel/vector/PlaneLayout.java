package lamina.kernel.vector;

import lamina.kernel.Windows;

/**
 * Where the elements of a channel lie in a copy that taps read at fixed distances: slices of rows
 * with padding above and below. The padding behind a row is also the one before the next.
 */
final class PlaneLayout {
  final int slices;

  /** Rows of a slice. */
  final int rows;

  /** Elements from one row to the next. */
  final int pitch;

  /** Elements of a channel. */
  final int channel;

  /** Padding in front of the first channel. */
  final int margin;

  /**
   * The layout of rows of {@code width} elements.
   *
   * @param before how far before a row a tap reads
   * @param after how far behind it
   */
  PlaneLayout(int slices, int rows, int width, int before, int after) {
    this.slices = slices;
    this.rows = rows;
    margin = Math.max(0, before);
    pitch = Math.addExact(width, Math.max(margin, after));
    channel = Math.multiplyExact(Math.multiplyExact(slices, rows), pitch);
  }

  /** The layout of a channel for its windows. */
  static PlaneLayout of(Windows w) {
    int slices = (w.outDepth - 1) * w.strideDepth + (w.kernelDepth - 1) * w.dilationDepth + 1;
    int rows = (w.outHeight - 1) * w.strideHeight + (w.kernelHeight - 1) * w.dilationHeight + 1;
    int span = (w.outWidth - 1) * w.strideWidth + 1;
    int end = span + (w.kernelWidth - 1) * w.dilationWidth - w.padWidth;
    int width = Math.max(w.inWidth, span);
    return new PlaneLayout(slices, rows, width, w.padWidth, end - width);
  }

  /** What the taps of some channels read for the first window, in the order of the weights. */
  int[] offsets(Windows w, int channels) {
    int[] offsets = new int[Math.multiplyExact(channels, w.taps)];
    for (int i = 0; i < offsets.length; i++) {
      int tap = i % w.taps;
      int line = tap / w.kernelWidth;
      int slice = line / w.kernelHeight * w.dilationDepth;
      int row = line % w.kernelHeight * w.dilationHeight;
      int column = tap % w.kernelWidth * w.dilationWidth - w.padWidth;
      offsets[i] = i / w.taps * channel + row(slice, row) + column;
    }
    return offsets;
  }

  /** Where a row of the first channel starts. */
  int row(int slice, int row) {
    return margin + (slice * rows + row) * pitch;
  }
}
