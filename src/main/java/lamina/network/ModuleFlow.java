package lamina.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import lamina.network.Node.Container;
import lamina.network.Node.Leaf;

/** How the parts of a module follow one another, as far as a text shows it. */
enum ModuleFlow {
  /** One after another, as a Sequential runs them. */
  CHAIN,

  /** One after another in a forward() that is known, which may flatten before a Linear. */
  KNOWN_CHAIN,

  /** A list of layers, which its owner mostly runs from first to last. */
  LIST,

  /** Only a forward() that the text does not show could tell. */
  UNKNOWN;

  /** Modules that hold another one and hand their input on to it. */
  private static final Set<String> WRAPPERS =
      Set.of("DataParallel", "DistributedDataParallel", "FullyShardedDataParallel");

  /** Names of parts that run beside the others. */
  private static final List<String> SIDE_PATHS =
      Arrays.asList("downsample", "shortcut", "skip", "residual", "branch", "tower", "aux");

  static ModuleFlow of(Container container) {
    if (container.sequential()) {
      return CHAIN;
    }
    List<String> names = new ArrayList<>();
    for (Node part : container.parts()) {
      names.add(part.name());
    }
    if (WRAPPERS.contains(container.type()) && names.size() == 1) {
      return KNOWN_CHAIN;
    }
    return isNumbered(names) ? LIST : UNKNOWN;
  }

  /** A ModuleList, or a class made from it or from Sequential, whose parts have such names. */
  private static boolean isNumbered(List<String> names) {
    for (int i = 0; i < names.size(); i++) {
      if (!names.get(i).equals(Integer.toString(i))) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether the parts show that they do not all run one after another: one is named as what
   * residual blocks add or as a branch, or the first one pools everything, as gates do whose output
   * weighs their input.
   */
  static boolean hasSidePaths(Container container) {
    for (Node part : container.parts()) {
      String name = part.name().toLowerCase(Locale.ROOT);
      for (String word : SIDE_PATHS) {
        if (name.contains(word)) {
          return true;
        }
      }
    }
    List<Leaf> leaves = new ArrayList<>();
    Network.addLeaves(container, leaves);
    return !leaves.isEmpty()
        && leaves.get(0).layer() != null
        && leaves.get(0).layer().poolsEverything()
        && leaves.size() > 1;
  }
}
