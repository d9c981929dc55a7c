package lamina.network;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lamina.text.InputException;
import lamina.text.NearSpelling;

/** What goes from part to part of a network, by the names that parts have for it. */
final class Flows {
  /** What comes out of each part, by its path. */
  private final Map<String, Flow> byPath = new HashMap<>();

  /** What the network takes, by name: {@code input}, or what a file calls its inputs. */
  private final Map<String, Flow> inputs = new HashMap<>();

  void putInput(String name, Flow flow) {
    inputs.put(name, flow);
  }

  void put(String path, Flow flow) {
    byPath.put(path, flow);
  }

  /** What comes out of the parts so far. */
  Map<String, Flow> parts() {
    return new HashMap<>(byPath);
  }

  /** Goes back to what came out of parts before. */
  void restore(Map<String, Flow> before) {
    byPath.clear();
    byPath.putAll(before);
  }

  /** The path of a part in a container. */
  static String within(String block, String name) {
    return block.isEmpty() ? name : block + "." + name;
  }

  /**
   * The flows that a part takes.
   *
   * @param path the path of the part
   * @param block the path of the container that it is in
   * @param current what goes into a part that names nothing
   * @throws InputException if it names a part that does not come before it
   */
  List<Flow> into(Node node, String path, String block, Flow current) {
    if (node.inputs() == null) {
      return List.of(current);
    }
    List<Flow> taken = new ArrayList<>();
    for (String name : node.inputs()) {
      Flow flow = inputs.get(name);
      if (name.equals(Node.BLOCK_INPUT)) {
        flow = byPath.get(block + name);
      }
      // A name is looked for beside the part first, then beside the containers that hold it.
      String scope = block;
      flow = flow == null ? byPath.get(within(scope, name)) : flow;
      while (flow == null && !scope.isEmpty()) {
        scope = scope.substring(0, Math.max(0, scope.lastIndexOf('.')));
        flow = byPath.get(within(scope, name));
      }
      if (flow == null) {
        List<String> known = new ArrayList<>(byPath.keySet());
        known.addAll(inputs.keySet());
        String hint = NearSpelling.hint(name, known);
        throw new InputException(
            "layer '"
                + path
                + "' takes '"
                + name
                + "', but no layer before it has this name"
                + (hint.isEmpty() ? "; inputs are names of earlier layers or 'input'" : hint));
      }
      taken.add(flow);
    }
    return taken;
  }
}
