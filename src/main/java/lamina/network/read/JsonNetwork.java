package lamina.network.read;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lamina.format.JsonValues;
import lamina.layer.Call;
import lamina.layer.Call.Argument;
import lamina.layer.Call.Child;
import lamina.layer.Compatibility;
import lamina.layer.LayerRegistry;
import lamina.layer.LayerType;
import lamina.network.Network;
import lamina.tensor.Shape;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/**
 * Reads networks in JSON: {@code [{"type":"Conv2d","out_channels":96,...}, ...]}, or {@code
 * {"input":[3,224,224],"layers":[...]}}, or a single layer. A layer has its type, optionally a
 * name, the names of the layers that are its inputs, and the constructor's arguments; a Sequential
 * has layers.
 */
public final class JsonNetwork {
  private final String source;
  private final Compatibility compatibility;

  public JsonNetwork(String source, Compatibility compatibility) {
    this.source = source;
    this.compatibility = compatibility;
  }

  /** Whether a text is JSON rather than a list of calls. */
  public static boolean isJson(String text) {
    String stripped = text.strip();
    if (stripped.startsWith("\"{") || stripped.startsWith("'{")) {
      // What to_json() returns, in its quotes.
      return true;
    }
    if (stripped.startsWith("[")) {
      String first = stripped.substring(1).stripLeading();
      return first.startsWith("{") || first.startsWith("\"") || first.startsWith("]");
    }
    return stripped.startsWith("{");
  }

  public Network read(String text) {
    Object value = JsonValues.read(json(text), source);
    Map<?, ?> keras = KerasDocument.model(value, source);
    if (keras != null) {
      return new KerasNetwork(source).read(keras);
    }
    if (value instanceof Map<?, ?> object) {
      if (object.containsKey("layers") && !object.containsKey("type")) {
        for (Object member : object.keySet()) {
          if (!List.of("input", "layers", "name").contains(member)) {
            throw error("", "has the unknown member '" + member + "'; known are input and layers");
          }
        }
        return network(object.get("layers"), "layers", input(object.get("input")));
      }
      return network(List.of(object), "", null);
    }
    return network(value, "", null);
  }

  /** The text without the quotes of a string, and Python's notation in JSON's. */
  private static String json(String text) {
    String stripped = text.strip();
    if (stripped.startsWith("'{") && stripped.endsWith("'")) {
      return stripped.substring(1, stripped.length() - 1);
    }
    return PythonLiteral.isOne(text) ? PythonLiteral.toJson(text) : text;
  }

  private Network network(Object layers, String path, Shape input) {
    List<Child> modules = modules(layers, path);
    return new Network(new NodeBuilder(source, compatibility).root(modules), input, false);
  }

  private InputException error(String path, String message) {
    return new InputException(source + ": " + path + (path.isEmpty() ? "" : " ") + message);
  }

  private Shape input(Object value) {
    if (value == null) {
      return null;
    }
    if (value instanceof String text) {
      return Shape.parse(text);
    }
    if (value instanceof Long size) {
      return new Shape(List.of(Dim.of(size)));
    }
    List<Dim> dims = new ArrayList<>();
    if (value instanceof List<?> list) {
      for (Object size : list) {
        if (size instanceof Long number && number >= 0) {
          dims.add(Dim.of(number));
        } else if (size instanceof String symbol && Shape.parse(symbol).rank() == 1) {
          dims.add(Shape.parse(symbol).dim(0));
        } else {
          throw error("input", "has the size " + size + "; sizes are whole numbers or symbols");
        }
      }
      return new Shape(dims);
    }
    throw error("input", "is " + value + "; write e.g. [3, 224, 224]");
  }

  private List<Child> modules(Object layers, String path) {
    if (!(layers instanceof List<?> list)) {
      throw error(path, "is no list of layers; write e.g. [{\"type\": \"ReLU\"}]");
    }
    List<Child> modules = new ArrayList<>();
    for (Object layer : list) {
      String at = path + "[" + modules.size() + "]";
      if (layer instanceof String text) {
        String expression = text.indexOf('(') < 0 ? text + "()" : text;
        modules.addAll(ExpressionParser.parse(expression, source + ": " + at));
      } else if (layer instanceof Map<?, ?> object) {
        modules.add(module(object, at));
      } else {
        throw error(at, "is no layer; write e.g. {\"type\": \"ReLU\"}");
      }
    }
    requireNoChange(modules, path);
    return modules;
  }

  /** Refuses what a layer changes in place and a later one takes as it was. */
  private void requireNoChange(List<Child> modules, String path) {
    String before = "input";
    for (int i = 0; i < modules.size(); i++) {
      Child module = modules.get(i);
      String name = module.name() == null ? Integer.toString(i) : module.name();
      String changed = module.inputs() == null ? before : module.inputs().get(0);
      for (Child later : modules.subList(i + 1, modules.size())) {
        if (changesInput(module) && later.inputs() != null && later.inputs().contains(changed)) {
          throw error(
              path,
              "has '"
                  + name
                  + "' "
                  + module.call().text()
                  + ", which changes '"
                  + changed
                  + "' in place, and a later layer that takes '"
                  + changed
                  + "'; leave inplace out");
        }
      }
      before = name;
    }
  }

  private static boolean changesInput(Child module) {
    List<Child> parts = NodeBuilder.elements(module.call());
    return parts.isEmpty() ? NodeBuilder.isInPlace(module.call()) : changesInput(parts.get(0));
  }

  /** The names of the layers that a layer takes; null if it does not say. */
  private List<String> inputs(Object value, String path) {
    if (value == null) {
      return null;
    }
    List<String> names = new ArrayList<>();
    for (Object name : value instanceof List<?> list ? list : List.of(value)) {
      if (!(name instanceof String text)) {
        throw error(
            path, "has \"inputs\" that are no names of layers; write e.g. [\"conv1\", \"input\"]");
      }
      names.add(text);
    }
    if (names.isEmpty()) {
      throw error(path, "has no name in its \"inputs\"; leave them out to take the layer before");
    }
    return names;
  }

  private Child module(Map<?, ?> object, String path) {
    if (!(object.get("type") instanceof String type)) {
      throw error(path, "needs a \"type\", such as \"Conv2d\"");
    }
    Object name = object.get("name");
    if (name != null && !(name instanceof String)) {
      throw error(path, "has a \"name\" that is no string");
    }
    String place = source + ": " + path;
    List<Argument> arguments = new ArrayList<>();
    StringBuilder text = new StringBuilder(type).append('(');
    for (Map.Entry<?, ?> member : object.entrySet()) {
      String key = (String) member.getKey();
      if (key.equals("layers") && type.equals("Sequential")) {
        for (Child child : modules(member.getValue(), path + ".layers")) {
          arguments.add(new Argument(child.name(), child, place));
        }
      } else if (!List.of("type", "name", "inputs").contains(key)) {
        Object value = "_".equals(member.getValue()) ? Call.INFER : member.getValue();
        arguments.add(new Argument(key, value, place));
        text.append(text.charAt(text.length() - 1) == '(' ? "" : ", ");
        text.append(key).append('=').append(Call.show(value));
      }
    }
    LayerType known = LayerRegistry.find(type);
    String inferred = known == null || type.startsWith("Lazy") ? null : known.inferable();
    if (inferred != null && !object.containsKey(inferred)) {
      arguments.add(new Argument(inferred, Call.INFER, place));
    }
    Call call = new Call(type, arguments, List.of(), place, text.append(')').toString());
    return new Child((String) name, call, inputs(object.get("inputs"), path));
  }
}
