package lamina.kernel.vector;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;

/** What the kernels are cut to fit: the width of a vector register and the sizes of the caches. */
final class Machine {
  /** The width of a vector register in bits; a test may choose another than the best. */
  static final VectorShape SHAPE = shape();

  /**
   * The size of a core's first-level data cache, as Linux tells it; elsewhere the least that an x86
   * or ARM server of the last ten years has. Sums are cut into blocks by it, so that another size
   * may change their last bits.
   */
  static final int L1_BYTES = cache(1, 32 << 10);

  /** The size of a core's second-level cache, as Linux tells it; elsewhere half a mebibyte. */
  static final int L2_BYTES = cache(2, 512 << 10);

  private Machine() {}

  private static VectorShape shape() {
    Integer bits = Integer.getInteger("lamina.vector.bits");
    return bits == null
        ? FloatVector.SPECIES_PREFERRED.vectorShape()
        : VectorShape.forBitSize(bits);
  }

  /** The size of the data cache of a level, if Linux tells one that can be true. */
  private static int cache(int level, int unknown) {
    for (int index = 0; index < 4; index++) {
      Path cache = Path.of("/sys/devices/system/cpu/cpu0/cache/index" + index);
      try {
        if (line(cache, "level").equals(Integer.toString(level))
            && !line(cache, "type").equals("Instruction")) {
          String size = line(cache, "size");
          int bytes = Integer.parseInt(size.substring(0, size.length() - 1)) << 10;
          return size.endsWith("K") ? Math.max(unknown / 2, Math.min(4 * unknown, bytes)) : unknown;
        }
      } catch (IOException | RuntimeException e) {
        // This is another system, or a container that does not show its caches.
        return unknown;
      }
    }
    return unknown;
  }

  private static String line(Path cache, String file) throws IOException {
    return Files.readString(cache.resolve(file)).strip();
  }
}
