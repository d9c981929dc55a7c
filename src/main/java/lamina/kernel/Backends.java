package lamina.kernel;

import lamina.tensor.InputException;

/** The backend in use, and the choice of it. */
public final class Backends {
  private static final String VECTOR = "lamina.kernel.vector.VectorBackend";

  private static final Backend SCALAR = new ScalarBackend();
  private static volatile Backend current = SCALAR;

  private Backends() {}

  /** The backend that all operations use. */
  public static Backend current() {
    return current;
  }

  /**
   * Chooses the backend for the whole program.
   *
   * @param name {@code scalar}; {@code vector}; or {@code auto}: vector if this machine has it
   * @throws InputException if the name is unknown, or vector is asked for and cannot be had
   */
  public static void use(String name) {
    switch (name) {
      case "scalar" -> current = SCALAR;
      case "vector" -> current = vector();
      case "auto" -> {
        try {
          current = vector();
        } catch (InputException unavailable) {
          current = SCALAR;
        }
      }
      default ->
          throw new InputException(
              "unknown backend '" + name + "'; known are auto, scalar and vector");
    }
  }

  /** By name only: no class that names the Vector API may be linked unless it is wanted. */
  private static Backend vector() {
    try {
      return Class.forName(VECTOR).asSubclass(Backend.class).getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException | ClassCastException | LinkageError e) {
      throw new InputException(
          "the vector backend cannot be used on this Java ("
              + e.getClass().getSimpleName()
              + "); use --backend scalar",
          e);
    }
  }
}
