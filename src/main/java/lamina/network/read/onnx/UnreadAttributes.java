package lamina.network.read.onnx;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The attributes of nodes that change nothing here, with their nodes. */
final class UnreadAttributes {
  private record Key(String type, String attribute) {}

  private final Map<Key, List<OnnxNode>> nodes = new LinkedHashMap<>();

  /** Adds the attributes of a node that its operator did not ask for. */
  void addAll(OnnxNode node) {
    for (String attribute : node.unread()) {
      Key key = new Key(node.type(), attribute);
      nodes.computeIfAbsent(key, any -> new ArrayList<>()).add(node);
    }
  }

  /** The same attribute of many nodes is said once. */
  List<String> doubts(OnnxModel model) {
    List<String> doubts = new ArrayList<>();
    nodes.forEach(
        (key, those) -> {
          String others = those.size() == 1 ? "" : " (and " + (those.size() - 1) + " more)";
          doubts.add(
              model.source()
                  + ": "
                  + those.get(0).label()
                  + others
                  + " has an attribute '"
                  + key.attribute()
                  + "' that changes nothing here");
        });
    return doubts;
  }
}
