package lamina.layer;

import java.util.Map;
import lamina.tensor.Tensor;
import lamina.text.InputException;

/**
 * The tensors of one layer, by the names the layer gives them ({@code weight}), within those of the
 * whole network ({@code features.0.weight}).
 */
public final class Weights {
  private final Map<String, Tensor> all;
  private final String layer;
  private final Map<String, String> aliases;

  /**
   * The tensors of a layer.
   *
   * @param all every tensor of the network by its full name
   * @param layer the layer's name, such as {@code features.0}
   */
  public Weights(Map<String, Tensor> all, String layer) {
    this(all, layer, Map.of());
  }

  /**
   * The tensors of a layer of which a file has names of its own, several layers sharing some.
   *
   * @param aliases the file's names by full names
   */
  public Weights(Map<String, Tensor> all, String layer, Map<String, String> aliases) {
    this.all = all;
    this.layer = layer;
    this.aliases = aliases;
  }

  /**
   * The name of a tensor within the whole network.
   *
   * @param name what the layer calls it; nothing if it is the layer itself, as a lone parameter is
   */
  public static String full(String layer, String name) {
    return name.isEmpty() ? layer : layer + "." + name;
  }

  /**
   * A tensor that the layer needs.
   *
   * @throws InputException if the network has none of this name
   */
  public Tensor get(String name) {
    Tensor tensor = find(name);
    if (tensor == null) {
      throw InputException.sentence("the weights have no '" + full(layer, name) + "'");
    }
    return tensor;
  }

  /** A tensor that the layer can do without, or null. */
  public Tensor find(String name) {
    return all.get(full(layer, name));
  }

  /** Replaces a tensor: a running statistic after a training step. */
  void put(String name, Tensor value) {
    all.put(full(layer, name), value);
  }

  /** The full name of one of the layer's tensors, or the file's name for it. */
  public String fullName(String name) {
    String full = full(layer, name);
    return aliases.getOrDefault(full, full);
  }
}
