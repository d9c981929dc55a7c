package lamina.network;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lamina.layer.Layer;
import lamina.layer.Layer.Cost;
import lamina.layer.Layer.Expectation;
import lamina.layer.Layer.Parameter;
import lamina.layer.Linear;
import lamina.network.Node.Container;
import lamina.network.Node.Leaf;
import lamina.tensor.Shape;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/** Walks through a network with the shape of an input. */
public final class NetworkAnalyzer {
  private final Batch batch;
  private final List<LayerAnalysis> layers = new ArrayList<>();
  private final List<String> gaps = new ArrayList<>();
  private final Set<String> notes = new LinkedHashSet<>();
  private final Map<String, String> weightsSeen = new HashMap<>();
  private Dim params = Dim.ZERO;
  private Cost cost = Cost.NONE;
  private Dim activations = Dim.ZERO;
  private boolean paramsComplete = true;

  /** The shape that goes into the next layer; null where a part before it is unknown. */
  private Shape current;

  private ReceptiveField field = ReceptiveField.POINT;

  private NetworkAnalyzer(Batch batch) {
    this.batch = batch;
    this.current = batch.shape();
  }

  /**
   * The report on a network for an input, in PyTorch's order of axes, with or without a batch.
   *
   * @throws InputException if a shape does not fit
   */
  public static NetworkAnalysis of(Network network, Shape input) {
    return of(network, input, false);
  }

  /** The report for a tensor of this shape, which is read as a batch where nothing tells. */
  static NetworkAnalysis ofTensor(Network network, Shape input) {
    return of(network, input, true);
  }

  private static NetworkAnalysis of(Network network, Shape input, boolean tensor) {
    for (Dim dim : input.dims()) {
      if (dim.isNumber() && dim.value() < 1) {
        throw new InputException("the input " + input + " is empty; sizes start at 1");
      }
    }
    InputException first = null;
    for (Batch batch : Batch.readings(network, input, tensor)) {
      NetworkAnalyzer analysis = new NetworkAnalyzer(batch);
      try {
        analysis.visit(network.root(), "");
        return analysis.report();
      } catch (InputException e) {
        first = first == null ? e : first;
      }
    }
    throw first;
  }

  private NetworkAnalysis report() {
    return new NetworkAnalysis(
        batch.given(),
        layers,
        batch.shown(current),
        params,
        cost.macs(),
        cost.flops(),
        activations,
        gaps,
        paramsComplete,
        new ArrayList<>(notes));
  }

  private void visit(Node node, String path) {
    if (node instanceof Leaf leaf) {
      visitLeaf(leaf, path, false);
      return;
    }
    visitContainer((Container) node, path, false);
  }

  private void visitContainer(Container container, String path, boolean opaque) {
    if (container.sequential()) {
      visitParts(container, path, opaque);
      return;
    }
    Snapshot before = new Snapshot();
    try {
      visitParts(container, path, true);
      notes.add(
          "the parts of "
              + container.type()
              + " are taken one after another, as printed: its forward() and weights of its own do"
              + " not show in a text");
    } catch (InputException e) {
      // A network that cannot take its input at all is a mistake of the user's.
      if (layers.isEmpty() || before.current == null) {
        throw e;
      }
      String misfit = e.getMessage();
      before.restore();
      gaps.add(
          container.type()
              + (path.isEmpty() ? "" : " '" + path + "'")
              + ": its parts do not fit one after another, and its forward() does not show in a"
              + " text ("
              + misfit
              + ")");
      current = null;
      field = null;
      visitParts(container, path, true);
    }
  }

  private void visitParts(Container container, String path, boolean opaque) {
    for (Node part : container.parts()) {
      String name = path.isEmpty() ? part.name() : path + "." + part.name();
      if (part instanceof Leaf leaf) {
        visitLeaf(leaf, name, opaque);
      } else {
        visitContainer((Container) part, name, opaque);
      }
    }
  }

  private final class Snapshot {
    private final Shape current = NetworkAnalyzer.this.current;
    private final ReceptiveField field = NetworkAnalyzer.this.field;
    private final int layerCount = layers.size();
    private final int gapCount = gaps.size();
    private final Set<String> notesThen = new LinkedHashSet<>(notes);
    private final Map<String, String> seen = new HashMap<>(weightsSeen);
    private final Dim params = NetworkAnalyzer.this.params;
    private final Cost cost = NetworkAnalyzer.this.cost;
    private final Dim activations = NetworkAnalyzer.this.activations;
    private final boolean complete = paramsComplete;

    void restore() {
      NetworkAnalyzer.this.current = current;
      NetworkAnalyzer.this.field = field;
      layers.subList(layerCount, layers.size()).clear();
      gaps.subList(gapCount, gaps.size()).clear();
      notes.clear();
      notes.addAll(notesThen);
      weightsSeen.clear();
      weightsSeen.putAll(seen);
      NetworkAnalyzer.this.params = params;
      NetworkAnalyzer.this.cost = cost;
      NetworkAnalyzer.this.activations = activations;
      paramsComplete = complete;
    }
  }

  /**
   * @param opaque whether a forward() that does not show may do something before this layer
   */
  private void visitLeaf(Leaf leaf, String name, boolean opaque) {
    if (leaf.layer() == null) {
      gaps.add(label(name, leaf) + " is unknown");
      paramsComplete = false;
      current = null;
      field = null;
      add(leaf, name, null, null, null, Cost.NONE);
      return;
    }
    if (current == null) {
      visitBlindly(leaf, name);
      return;
    }
    Shape input = current;
    if (opaque && leaf.layer() instanceof Linear linear) {
      input = impliedFlatten(linear, name, input);
    }
    checkRank(leaf, name, input);
    Layer layer;
    try {
      layer = leaf.layer().inferred(input);
    } catch (InputException e) {
      throw named(e, leaf, name, input);
    }
    checkSizes(layer, leaf, name, input);
    try {
      Shape output = layer.output(input);
      checkOutput(output);
      field = field.after(layer.reach(input));
      current = output;
      add(leaf, name, layer, input, output, layer.cost(batch.sample(input)));
    } catch (InputException e) {
      throw named(e, leaf, name, input);
    }
  }

  private InputException named(InputException e, Leaf leaf, String name, Shape input) {
    // Rules of sizes that layers share speak in sentences of their own.
    String link = e.getMessage().startsWith("the ") ? ": " : " ";
    // A batch that was put in shows as its symbol, since it counts among the axes.
    String message =
        batch.size() == null
            ? e.getMessage()
            : e.getMessage().replace(input.toString(), batch.shown(input).toString());
    return new InputException(label(name, leaf) + link + message + "; " + inputText(input), e);
  }

  /** The sizes before an unknown part are lost, but weights may not depend on them. */
  private void visitBlindly(Leaf leaf, String name) {
    boolean complete = leaf.layer().isComplete();
    paramsComplete &= complete;
    add(leaf, name, complete ? leaf.layer() : null, null, null, Cost.NONE);
  }

  private void add(Leaf leaf, String name, Layer layer, Shape input, Shape output, Cost layerCost) {
    Dim weights = null;
    List<Parameter> parameters = List.of();
    if (layer != null) {
      parameters = layer.parameters();
      weights = Dim.ZERO;
      boolean shared = !parameters.isEmpty() && weightsSeen.put(name, leaf.text()) != null;
      for (Parameter parameter : parameters) {
        if (parameter.trained() && !shared) {
          weights = weights.plus(parameter.shape().elements());
        }
      }
      params = params.plus(weights);
    }
    boolean known = output != null;
    Dim elements = known ? batch.sample(output).elements() : null;
    if (known) {
      cost = cost.plus(layerCost);
      activations = activations.plus(elements);
    }
    layers.add(
        new LayerAnalysis(
            name,
            layer == null ? leaf.type() : layer.type(),
            leaf.text(),
            batch.shown(input),
            batch.shown(output),
            weights,
            known ? layerCost.macs() : null,
            known ? layerCost.flops() : null,
            elements,
            known ? field : null,
            parameters,
            known ? layer.explanation(input) : List.of(),
            layer,
            known ? batch.whole(input) : null));
  }

  private String label(String name, Leaf leaf) {
    return "layer " + (layers.size() + 1) + " '" + name + "' " + leaf.text();
  }

  private String giver() {
    if (layers.isEmpty()) {
      return "the input";
    }
    return "layer " + layers.size() + " '" + layers.get(layers.size() - 1).name() + "'";
  }

  private String inputText(Shape input) {
    return layers.isEmpty()
        ? "the input is " + batch.shown(input)
        : giver() + " gives " + batch.shown(input);
  }

  private void checkRank(Leaf leaf, String name, Shape input) {
    Layer.Ranks ranks = leaf.layer().ranks();
    int rank = input.rank();
    if (rank >= ranks.least() && rank <= ranks.most()) {
      return;
    }
    String axes;
    if (ranks.most() == Integer.MAX_VALUE) {
      axes = "at least " + ranks.least();
    } else if (ranks.most() == ranks.least()) {
      axes = Integer.toString(ranks.least());
    } else {
      axes = ranks.least() + " to " + ranks.most();
    }
    throw new InputException(
        label(name, leaf)
            + " expects "
            + axes
            + (axes.equals("1") || axes.endsWith(" 1") ? " axis" : " axes")
            + ", the batch included, but "
            + (layers.isEmpty() ? "the input is " : giver() + " gives ")
            + batch.shown(input));
  }

  private void checkSizes(Layer layer, Leaf leaf, String name, Shape input) {
    for (Expectation expected : layer.expectations(input)) {
      Dim actual = input.dim(expected.axis());
      if (actual.equals(expected.size())) {
        continue;
      }
      boolean numbers = actual.isNumber() && expected.size().isNumber();
      if (numbers || batch.isIn(actual)) {
        throw new InputException(
            label(name, leaf)
                + " expects "
                + expected.size()
                + " "
                + expected.unit()
                + " but "
                + giver()
                + (layers.isEmpty() ? " has " : " gives ")
                + batch.shown(actual));
      }
      notes.add(label(name, leaf) + " holds only if " + actual + " = " + expected.size());
    }
  }

  private void checkOutput(Shape output) {
    for (Dim dim : output.dims()) {
      if (dim.isNumber() && dim.value() < 1) {
        throw new InputException("would give the empty shape " + batch.shown(output));
      }
    }
  }

  /** What forward() must do before a Linear that takes all axes of a sample as one. */
  private Shape impliedFlatten(Linear linear, String name, Shape input) {
    Dim features = linear.inFeatures();
    if (features == null || input.rank() < 2 || input.dim(-1).equals(features)) {
      return input;
    }
    Shape flat = batch.flattened(input);
    if (flat == null || !flat.dim(-1).equals(features)) {
      return input;
    }
    notes.add(
        "a flatten before '"
            + name
            + "' is implied: "
            + batch.shown(input)
            + " to "
            + batch.shown(flat));
    field = ReceptiveField.ALL;
    return flat;
  }
}
