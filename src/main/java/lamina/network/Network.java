package lamina.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lamina.format.OnnxTensor;
import lamina.layer.Compatibility;
import lamina.network.read.ExpressionParser;
import lamina.network.read.ForeignText;
import lamina.network.read.JsonNetwork;
import lamina.network.read.NodeBuilder;
import lamina.network.read.PackedInputs;
import lamina.network.read.forward.ForwardText;
import lamina.network.read.onnx.OnnxModel;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/**
 * A network as a specification describes it, without weights.
 *
 * @param root the whole
 * @param input the shape of the input, or null if the specification does not say
 * @param channelsLast whether the specification's shapes, that of the input included, have the
 *     channels last, as Keras's have
 * @param unread what was not understood, in words: it may hold weights
 * @param remarks what was left out since it makes no layer, in words
 * @param model the file whose parts follow from the shapes of its inputs; null for networks whose
 *     parts are in {@code root}
 * @param sample the shape of one sample without a batch, if the specification says it; null else
 * @param moreOutputs where the parts say it all: the parts that give further outputs than the last
 *     one, by the outputs' names
 */
public record Network(
    Node.Container root,
    Shape input,
    boolean channelsLast,
    List<String> unread,
    List<String> remarks,
    Model model,
    Shape sample,
    Map<String, String> moreOutputs) {
  private static final String UNFOLLOWED = "forward() is not followed: ";

  public Network(
      Node.Container root,
      Shape input,
      boolean channelsLast,
      List<String> unread,
      List<String> remarks) {
    this(root, input, channelsLast, unread, remarks, null, null);
  }

  public Network(
      Node.Container root,
      Shape input,
      boolean channelsLast,
      List<String> unread,
      List<String> remarks,
      Model model,
      Shape sample) {
    this(root, input, channelsLast, unread, remarks, model, sample, Map.of());
  }

  public Network(Node.Container root, Shape input, boolean channelsLast) {
    this(root, input, channelsLast, List.of(), List.of());
  }

  /** The network of a file that brings its weights. */
  public static Network of(Model model) {
    Node.Container root = new Node.Container("", "Model", true, List.of());
    Shape input = model.inputs().isEmpty() ? Shape.of() : model.inputs().get(0).shape();
    return new Network(root, input, false, List.of(), List.of(), model, null);
  }

  /**
   * Reads a specification: layer expressions, the text of {@code print(model)}, JSON, or the JSON
   * of a Keras model.
   *
   * @param source what messages call the text
   * @throws lamina.text.InputException if the text is malformed, a layer's arguments are wrong, or
   *     the name of a layer is misspelt
   */
  public static Network parse(String text, String source, Compatibility compatibility) {
    try {
      return parsed(text, source, compatibility);
    } catch (InputException e) {
      String foreign = JsonNetwork.isJson(text) ? null : ForeignText.of(text);
      throw foreign == null ? e : InputException.at(source, "is " + foreign, e);
    }
  }

  private static Network parsed(String text, String source, Compatibility compatibility) {
    if (JsonNetwork.isJson(text)) {
      return new JsonNetwork(source, compatibility).read(text);
    }
    if (ForwardText.isForward(text)) {
      return ForwardText.read(text, source, compatibility);
    }
    ExpressionParser.Parsed parsed = ExpressionParser.read(text, source);
    List<String> remarks = new ArrayList<>(parsed.remarks());
    Network followed = null;
    if (!parsed.classes().isEmpty()) {
      try {
        followed = ForwardText.follow(text, source, compatibility, parsed.modules());
      } catch (InputException e) {
        remarks.add(UNFOLLOWED + e.getMessage());
      }
    }
    if (followed != null) {
      remarks.addAll(followed.remarks);
      return new Network(
          followed.root,
          null,
          false,
          parsed.unread(),
          remarks,
          followed.model,
          null,
          followed.moreOutputs);
    }
    NodeBuilder builder = new NodeBuilder(source, compatibility, parsed.classes());
    Node.Container root = builder.root(parsed.modules());
    return new Network(root, null, false, parsed.unread(), remarks);
  }

  /**
   * Reads an ONNX model; its weights stay in the file until they are asked for.
   *
   * @param source what messages call the file
   * @throws InputException if it is damaged, or no ONNX model
   */
  public static Network read(OnnxTensor.Bytes bytes, String source) {
    return of(OnnxModel.read(bytes, source));
  }

  /**
   * Whether a text says only how modules are joined, so that it goes with the text before it, which
   * says what they are.
   */
  public static boolean needsModules(String text) {
    return ForwardText.needsModules(text);
  }

  /**
   * Several specifications, the parts of all one after another.
   *
   * @throws lamina.text.InputException as {@link #parse}, or if one of several is Keras's
   */
  public static Network join(List<Network> networks) {
    if (networks.size() == 1) {
      return networks.get(0);
    }
    List<Node> parts = new ArrayList<>();
    Shape input = null;
    boolean channelsLast = false;
    List<String> unread = new ArrayList<>();
    List<String> remarks = new ArrayList<>();
    for (Network network : networks) {
      if (network.model != null) {
        throw new InputException(
            "a model that names its inputs goes with no other part of NET; give it alone");
      }
      input = input == null ? network.input : input;
      channelsLast |= network.channelsLast;
      unread.addAll(network.unread);
      remarks.addAll(network.remarks);
      if (network.root.sequential()) {
        parts.addAll(network.root.parts());
      } else {
        parts.add(network.root);
      }
    }
    List<Node> numbered = new ArrayList<>();
    for (Node part : parts) {
      numbered.add(NodeBuilder.renumbered(part, numbered.size()));
    }
    Node.Container root = new Node.Container("", "Sequential", true, numbered);
    return new Network(root, input, channelsLast, unread, remarks);
  }

  /** The names of its inputs if it takes several and brings no weights; else null. */
  public List<String> severalInputs() {
    return PackedInputs.names(this);
  }

  /**
   * This network of several inputs as one that takes them in one: samples {@code (N, all
   * elements)}.
   *
   * @param samples the shape of one sample of each input
   * @throws InputException if a layer counts the steps of a sequence before the batch
   */
  public Network packed(List<int[]> samples) {
    return PackedInputs.of(this, samples);
  }

  /**
   * The same network with shapes of its inputs in place of what its file says.
   *
   * @param shapes one for each input, or null where none is given
   */
  public Network withInputs(List<Shape> shapes) {
    List<Model.Port> ports = new ArrayList<>();
    for (int i = 0; i < shapes.size(); i++) {
      Model.Port port = model.inputs().get(i);
      Shape shape = shapes.get(i) == null ? port.shape() : shapes.get(i);
      ports.add(port.withShape(shape));
    }
    Model sized = new SizedModel(model, ports);
    return new Network(root, input, channelsLast, unread, remarks, sized, sample, moreOutputs);
  }

  /** The same network with another form of its model. */
  public Network withModel(Model other) {
    return new Network(root, input, channelsLast, unread, remarks, other, sample, moreOutputs);
  }

  /**
   * The same network for a batch of any size.
   *
   * @param shape that of one sample
   */
  public Network ofSamples(Shape shape) {
    List<Dim> batch = new ArrayList<>(shape.dims());
    batch.add(0, Dim.symbol("B"));
    return new Network(
        root, new Shape(batch), channelsLast, unread, remarks, model, shape, moreOutputs);
  }

  /** Why a forward() that the text has is not followed; null if it is, or if there is none. */
  public String unfollowed() {
    return remarks.stream().filter(text -> text.startsWith(UNFOLLOWED)).findFirst().orElse(null);
  }

  /** Finds the sizes that layers leave to the data to be learned. */
  public interface DataSizes {
    /**
     * The size that a layer leaves open; 0 if it is unknown, which then is for the analysis to say.
     *
     * @param path the layer's full name, as in {@code features.0}
     */
    int of(String path, Node.Leaf leaf);
  }

  /** This network with the sizes that {@code Embedding(_, 8)} and {@code Linear(8, _)} left. */
  public Network sizedByData(DataSizes sizes) {
    Node.Container sized = (Node.Container) sized(root, "", sizes);
    return new Network(sized, input, channelsLast, unread, remarks, model, sample, moreOutputs);
  }

  /**
   * This network with those sizes that the rows of its weights tell.
   *
   * @param weights by full name
   * @param scope what stands before the names of this network's layers
   */
  public Network sizedByWeights(Map<String, Tensor> weights, String scope) {
    return sizedByData(
        (path, leaf) -> {
          Tensor weight = weights.get(scope + path + ".weight");
          return weight == null || weight.rank() == 0 ? 0 : weight.dim(0);
        });
  }

  private static Node sized(Node node, String path, DataSizes sizes) {
    if (node instanceof Node.Leaf leaf) {
      if (leaf.layer() == null || !leaf.layer().leavesSizeToData()) {
        return leaf;
      }
      int size = sizes.of(path, leaf);
      return size == 0
          ? leaf
          : new Node.Leaf(
              leaf.name(),
              leaf.type(),
              leaf.text(),
              leaf.layer().sizedByData(size),
              leaf.inputs(),
              leaf.output(),
              leaf.printed());
    }
    Node.Container container = (Node.Container) node;
    List<Node> parts = new ArrayList<>();
    for (Node part : container.parts()) {
      parts.add(sized(part, path.isEmpty() ? part.name() : path + "." + part.name(), sizes));
    }
    return new Node.Container(
        container.name(),
        container.type(),
        container.sequential(),
        parts,
        container.inputs(),
        container.known());
  }

  /** The names of the single layers with those of the parts around them: {@code features.0}. */
  public List<String> layerNames() {
    List<String> names = new ArrayList<>();
    addNames(root, "", names);
    return names;
  }

  private static void addNames(Node.Container container, String prefix, List<String> names) {
    for (Node part : container.parts()) {
      String name = prefix + part.name();
      if (part instanceof Node.Container inner) {
        addNames(inner, name + ".", names);
      } else {
        names.add(name);
      }
    }
  }

  /** The single layers, first to last. */
  public List<Node.Leaf> leaves() {
    List<Node.Leaf> leaves = new ArrayList<>();
    addLeaves(root, leaves);
    return leaves;
  }

  static void addLeaves(Node node, List<Node.Leaf> leaves) {
    if (node instanceof Node.Leaf leaf) {
      leaves.add(leaf);
    } else if (node instanceof Node.Container container) {
      for (Node part : container.parts()) {
        addLeaves(part, leaves);
      }
    }
  }
}
