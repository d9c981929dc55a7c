// Derived from WinogradDouble.java: change that file and run DerivedFloat.
package lamina.kernel.vector;

import jdk.incubator.vector.FloatVector;
import lamina.kernel.Convolution;
import lamina.kernel.Geometry;
import lamina.kernel.Parallel;
import lamina.kernel.Windows;

/**
 * Winograd's F(4×4, 3×3) in float32, for 3×3 kernels with stride and dilation 1: 36 products of
 * transformed elements give 16 outputs, a quarter of the multiplications of the definition. Its
 * error in float32 is at most 1e-5 of the largest output in practice (tested), about ten times that
 * of the direct sum. Source: A. Lavin and S. Gray, Fast Algorithms for Convolutional Neural
 * Networks, 2016.
 *
 * <p>The padded input is split into 16 planes by row and column modulo 4, so that the same element
 * of neighbouring tiles lies side by side and a vector holds one element of several tiles.
 */
final class WinogradFloat {
  private static final int PANEL = TileFloat.PANEL;
  private static final int LANES = TileFloat.LANES;
  private static final int ROWS = TileFloat.ROWS;

  /** Elements of a transformed tile. */
  private static final int SPOTS = 36;

  /**
   * Elements between the planes of two spots beyond their size: a power of two between them would
   * map all 36 to the same lines of the cache.
   */
  private static final int GAP = 16;

  private static final float ONE = 1;
  private static final float SIXTH = ONE / 6;

  /** Panels of tiles that are transformed and multiplied together. */
  private static final int CHUNK = 2;

  private final Convolution conv;
  private final Windows windows;
  private final int groupIn;
  private final int groupOut;
  private final int tilesDown;
  private final int tilesAcross;
  private final int tiles;

  /** Tiles of a row of a plane, of a plane, and elements of a channel's 16 planes. */
  private final int pitch;

  private final int plane;
  private final int channelSize;

  WinogradFloat(Convolution conv) {
    this.conv = conv;
    windows = new Windows(conv.geometry(), conv.inputSize(), conv.outputSize());
    groupIn = conv.inChannels() / conv.groups();
    groupOut = conv.outChannels() / conv.groups();
    tilesDown = MatrixProductFloat.ceil(windows.outHeight, 4);
    tilesAcross = MatrixProductFloat.ceil(windows.outWidth, 4);
    tiles = tilesDown * tilesAcross;
    pitch = tilesAcross + 1;
    plane = (tilesDown + 1) * pitch;
    channelSize = 16 * plane;
  }

  /** Whether a problem has the shape that this class computes. */
  static boolean fits(Convolution conv) {
    Geometry g = conv.geometry();
    if (g.rank() != 2) {
      return false;
    }
    for (int axis = 0; axis < 2; axis++) {
      if (g.kernel()[axis] != 3 || g.stride()[axis] != 1 || g.dilation()[axis] != 1) {
        return false;
      }
    }
    return true;
  }

  /** As {@link lamina.kernel.Backend#convolve}. */
  void forward(float[] x, float[] w, float[] bias, float[] y) {
    int size = conv.groups() * PackedFloat.size(groupOut, groupIn);
    float[] kernels = BuffersFloat.takeZeros(SPOTS * size);
    Parallel.run(conv.outChannels(), out -> transformKernels(w, out, kernels));
    float[] planes = BuffersFloat.takeZeros(groupIn * channelSize + LANES);
    int chunk = CHUNK * PANEL;
    for (int image = 0; image < conv.batch() * conv.groups(); image++) {
      int x0 = image * groupIn * windows.inPlane;
      int current = image;
      Parallel.run(groupIn, channel -> split(x, x0 + channel * windows.inPlane, planes, channel));
      Parallel.run(
          MatrixProductFloat.ceil(tiles, chunk),
          task -> {
            int first = task * chunk;
            chunk(current, first, Math.min(chunk, tiles - first), planes, kernels, bias, y);
          });
    }
    BuffersFloat.give(planes);
    BuffersFloat.give(kernels);
  }

  /** Copies a channel into its 16 planes. */
  private void split(float[] x, int x0, float[] planes, int channel) {
    int rows = Math.min(windows.inHeight, 4 * (tilesDown + 1) - windows.padHeight);
    int columns = Math.min(windows.inWidth, 4 * pitch - windows.padWidth);
    for (int row = Math.max(0, -windows.padHeight); row < rows; row++) {
      int r = row + windows.padHeight;
      int to = channel * channelSize + (r & 3) * 4 * plane + (r >> 2) * pitch;
      int from = x0 + row * windows.inWidth;
      for (int column = 0; column < columns; column++) {
        int c = column + windows.padWidth;
        planes[to + (c & 3) * plane + (c >> 2)] = x[from + column];
      }
    }
  }

  /** Transforms the kernels of one filter: spot, filter, channel. */
  private void transformKernels(float[] w, int out, float[] kernels) {
    int tileSize = PackedFloat.size(groupOut, groupIn);
    int row = out % groupOut;
    int start = out / groupOut * tileSize + row / ROWS * ROWS * groupIn + row % ROWS;
    int step = conv.groups() * tileSize;
    float[] taps = new float[9 * LANES];
    float[] half = new float[18 * LANES];
    float[] whole = new float[SPOTS * LANES];
    for (int channel = 0; channel < groupIn; channel += LANES) {
      int count = Math.min(LANES, groupIn - channel);
      int from = (out * groupIn + channel) * 9;
      for (int i = 0; i < count; i++) {
        for (int tap = 0; tap < 9; tap++) {
          taps[tap * LANES + i] = w[from + i * 9 + tap];
        }
      }
      for (int column = 0; column < 3; column++) {
        kernelLine(taps, column * LANES, 3 * LANES, half, column * LANES, 3 * LANES);
      }
      for (int line = 0; line < 6; line++) {
        kernelLine(half, line * 3 * LANES, LANES, whole, line * 6 * LANES, LANES);
      }
      for (int spot = 0; spot < SPOTS; spot++) {
        int to = start + spot * step + channel * ROWS;
        for (int i = 0; i < count; i++) {
          kernels[to + i * ROWS] = whole[spot * LANES + i];
        }
      }
    }
  }

  /** G g: three elements to six. */
  private static void kernelLine(
      float[] from, int at, int step, float[] to, int target, int toStep) {
    FloatVector g0 = FloatVector.fromArray(TileFloat.SPECIES, from, at);
    FloatVector g1 = FloatVector.fromArray(TileFloat.SPECIES, from, at + step);
    FloatVector g2 = FloatVector.fromArray(TileFloat.SPECIES, from, at + 2 * step);
    FloatVector outer = g0.add(g2).mul(-SIXTH);
    FloatVector inner = g1.mul(SIXTH);
    FloatVector wide = g0.mul(SIXTH / 4).add(g2.mul(SIXTH));
    FloatVector slope = g1.mul(SIXTH / 2);
    g0.mul(ONE / 4).intoArray(to, target);
    outer.sub(inner).intoArray(to, target + toStep);
    outer.add(inner).intoArray(to, target + 2 * toStep);
    wide.add(slope).intoArray(to, target + 3 * toStep);
    wide.sub(slope).intoArray(to, target + 4 * toStep);
    g2.intoArray(to, target + 5 * toStep);
  }

  /** Some tiles of one group of one image: transform, multiply, transform back. */
  private void chunk(
      int image, int first, int count, float[] planes, float[] kernels, float[] bias, float[] y) {
    int panels = MatrixProductFloat.ceil(count, PANEL);
    int width = panels * PANEL;
    int inputStep = groupIn * width + GAP;
    int step = groupOut * width + GAP;
    float[] inputs = BuffersFloat.take(SPOTS * inputStep);
    float[] sums = BuffersFloat.take(SPOTS * step);
    float[] spare = new float[TileFloat.ROWS * PANEL];
    int[] offsets = new int[groupIn];
    transformInputs(first, count, planes, inputs, inputStep);
    int group = image % conv.groups();
    int tilesPerSpot = PackedFloat.size(groupOut, groupIn);
    for (int spot = 0; spot < SPOTS; spot++) {
      int t0 = (spot * conv.groups() + group) * tilesPerSpot;
      for (int panel = 0; panel < panels; panel++) {
        int c0 = spot * step + panel * PANEL;
        PackedFloat.panelOffsets(groupIn, spot * inputStep + panel * PANEL * groupIn, offsets);
        PackedFloat.multiply(
            groupOut,
            PANEL,
            groupIn,
            kernels,
            t0,
            ROWS * groupIn,
            inputs,
            offsets,
            false,
            sums,
            c0,
            width,
            spare);
      }
    }
    float[] half = new float[24 * LANES];
    float[] whole = new float[16 * LANES];
    for (int out = 0; out < groupOut; out++) {
      float start = bias == null ? 0 : bias[group * groupOut + out];
      int y0 = (image * groupOut + out) * windows.outPlane;
      for (int at = 0; at < count; at += LANES) {
        int from = out * width + at;
        for (int column = 0; column < 6; column++) {
          outputLine(sums, from + column * step, 6 * step, half, column * LANES, 6 * LANES);
        }
        for (int row = 0; row < 4; row++) {
          outputLine(half, row * 6 * LANES, LANES, whole, row * 4 * LANES, LANES);
        }
        for (int i = 0; i < Math.min(LANES, count - at); i++) {
          write(whole, i, first + at + i, start, y, y0);
        }
      }
    }
    BuffersFloat.give(inputs);
    BuffersFloat.give(sums);
  }

  /** Transformed inputs: spot, panel, channel, tile of the panel. */
  private void transformInputs(int first, int count, float[] planes, float[] inputs, int step) {
    float[] tile = new float[SPOTS * LANES];
    float[] half = new float[SPOTS * LANES];
    for (int channel = 0; channel < groupIn; channel++) {
      for (int at = 0; at < count; at += LANES) {
        gather(first + at, Math.min(LANES, count - at), planes, channel * channelSize, tile);
        for (int column = 0; column < 6; column++) {
          inputLine(tile, column * LANES, 6 * LANES, half, column * LANES, 6 * LANES);
        }
        int to = (at / PANEL * groupIn + channel) * PANEL + at % PANEL;
        for (int row = 0; row < 6; row++) {
          inputLine(half, row * 6 * LANES, LANES, inputs, to + row * 6 * step, step);
        }
      }
    }
  }

  /** The 36 elements of some tiles: element, tile. */
  private void gather(int first, int count, float[] planes, int channel, float[] tile) {
    int row = first / tilesAcross;
    int column = first % tilesAcross;
    if (column + count <= tilesAcross) {
      for (int spot = 0; spot < SPOTS; spot++) {
        int from = channel + spot(spot) + row * pitch + column;
        FloatVector.fromArray(TileFloat.SPECIES, planes, from).intoArray(tile, spot * LANES);
      }
      return;
    }
    for (int spot = 0; spot < SPOTS; spot++) {
      int base = channel + spot(spot);
      int r = row;
      int c = column;
      for (int i = 0; i < count; i++) {
        tile[spot * LANES + i] = planes[base + r * pitch + c];
        if (++c == tilesAcross) {
          c = 0;
          r++;
        }
      }
    }
  }

  /** Where an element of the first tile lies among the planes of a channel. */
  private int spot(int spot) {
    int row = spot / 6;
    int column = spot % 6;
    return ((row & 3) * 4 + (column & 3)) * plane + (row >> 2) * pitch + (column >> 2);
  }

  /** Bᵀ d: six elements to six. */
  private static void inputLine(
      float[] from, int at, int step, float[] to, int target, int toStep) {
    FloatVector d0 = FloatVector.fromArray(TileFloat.SPECIES, from, at);
    FloatVector d1 = FloatVector.fromArray(TileFloat.SPECIES, from, at + step);
    FloatVector d2 = FloatVector.fromArray(TileFloat.SPECIES, from, at + 2 * step);
    FloatVector d3 = FloatVector.fromArray(TileFloat.SPECIES, from, at + 3 * step);
    FloatVector d4 = FloatVector.fromArray(TileFloat.SPECIES, from, at + 4 * step);
    FloatVector d5 = FloatVector.fromArray(TileFloat.SPECIES, from, at + 5 * step);
    FloatVector even = d4.sub(d2.mul(4));
    FloatVector odd = d3.sub(d1.mul(4));
    FloatVector level = d4.sub(d2);
    FloatVector slope = d3.sub(d1).mul(2);
    d0.mul(4).sub(d2.mul(5)).add(d4).intoArray(to, target);
    even.add(odd).intoArray(to, target + toStep);
    even.sub(odd).intoArray(to, target + 2 * toStep);
    level.add(slope).intoArray(to, target + 3 * toStep);
    level.sub(slope).intoArray(to, target + 4 * toStep);
    d1.mul(4).sub(d3.mul(5)).add(d5).intoArray(to, target + 5 * toStep);
  }

  /** Aᵀ m: six elements to four. */
  private static void outputLine(
      float[] from, int at, int step, float[] to, int target, int toStep) {
    FloatVector m0 = FloatVector.fromArray(TileFloat.SPECIES, from, at);
    FloatVector m1 = FloatVector.fromArray(TileFloat.SPECIES, from, at + step);
    FloatVector m2 = FloatVector.fromArray(TileFloat.SPECIES, from, at + 2 * step);
    FloatVector m3 = FloatVector.fromArray(TileFloat.SPECIES, from, at + 3 * step);
    FloatVector m4 = FloatVector.fromArray(TileFloat.SPECIES, from, at + 4 * step);
    FloatVector m5 = FloatVector.fromArray(TileFloat.SPECIES, from, at + 5 * step);
    FloatVector sum = m1.add(m2);
    FloatVector difference = m1.sub(m2);
    FloatVector wideSum = m3.add(m4);
    FloatVector wideDifference = m3.sub(m4);
    m0.add(sum).add(wideSum).intoArray(to, target);
    difference.add(wideDifference.mul(2)).intoArray(to, target + toStep);
    sum.add(wideSum.mul(4)).intoArray(to, target + 2 * toStep);
    difference.add(wideDifference.mul(8)).add(m5).intoArray(to, target + 3 * toStep);
  }

  /** Writes the part of a 4×4 tile that is inside the output. */
  private void write(float[] whole, int lane, int tile, float start, float[] y, int y0) {
    int top = tile / tilesAcross * 4;
    int left = tile % tilesAcross * 4;
    int rows = Math.min(4, windows.outHeight - top);
    int columns = Math.min(4, windows.outWidth - left);
    for (int row = 0; row < rows; row++) {
      int to = y0 + (top + row) * windows.outWidth + left;
      for (int column = 0; column < columns; column++) {
        y[to + column] = whole[(row * 4 + column) * LANES + lane] + start;
      }
    }
  }
}
