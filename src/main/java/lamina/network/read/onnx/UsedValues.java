package lamina.network.read.onnx;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The names of all values that a node takes or the network gives. */
final class UsedValues {
  private final Set<String> names = new HashSet<>();

  /** Whether a value is taken by a node or given by the network. */
  boolean contains(String value) {
    return names.contains(value);
  }

  /** The nodes that the outputs of a graph depend on, in the file's order. */
  List<OnnxNode> nodesBehind(OnnxGraph graph) {
    for (OnnxGraph.Info output : graph.outputs()) {
      names.add(output.name());
    }
    List<OnnxNode> nodes = new ArrayList<>();
    for (int i = graph.nodes().size() - 1; i >= 0; i--) {
      OnnxNode node = graph.nodes().get(i);
      if (!Collections.disjoint(node.outputs(), names)) {
        nodes.add(node);
        addAll(node);
      }
    }
    Collections.reverse(nodes);
    return nodes;
  }

  /** Adds what the nodes of a graph take, and what it gives. */
  void addAll(OnnxGraph graph) {
    graph.nodes().forEach(this::addAll);
    graph.outputs().forEach(output -> names.add(output.name()));
  }

  /** Adds what the nodes of a function take, and what it gives. */
  void addAll(OnnxFunction function) {
    function.nodes().forEach(this::addAll);
    names.addAll(function.outputs());
  }

  private void addAll(OnnxNode node) {
    names.addAll(node.inputs());
    names.remove("");
    for (Object attribute : node.attributes().values()) {
      if (attribute instanceof OnnxGraph graph) {
        addAll(graph);
      }
    }
  }
}
