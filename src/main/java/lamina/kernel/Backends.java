package lamina.kernel;

import lamina.kernel.plain.ScalarBackend;
import lamina.tensor.DType;
import lamina.text.InputException;

/** The backend in use, and the choice of it. */
public final class Backends {
  private static final String VECTOR = "lamina.kernel.vector.VectorBackend";

  private static final Backend SCALAR = new ScalarBackend();
  private static volatile Backend current = SCALAR;
  private static volatile String reason = "scalar: not asked for another";

  private Backends() {}

  /** The backend that all operations use. */
  public static Backend current() {
    return current;
  }

  /** What runs and why, for reports: {@code vector: 512-bit}. */
  public static String reason() {
    return reason;
  }

  /**
   * Chooses the backend for the whole program.
   *
   * @param name {@code scalar}; {@code vector}; or {@code auto}: vector if this machine has it and
   *     there is enough work to pay for its start ({@link AutoBackend})
   * @throws InputException if the name is unknown, or vector is asked for and cannot be had
   */
  public static void use(String name) {
    switch (name) {
      case "scalar" -> set(SCALAR, "scalar: asked for");
      case "vector" -> {
        Backend vector = vector();
        if (vector == null) {
          throw new InputException(
              "the vector backend cannot be used: "
                  + reason.substring("scalar: ".length())
                  + "; use --backend auto or scalar");
        }
        set(vector, reason);
      }
      case "auto" -> set(new AutoBackend(SCALAR), "scalar: too little work for vectors");
      default ->
          throw new InputException(
              "unknown backend '" + name + "'; known are auto, scalar and vector");
    }
  }

  /**
   * Says how much work will be done, as soon as that is known: before the weights for it are made,
   * say. What pays for the vector kernels has them from its first operation on, warmed up
   * meanwhile. The choice depends on the amount alone.
   */
  public static void expect(long multiplyAccumulates, DType dtype) {
    current.expect(multiplyAccumulates, dtype);
  }

  /**
   * Chooses for good, where the choice is free, by the multiply-adds of an epoch: a training that
   * goes on from a checkpoint must compute as one that never stopped, so what was done before must
   * not count.
   */
  public static void settle(long multiplyAccumulates, DType dtype) {
    if (current instanceof AutoBackend auto) {
      set(auto.settled(multiplyAccumulates, dtype), reason);
    }
  }

  private static void set(Backend backend, String why) {
    current = backend;
    reason = why;
  }

  /**
   * The vector backend, or null if it cannot be had; the reason says why. By name only: no class
   * that names the Vector API may be linked before its module is loaded.
   */
  static Backend vector() {
    String obstacle = VectorModule.load();
    if (obstacle == null) {
      try {
        Backend vector =
            Class.forName(VECTOR).asSubclass(Backend.class).getDeclaredConstructor().newInstance();
        reason = vector.toString();
        Parallel.warmUp();
        return vector;
      } catch (ReflectiveOperationException | ClassCastException | LinkageError e) {
        obstacle = "its kernels cannot be linked (" + e.getClass().getSimpleName() + ")";
      }
    }
    reason = "scalar: " + obstacle;
    return null;
  }
}
