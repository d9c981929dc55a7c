package lamina.train.data;

import lamina.tensor.Tensor;
import lamina.text.InputException;

/** What no network can learn from is refused before it is tried. */
final class DataChecks {
  private DataChecks() {}

  /** Refuses NaN and the infinities. */
  static void finite(Tensor tensor, Samples samples, String what) {
    for (int i = 0; i < tensor.size(); i++) {
      double value = tensor.get(i);
      if (!Double.isFinite(value)) {
        int width = tensor.size() / tensor.dim(0);
        throw new InputException(
            samples.place(i / width)
                + ": "
                + what
                + (width == 1 ? "" : " " + (i % width + 1) + " of " + width)
                + " is "
                + value
                + "; only finite numbers can be learned from");
      }
    }
  }

  /** Refuses data that memory cannot hold, before it is read. */
  static void fits(long bytes, String name) {
    Runtime runtime = Runtime.getRuntime();
    long free = runtime.maxMemory() - (runtime.totalMemory() - runtime.freeMemory());
    if (bytes > 1 << 24 && bytes > free) {
      System.gc();
      free = runtime.maxMemory() - (runtime.totalMemory() - runtime.freeMemory());
      if (bytes > free) {
        throw new InputException(
            name
                + ": the data needs "
                + bytes
                + " bytes of memory but only "
                + free
                + " are free; use a part of it, or raise the limit with"
                + " JAVA_TOOL_OPTIONS=-Xmx...");
      }
    }
  }
}
