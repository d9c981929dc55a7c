package lamina.network;

import java.util.List;
import lamina.layer.Layer;

/**
 * A part of a network as its specification has it. Parts form a graph: each names the parts that it
 * takes, and takes the one before it if it names none.
 */
public sealed interface Node {
  /** The word for the input of the whole network among the names of inputs. */
  String NETWORK_INPUT = "input";

  /** The word for the input of the container that a part is in, among the names of inputs. */
  String BLOCK_INPUT = "<input>";

  /** The name that the container gives it: {@code 0}, {@code fc1}. */
  String name();

  /** The name of its class: {@code Conv2d}. */
  String type();

  /**
   * The names of the parts whose outputs it takes, {@link #NETWORK_INPUT} among them; null if it
   * takes the one before.
   */
  List<String> inputs();

  /** The same part under other names. */
  Node named(String newName, List<String> newInputs);

  /**
   * A single layer.
   *
   * @param text how it was written: {@code Linear(490, 10)}
   * @param layer what it is; null if its type is unknown
   * @param output what other parts call its output, where it runs several times; null for its name
   * @param printed whether {@code print(model)} wrote it, which leaves out some arguments
   */
  record Leaf(
      String name,
      String type,
      String text,
      Layer layer,
      List<String> inputs,
      String output,
      boolean printed)
      implements Node {
    public Leaf(
        String name, String type, String text, Layer layer, List<String> inputs, String output) {
      this(name, type, text, layer, inputs, output, false);
    }

    public Leaf(String name, String type, String text, Layer layer, List<String> inputs) {
      this(name, type, text, layer, inputs, null);
    }

    public Leaf(String name, String type, String text, Layer layer) {
      this(name, type, text, layer, null);
    }

    @Override
    public Leaf named(String newName, List<String> newInputs) {
      return new Leaf(newName, type, text, layer, newInputs, output, printed);
    }

    /** The same layer, whose output has a name of its own. */
    public Leaf giving(String newOutput) {
      return new Leaf(name, type, text, layer, inputs, newOutput, printed);
    }

    /** The same layer, of which arguments may be missing. */
    public Leaf asPrinted() {
      return new Leaf(name, type, text, layer, inputs, output, true);
    }
  }

  /**
   * Several parts.
   *
   * @param sequential whether they are known to run one after another, each on the output of the
   *     one before or of those that it names; otherwise only a {@code forward()} that the text does
   *     not show could tell
   * @param known whose published forward() joins the parts, in words; null if none does
   */
  record Container(
      String name,
      String type,
      boolean sequential,
      List<Node> parts,
      List<String> inputs,
      String known)
      implements Node {
    public Container(
        String name, String type, boolean sequential, List<Node> parts, List<String> inputs) {
      this(name, type, sequential, parts, inputs, null);
    }

    public Container(String name, String type, boolean sequential, List<Node> parts) {
      this(name, type, sequential, parts, null);
    }

    @Override
    public Container named(String newName, List<String> newInputs) {
      return new Container(newName, type, sequential, parts, newInputs, known);
    }
  }
}
