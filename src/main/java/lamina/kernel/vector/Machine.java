package lamina.kernel.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;

/** What the kernels are cut to fit: the width of a vector register and the sizes of the caches. */
final class Machine {
  /** The width of a vector register in bits; a test may choose another than the best. */
  static final VectorShape SHAPE = shape();

  /** First-level data cache of a core. No x86 or ARM server of the last ten years has less. */
  static final int L1_BYTES = 32 << 10;

  /** Second-level cache of a core; newer ones have 1 or 2 MiB, which does not make it wrong. */
  static final int L2_BYTES = 512 << 10;

  private Machine() {}

  private static VectorShape shape() {
    Integer bits = Integer.getInteger("lamina.vector.bits");
    return bits == null
        ? FloatVector.SPECIES_PREFERRED.vectorShape()
        : VectorShape.forBitSize(bits);
  }
}
