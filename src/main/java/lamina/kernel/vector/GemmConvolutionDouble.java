package lamina.kernel.vector;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import lamina.kernel.Convolution;
import lamina.kernel.Matrix;
import lamina.kernel.Parallel;
import lamina.kernel.WindowPlacement;

/**
 * Convolution in float64 as a matrix product with an unfolded input that is never held as a whole.
 * The columns of a panel are neighbouring output positions. Where the rows of the input's copy
 * ({@link Unfolding}) are not much wider than those of the output, a panel runs on over the end of
 * a row into positions that do not exist, and the product of few filters reads the copy itself,
 * while for many the panel is packed as it lies; else it is packed with one row's positions joined
 * to the next one's. Beyond its arguments it needs, for each thread, some rows of an image's input
 * with their padding, or a small image, and buffers of the size of the second-level cache.
 */
final class GemmConvolutionDouble {
  private static final int PANEL = TileDouble.PANEL;
  private static final int LANES = TileDouble.LANES;
  private static final int ROWS = TileDouble.ROWS;

  /**
   * At most so many weights of a filter are multiplied at a time: their panel takes an eighth of
   * the second-level cache, which is fast enough for a tile. Sums that are kept between two blocks
   * cost more: 512→2048 channels of 7² took 1.2 times as long in four blocks as in one.
   */
  private static final int DEPTH = Machine.L2_BYTES / 8 / (PANEL * Double.BYTES);

  /** Up to so many last columns are multiplied one by one. */
  private static final int MOST_SINGLES = PANEL / 8;

  /** The sums of at most so many panels are held at a time. */
  private static final int PANELS = 8;

  /**
   * What copying an element of the input costs, in multiplications of a panel's row with a filter.
   */
  private static final int COPYING = 2;

  /** What reading the weights once more costs, in 16ths of multiplying them with a panel. */
  private static final int READING = 8;

  /** What packing a row of a panel costs, in rows of a tile multiplied with it. */
  private static final int PACKING = 16;

  /**
   * From so many filters on, a panel is packed even where the product could read the input's copy.
   * The rows of the copy lie in many pages of memory, which each tile pays for, while a panel is
   * packed once.
   */
  private static final int PACKED_FILTERS = 48;

  private final Convolution conv;
  private final int groupIn;
  private final int groupOut;
  private final int positions;
  private final int outHeight;
  private final int outWidth;

  /** How many weights a filter has. */
  private final int filter;

  /** How many tiles the filters of a group take. */
  private final int tileCount;

  /** Whether panels run on over the ends of rows. */
  private final boolean runsOn;

  /** How many rows of the output are computed with one copy of the input's rows under them. */
  private final int rows;

  /** How the copy of the input under {@link #rows} rows of the output is laid out. */
  private final Unfolding layout;

  /** Where the elements under a window lie. */
  private final int[] offsets;

  private final Queue<UnfoldedDouble> spareInputs = new ConcurrentLinkedQueue<>();

  GemmConvolutionDouble(Convolution conv) {
    this.conv = conv;
    groupIn = conv.inChannels() / conv.groups();
    groupOut = conv.outChannels() / conv.groups();
    Unfolding whole = new Unfolding(conv);
    WindowPlacement w = whole.windows;
    positions = w.outPlane;
    outHeight = w.outHeight;
    outWidth = w.outWidth;
    filter = groupIn * w.taps;
    tileCount = PackedDouble.tiles(groupOut);
    int columns = (outHeight - 1) * whole.phaseWidth + outWidth;
    int packing = isPacked() ? 0 : PACKING;
    runsOn =
        (long) w.outDepth * runCost(columns) * groupOut
            <= (long) cost(positions) * (groupOut + packing);
    rows = runsOn && !whole.direct && w.outDepth == 1 ? rows(whole) : outHeight;
    if (rows < outHeight) {
      int[] size = {rows, outWidth};
      layout = new Unfolding(new WindowPlacement(conv.window(), conv.inputSize(), size), true);
    } else {
      layout = whole;
    }
    offsets = layout.offsets(groupIn);
  }

  /** Whether panels are packed even where the product could read the input's copy. */
  private boolean isPacked() {
    return groupOut >= PACKED_FILTERS;
  }

  /**
   * The number of rows that costs least among those whose input fits into the second-level cache,
   * or into a part of it where the product reads it again for each tile.
   */
  private int rows(Unfolding whole) {
    long room = Machine.L2_BYTES / (isPacked() ? 1 : 4);
    int best = 1;
    long least = Long.MAX_VALUE;
    for (int count = 1; count <= outHeight; count++) {
      long copied = groupIn * whole.elements(count);
      if (count > 1 && copied * Double.BYTES > room) {
        break;
      }
      int columns = (count - 1) * whole.phaseWidth + outWidth;
      long work = (long) (runCost(columns) + READING) * filter * groupOut / 16 + COPYING * copied;
      if (work * MatrixProductDouble.ceil(outHeight, count) <= least) {
        least = work * MatrixProductDouble.ceil(outHeight, count);
        best = count;
      }
    }
    return best;
  }

  /** The time that packed panels of so many columns take, in 16ths of that of a whole panel. */
  private static int cost(int columns) {
    int single = singles(columns);
    return runCost(columns - single) + single;
  }

  /** The cost of panels that run on over the ends of rows, which have no single columns. */
  private static int runCost(int columns) {
    int left = columns % PANEL;
    return columns / PANEL * 16 + (left > LANES ? 16 : left > 0 ? 10 : 0);
  }

  /** How many of the last columns are cheaper one by one than as half a panel. */
  private static int singles(int columns) {
    int left = columns % LANES;
    return left <= MOST_SINGLES ? left : 0;
  }

  /** The weights in the order in which {@link #forward} reads them: tiles of filters. */
  double[] prepare(double[] w) {
    double[] tiles = BuffersDouble.take(conv.groups() * groupTiles());
    Parallel.run(
        conv.groups(),
        group -> {
          int from = group * groupOut * filter;
          PackedDouble.pack(
              Matrix.of(w, from, groupOut, filter, filter), tiles, group * groupTiles());
        });
    return tiles;
  }

  private int groupTiles() {
    return PackedDouble.size(groupOut, filter);
  }

  /** As {@link lamina.kernel.Kernels#convolve}, with weights from {@link #prepare}. */
  void forward(double[] x, double[] tiles, double[] bias, double[] y) {
    int chunks = MatrixProductDouble.ceil(outHeight, rows);
    int tasks = conv.batch() * conv.groups() * chunks;
    if (tasks >= Parallel.threads()) {
      Parallel.run(
          tasks, task -> new Chunk(task / chunks, task % chunks * rows).run(x, tiles, bias, y));
    } else {
      for (int task = 0; task < tasks; task++) {
        new Chunk(task / chunks, task % chunks * rows).run(x, tiles, bias, y);
      }
    }
    for (UnfoldedDouble input : spareInputs) {
      input.release();
    }
    spareInputs.clear();
  }

  /** Some rows of one group of one image: images and groups lie one after another in x and in y. */
  private final class Chunk {
    private final int image;
    private final int group;
    private final int firstRow;
    private final int height;

    /** How many columns lie between the first positions of two neighbouring rows. */
    private final int pitch;

    private final int y0;

    Chunk(int image, int firstRow) {
      this.image = image;
      this.firstRow = firstRow;
      group = image % conv.groups();
      pitch = layout.windows.outHeight == 1 ? outWidth : layout.phaseWidth;
      height = Math.min(rows, outHeight - firstRow);
      y0 = image * groupOut * positions + firstRow * outWidth;
    }

    /** The panels, for one thread. */
    private PanelPositions panels() {
      return runsOn
          ? PanelPositions.runningOn(PANEL, height, outWidth, pitch)
          : PanelPositions.joined(PANEL, positions);
    }

    void run(double[] x, double[] tiles, double[] bias, double[] y) {
      UnfoldedDouble spare = spareInputs.poll();
      UnfoldedDouble input = spare == null ? new UnfoldedDouble(layout, groupIn) : spare;
      int x0 = image * groupIn * layout.windows.inPlane;
      if (layout.direct) {
        input.read(x, x0, groupIn);
      } else {
        int row = firstRow * layout.windows.strideHeight;
        Parallel.run(groupIn, channel -> input.readFrom(row, x, x0, channel));
      }
      int panels = panels().perSlice * (runsOn ? layout.windows.outDepth : 1);
      int room = Machine.L2_BYTES / 2 / Double.BYTES / (paddedFilters() * PANEL);
      int most = Math.min(PANELS, Math.max(1, room));
      int perTask = Math.min(most, MatrixProductDouble.ceil(panels, Parallel.threads()));
      double[] starts = starts(bias);
      Parallel.run(
          MatrixProductDouble.ceil(panels, perTask),
          task -> {
            int first = task * perTask;
            int count = Math.min(perTask, panels - first);
            panels(input.view(), first, count, tiles, starts, y);
          });
      spareInputs.add(input);
    }

    /** What the sums start from. */
    private double[] starts(double[] bias) {
      double[] starts = new double[paddedFilters()];
      if (bias != null) {
        System.arraycopy(bias, group * groupOut, starts, 0, groupOut);
      }
      return starts;
    }

    /** Computes the outputs of all filters for some panels. */
    private void panels(
        UnfoldedDouble input, int first, int count, double[] tiles, double[] starts, double[] y) {
      PanelPositions panel = panels();
      int size = paddedFilters() * PANEL;
      int depth = MatrixProductDouble.ceil(filter, MatrixProductDouble.ceil(filter, DEPTH));
      // Single columns keep their sums behind those of all panels.
      int singleSums = count * size;
      double[] sums = depth < filter ? BuffersDouble.take(singleSums + size) : null;
      int panelSize = depth * PANEL;
      double[] packed = BuffersDouble.take(count * panelSize + PANEL);
      int columnSize = ROWS * depth;
      double[] single = BuffersDouble.take(MOST_SINGLES * columnSize);
      ColumnsDouble columns =
          new ColumnsDouble(
              conv, positions, filter, panel, starts, y, y0, panel.first(first + count));
      int[] rowOffsets = new int[depth];
      int tilesAtATime = Math.max(1, Machine.L2_BYTES / 4 / Double.BYTES / (depth * ROWS));
      for (int p = 0; p < filter; p += depth) {
        int k = Math.min(depth, filter - p);
        int t0 = group * groupTiles() + p * ROWS;
        // The weights of some filters stay in the second-level cache while all panels are
        // multiplied with them.
        for (int tile = 0; tile < tileCount; tile += tilesAtATime) {
          columns.take(p, k, tile, Math.min(tileCount, tile + tilesAtATime));
          for (int i = 0; i < count; i++) {
            panel.take(first + i);
            int singles = runsOn ? 0 : singles(panel.width);
            panel.shorten(singles);
            if (panel.width > 0) {
              int to = i * panelSize;
              double[] from = rows(input, p, k, first + i, panel, packed, to, rowOffsets, tile > 0);
              columns.multiply(tiles, t0, from, rowOffsets, sums, i * size);
            }
            for (int j = 0; j < singles; j++) {
              int column = panel.width + j;
              if (tile == 0) {
                int position = (first + i) * PANEL + column;
                input.column(offsets, p, k, position, ROWS, single, j * columnSize);
              }
              int kept = singleSums + j * paddedFilters();
              columns.multiplyOne(column, tiles, t0, single, j * columnSize, sums, kept);
            }
          }
        }
      }
      BuffersDouble.give(single);
      BuffersDouble.give(packed);
      if (sums != null) {
        BuffersDouble.give(sums);
      }
    }

    /**
     * Sets {@code rowOffsets} to where the rows of a panel lie that belong to the weights {@code p}
     * to {@code p + k − 1} of a filter, and returns the array in which they lie: the input's copy,
     * or {@code packed} from {@code p0} on.
     *
     * @param again whether the panel was packed before
     */
    private double[] rows(
        UnfoldedDouble input,
        int p,
        int k,
        int panel,
        PanelPositions positions,
        double[] packed,
        int p0,
        int[] rowOffsets,
        boolean again) {
      if (runsOn) {
        int slice = panel / positions.perSlice;
        int base = slice * layout.sliceStep + panel % positions.perSlice * PANEL;
        base += input.offset;
        boolean isReadable = input.canRead(base + offsets[p + k - 1]);
        if (isReadable && !isPacked()) {
          for (int i = 0; i < k; i++) {
            rowOffsets[i] = base + offsets[p + i];
          }
          return input.data;
        }
        if (!again && isReadable) {
          input.packWhole(offsets, p, k, base, packed, p0);
        } else if (!again) {
          input.packRun(offsets, p, k, base, positions.width, packed, p0);
        }
      } else if (!again) {
        input.pack(offsets, p, k, panel * PANEL, positions.width, packed, p0);
      }
      PackedDouble.panelOffsets(k, p0, rowOffsets);
      return packed;
    }
  }

  private int paddedFilters() {
    return PackedDouble.computedRows(groupOut);
  }
}
