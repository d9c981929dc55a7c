package lamina.network.read;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lamina.layer.Call;
import lamina.layer.Call.Child;
import lamina.layer.Compatibility;
import lamina.layer.Layer;
import lamina.layer.LayerRegistry;
import lamina.network.Node;
import lamina.text.InputException;

/** Makes the parts of a network of the calls that describe them. */
public final class NodeBuilder {
  private final String source;
  private final Compatibility compatibility;

  public NodeBuilder(String source, Compatibility compatibility) {
    this.source = source;
    this.compatibility = compatibility;
  }

  /** The whole; a lone container is the whole itself. */
  public Node.Container root(List<Child> modules) {
    if (modules.isEmpty()) {
      throw new InputException(source + ": there is no layer in it; write e.g. Conv2d(3, 96, 11)");
    }
    if (modules.size() == 1 && modules.get(0).name() == null && modules.get(0).inputs() == null) {
      Node node = node("", modules.get(0).call(), false);
      if (node instanceof Node.Container container) {
        return container;
      }
    }
    return new Node.Container("", "Sequential", true, parts(modules, false));
  }

  private List<Node> parts(List<Child> modules, boolean printed) {
    List<Node> parts = new ArrayList<>();
    Map<String, Call> named = new HashMap<>();
    for (Child module : modules) {
      boolean numbered = module.name() == null;
      String name = numbered ? Integer.toString(parts.size()) : module.name();
      Call same = named.putIfAbsent(name, module.call());
      if (same != null && !same.text().equals(module.call().text())) {
        throw new InputException(
            module.call().place()
                + ": the name '"
                + name
                + "' belongs to "
                + same.text()
                + " already; use another for "
                + module.call().text());
      }
      boolean line = printed || (!numbered && Character.isDigit(name.charAt(0)));
      Node part = node(name, module.call(), line);
      parts.add(module.inputs() == null ? part : part.named(name, module.inputs()));
    }
    return parts;
  }

  /**
   * @param printed whether this comes from {@code print(model)}, where the names of classes are
   *     never misspelt
   */
  private Node node(String name, Call call, boolean printed) {
    if (call.type().equals("Sequential")) {
      List<Child> modules = new ArrayList<>(call.children());
      for (Call.Argument argument : call.arguments()) {
        addModules(call, argument.name(), argument.value(), modules);
      }
      return new Node.Container(
          name, call.type(), true, parts(modules, !call.children().isEmpty()));
    }
    Layer layer = LayerRegistry.create(call, compatibility);
    // Attention holds weights of its own, which no text shows.
    if (layer == null && !call.children().isEmpty() && !call.type().equals("MultiheadAttention")) {
      return new Node.Container(name, call.type(), false, parts(call.children(), true));
    }
    if (layer == null && !printed && !LayerRegistry.hint(call.type()).isEmpty()) {
      throw new InputException(
          call.place() + ": unknown layer '" + call.type() + "'" + LayerRegistry.hint(call.type()));
    }
    return new Node.Leaf(name, call.type(), call.text(), layer);
  }

  private void addModules(Call sequential, String name, Object value, List<Child> modules) {
    if (value instanceof Call call && call.type().equals("OrderedDict")) {
      for (Call.Argument argument : call.arguments()) {
        addModules(sequential, null, argument.value(), modules);
      }
    } else if (value instanceof Child child) {
      modules.add(child);
    } else if (value instanceof Call call) {
      modules.add(new Child(name, call));
    } else if (value instanceof List<?> list
        && list.size() == 2
        && list.get(0) instanceof String key
        && list.get(1) instanceof Call call) {
      modules.add(new Child(key, call));
    } else if (value instanceof List<?> list) {
      for (Object element : list) {
        addModules(sequential, null, element, modules);
      }
    } else {
      throw new InputException(sequential.place() + ": Sequential takes layers, not " + value);
    }
  }

  /** The part under another number, if its name was a number. */
  public static Node renumbered(Node node, int number) {
    if (!node.name().isEmpty() && !Character.isDigit(node.name().charAt(0))) {
      return node;
    }
    return node.named(Integer.toString(number), node.inputs());
  }
}
