package lamina.train.data;

import lamina.text.InputException;

/**
 * The memory that samples need while their file is read. Of a file of known length the first rows
 * tell what all will need; of a pipe nobody knows, so its data is refused as soon as what is there
 * cannot double any more.
 */
final class ReadingMemory {
  /** The samples by which the size of the whole is estimated. */
  private static final int SAMPLES_TO_ESTIMATE = 100;

  /** A text beside its characters: two objects and a place in a list. */
  static final int TEXT_OVERHEAD = 64;

  private final String name;

  /** The bytes of the file; -1 if nobody knows. */
  private final long length;

  private long samples;
  private long memory;
  private long read;

  /** Somewhat before arrays of powers of two are full and must double. */
  private long nextCheck = (1 << 22) / 8 * 7;

  ReadingMemory(String name, long length) {
    this.name = name;
    this.length = length;
  }

  /**
   * Counts a sample.
   *
   * @param bytes what it needs in memory
   * @param bytesRead what it took in the file
   * @throws InputException if all samples together will need more than there is
   */
  void add(long bytes, long bytesRead) {
    samples++;
    memory += bytes;
    read += bytesRead;
    if (samples == SAMPLES_TO_ESTIMATE && length > 0) {
      DataChecks.fits((long) ((double) length / read * memory), name);
    }
    if (memory > nextCheck) {
      nextCheck *= 2;
      checkThatItCanDouble();
    }
  }

  private void checkThatItCanDouble() {
    // An array that grows is copied, and a third of the heap is for what lives shortly.
    if (2 * memory > usable()) {
      System.gc();
      long usable = usable();
      if (2 * memory > usable) {
        throw new InputException(
            name
                + ": the first "
                + samples
                + " samples need "
                + memory
                + " bytes of memory; reading on needs "
                + 2 * memory
                + " more but only "
                + usable
                + " are left; use a part of it, or raise the limit with"
                + " JAVA_TOOL_OPTIONS=-Xmx...");
      }
    }
  }

  private static long usable() {
    Runtime runtime = Runtime.getRuntime();
    long free = runtime.maxMemory() - (runtime.totalMemory() - runtime.freeMemory());
    return free / 3 * 2;
  }
}
