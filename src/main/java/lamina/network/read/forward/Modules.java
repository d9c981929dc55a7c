package lamina.network.read.forward;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lamina.layer.Call;
import lamina.layer.Call.Child;
import lamina.layer.Compatibility;
import lamina.layer.Layer;
import lamina.layer.LayerRegistry;
import lamina.network.Node;
import lamina.network.read.NodeBuilder;
import lamina.text.InputException;
import lamina.text.NearSpelling;

/** The modules that {@code print(model)} lists, by their paths. */
final class Modules {
  private final Map<String, Call> byPath = new LinkedHashMap<>();
  private final Map<String, List<String>> parts = new HashMap<>();
  private final Set<String> used = new HashSet<>();
  private final List<String> outer = new ArrayList<>();
  private final String source;
  private final Compatibility compatibility;

  Modules(List<Child> printed, String source, Compatibility compatibility) {
    this.source = source;
    this.compatibility = compatibility;
    if (printed.size() == 1 && printed.get(0).name() == null) {
      addAll("", printed.get(0).call());
      return;
    }
    for (Child child : printed) {
      String name = child.name() == null ? Integer.toString(outer.size()) : child.name();
      outer.add(name);
      addAll(name, child.call());
    }
  }

  /** The paths of the modules that stand side by side, or of the parts of a lone Sequential. */
  List<String> all() {
    return parts.containsKey("") ? parts.get("") : outer;
  }

  private void addAll(String path, Call call) {
    byPath.put(path, call);
    List<String> names = new ArrayList<>();
    for (Child child : NodeBuilder.elements(call)) {
      String name = child.name() == null ? Integer.toString(names.size()) : child.name();
      String own = path.isEmpty() ? name : path + "." + name;
      names.add(own);
      addAll(own, child.call());
    }
    parts.put(path, names);
  }

  /** What is said of layers with weights that were never asked for. */
  List<String> unused() {
    List<String> unused = new ArrayList<>();
    byPath.forEach(
        (path, call) -> {
          boolean isLeaf = parts.get(path).isEmpty() && !path.isEmpty();
          if (isLeaf && !isUsed(path)) {
            Layer layer = LayerRegistry.create(call, compatibility);
            if (layer != null && !layer.parameters().isEmpty()) {
              unused.add(
                  "forward() never calls '"
                      + path
                      + "' "
                      + call.text()
                      + ": its parameters are not counted");
            }
          }
        });
    return unused;
  }

  /** Whether a module or one that holds it was asked for. */
  private boolean isUsed(String path) {
    for (int end = path.length(); end > 0; end = path.lastIndexOf('.', end - 1)) {
      if (used.contains(path.substring(0, end))) {
        return true;
      }
    }
    return false;
  }

  /** The call that makes a module; null if there is none of this path. */
  Call call(String path) {
    Call call = byPath.get(path);
    // Attention's projections are taken from its parts, not called.
    if (call != null && call.type().equals("MultiheadAttention")) {
      used.add(path);
    }
    return call;
  }

  /** Whether a module changes what it takes. */
  boolean isInPlace(String path) {
    return NodeBuilder.isInPlace(byPath.get(path));
  }

  /** Notes that a module is called. */
  void use(String path) {
    used.add(path);
  }

  /** The paths of the parts of a module, in order. */
  List<String> parts(String path) {
    return parts.get(path);
  }

  /**
   * A module as a part of the network.
   *
   * @throws InputException if none of this path is printed
   */
  Node node(String path, String place) {
    used.add(path);
    Call call = byPath.get(path);
    if (call == null) {
      if (byPath.isEmpty()) {
        throw new InputException(
            place
                + ": calls the module '"
                + path
                + "', but what it is is not there; put print(model) before it");
      }
      String hint = NearSpelling.hint(path, new ArrayList<>(byPath.keySet()));
      throw new InputException(
          place + ": calls the module '" + path + "', which print(model) does not show" + hint);
    }
    Layer layer = LayerRegistry.create(call, compatibility);
    if (layer == null && !parts.get(path).isEmpty()) {
      NodeBuilder builder = new NodeBuilder(source, compatibility);
      return builder.root(List.of(new Child(null, call))).named(path, null);
    }
    return new Node.Leaf(path, call.type(), call.text(), layer);
  }
}
