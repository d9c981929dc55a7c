package lamina.network.read.onnx;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the nodes of one graph see: the values that it has by name, those of the graphs around it,
 * and their data types by ONNX's numbers. A body of a loop has a new one at each turn.
 */
final class NodeScope {
  private final NodeScope outer;
  private final OnnxGraph graph;
  private final OnnxFunction function;
  private final Map<String, Object> attributes;
  private final Map<String, Value> values = new HashMap<>();
  private final Map<String, Integer> types = new HashMap<>();

  private NodeScope(
      NodeScope outer, OnnxGraph graph, OnnxFunction function, Map<String, Object> attributes) {
    this.outer = outer;
    this.graph = graph;
    this.function = function;
    this.attributes = attributes;
  }

  /** That of a file's whole graph. */
  static NodeScope of(OnnxGraph graph) {
    return new NodeScope(null, graph, null, null);
  }

  /** That of a graph within a node of this one. */
  NodeScope inner(OnnxGraph body) {
    return new NodeScope(this, body, function, attributes);
  }

  /**
   * That of a function's nodes, which see nothing but its inputs.
   *
   * @param given the attributes of the call, with the defaults of those that it leaves out
   */
  static NodeScope of(OnnxFunction function, Map<String, Object> given) {
    return new NodeScope(null, null, function, given);
  }

  /** The function that the nodes belong to; null outside of functions. */
  OnnxFunction function() {
    return function;
  }

  /** A node with the attributes of the function's call in place of references to them. */
  OnnxNode resolved(OnnxNode node) {
    return attributes == null ? node : node.resolved(attributes);
  }

  private List<OnnxNode> nodes() {
    return graph == null ? function.nodes() : graph.nodes();
  }

  /** Whether a later node of this graph, or of one around it, gives a value. */
  boolean isGivenLater(String value) {
    for (OnnxNode node : nodes()) {
      if (node.outputs().contains(value)) {
        return true;
      }
    }
    return outer != null && outer.isGivenLater(value);
  }

  /** A value; null if there is none. */
  Value value(String name) {
    Value value = values.get(name);
    return value != null || outer == null ? value : outer.value(name);
  }

  /** Whether this graph itself has a value. */
  boolean holds(String name) {
    return values.containsKey(name);
  }

  void put(String name, Value value) {
    values.put(name, value);
  }

  /** Says the data type of a value; 0 if it is unknown. */
  void putType(String name, int type) {
    types.put(name, type);
  }

  /** The data type of a value; 0 if it is unknown. */
  int type(String name) {
    Integer type = types.get(name);
    return type != null ? type : outer == null ? 0 : outer.type(name);
  }

  /** What the file says of a value; null if nothing. */
  OnnxGraph.Info info(String name) {
    OnnxGraph.Info info = graph == null ? null : graph.info(name);
    return info != null || outer == null ? info : outer.info(name);
  }

  /** The whole graph, or null within graphs of nodes and within functions. */
  OnnxGraph whole() {
    return outer == null ? graph : null;
  }
}
