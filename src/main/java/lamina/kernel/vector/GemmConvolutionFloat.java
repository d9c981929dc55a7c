// Derived from GemmConvolutionDouble.java: change that file and run DerivedFloat.
package lamina.kernel.vector;

import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import lamina.kernel.Convolution;
import lamina.kernel.Parallel;
import lamina.kernel.Windows;

/**
 * Convolution and its gradients in float32 as matrix products with an unfolded input that is never
 * held as a whole. The columns of a panel are neighbouring output positions. Where the rows of the
 * input's copy ({@link Unfolding}) are not much wider than those of the output, a panel runs on
 * over the end of a row into positions that do not exist, and the product reads the copy itself;
 * else the panel is packed, one row's positions joined to the next one's. Beyond its arguments it
 * needs one image's input with its padding and, for each thread, buffers of the size of the
 * second-level cache.
 */
final class GemmConvolutionFloat {
  private static final int PANEL = TileFloat.PANEL;
  private static final int LANES = TileFloat.LANES;
  private static final int ROWS = TileFloat.ROWS;
  private static final int DEPTH = MatrixProductFloat.DEPTH;

  /** Panels whose sums are held at a time, at most. */
  private static final int CHUNK = 8;

  /** What packing a row of a panel costs, in rows of a tile multiplied with it. */
  private static final int PACKING = 16;

  private final Convolution conv;
  private final Unfolding layout;
  private final int groupIn;
  private final int groupOut;
  private final int taps;
  private final int positions;

  /** Weights of one filter. */
  private final int filter;

  /** Whether panels run on over the ends of rows. */
  private final boolean runsOn;

  /** Columns of the panels of a slice of the output, or of all of it if they are packed. */
  private final int columns;

  private final int panelsPerSlice;

  /** Channels whose gradients are computed together. */
  private final int blockChannels;

  private final Queue<UnfoldedFloat> spareInputs = new ConcurrentLinkedQueue<>();

  GemmConvolutionFloat(Convolution conv) {
    this.conv = conv;
    layout = new Unfolding(conv);
    groupIn = conv.inChannels() / conv.groups();
    groupOut = conv.outChannels() / conv.groups();
    taps = layout.tapOffsets.length;
    Windows w = layout.windows;
    positions = w.outPlane;
    filter = groupIn * taps;
    int runningOn = (w.outHeight - 1) * layout.phaseWidth + w.outWidth;
    runsOn =
        (long) w.outDepth * cost(runningOn) * groupOut
            <= (long) cost(positions) * (groupOut + PACKING);
    columns = runsOn ? runningOn : positions;
    panelsPerSlice = MatrixProductFloat.ceil(columns, PANEL);
    blockChannels = Math.min(groupIn, Math.max(1, DEPTH / taps));
  }

  /** The time that the panels of so many columns take, in 16ths of that of a whole panel. */
  private static int cost(int columns) {
    int left = columns % PANEL;
    return columns / PANEL * 16 + (isNarrow(left) ? left : left > LANES ? 16 : 10);
  }

  /** The weights in the order in which {@link #forward} reads them: tiles of filters. */
  float[] prepare(float[] w) {
    float[] tiles = BuffersFloat.take(conv.groups() * groupTiles());
    Parallel.run(
        conv.groups(),
        group -> {
          int from = group * groupOut * filter;
          PackedFloat.pack(groupOut, filter, w, from, filter, 1, tiles, group * groupTiles());
        });
    return tiles;
  }

  private int groupTiles() {
    return PackedFloat.size(groupOut, filter);
  }

  /** As {@link lamina.kernel.Backend#convolve}, with weights from {@link #prepare}. */
  void forward(float[] x, float[] tiles, float[] bias, float[] y) {
    int[] offsets = layout.offsets(groupIn);
    int images = conv.batch() * conv.groups();
    if (images >= Parallel.threads()) {
      Parallel.run(images, image -> forward(image, x, offsets, tiles, bias, y));
    } else {
      for (int image = 0; image < images; image++) {
        forward(image, x, offsets, tiles, bias, y);
      }
    }
    releaseInputs();
  }

  private void releaseInputs() {
    for (UnfoldedFloat input : spareInputs) {
      input.release();
    }
    spareInputs.clear();
  }

  /** One group of one image: images and groups lie one after another in x and in y. */
  private void forward(
      int image, float[] x, int[] offsets, float[] tiles, float[] bias, float[] y) {
    UnfoldedFloat input = input();
    int x0 = image * groupIn * layout.windows.inPlane;
    if (layout.direct) {
      input.read(x, x0, groupIn);
    } else {
      Parallel.run(groupIn, channel -> input.read(x, x0, channel, channel + 1));
    }
    int panels = runsOn ? panelsPerSlice * layout.windows.outDepth : panelsPerSlice;
    int room = Machine.L2_BYTES / 2 / Float.BYTES / (paddedFilters() * PANEL);
    int chunk = Math.min(CHUNK, Math.max(1, room));
    int perTask = Math.min(chunk, MatrixProductFloat.ceil(panels, Parallel.threads()));
    Parallel.run(
        MatrixProductFloat.ceil(panels, perTask),
        task -> {
          int first = task * perTask;
          int count = Math.min(perTask, panels - first);
          forward(input.view(), offsets, image, first, count, tiles, bias, y);
        });
    spareInputs.add(input);
  }

  private int paddedFilters() {
    return MatrixProductFloat.roundUp(groupOut, ROWS);
  }

  private UnfoldedFloat input() {
    UnfoldedFloat spare = spareInputs.poll();
    return spare == null ? new UnfoldedFloat(layout, groupIn) : spare;
  }

  /** Some panels, of all filters of a group. */
  private void forward(
      UnfoldedFloat input,
      int[] offsets,
      int image,
      int first,
      int count,
      float[] tiles,
      float[] bias,
      float[] y) {
    int group = image % conv.groups();
    int y0 = image * groupOut * positions;
    int size = paddedFilters() * PANEL;
    int depth = MatrixProductFloat.ceil(filter, MatrixProductFloat.ceil(filter, DEPTH));
    float[] sums = depth < filter ? BuffersFloat.take(count * size) : null;
    float[] packed = BuffersFloat.take(depth * PANEL + PANEL);
    float[] starts = starts(group, bias);
    int end = position(first + count);
    if (!runsOn && isNarrow(end % PANEL)) {
      // Sums of single columns grow in place.
      end -= end % PANEL;
    }
    Columns columns = new Columns(starts, y, y0, end);
    int[] at = new int[depth];
    for (int p = 0; p < filter; p += depth) {
      int k = Math.min(depth, filter - p);
      int t0 = group * groupTiles() + p * ROWS;
      for (int panel = 0; panel < count; panel++) {
        columns.cut(first + panel);
        if (!runsOn && isNarrow(columns.width)) {
          for (int j = 0; j < columns.width; j++) {
            input.column(offsets, p, k, (first + panel) * PANEL + j, ROWS, packed, 0);
            columns.multiplyOne(j, p, k, tiles, t0, packed);
          }
        } else {
          float[] from = rows(input, offsets, p, k, first + panel, columns.width, packed, at);
          columns.multiply(p, k, tiles, t0, from, at, sums, panel * size);
        }
      }
    }
    BuffersFloat.give(packed);
    if (sums != null) {
      BuffersFloat.give(sums);
    }
  }

  /** What the sums of a group's filters start from. */
  private float[] starts(int group, float[] bias) {
    float[] starts = new float[paddedFilters()];
    if (bias != null) {
      System.arraycopy(bias, group * groupOut, starts, 0, groupOut);
    }
    return starts;
  }

  /**
   * Sets {@code at} to where the rows of a panel lie that belong to the weights {@code p} to {@code
   * p + k − 1} of a filter, and returns the array in which they lie.
   */
  private float[] rows(
      UnfoldedFloat input,
      int[] offsets,
      int p,
      int k,
      int panel,
      int width,
      float[] packed,
      int[] at) {
    if (runsOn) {
      int base = panel / panelsPerSlice * layout.sliceStep + panel % panelsPerSlice * PANEL;
      base += input.offset;
      if (input.canRead(base + offsets[p + k - 1])) {
        for (int i = 0; i < k; i++) {
          at[i] = base + offsets[p + i];
        }
        return input.data;
      }
      input.packRun(offsets, p, k, base, width, packed);
    } else {
      input.pack(offsets, p, k, panel * PANEL, width, packed);
    }
    PackedFloat.panelOffsets(k, 0, at);
    return packed;
  }

  /** Whether so few columns are cheaper one by one than as half a panel. */
  private static boolean isNarrow(int columns) {
    return columns <= PANEL / 8;
  }

  /** The first output position of a panel. */
  private int position(int panel) {
    if (!runsOn) {
      return Math.min(positions, panel * PANEL);
    }
    Windows w = layout.windows;
    int column = panel % panelsPerSlice * PANEL;
    int row = column / pitch() + panel / panelsPerSlice * w.outHeight;
    return row * w.outWidth + Math.min(column % pitch(), w.outWidth);
  }

  /** From the first position of a row to that of the next one, among those of panels. */
  private int pitch() {
    return layout.windows.outHeight == 1 ? layout.windows.outWidth : layout.phaseWidth;
  }

  /**
   * The columns of one panel after another: their products with the filters, and where these go.
   */
  private final class Columns {
    private final float[] starts;
    private final float[] y;
    private final int y0;

    /** The position at which what is written ends. */
    private final int end;

    private final float[] spare = new float[ROWS * PANEL + PANEL];

    /** Of each run of columns that are positions side by side: its column, position and length. */
    private final int[] from = new int[PANEL];

    private final int[] position = new int[PANEL];
    private final int[] length = new int[PANEL];
    private int runs;

    int width;

    Columns(float[] starts, float[] y, int y0, int end) {
      this.starts = starts;
      this.y = y;
      this.y0 = y0;
      this.end = end;
    }

    /** Takes the columns of a panel. */
    void cut(int panel) {
      int first = panel % panelsPerSlice * PANEL;
      width = Math.min(PANEL, columns - first);
      runs = 0;
      if (!runsOn) {
        add(0, panel * PANEL, width);
        return;
      }
      Windows w = layout.windows;
      int row = first / pitch();
      int slice = panel / panelsPerSlice * w.outHeight;
      for (int column = first; column < first + width; column = ++row * pitch()) {
        int run = Math.min(first + width, row * pitch() + w.outWidth) - column;
        if (run > 0) {
          add(column - first, (slice + row) * w.outWidth + column % pitch(), run);
        }
      }
    }

    private void add(int column, int at, int count) {
      from[runs] = column;
      position[runs] = at;
      length[runs++] = count;
    }

    /**
     * Multiplies the weights from {@code p} on with rows of the panel, and writes the sums once
     * they are complete.
     *
     * @param sums the sums so far, kept from {@code s0} on
     */
    void multiply(int p, int k, float[] tiles, int t0, float[] x, int[] at, float[] sums, int s0) {
      boolean last = p + k == filter;
      boolean straight = p == 0 && last && length[0] == width && (width == PANEL || width == LANES);
      for (int i = 0; i < groupOut; i += ROWS) {
        int rows = Math.min(ROWS, groupOut - i);
        int tile = t0 + i * filter;
        float[] start = p == 0 ? starts : TileFloat.ZEROS;
        int start0 = p == 0 ? i : 0;
        int kept = s0 + i * PANEL;
        if (p == 0 && !last) {
          TileFloat.multiply(rows, PANEL, start, start0, k, tiles, tile, x, at, sums, kept, PANEL);
        } else if (straight && (rows == ROWS || rows == TileFloat.LOW)) {
          int to = y0 + i * positions + position[0];
          TileFloat.multiply(rows, width, start, start0, k, tiles, tile, x, at, y, to, positions);
        } else {
          TileFloat.multiply(rows, width, start, start0, k, tiles, tile, x, at, spare, 0, PANEL);
          if (p > 0) {
            if (last) {
              TileFloat.add(rows, PANEL, sums, kept, spare, 0, PANEL);
            } else {
              TileFloat.add(rows, PANEL, spare, 0, sums, kept, PANEL);
            }
          }
          if (last) {
            write(i, rows);
          }
        }
      }
    }

    /** Multiplies the weights from {@code p} on with one column of the panel. */
    void multiplyOne(int column, int p, int k, float[] tiles, int t0, float[] elements) {
      float[] start = p == 0 ? starts : null;
      int to = y0 + position[0] + column;
      PackedFloat.multiplyColumn(
          groupOut, k, tiles, t0, filter * ROWS, elements, 0, start, y, to, positions, spare);
    }

    /** Writes the sums of a tile from {@link #spare}. */
    private void write(int out, int rows) {
      for (int run = 0; run < runs; run++) {
        int count = length[run];
        boolean two = count > LANES;
        // Whole vectors, as long as later runs overwrite what is too much.
        boolean vectors = position[run] + (two ? PANEL : LANES) <= end;
        for (int row = 0; row < rows; row++) {
          int at = row * PANEL + from[run];
          int to = y0 + (out + row) * positions + position[run];
          if (!vectors) {
            System.arraycopy(spare, at, y, to, count);
          } else {
            UnfoldedFloat.copyVector(spare, at, y, to);
            if (two) {
              UnfoldedFloat.copyVector(spare, at + LANES, y, to + LANES);
            }
          }
        }
      }
    }
  }

  /** As {@link lamina.kernel.Backend#convolveBackwardInput}. */
  void backwardInput(float[] dy, float[] w, float[] dx) {
    Arrays.fill(dx, 0);
    int blocks = MatrixProductFloat.ceil(groupIn, blockChannels);
    int size = PackedFloat.size(blockChannels * taps, groupOut);
    float[] tiles = BuffersFloat.take(conv.groups() * blocks * size);
    Parallel.run(
        conv.groups() * blocks,
        block -> {
          int channel = block % blocks * blockChannels;
          int rows = Math.min(blockChannels, groupIn - channel) * taps;
          int from = block / blocks * groupOut * filter + channel * taps;
          PackedFloat.pack(rows, groupOut, w, from, 1, filter, tiles, block * size);
        });
    Parallel.run(
        conv.batch() * conv.groups() * blocks,
        task -> {
          int t0 = task % (conv.groups() * blocks) * size;
          backwardInput(task / blocks, task % blocks * blockChannels, dy, tiles, t0, dx);
        });
    releaseInputs();
    BuffersFloat.give(tiles);
  }

  /** The gradient of some channels of one group of one image. */
  private void backwardInput(
      int image, int channel, float[] dy, float[] tiles, int tiles0, float[] dx) {
    int channels = Math.min(blockChannels, groupIn - channel);
    int rows = channels * taps;
    int x0 = (image * groupIn + channel) * layout.windows.inPlane;
    int y0 = image * groupOut * positions;
    UnfoldedFloat sums = spareInputs.poll();
    if (sums == null) {
      sums = new UnfoldedFloat(layout, blockChannels);
    }
    sums.clear(dx, x0);
    int step = Math.min(positions, CHUNK * PANEL);
    int depth = Math.min(groupOut, DEPTH);
    float[] packed = BuffersFloat.take(PANEL * depth + PANEL);
    float[] products = BuffersFloat.take(rows * step);
    float[] spare = new float[ROWS * PANEL];
    int[] offsets = new int[depth];
    for (int first = 0; first < positions; first += step) {
      int count = Math.min(step, positions - first);
      for (int p = 0; p < groupOut; p += depth) {
        int k = Math.min(depth, groupOut - p);
        for (int at = 0; at < count; at += PANEL) {
          int width = Math.min(PANEL, count - at);
          int from = y0 + p * positions + first + at;
          float[] panel = dy;
          for (int i = 0; i < k; i++) {
            offsets[i] = from + i * positions;
          }
          if (offsets[k - 1] + PANEL > dy.length) {
            MatrixProductFloat.packRows(k, width, dy, from, positions, packed, 0);
            PackedFloat.panelOffsets(k, 0, offsets);
            panel = packed;
          }
          int t0 = tiles0 + p * ROWS;
          PackedFloat.multiply(
              rows,
              width,
              k,
              tiles,
              t0,
              ROWS * groupOut,
              panel,
              offsets,
              p > 0,
              products,
              at,
              count,
              spare);
        }
      }
      sums.addRows(0, channels, first, count, products);
    }
    sums.write(dx, x0, channels);
    spareInputs.add(sums);
    BuffersFloat.give(packed);
    BuffersFloat.give(products);
  }

  /** As {@link lamina.kernel.Backend#convolveBackwardKernel}. */
  void backwardKernel(float[] x, float[] dy, float[] dw) {
    int blocks = MatrixProductFloat.ceil(groupIn, kernelBlock());
    int filters = filtersPerTask(blocks);
    int perGroup = blocks * MatrixProductFloat.ceil(groupOut, filters);
    Parallel.run(
        conv.groups() * perGroup,
        task -> {
          int group = task / perGroup;
          int channel = task % perGroup % blocks * kernelBlock();
          int out = task % perGroup / blocks * filters;
          backwardKernel(group, channel, out, Math.min(filters, groupOut - out), x, dy, dw);
        });
  }

  /** Channels of a task: their unfolded rows are the rows of the product. */
  private int kernelBlock() {
    int wanted = Math.max(1, MatrixProductFloat.ROWS / taps);
    return Math.min(wanted, Math.max(1, groupIn / Parallel.threads()));
  }

  /** All filters, unless there would be too few tasks. */
  private int filtersPerTask(int blocks) {
    return conv.groups() * blocks >= Parallel.threads()
        ? groupOut
        : MatrixProductFloat.roundUp(MatrixProductFloat.ceil(groupOut, Parallel.threads()), PANEL);
  }

  /** The gradient of some channels of some filters: all images one after another. */
  private void backwardKernel(
      int group, int channel, int out, int filters, float[] x, float[] dy, float[] dw) {
    int channels = Math.min(kernelBlock(), groupIn - channel);
    int rows = channels * taps;
    int width = MatrixProductFloat.roundUp(filters, PANEL);
    float[] sums = BuffersFloat.takeZeros(rows * width);
    int step = Math.min(positions, MatrixProductFloat.DEPTH);
    float[] unfolded = BuffersFloat.take(rows * step);
    float[] packed = BuffersFloat.take(width * step);
    UnfoldedFloat input = new UnfoldedFloat(layout, channels);
    float[] tiles = BuffersFloat.take(PackedFloat.size(rows, step));
    float[] spare = new float[ROWS * PANEL];
    int[] offsets = new int[step];
    for (int n = 0; n < conv.batch(); n++) {
      int image = n * conv.groups() + group;
      input.read(x, (image * groupIn + channel) * layout.windows.inPlane, channels);
      int y0 = (image * groupOut + out) * positions;
      for (int first = 0; first < positions; first += step) {
        int count = Math.min(step, positions - first);
        input.rows(0, channels, first, count, unfolded);
        PackedFloat.pack(rows, count, unfolded, 0, count, 1, tiles, 0);
        for (int left = 0; left < filters; left += PANEL) {
          MatrixProductFloat.turn(
              Math.min(PANEL, filters - left),
              count,
              dy,
              y0 + left * positions + first,
              positions,
              packed,
              left * count,
              PANEL);
          PackedFloat.panelOffsets(count, left * count, offsets);
          PackedFloat.multiply(
              rows,
              PANEL,
              count,
              tiles,
              0,
              ROWS * count,
              packed,
              offsets,
              true,
              sums,
              left,
              width,
              spare);
        }
      }
    }
    int target = (group * groupOut + out) * filter + channel * taps;
    MatrixProductFloat.turn(rows, filters, sums, 0, width, dw, target, filter);
    BuffersFloat.give(sums);
    BuffersFloat.give(unfolded);
    BuffersFloat.give(packed);
    BuffersFloat.give(tiles);
    input.release();
  }
}
