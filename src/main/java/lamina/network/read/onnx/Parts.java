package lamina.network.read.onnx;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import lamina.layer.Constant;
import lamina.layer.Identity;
import lamina.layer.Layer;
import lamina.network.Node;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/** The layers that a walk makes, under names of their own, and the weights that come with them. */
final class Parts {
  private final List<Node> nodes = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private final Set<String> inputs = new HashSet<>();
  private final Map<String, Integer> counts = new HashMap<>();
  private final IdentityHashMap<Value, String> constants = new IdentityHashMap<>();
  private final Map<String, Supplier<Tensor>> weights = new LinkedHashMap<>();
  private final Map<String, String> aliases = new HashMap<>();

  /** A layer with what it takes, by the part that it is. */
  record Made(String value, Layer layer, List<Value> operands, Map<String, Value> parameters) {}

  private final Map<String, Made> made = new HashMap<>();

  /** Takes the name of an input, which no part can have. */
  void reserve(String name) {
    names.add(name);
    inputs.add(name);
  }

  /** A name that no part has: itself, or with a number behind it. */
  String unique(String name) {
    String plain = name;
    while (!names.add(plain)) {
      // Turns of a loop all have the same names: counting on from the last one keeps it short.
      plain = name + "_" + counts.merge(name, 1, Integer::sum);
    }
    return plain;
  }

  void add(Node.Leaf part) {
    nodes.add(part);
  }

  /** Keeps what a part is made of, so that it can become part of another. */
  void remember(String part, Made how) {
    made.put(part, how);
  }

  /** What gives a value, under the name by which the value first was known; null if unknown. */
  Made how(Value value) {
    Made found = value.flow() == null ? null : made.get(value.flow());
    return found != null && found.value().equals(value.name()) ? found : null;
  }

  /**
   * The part that gives a value: a constant becomes a part of its own.
   *
   * @param value no sequence
   */
  String of(Value value) {
    if (value.items() != null || value.isNone()) {
      throw new InputException(
          "'"
              + value.name()
              + (value.isNone()
                  ? "' is an optional value that is not there"
                  : "' is a sequence of tensors, which no layer takes"));
    }
    if (value.flow() != null) {
      return value.flow();
    }
    String known = constants.get(value);
    if (known != null) {
      return known;
    }
    String name = unique(value.name());
    constants.put(value, name);
    Layer layer = Constant.value(value.shape(), value.isParameter() && !value.isInteger());
    nodes.add(new Node.Leaf(name, "Constant", "Constant()", layer, List.of()));
    addWeight(name, "value", value);
    return name;
  }

  /** Says what a weight of a part is; of values that are not known yet, its name alone. */
  void addWeight(String part, String parameter, Value value) {
    String full = part + "." + parameter;
    aliases.put(full, value.name());
    if (value.isConstant()) {
      weights.put(full, value.constant());
    }
  }

  /** Makes a part the last one, if it is not, and gives its name then. */
  String last(String part, String wanted) {
    if (!nodes.isEmpty() && nodes.get(nodes.size() - 1).name().equals(part)) {
      return part;
    }
    return identity(part, wanted);
  }

  private String identity(String part, String wanted) {
    String name = unique(wanted);
    nodes.add(new Node.Leaf(name, "Identity", "Identity()", new Identity(), List.of(part)));
    return name;
  }

  /** A part that gives what an input of the network is; others are themselves. */
  String ofLayer(String part, String wanted) {
    return inputs.contains(part) ? identity(part, wanted) : part;
  }

  /** The parts that the outputs depend on: others only had their shapes asked for. */
  List<Node> needed(List<String> outputs) {
    Set<String> needed = new HashSet<>(outputs);
    List<Node> kept = new ArrayList<>();
    for (int i = nodes.size() - 1; i >= 0; i--) {
      if (needed.contains(nodes.get(i).name())) {
        kept.add(nodes.get(i));
        needed.addAll(nodes.get(i).inputs());
      }
    }
    Collections.reverse(kept);
    return kept;
  }

  Map<String, Supplier<Tensor>> weights() {
    return weights;
  }

  /** The file's names of weights by their full names. */
  Map<String, String> aliases() {
    return aliases;
  }
}
