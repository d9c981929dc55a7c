package lamina.network.read.forward;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

  /** The call that makes a module; null if there is none of this path. */
  Call call(String path) {
    return byPath.get(path);
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
