package lamina.network;

import java.util.Arrays;
import lamina.layer.Reach;

/**
 * Which part of the network's input an element of a feature map sees, per spatial axis. Source of
 * the recurrence: with r = j = 1 and start = 0, {@code r += d(k−1)j}, {@code start += (d(k−1)/2 −
 * p)j}, {@code j *= s}.
 *
 * @param size how many elements of the input; null if all of them
 * @param stride how far apart the windows of neighbouring elements are
 * @param start where the centre of the first element's window lies
 */
public record ReceptiveField(double[] size, double[] stride, double[] start) {
  static final ReceptiveField POINT =
      new ReceptiveField(new double[] {1}, new double[] {1}, new double[] {0});
  static final ReceptiveField ALL = new ReceptiveField(null, null, null);

  /** Whether an element sees the whole input. */
  public boolean isAll() {
    return size == null;
  }

  ReceptiveField after(Reach reach) {
    if (isAll() || reach.growth() == null) {
      return ALL;
    }
    int axes = reach.growth().length;
    if (axes == 0) {
      return this;
    }
    if (size.length != 1 && size.length != axes) {
      return ALL;
    }
    double[] newSize = spread(size, axes);
    double[] newStride = spread(stride, axes);
    double[] newStart = spread(start, axes);
    for (int axis = 0; axis < axes; axis++) {
      newSize[axis] += reach.growth()[axis] * newStride[axis];
      newStart[axis] += reach.offset()[axis] * newStride[axis];
      newStride[axis] *= reach.step()[axis];
    }
    return new ReceptiveField(newSize, newStride, newStart);
  }

  /** What an element sees on two ways at once: all that lies between their outer ends. */
  ReceptiveField with(ReceptiveField other) {
    if (isAll() || other.isAll()) {
      return ALL;
    }
    int axes = Math.max(size.length, other.size.length);
    if ((size.length != 1 && size.length != axes)
        || (other.size.length != 1 && other.size.length != axes)) {
      return ALL;
    }
    double[] newSize = new double[axes];
    double[] newStart = new double[axes];
    double[] newStride = spread(stride, axes);
    for (int axis = 0; axis < axes; axis++) {
      if (newStride[axis] != spread(other.stride, axes)[axis]) {
        return ALL;
      }
      double ours = spread(size, axes)[axis];
      double theirs = spread(other.size, axes)[axis];
      double ourStart = spread(start, axes)[axis];
      double theirStart = spread(other.start, axes)[axis];
      double first = Math.min(ourStart - (ours - 1) / 2, theirStart - (theirs - 1) / 2);
      double last = Math.max(ourStart + (ours - 1) / 2, theirStart + (theirs - 1) / 2);
      newSize[axis] = last - first + 1;
      newStart[axis] = (first + last) / 2;
    }
    return new ReceptiveField(newSize, newStride, newStart);
  }

  private static double[] spread(double[] values, int axes) {
    if (values.length == axes) {
      return values.clone();
    }
    double[] spread = new double[axes];
    Arrays.fill(spread, values[0]);
    return spread;
  }
}
