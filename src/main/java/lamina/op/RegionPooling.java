package lamina.op;

import java.util.ArrayList;
import java.util.List;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * Regions of images cut into cells, of each of which the mean or the greatest of some points is
 * taken. Source: torchvision.ops.roi_align and ONNX's RoiAlign.
 *
 * @param greatest whether the greatest is taken rather than the mean
 * @param samples how many points a cell has on each axis; 0 for one an element of the region
 * @param scale of the image to the coordinates of regions
 * @param isShifted whether coordinates are of edges of pixels, so that centres lie half a pixel off
 */
public record RegionPooling(
    boolean greatest, int rows, int columns, int samples, double scale, boolean isShifted) {
  private static final int MOST_POINTS = 1 << 24;

  /** An element of a plane with its weight. */
  private record Tap(int place, double weight) {}

  /**
   * The cells: {@code (regions, C, rows, columns)}.
   *
   * @param x images {@code (N, C, H, W)}
   * @param regions {@code (regions, 4)}: x and y of two corners
   * @param images which image each region is of
   */
  public Tensor forward(Tensor x, Tensor regions, Tensor images) {
    Tensor y = Tensor.zeros(x.dtype(), regions.dim(0), x.dim(1), rows, columns);
    int plane = x.dim(2) * x.dim(3);
    int cells = rows * columns;
    for (int cell = 0; cell < regions.dim(0) * cells; cell++) {
      int region = cell / cells;
      List<Tap[]> points = points(x, regions, region, cell % cells);
      for (int c = 0; c < x.dim(1); c++) {
        int from = (image(x, images, region) * x.dim(1) + c) * plane;
        double sum = 0;
        double most = Double.NEGATIVE_INFINITY;
        for (Tap[] point : points) {
          for (Tap tap : point) {
            double value = tap.weight * x.get(from + tap.place);
            sum += value;
            most = Math.max(most, value);
          }
        }
        int to = (region * x.dim(1) + c) * cells + cell % cells;
        double greatestOf = most == Double.NEGATIVE_INFINITY ? 0 : most;
        y.set(to, greatest ? greatestOf : sum / Math.max(1, points.size()));
      }
    }
    return y;
  }

  /** The gradient of means with respect to the images; regions have none. */
  public Tensor backward(Tensor x, Tensor regions, Tensor images, Tensor dy) {
    Tensor dx = Tensor.zeros(dy.dtype(), x.shape());
    int plane = x.dim(2) * x.dim(3);
    int cells = rows * columns;
    for (int cell = 0; cell < regions.dim(0) * cells; cell++) {
      int region = cell / cells;
      List<Tap[]> points = points(x, regions, region, cell % cells);
      for (int c = 0; c < x.dim(1); c++) {
        int to = (image(x, images, region) * x.dim(1) + c) * plane;
        double slope = dy.get((region * x.dim(1) + c) * cells + cell % cells) / points.size();
        for (Tap[] point : points) {
          for (Tap tap : point) {
            dx.set(to + tap.place, dx.get(to + tap.place) + slope * tap.weight);
          }
        }
      }
    }
    return dx;
  }

  private static int image(Tensor x, Tensor images, int region) {
    long image = images.longs()[region];
    if (image < 0 || image >= x.dim(0)) {
      throw new InputException(
          "has a region of image " + image + ", but there are " + x.dim(0) + " images");
    }
    return (int) image;
  }

  private List<Tap[]> points(Tensor x, Tensor regions, int region, int cell) {
    double shift = isShifted ? 0.5 : 0;
    double left = regions.get(region * 4) * scale - shift;
    double top = regions.get(region * 4 + 1) * scale - shift;
    double width = regions.get(region * 4 + 2) * scale - shift - left;
    double height = regions.get(region * 4 + 3) * scale - shift - top;
    if (!isShifted) {
      width = Math.max(width, 1);
      height = Math.max(height, 1);
    }
    double down = samples > 0 ? samples : Math.ceil(height / rows);
    double across = samples > 0 ? samples : Math.ceil(width / columns);
    if (!(down * across <= MOST_POINTS)) {
      throw new InputException("has a region of " + height + " by " + width + " elements");
    }
    double cellHeight = height / rows;
    double cellWidth = width / columns;
    List<Tap[]> points = new ArrayList<>();
    for (int i = 0; i < down; i++) {
      int row = cell / columns;
      double y = top + row * cellHeight + (i + 0.5) * cellHeight / down;
      for (int j = 0; j < across; j++) {
        double at = left + cell % columns * cellWidth + (j + 0.5) * cellWidth / across;
        points.add(taps(x.dim(2), x.dim(3), y, at));
      }
    }
    return points;
  }

  /** The four elements around a point, as far as it is within one element of the image. */
  private static Tap[] taps(int height, int width, double y, double x) {
    if (!(y >= -1 && y <= height && x >= -1 && x <= width)) {
      return new Tap[0];
    }
    double row = Math.min(Math.max(y, 0), height - 1.0);
    double column = Math.min(Math.max(x, 0), width - 1.0);
    int above = (int) row;
    int before = (int) column;
    int below = Math.min(above + 1, height - 1);
    int after = Math.min(before + 1, width - 1);
    double down = row - above;
    double right = column - before;
    return new Tap[] {
      new Tap(above * width + before, (1 - down) * (1 - right)),
      new Tap(above * width + after, (1 - down) * right),
      new Tap(below * width + before, down * (1 - right)),
      new Tap(below * width + after, down * right)
    };
  }
}
