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

  private final int wholeTiles;

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
    wholeTiles = PackedDouble.wholeRows(groupOut) / ROWS;
    int columns = (outHeight - 1) * whole.phaseWidth + outWidth;
    int packing = isPacked() ? 0 : PACKING;
    runsOn =
        (long) w.outDepth * runCost(columns) * groupOut
            <= (long) cost(positions) * (groupOut + packing);
    rows = runsOn && !whole.direct && w.outDepth == 1 ? rows(whole) : outHeight;
    if (rows < outHeight) {
      int[] size = {rows, outWidth};
      layout = new Unfolding(new WindowPlacement(conv.geometry(), conv.inputSize(), size), true);
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
    return left <= PANEL / 8 ? left : 0;
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

    /**
     * How many columns the panels of a slice of the output have; of the whole output if they are
     * packed.
     */
    private final int columns;

    private final int panelsPerSlice;

    /** How many columns lie between the first positions of two neighbouring rows. */
    private final int pitch;

    private final int y0;

    Chunk(int image, int firstRow) {
      this.image = image;
      this.firstRow = firstRow;
      group = image % conv.groups();
      pitch = layout.windows.outHeight == 1 ? outWidth : layout.phaseWidth;
      height = Math.min(rows, outHeight - firstRow);
      columns = runsOn ? (height - 1) * pitch + outWidth : positions;
      panelsPerSlice = MatrixProductDouble.ceil(columns, PANEL);
      y0 = image * groupOut * positions + firstRow * outWidth;
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
      int panels = runsOn ? panelsPerSlice * layout.windows.outDepth : panelsPerSlice;
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
      int size = paddedFilters() * PANEL;
      int depth = MatrixProductDouble.ceil(filter, MatrixProductDouble.ceil(filter, DEPTH));
      double[] sums = depth < filter ? BuffersDouble.take(count * size) : null;
      int panelSize = depth * PANEL;
      double[] packed = BuffersDouble.take(count * panelSize + PANEL);
      double[] column = BuffersDouble.take(ROWS * depth);
      int end = position(first + count);
      if (!runsOn) {
        // The sums of single columns are kept in y, where they are added to.
        end -= singles(end);
      }
      Columns panel = new Columns(this, starts, y, end);
      int[] rowOffsets = new int[depth];
      int tilesAtATime = Math.max(1, Machine.L2_BYTES / 4 / Double.BYTES / (depth * ROWS));
      for (int p = 0; p < filter; p += depth) {
        int k = Math.min(depth, filter - p);
        int t0 = group * groupTiles() + p * ROWS;
        // The weights of some filters stay in the second-level cache while all panels are
        // multiplied with them.
        for (int tile = 0; tile < tileCount; tile += tilesAtATime) {
          int endTile = Math.min(tileCount, tile + tilesAtATime);
          for (int i = 0; i < count; i++) {
            panel.cut(first + i);
            panel.take(p, k, tile, endTile);
            if (panel.width > 0) {
              int to = i * panelSize;
              double[] from =
                  rows(input, p, k, first + i, panel.width, packed, to, rowOffsets, tile > 0);
              panel.multiply(tiles, t0, from, rowOffsets, sums, i * size);
            }
            for (int j = panel.width; j < panel.width + panel.singles; j++) {
              input.column(offsets, p, k, (first + i) * PANEL + j, ROWS, column, 0);
              panel.multiplyOne(j, tiles, t0, column);
            }
          }
        }
      }
      BuffersDouble.give(column);
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
        int width,
        double[] packed,
        int p0,
        int[] rowOffsets,
        boolean again) {
      if (runsOn) {
        int base = panel / panelsPerSlice * layout.sliceStep + panel % panelsPerSlice * PANEL;
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
          input.packRun(offsets, p, k, base, width, packed, p0);
        }
      } else if (!again) {
        input.pack(offsets, p, k, panel * PANEL, width, packed, p0);
      }
      PackedDouble.panelOffsets(k, p0, rowOffsets);
      return packed;
    }

    /** The first output position of a panel, among those of this chunk. */
    private int position(int panel) {
      if (!runsOn) {
        return Math.min(positions, panel * PANEL);
      }
      int column = panel % panelsPerSlice * PANEL;
      int row = column / pitch + panel / panelsPerSlice * height;
      return row * outWidth + Math.min(column % pitch, outWidth);
    }
  }

  private int paddedFilters() {
    return PackedDouble.computedRows(groupOut);
  }

  /**
   * The columns of one panel after another: their products with the filters, and where these go.
   */
  private final class Columns {
    private final Chunk chunk;
    private final double[] starts;
    private final double[] y;

    /** No position from this one on may be written. */
    private final int end;

    private final double[] spare = new double[ROWS * PANEL + PANEL];

    /**
     * The runs of columns whose positions are neighbours: the first column of each, its position,
     * and the length.
     */
    private final int[] from = new int[PANEL];

    private final int[] position = new int[PANEL];
    private final int[] length = new int[PANEL];
    private int runs;

    /** Columns that are multiplied together, and those after them that are multiplied singly. */
    int width;

    int singles;

    /** The weights {@code p} to {@code p + k − 1} of the filters of some tiles. */
    private int p;

    private int k;
    private int firstTile;
    private int endTile;

    Columns(Chunk chunk, double[] starts, double[] y, int end) {
      this.chunk = chunk;
      this.starts = starts;
      this.y = y;
      this.end = end;
    }

    /** Takes the columns of a panel. */
    void cut(int panel) {
      int first = panel % chunk.panelsPerSlice * PANEL;
      width = Math.min(PANEL, chunk.columns - first);
      runs = 0;
      if (!runsOn) {
        singles = singles(width);
        width -= singles;
        add(0, panel * PANEL, width);
        return;
      }
      int pitch = chunk.pitch;
      int row = first / pitch;
      int slice = panel / chunk.panelsPerSlice * chunk.height;
      for (int column = first; column < first + width; column = ++row * pitch) {
        int run = Math.min(first + width, row * pitch + outWidth) - column;
        if (run > 0) {
          add(column - first, (slice + row) * outWidth + column % pitch, run);
        }
      }
    }

    private void add(int column, int outputOffset, int count) {
      from[runs] = column;
      position[runs] = outputOffset;
      length[runs++] = count;
    }

    /** Takes the weights {@code p} to {@code p + k − 1} of the filters of some tiles. */
    void take(int p, int k, int firstTile, int endTile) {
      this.p = p;
      this.k = k;
      this.firstTile = firstTile;
      this.endTile = endTile;
    }

    /**
     * Multiplies the weights with rows of the panel, and writes the sums once they are complete.
     *
     * @param t0 where the weights from {@code p} on of the first of all tiles lie
     * @param sums the sums so far, kept from {@code s0} on
     */
    void multiply(double[] tiles, int t0, double[] x, int[] rowOffsets, double[] sums, int s0) {
      boolean last = p + k == filter;
      boolean straight =
          p == 0 && last && runs == 1 && length[0] == width && (width == PANEL || width == LANES);
      for (int number = firstTile; number < endTile; number++) {
        int i = PackedDouble.firstRow(wholeTiles, number);
        int height = number < wholeTiles ? ROWS : TileDouble.LOW;
        int rows = Math.min(height, groupOut - i);
        int tile = t0 + number * filter * ROWS;
        double[] start = p == 0 ? starts : TileDouble.ZEROS;
        int start0 = p == 0 ? i : 0;
        int kept = s0 + i * PANEL;
        if (p == 0 && !last) {
          TileDouble.multiply(
              rows, PANEL, start, start0, k, tiles, tile, x, rowOffsets, sums, kept, PANEL);
        } else if (straight && rows == height) {
          int to = chunk.y0 + i * positions + position[0];
          TileDouble.multiply(
              rows, width, start, start0, k, tiles, tile, x, rowOffsets, y, to, positions);
        } else {
          TileDouble.multiply(
              rows, width, start, start0, k, tiles, tile, x, rowOffsets, spare, 0, PANEL);
          if (p > 0) {
            if (last) {
              TileDouble.add(rows, PANEL, sums, kept, spare, 0, PANEL);
            } else {
              TileDouble.add(rows, PANEL, spare, 0, sums, kept, PANEL);
            }
          }
          if (last) {
            write(i, rows);
          }
        }
      }
    }

    /**
     * Multiplies the weights with one column of the panel.
     *
     * @param elements each element of the column {@link TileDouble#ROWS} times
     */
    void multiplyOne(int column, double[] tiles, int t0, double[] elements) {
      for (int number = firstTile; number < endTile; number++) {
        int i = PackedDouble.firstRow(wholeTiles, number);
        int rows = Math.min(number < wholeTiles ? ROWS : TileDouble.LOW, groupOut - i);
        PackedDouble.dots(k, tiles, t0 + number * filter * ROWS, elements, spare);
        for (int row = 0; row < rows; row++) {
          int to = chunk.y0 + (i + row) * positions + position[0] + column;
          y[to] = (p == 0 ? starts[i + row] : y[to]) + spare[row];
        }
      }
    }

    /** Writes the sums of a tile from {@link #spare}. */
    private void write(int out, int rows) {
      for (int run = 0; run < runs; run++) {
        int count = length[run];
        boolean two = count > LANES;
        // Whole vectors are written as long as later runs overwrite what they write too much.
        boolean vectors = position[run] + (two ? PANEL : LANES) <= end;
        for (int row = 0; row < rows; row++) {
          int spareOffset = row * PANEL + from[run];
          int to = chunk.y0 + (out + row) * positions + position[run];
          if (!vectors) {
            System.arraycopy(spare, spareOffset, y, to, count);
          } else {
            UnfoldedDouble.copyVector(spare, spareOffset, y, to);
            if (two) {
              UnfoldedDouble.copyVector(spare, spareOffset + LANES, y, to + LANES);
            }
          }
        }
      }
    }
  }
}
