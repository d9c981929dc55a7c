package lamina.kernel.vector;

import lamina.kernel.WindowPlacement;

/**
 * Where the elements of a channel lie in a copy that taps read at fixed distances: slices of rows
 * with padding above and below. The padding behind a row is at the same time that before the next
 * one.
 *
 * <p>With a stride along the width, each phase of the stride has a plane of its own. Columns that
 * are a stride apart lie side by side there, so that neighbouring windows read neighbouring
 * elements.
 */
final class PlaneLayout {
  /**
   * How many elements are left free behind a phase, since a vector written to its end may reach
   * beyond it.
   */
  private static final int BETWEEN = 64;

  final int slices;

  /** How many rows a slice has. */
  final int rows;

  /** How many phases a channel has; 1 if its columns lie in their order. */
  final int phases;

  /** The distance from one phase of a channel to the next, in elements. */
  final int phase;

  /** The distance from one row to the next, in elements. */
  final int pitch;

  /** How many elements a channel has. */
  final int channel;

  /** How many elements of padding stand before the first channel. */
  final int margin;

  /**
   * The layout of rows of {@code width} elements.
   *
   * @param before how far before a row a tap reads
   * @param after how far behind it
   */
  PlaneLayout(int slices, int rows, int width, int before, int after) {
    this(slices, rows, 1, Math.max(0, before), width, after);
  }

  private PlaneLayout(int slices, int rows, int phases, int margin, int width, int after) {
    this.slices = slices;
    this.rows = rows;
    this.phases = phases;
    this.margin = margin;
    pitch = Math.addExact(width, Math.max(margin, after));
    int size = Math.multiplyExact(Math.multiplyExact(slices, rows), pitch);
    phase = phases == 1 ? size : Math.addExact(size, BETWEEN);
    channel = Math.multiplyExact(phases, phase);
  }

  /** The layout of a channel for its windows. */
  static PlaneLayout of(WindowPlacement w) {
    int slices = (w.outDepth - 1) * w.strideDepth + (w.kernelDepth - 1) * w.dilationDepth + 1;
    int rows = (w.outHeight - 1) * w.strideHeight + (w.kernelHeight - 1) * w.dilationHeight + 1;
    int reach = (w.kernelWidth - 1) * w.dilationWidth;
    if (w.strideWidth > 1) {
      // A row includes the padding before it.
      int width = w.outWidth + reach / w.strideWidth;
      return new PlaneLayout(slices, rows, w.strideWidth, 0, width, 0);
    }
    int end = w.outWidth + reach - w.padWidth;
    int width = Math.max(w.inWidth, w.outWidth);
    return new PlaneLayout(slices, rows, width, w.padWidth, end - width);
  }

  /**
   * Where the elements lie that the taps of some channels read for the first window, in the order
   * of the weights.
   */
  int[] offsets(WindowPlacement w, int channels) {
    int[] offsets = new int[Math.multiplyExact(channels, w.taps)];
    for (int i = 0; i < offsets.length; i++) {
      int tap = i % w.taps;
      int line = tap / w.kernelWidth;
      int slice = line / w.kernelHeight * w.dilationDepth;
      int row = line % w.kernelHeight * w.dilationHeight;
      int column = tap % w.kernelWidth * w.dilationWidth;
      column = phases == 1 ? column - w.padWidth : column % phases * phase + column / phases;
      offsets[i] = i / w.taps * channel + row(slice, row) + column;
    }
    return offsets;
  }

  /** Where a row of the first channel starts. */
  int row(int slice, int row) {
    return margin + (slice * rows + row) * pitch;
  }
}
