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
   * First-level data cache of a core, as Linux tells; elsewhere what no x86 or ARM server of the
   * last ten years has less of. Sums are cut by it: another size may change their last bits.
   */
  static final int L1_BYTES = cache(1, 32 << 10);

  /** Second-level cache of a core, or half of a mebibyte. */
  static final int L2_BYTES = cache(2, 512 << 10);

  private Machine() {}

  private static VectorShape shape() {
    Integer bits = Integer.getInteger("lamina.vector.bits");
    return bits == null
        ? FloatVector.SPECIES_PREFERRED.vectorShape()
        : VectorShape.forBitSize(bits);
  }

  /** The size of the cache of a level that holds data, within what makes sense. */
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
        // Another system, or a container that shows nothing of it.
        return unknown;
      }
    }
    return unknown;
  }

  private static String line(Path cache, String file) throws IOException {
    return Files.readString(cache.resolve(file)).strip();
  }
}
