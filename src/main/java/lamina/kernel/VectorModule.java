package lamina.kernel;

import java.lang.reflect.InvocationTargetException;

/**
 * Loads {@code jdk.incubator.vector} into the running program. {@code --add-modules} would do it at
 * every start, with a warning on standard error and a cost of tens of milliseconds; this does it
 * only when there is work for it. It needs {@code java.base/jdk.internal.module} exported, which
 * the jar's manifest does.
 */
final class VectorModule {
  private static final String NAME = "jdk.incubator.vector";

  private VectorModule() {}

  /** Makes the module readable, or says why that cannot be: null if all is well. */
  static String load() {
    if (ModuleLayer.boot().findModule(NAME).isPresent()) {
      return null;
    }
    try {
      Class.forName("jdk.internal.module.Modules")
          .getMethod("loadModule", String.class)
          .invoke(null, NAME);
      return null;
    } catch (InvocationTargetException e) {
      return NAME + " is not part of this Java";
    } catch (ReflectiveOperationException | LinkageError e) {
      return NAME + " cannot be loaded here (" + e.getClass().getSimpleName() + ")";
    }
  }
}
