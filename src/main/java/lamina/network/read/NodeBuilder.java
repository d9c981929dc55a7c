package lamina.network.read;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lamina.layer.Call;
import lamina.layer.Call.Child;
import lamina.layer.Compatibility;
import lamina.layer.HeldWeight;
import lamina.layer.Layer;
import lamina.layer.LayerRegistry;
import lamina.layer.LayerType;
import lamina.layer.Linear;
import lamina.layer.SelfAttention;
import lamina.network.Node;
import lamina.network.read.family.Families;
import lamina.tensor.Shape;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/** Makes the parts of a network of the calls that describe them. */
public final class NodeBuilder {
  private final String source;

  /** The layers that were made: the same one in two places has its weights once. */
  private final IdentityHashMap<Call, Boolean> made = new IdentityHashMap<>();

  private final Compatibility compatibility;
  private final Set<String> defined;

  public NodeBuilder(String source, Compatibility compatibility) {
    this(source, compatibility, Set.of());
  }

  /**
   * @param defined the names of classes that the text itself defines
   */
  public NodeBuilder(String source, Compatibility compatibility, Set<String> defined) {
    this.source = source;
    this.compatibility = compatibility;
    this.defined = defined;
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
      made.clear();
    }
    return new Node.Container("", "Sequential", true, parts(modules));
  }

  private List<Node> parts(List<Child> modules) {
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
      Node part = node(name, module.call(), module.isPrinted());
      parts.add(module.inputs() == null ? part : part.named(name, module.inputs()));
    }
    return parts;
  }

  /**
   * @param printed whether this comes from {@code print(model)}, where the names of classes are
   *     never misspelt
   */
  private Node node(String name, Call call, boolean printed) {
    List<Child> modules = elements(call);
    if (call.type().equals("Sequential") || HOLDERS.contains(call.type())) {
      boolean sequential = call.type().equals("Sequential");
      return new Node.Container(name, call.type(), sequential, parts(modules));
    }
    if (printed && call.type().equals("Parameter")) {
      return new Node.Leaf(name, call.type(), call.text(), heldWeight(call));
    }
    // A class of somebody's own may be called RNN: it has parts where a layer has arguments.
    boolean isWritten = printed || name.isEmpty();
    boolean isOwn = isWritten && call.arguments().isEmpty() && !call.children().isEmpty();
    Layer layer = isOwn ? null : LayerRegistry.create(call, compatibility);
    // Attention holds weights of its own, which no text shows; they follow from its projection.
    boolean isAttention = call.type().equals("MultiheadAttention");
    if (layer == null && !modules.isEmpty() && !isAttention) {
      List<Node> parts = parts(modules);
      Node.Container known = Families.recognise(name, call.type(), parts);
      return known == null ? new Node.Container(name, call.type(), false, parts) : known;
    }
    if (layer != null && !modules.isEmpty()) {
      throw partInLayer(call, modules.get(0));
    }
    if (layer == null && !printed && !defined.contains(call.type())) {
      throw unknownLayer(call);
    }
    if (printed && isAttention) {
      layer = attention(modules);
    }
    boolean isAgain = !printed && made.put(call, true) != null;
    if (isAgain && layer != null && !layer.parameters().isEmpty()) {
      throw new InputException(
          call.place()
              + ": "
              + call.text()
              + " is taken twice, with the same weights; write a class whose forward() calls it"
              + " twice, or a layer for each place");
    }
    Node.Leaf leaf = new Node.Leaf(name, call.type(), call.text(), layer);
    boolean saysAll = call.arguments().stream().anyMatch(given -> "ceil_mode".equals(given.name()));
    return printed && !saysAll ? leaf.asPrinted() : leaf;
  }

  private static InputException partInLayer(Call layer, Child part) {
    return new InputException(
        part.call().place()
            + ": "
            + layer.type()
            + " has no parts, but ("
            + part.name()
            + "): "
            + part.call().text()
            + " stands in it");
  }

  private static InputException unknownLayer(Call call) {
    String hint = LayerRegistry.hint(call.type());
    return new InputException(
        call.place()
            + ": unknown layer '"
            + call.type()
            + "'"
            + (hint.isEmpty()
                ? "; write a layer of PyTorch, or paste what print(model) shows"
                : hint));
  }

  /** Of attention, the last projection alone is printed; null if it is not. */
  private Layer attention(List<Child> modules) {
    if (modules.size() != 1 || !"out_proj".equals(modules.get(0).name())) {
      return null;
    }
    return LayerRegistry.create(modules.get(0).call(), compatibility) instanceof Linear projection
            && projection.inFeatures() != null
            && projection.inFeatures().is(projection.outFeatures())
        ? new SelfAttention(projection.outFeatures(), projection.bias())
        : null;
  }

  /** Whether a module changes what it takes: {@code ReLU(inplace=True)}. */
  public static boolean isInPlace(Call call) {
    LayerType type = LayerRegistry.find(call.type());
    int position = type == null ? -1 : type.arguments(call.type()).indexOf("inplace=False");
    for (int i = 0; i < call.arguments().size(); i++) {
      Call.Argument argument = call.arguments().get(i);
      if (argument.name() == null ? i == position : argument.name().equals("inplace")) {
        return Boolean.TRUE.equals(argument.value());
      }
    }
    return false;
  }

  /** The modules that a call holds: those that it prints, or those of its arguments. */
  public static List<Child> elements(Call call) {
    List<Child> modules = new ArrayList<>(call.children());
    if (call.type().equals("Sequential") || HOLDERS.contains(call.type())) {
      for (Call.Argument argument : call.arguments()) {
        addModules(call, argument.name(), argument.value(), modules);
      }
    }
    return modules;
  }

  private static Layer heldWeight(Call call) {
    List<Dim> dims = new ArrayList<>();
    for (Object size : (List<?>) call.arguments().get(0).value()) {
      dims.add(Dim.of((Long) size));
    }
    return new HeldWeight(new Shape(dims));
  }

  /** Modules that hold others and do not say what runs them. */
  private static final Set<String> HOLDERS = Set.of("ModuleList", "ModuleDict");

  private static void addModules(Call holder, String name, Object value, List<Child> modules) {
    if (value instanceof Call call && call.type().equals("OrderedDict")) {
      for (Call.Argument argument : call.arguments()) {
        addModules(holder, argument.name(), argument.value(), modules);
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
        addModules(holder, null, element, modules);
      }
    } else {
      throw new InputException(
          holder.place() + ": " + holder.type() + " takes layers, not " + Call.show(value));
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
