package lamina.kernel;

/** {@link NormalizationLoops} in float64. */
final class NormalizationDouble implements NormalizationLoops<double[]> {
  /** The only instance: it has no state. */
  static final NormalizationDouble LOOPS = new NormalizationDouble();

  private NormalizationDouble() {}

  @Override
  public void statistics(Grouping grouping, double[] x, double[] mean, double[] variance) {
    int outer = grouping.outer();
    int groups = grouping.groups();
    int inner = grouping.inner();
    if (!grouping.centered()) {
      meanSquares(groups, inner, x, variance);
      return;
    }
    if (inner == 1) {
      columnStatistics(outer, groups, x, mean, variance);
      return;
    }
    long count = grouping.groupSize();
    for (int g = 0; g < groups; g++) {
      Total sum = new Total();
      for (int o = 0; o < outer; o++) {
        int start = (o * groups + g) * inner;
        addElements(x, start, start + inner, sum);
      }
      // The variance needs a second pass: the mean of the squares minus the square of the mean
      // would lose its digits where the mean is large.
      var exact = sum.value / count;
      double center = Precision.toDouble(exact);
      Total squares = new Total();
      for (int o = 0; o < outer; o++) {
        int start = (o * groups + g) * inner;
        addSquares(x, start, start + inner, center, squares);
      }
      mean[g] = center;
      // The deviations were taken from the rounded mean, which adds the square of its error.
      var error = exact - center;
      variance[g] = Precision.toDouble(squares.value / count - error * error);
    }
  }

  /**
   * Those of {@link #statistics} where each group is a column: adds up all columns at once, row by
   * row.
   */
  private static void columnStatistics(
      int rows, int columns, double[] x, double[] mean, double[] variance) {
    var sums = Precision.sums(columns);
    for (int start = 0; start < rows * columns; start += columns) {
      for (int c = 0; c < columns; c++) {
        sums[c] += x[start + c];
      }
    }
    var squares = Precision.sums(columns);
    for (int c = 0; c < columns; c++) {
      mean[c] = Precision.toDouble(sums[c] / rows);
    }
    for (int start = 0; start < rows * columns; start += columns) {
      for (int c = 0; c < columns; c++) {
        var distance = 0d + x[start + c] - mean[c];
        squares[c] += distance * distance;
      }
    }
    for (int c = 0; c < columns; c++) {
      var error = sums[c] / rows - mean[c];
      variance[c] = Precision.toDouble(squares[c] / rows - error * error);
    }
  }

  /** Writes the mean of the squares of each of {@code groups} rows of {@code inner} elements. */
  private static void meanSquares(int groups, int inner, double[] x, double[] meanSquare) {
    for (int g = 0; g < groups; g++) {
      Total squares = new Total();
      addSquares(x, g * inner, (g + 1) * inner, 0, squares);
      meanSquare[g] = Precision.toDouble(squares.value / inner);
    }
  }

  /** Adds {@code Σ x}. Four sums at a time, since each addition waits for the one before. */
  private static void addElements(double[] x, int from, int to, Total total) {
    var s0 = 0d;
    var s1 = 0d;
    var s2 = 0d;
    var s3 = 0d;
    int i = from;
    for (; i + 4 <= to; i += 4) {
      s0 += x[i];
      s1 += x[i + 1];
      s2 += x[i + 2];
      s3 += x[i + 3];
    }
    for (; i < to; i++) {
      s0 += x[i];
    }
    total.value += s0 + s1 + (s2 + s3);
  }

  /** Adds {@code Σ (x − center)²}. */
  private static void addSquares(double[] x, int from, int to, double center, Total total) {
    var c = 0d + center;
    var s0 = 0d;
    var s1 = 0d;
    var s2 = 0d;
    var s3 = 0d;
    int i = from;
    for (; i + 4 <= to; i += 4) {
      s0 += (x[i] - c) * (x[i] - c);
      s1 += (x[i + 1] - c) * (x[i + 1] - c);
      s2 += (x[i + 2] - c) * (x[i + 2] - c);
      s3 += (x[i + 3] - c) * (x[i + 3] - c);
    }
    for (; i < to; i++) {
      s0 += (x[i] - c) * (x[i] - c);
    }
    total.value += s0 + s1 + (s2 + s3);
  }

  /** Adds {@code Σ x y}. */
  private static void addProducts(double[] x, double[] y, int from, int to, Total total) {
    var s0 = 0d;
    var s1 = 0d;
    var s2 = 0d;
    var s3 = 0d;
    int i = from;
    for (; i + 4 <= to; i += 4) {
      s0 += x[i] * y[i];
      s1 += x[i + 1] * y[i + 1];
      s2 += x[i + 2] * y[i + 2];
      s3 += x[i + 3] * y[i + 3];
    }
    for (; i < to; i++) {
      s0 += x[i] * y[i];
    }
    total.value += s0 + s1 + (s2 + s3);
  }

  @Override
  public void scales(Grouping grouping, double[] variance, double[] scale) {
    double eps = Precision.toDouble(grouping.eps());
    for (int g = 0; g < scale.length; g++) {
      scale[g] = Precision.toDouble(1 / Math.sqrt(variance[g] + eps));
    }
  }

  @Override
  public void standardize(
      Grouping grouping, double[] x, double[] mean, double[] scale, double[] y) {
    int groups = grouping.groups();
    int inner = grouping.inner();
    for (int block = 0; block < grouping.outer() * groups; block++) {
      double center = mean[block % groups];
      double factor = scale[block % groups];
      for (int i = block * inner; i < (block + 1) * inner; i++) {
        y[i] = (x[i] - center) * factor;
      }
    }
  }

  @Override
  public void transform(
      Grouping grouping,
      double[] x,
      double[] mean,
      double[] scale,
      double[] weight,
      double[] bias,
      double[] y) {
    int run = grouping.run();
    int groups = grouping.groups();
    int inner = grouping.inner();
    if (run > 1) {
      for (int start = 0; start < x.length; start += run) {
        int g = start / inner % groups;
        int c = start / run % weight.length;
        transform(start, start + run, x, mean[g], scale[g], weight[c], bias[c], y);
      }
      return;
    }
    if (inner == 1 && mean.length == weight.length) {
      transformElements(x, mean, scale, weight, bias, y);
      return;
    }
    double[] row = new double[inner];
    for (int block = 0; block < grouping.outer() * groups; block++) {
      int start = block * inner;
      int g = block % groups;
      int first = start % weight.length;
      // The row is copied to an array of its own, since the JIT compiler vectorises only loops
      // whose arrays share one index.
      System.arraycopy(x, start, row, 0, inner);
      if (first == 0) {
        transformRow(row, mean[g], scale[g], weight, bias);
      } else {
        for (int i = 0; i < inner; i++) {
          row[i] = (row[i] - mean[g]) * scale[g] * weight[first + i] + bias[first + i];
        }
      }
      System.arraycopy(row, 0, y, start, inner);
    }
  }

  /** A loop of its own over elements that share all four numbers, which runs on vectors. */
  private static void transform(
      int from,
      int to,
      double[] x,
      double center,
      double factor,
      double weight,
      double bias,
      double[] y) {
    for (int i = from; i < to; i++) {
      y[i] = (x[i] - center) * factor * weight + bias;
    }
  }

  private static void transformRow(
      double[] row, double center, double factor, double[] weight, double[] bias) {
    for (int i = 0; i < row.length; i++) {
      row[i] = (row[i] - center) * factor * weight[i] + bias[i];
    }
  }

  /** Each element of a row has statistics and parameters of its own. */
  private static void transformElements(
      double[] x, double[] mean, double[] scale, double[] weight, double[] bias, double[] y) {
    int count = mean.length;
    for (int start = 0; start < x.length; start += count) {
      for (int c = 0; c < count; c++) {
        y[start + c] = (x[start + c] - mean[c]) * scale[c] * weight[c] + bias[c];
      }
    }
  }

  @Override
  public void affineBackward(
      Grouping grouping,
      double[] z,
      double[] weight,
      double[] dy,
      double[] dz,
      double[] dWeight,
      double[] dBias) {
    int run = grouping.run();
    int count = weight.length;
    var weightSums = Precision.sums(count);
    var biasSums = Precision.sums(count);
    if (run == 1) {
      for (int start = 0; start < z.length; start += count) {
        for (int c = 0; c < count; c++) {
          weightSums[c] += dy[start + c] * z[start + c];
          biasSums[c] += dy[start + c];
          dz[start + c] = dy[start + c] * weight[c];
        }
      }
    } else {
      for (int start = 0, c = 0; start < z.length; start += run, c = c + 1 == count ? 0 : c + 1) {
        Total sum = new Total();
        addElements(dy, start, start + run, sum);
        biasSums[c] += sum.value;
        Total products = new Total();
        addProducts(dy, z, start, start + run, products);
        weightSums[c] += products.value;
        double factor = weight[c];
        for (int i = start; i < start + run; i++) {
          dz[i] = dy[i] * factor;
        }
      }
    }
    for (int c = 0; c < count; c++) {
      if (dWeight != null) {
        dWeight[c] = Precision.toDouble(weightSums[c]);
      }
      if (dBias != null) {
        dBias[c] = Precision.toDouble(biasSums[c]);
      }
    }
  }

  @Override
  public void standardizeBackward(Grouping grouping, double[] z, double[] scale, double[] d) {
    int outer = grouping.outer();
    int groups = grouping.groups();
    int inner = grouping.inner();
    boolean centered = grouping.centered();
    if (inner == 1) {
      columnsBackward(outer, groups, centered, z, scale, d);
      return;
    }
    long count = grouping.groupSize();
    for (int g = 0; g < groups; g++) {
      Total sum = new Total();
      Total products = new Total();
      for (int o = 0; o < outer; o++) {
        int start = (o * groups + g) * inner;
        addElements(d, start, start + inner, sum);
        addProducts(d, z, start, start + inner, products);
      }
      double offset = Precision.toDouble(centered ? sum.value / count : 0);
      double slope = Precision.toDouble(products.value / count);
      double factor = scale[g];
      for (int o = 0; o < outer; o++) {
        int start = (o * groups + g) * inner;
        for (int i = start; i < start + inner; i++) {
          d[i] = factor * (d[i] - offset - z[i] * slope);
        }
      }
    }
  }

  /**
   * As {@link #standardizeBackward} where each group is a column: works on all columns at once, row
   * by row.
   */
  private static void columnsBackward(
      int rows, int columns, boolean centered, double[] z, double[] scale, double[] d) {
    var sums = Precision.sums(columns);
    var products = Precision.sums(columns);
    for (int start = 0; start < rows * columns; start += columns) {
      for (int c = 0; c < columns; c++) {
        sums[c] += d[start + c];
        products[c] += d[start + c] * z[start + c];
      }
    }
    double[] offset = new double[columns];
    double[] slope = new double[columns];
    for (int c = 0; c < columns; c++) {
      offset[c] = Precision.toDouble(centered ? sums[c] / rows : 0);
      slope[c] = Precision.toDouble(products[c] / rows);
    }
    for (int start = 0; start < rows * columns; start += columns) {
      for (int c = 0; c < columns; c++) {
        d[start + c] = scale[c] * (d[start + c] - offset[c] - z[start + c] * slope[c]);
      }
    }
  }

  @Override
  public void response(ResponseRule rule, double[] x, double[] base, double[] y) {
    int channels = rule.channels();
    int inner = rule.inner();
    int size = rule.size();
    double alpha = Precision.toDouble(rule.alpha());
    double beta = Precision.toDouble(rule.beta());
    double k = Precision.toDouble(rule.k());
    for (int p = 0; p < x.length; p++) {
      int c = p / inner % channels;
      int from = Math.max(0, c - size / 2);
      int to = Math.min(channels - 1, c + (size - 1) / 2);
      var squares = 0d;
      for (int j = from; j <= to; j++) {
        var value = 0d + x[p + (j - c) * inner];
        squares += value * value;
      }
      var sum = k + alpha / size * squares;
      base[p] = Precision.toDouble(sum);
      y[p] = Precision.toDouble(x[p] * Math.pow(sum, -beta));
    }
  }

  @Override
  public void responseBackward(
      ResponseRule rule, double[] x, double[] base, double[] dy, double[] dx) {
    int channels = rule.channels();
    int inner = rule.inner();
    int size = rule.size();
    double alpha = Precision.toDouble(rule.alpha());
    double beta = Precision.toDouble(rule.beta());
    for (int p = 0; p < x.length; p++) {
      int j = p / inner % channels;
      int from = Math.max(0, j - (size - 1) / 2);
      int to = Math.min(channels - 1, j + size / 2);
      var sum = 0d;
      for (int c = from; c <= to; c++) {
        int q = p + (c - j) * inner;
        sum += dy[q] * x[q] * Math.pow(base[q], -beta - 1);
      }
      var direct = dy[p] * Math.pow(base[p], -beta);
      dx[p] = Precision.toDouble(direct - 2 * alpha * beta / size * x[p] * sum);
    }
  }
}
