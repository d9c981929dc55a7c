package lamina.network.read.forward;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lamina.layer.Call;

/** The arguments of modules that become several layers. */
final class ConstructorArguments {
  private ConstructorArguments() {}

  /**
   * The arguments by their names.
   *
   * @param names in the constructor's order
   * @param call what is called, for messages
   */
  static Map<String, Object> named(Call module, List<String> names, FunctionCall call) {
    Map<String, Object> named = new LinkedHashMap<>();
    int next = 0;
    for (Call.Argument argument : module.arguments()) {
      String name = argument.name();
      if (name == null) {
        name = next < names.size() ? names.get(next++) : "argument " + (next + 1);
      }
      if (!names.contains(name)) {
        throw call.error("has no argument '" + name + "'");
      }
      named.put(name, argument.value());
    }
    return named;
  }
}
