// Derived from PaddingDouble.java: change that file and run DerivedFloat.
package lamina.kernel;

import lamina.op.Paddings;

/** Padding in float32. Sizes have three axes; {@code sources} is as in {@link Paddings}. */
public final class PaddingFloat {
  private PaddingFloat() {}

  public static void pad(
      int planes, int[] size, int[][] sources, float value, float[] x, float[] y) {
    int to = 0;
    for (int plane = 0; plane < planes; plane++) {
      for (int depth : sources[0]) {
        for (int height : sources[1]) {
          boolean outside = depth < 0 || height < 0;
          int row = ((plane * size[0] + depth) * size[1] + height) * size[2];
          for (int column : sources[2]) {
            y[to++] = outside || column < 0 ? value : x[row + column];
          }
        }
      }
    }
  }

  public static void padBackward(int planes, int[] size, int[][] sources, float[] dy, float[] dx) {
    int from = 0;
    for (int plane = 0; plane < planes; plane++) {
      for (int depth : sources[0]) {
        for (int height : sources[1]) {
          boolean outside = depth < 0 || height < 0;
          int row = ((plane * size[0] + depth) * size[1] + height) * size[2];
          for (int column : sources[2]) {
            if (!outside && column >= 0) {
              dx[row + column] += dy[from];
            }
            from++;
          }
        }
      }
    }
  }
}
