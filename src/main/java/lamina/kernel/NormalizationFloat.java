// Derived from NormalizationDouble.java: change that file and run DerivedFloat.
package lamina.kernel;

/**
 * Normalisation on float32 arrays seen as {@code (outer, groups, inner)}: a group's elements are
 * normalised together. Batch norm is {@code (N, C, rest)}; with one group a row, outer is 1. Sums
 * run in float. {@link Normalization} checks the arguments.
 */
final class NormalizationFloat {
  private NormalizationFloat() {}

  /** Overwrites mean and variance with those of each group; the variance is the biased one. */
  static void statistics(
      int outer, int groups, int inner, float[] x, float[] mean, float[] variance) {
    long count = (long) outer * inner;
    for (int g = 0; g < groups; g++) {
      var sum = 0d;
      for (int o = 0; o < outer; o++) {
        int start = (o * groups + g) * inner;
        for (int i = start; i < start + inner; i++) {
          sum += x[i];
        }
      }
      // Two passes: the mean of the squares less the square of the mean would cancel.
      var center = sum / count;
      var squares = 0d;
      for (int o = 0; o < outer; o++) {
        int start = (o * groups + g) * inner;
        for (int i = start; i < start + inner; i++) {
          squares += (x[i] - center) * (x[i] - center);
        }
      }
      mean[g] = Precision.toFloat(center);
      variance[g] = Precision.toFloat(squares / count);
    }
  }

  /** Overwrites meanSquare with that of each of {@code groups} rows of {@code inner} elements. */
  static void meanSquares(int groups, int inner, float[] x, float[] meanSquare) {
    for (int g = 0; g < groups; g++) {
      var squares = 0d;
      for (int i = g * inner; i < (g + 1) * inner; i++) {
        var value = 0d + x[i];
        squares += value * value;
      }
      meanSquare[g] = Precision.toFloat(squares / inner);
    }
  }

  /** {@code scale = 1 / √(variance + eps)}. */
  static void scales(float[] variance, float eps, float[] scale) {
    for (int g = 0; g < scale.length; g++) {
      scale[g] = Precision.toFloat(1 / Math.sqrt(variance[g] + eps));
    }
  }

  /** {@code y = (x − mean) · scale}. */
  static void standardize(
      int outer, int groups, int inner, float[] x, float[] mean, float[] scale, float[] y) {
    for (int block = 0; block < outer * groups; block++) {
      float center = mean[block % groups];
      float factor = scale[block % groups];
      for (int i = block * inner; i < (block + 1) * inner; i++) {
        y[i] = (x[i] - center) * factor;
      }
    }
  }

  /**
   * {@code y = x · weight + bias}, each parameter serving {@code inner} neighbours before the next
   * one's turn; weight and bias may be null.
   */
  static void affine(int inner, float[] x, float[] weight, float[] bias, float[] y) {
    int count = weight == null ? bias.length : weight.length;
    for (int start = 0, c = 0; start < x.length; start += inner, c = c + 1 == count ? 0 : c + 1) {
      float factor = weight == null ? 1 : weight[c];
      float offset = bias == null ? 0 : bias[c];
      for (int i = start; i < start + inner; i++) {
        y[i] = x[i] * factor + offset;
      }
    }
  }

  /** The gradients of {@link #affine}: overwrites dx, and dWeight and dBias if not null. */
  static void affineBackward(
      int inner,
      int count,
      float[] x,
      float[] weight,
      float[] dy,
      float[] dx,
      float[] dWeight,
      float[] dBias) {
    for (int c = 0; c < count; c++) {
      float factor = weight == null ? 1 : weight[c];
      var weightSum = 0d;
      var biasSum = 0d;
      for (int start = c * inner; start < x.length; start += count * inner) {
        for (int i = start; i < start + inner; i++) {
          weightSum += dy[i] * x[i];
          biasSum += dy[i];
          dx[i] = dy[i] * factor;
        }
      }
      if (dWeight != null) {
        dWeight[c] = Precision.toFloat(weightSum);
      }
      if (dBias != null) {
        dBias[c] = Precision.toFloat(biasSum);
      }
    }
  }

  /**
   * Back through statistics that were taken from x itself: {@code dx = scale (dz − mean(dz) − z
   * mean(dz z))} per group, without {@code mean(dz)} if the mean was not taken off. In place: d is
   * dz on entry and dx on return.
   *
   * @param z the standardised input
   */
  static void standardizeBackward(
      int outer, int groups, int inner, boolean centered, float[] z, float[] scale, float[] d) {
    long count = (long) outer * inner;
    for (int g = 0; g < groups; g++) {
      var sum = 0d;
      var product = 0d;
      for (int o = 0; o < outer; o++) {
        int start = (o * groups + g) * inner;
        for (int i = start; i < start + inner; i++) {
          sum += d[i];
          product += d[i] * z[i];
        }
      }
      var offset = centered ? sum / count : 0;
      var slope = product / count;
      for (int o = 0; o < outer; o++) {
        int start = (o * groups + g) * inner;
        for (int i = start; i < start + inner; i++) {
          d[i] = Precision.toFloat(scale[g] * (d[i] - offset - z[i] * slope));
        }
      }
    }
  }

  /**
   * {@code y_c = x_c (k + alpha / size · Σ x_j²)^−beta} over the channels j from {@code c − size/2}
   * to {@code c + (size − 1)/2} that there are; x is {@code (outer, channels, inner)}.
   *
   * @param base receives the expression in parentheses, which backward needs
   */
  static void response(
      int channels,
      int inner,
      int size,
      float alpha,
      float beta,
      float k,
      float[] x,
      float[] base,
      float[] y) {
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
      base[p] = Precision.toFloat(sum);
      y[p] = Precision.toFloat(x[p] * Math.pow(sum, -beta));
    }
  }

  /**
   * The gradient of {@link #response}: {@code dx_j = dy_j b_j^−beta − 2 alpha beta / size · x_j Σ
   * dy_c x_c b_c^(−beta−1)} over the channels c whose window holds j.
   */
  static void responseBackward(
      int channels,
      int inner,
      int size,
      float alpha,
      float beta,
      float[] x,
      float[] base,
      float[] dy,
      float[] dx) {
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
      dx[p] = Precision.toFloat(direct - 2 * alpha * beta / size * x[p] * sum);
    }
  }
}
