package lamina.network;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lamina.layer.Layer;
import lamina.layer.Layer.Cost;
import lamina.layer.Layer.Expectation;
import lamina.layer.Layer.Parameter;
import lamina.layer.MergeLayer;
import lamina.layer.Weights;
import lamina.network.Node.Container;
import lamina.network.Node.Leaf;
import lamina.tensor.Shape;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/**
 * A walk through the graph of a network with the shape of an input: part after part, each on the
 * outputs that it names or on that of the part before.
 */
final class GraphWalk {
  private final Batch batch;
  private final List<LayerAnalysis> layers = new ArrayList<>();
  private final List<String> gaps = new ArrayList<>();
  private final Set<String> notes = new LinkedHashSet<>();
  private final Map<String, String> weightsSeen = new HashMap<>();
  private final Set<String> filesSeen = new HashSet<>();
  private Dim params = Dim.ZERO;
  private Cost cost = Cost.NONE;
  private Dim activations = Dim.ZERO;
  private boolean paramsComplete = true;

  /** The types of modules whose forward() is known, by whose it is. */
  private final Map<String, Set<String>> known = new LinkedHashMap<>();

  /** What comes out of each part, and goes into the network. */
  private final Flows flows = new Flows();

  /** The names of the network's inputs, in order. */
  private final List<String> inputNames = new ArrayList<>();

  /** The graph of a file for the shapes of its inputs; null if the network is none. */
  private Model.Bound bound;

  /** The network and, while it has a single part, that part: modules of the user's own. */
  private final Set<Node> whole = Collections.newSetFromMap(new IdentityHashMap<>());

  /** Whether the parts of such a module are being taken one after another. */
  private boolean isChainAssumed;

  /** Whether a Linear takes exactly the elements of the maps that this chain gives. */
  private boolean isChainConfirmed;

  /** Whether sizes rest on such a chain, which nothing confirms. */
  private boolean isAssumed;

  /** Why a layer of such a chain does not fit; null while all do. */
  private Misfit misfit;

  /** The place of that reason among the gaps. */
  private int misfitGap;

  /** What prints leave out and would matter, with the layers of which that is so. */
  private final Map<String, List<String>> unshown = new LinkedHashMap<>();

  /** How many modules are around the current part whose forward() is published. */
  private int published;

  /** Why a forward() that the text has is not followed; null if there is none such. */
  private String unfollowed;

  /** Whether an axis holds the batch together with others. */
  private boolean isSwallowed;

  /** Whether costs are those of the whole input, in which no sample is apart. */
  private boolean isWholeInput;

  /** What goes into the next part that names no inputs. */
  private Flow current;

  GraphWalk(Batch batch, Network network) {
    this(batch);
    flows.putInput(Node.NETWORK_INPUT, current);
    inputNames.add(Node.NETWORK_INPUT);
    Node part = network.root();
    while (part instanceof Container container
        && whole.add(part)
        && container.parts().size() == 1) {
      part = container.parts().get(0);
    }
    gaps.addAll(network.unread());
    paramsComplete = network.unread().isEmpty();
    notes.addAll(network.remarks());
    unfollowed = network.unfollowed();
  }

  GraphWalk(Batch batch, Model model, List<Shape> shapes, Model.Bound bound) {
    this(batch);
    this.bound = bound;
    for (int i = 0; i < shapes.size(); i++) {
      Flow input = new Flow(-1 - i, shapes.get(i), ReceptiveField.POINT);
      flows.putInput(model.inputs().get(i).name(), input);
      inputNames.add(model.inputs().get(i).name());
    }
  }

  private GraphWalk(Batch batch) {
    this.batch = batch;
    this.current = new Flow(-1, batch.shape(), ReceptiveField.POINT);
  }

  /** Visits all parts of a network. */
  GraphWalk through(Network network) {
    visitContainer(network.root(), "", "", false);
    return this;
  }

  /** Visits all parts of a file's graph. */
  GraphWalk throughParts() {
    try {
      for (Node part : bound.parts()) {
        if (part instanceof Leaf leaf) {
          visitLeaf(leaf, "", false);
        } else {
          visitContainer((Container) part, part.name(), "", false);
        }
      }
    } catch (Misfit e) {
      throw new InputException(e.getMessage(), e);
    }
    return this;
  }

  /** Why a layer of a chain that is assumed does not fit; null while all do. */
  Misfit misfit() {
    return misfit;
  }

  /** Says why a chain that was assumed ends, where it does. */
  void tellMisfit(String advice) {
    gaps.add(misfitGap, misfit.getMessage() + advice);
  }

  /** Whether a layer put the batch together with other axes. */
  boolean isSwallowed() {
    return isSwallowed;
  }

  Batch batch() {
    return batch;
  }

  /** Says that costs are those of the whole input. */
  void countWholeInput() {
    isWholeInput = true;
  }

  /** The graph of a file for the shapes of its inputs; null if the network is none. */
  Model.Bound bound() {
    return bound;
  }

  NetworkAnalysis report() {
    noteDeadEnds();
    known.forEach((whose, types) -> notes.add(String.join(", ", types) + ": " + whose));
    return new NetworkAnalysis(
        batch.given(),
        layers,
        batch.shown(current.shape()),
        params,
        cost.macs(),
        cost.flops(),
        activations,
        PeakElements.of(layers, batch.sample(batch.shape()).elements()),
        gaps,
        isAssumed,
        isWholeInput,
        batch.remark(),
        paramsComplete,
        new ArrayList<>(notes),
        inputNames,
        bound == null ? doubts() : bound.doubts());
  }

  /** What of printed layers is not known, once for all of which the same holds. */
  private List<String> doubts() {
    List<String> doubts = new ArrayList<>();
    unshown.forEach(
        (words, names) -> {
          int more = names.size() - 1;
          String others = more == 0 ? "" : " and " + more + (more == 1 ? " other" : " others");
          doubts.add("'" + names.get(0) + "'" + others + ": " + words);
        });
    return doubts;
  }

  /** Says which layers no other layer takes, although they are not the last. */
  private void noteDeadEnds() {
    if (!gaps.isEmpty()) {
      return;
    }
    Set<Integer> taken = new LinkedHashSet<>();
    for (LayerAnalysis layer : layers) {
      taken.addAll(layer.inputs());
    }
    for (int i = 0; i < layers.size(); i++) {
      boolean isOutput =
          i == current.source()
              || (bound != null && bound.outputs().contains(layers.get(i).name()));
      if (!isOutput && !taken.contains(i)) {
        notes.add("no layer takes what '" + layers.get(i).name() + "' gives");
      }
    }
  }

  private void visitContainer(Container container, String path, String block, boolean opaque) {
    List<Flow> taken = flows.into(container, path, block, current);
    if (taken.size() != 1) {
      throw new InputException(
          "'" + path + "' " + container.type() + " takes one input, but has " + taken.size());
    }
    current = taken.get(0);
    flows.put(path + Node.BLOCK_INPUT, current);
    if (container.known() != null) {
      known
          .computeIfAbsent(container.known(), whose -> new LinkedHashSet<>())
          .add(container.type());
    }
    published += container.known() == null ? 0 : 1;
    visitInside(container, path, opaque);
    published -= container.known() == null ? 0 : 1;
    flows.put(path, current);
  }

  private void visitInside(Container container, String path, boolean opaque) {
    switch (ModuleFlow.of(container)) {
      case CHAIN -> visitParts(container, path, opaque);
      case KNOWN_CHAIN -> {
        visitParts(container, path, true);
        notes.add(
            "the parts of "
                + container.type()
                + " run one after another: its forward() is that of the published class");
      }
      case LIST -> visitList(container, path);
      default -> {
        if (whole.contains(container) && !ModuleFlow.hasSidePaths(container)) {
          visitWhole(container, path);
        } else {
          visitUnknown(container, path);
        }
      }
    }
  }

  /** A list of layers is mostly run from first to last: as a chain, if one fits the next. */
  private void visitList(Container container, String path) {
    Snapshot before = new Snapshot();
    if (before.current.shape() == null) {
      visitParts(container, path, true);
      return;
    }
    boolean wasAssumed = isChainAssumed;
    isChainAssumed = false;
    try {
      visitParts(container, path, true);
      notes.add(
          "the parts of "
              + container.type()
              + " are taken one after another, in their order: what runs them is not known");
    } catch (InputException | Misfit e) {
      before.restore();
      visitUnknown(container, path);
    }
    isChainAssumed = wasAssumed;
  }

  /**
   * The network itself, whose forward() does not show: what fits one after another is computed as
   * if it ran so, and what is not known begins at the layer that does not fit.
   */
  private void visitWhole(Container container, String path) {
    boolean outermost = !isChainAssumed;
    isChainAssumed = true;
    visitParts(container, path, true);
    isChainAssumed = !outermost;
    if (!outermost) {
      return;
    }
    String assumed =
        titled(container, path)
            + ": what its forward() does is not known; its parts are taken one after another, in"
            + " their order";
    isAssumed = !isChainConfirmed || misfit != null;
    if (gaps.isEmpty() && misfit == null && isAssumed) {
      gaps.add(assumed);
    } else {
      notes.add(assumed);
    }
  }

  /** Parameters count whatever runs them; sizes behind a forward() that does not show are lost. */
  private void visitUnknown(Container container, String path) {
    if (current.shape() != null) {
      gaps.add(
          titled(container, path)
              + ": what its forward() does is not known, so only its parameters are counted");
      current = new Flow(current.source(), null, null);
    }
    visitParts(container, path, true);
  }

  private static String titled(Container container, String path) {
    return container.type() + (path.isEmpty() ? "" : " '" + path + "'");
  }

  private void visitParts(Container container, String path, boolean opaque) {
    for (Node part : container.parts()) {
      if (part instanceof Leaf leaf) {
        visitLeaf(leaf, path, opaque);
      } else {
        visitContainer((Container) part, Flows.within(path, part.name()), path, opaque);
      }
    }
  }

  private final class Snapshot {
    private final Flow current = GraphWalk.this.current;
    private final Map<String, Flow> flowsThen = flows.parts();
    private final int layerCount = layers.size();
    private final int gapCount = gaps.size();
    private final Set<String> notesThen = new LinkedHashSet<>(notes);
    private final Map<String, List<String>> unshownThen = new LinkedHashMap<>(unshown);
    private final int publishedThen = published;
    private final Map<String, String> seen = new HashMap<>(weightsSeen);
    private final Dim params = GraphWalk.this.params;
    private final Cost cost = GraphWalk.this.cost;
    private final Dim activations = GraphWalk.this.activations;
    private final boolean complete = paramsComplete;

    void restore() {
      GraphWalk.this.current = current;
      flows.restore(flowsThen);
      layers.subList(layerCount, layers.size()).clear();
      gaps.subList(gapCount, gaps.size()).clear();
      notes.clear();
      notes.addAll(notesThen);
      unshown.clear();
      unshown.putAll(unshownThen);
      published = publishedThen;
      weightsSeen.clear();
      weightsSeen.putAll(seen);
      GraphWalk.this.params = params;
      GraphWalk.this.cost = cost;
      GraphWalk.this.activations = activations;
      paramsComplete = complete;
    }
  }

  /**
   * @param opaque whether a forward() that does not show may do something before this layer
   */
  private void visitLeaf(Leaf leaf, String block, boolean opaque) {
    // What has no name belongs to its container, as a parameter of that.
    String name = leaf.name().isEmpty() ? block : Flows.within(block, leaf.name());
    List<Flow> taken = flows.into(leaf, name, block, current);
    try {
      visitLeaf(leaf, name, taken, opaque);
    } catch (Misfit e) {
      // A network that cannot take its input at all is a mistake of the user's.
      if (!isChainAssumed || layers.isEmpty()) {
        throw e;
      }
      misfit = e;
      misfitGap = gaps.size();
      visitUnknownSizes(leaf, name, taken);
    }
    flows.put(Flows.within(block, leaf.output() == null ? leaf.name() : leaf.output()), current);
  }

  /** The sizes before an unknown part are lost, but weights may not depend on them. */
  private void visitUnknownSizes(Leaf leaf, String name, List<Flow> taken) {
    boolean complete = leaf.layer() != null && leaf.layer().isComplete();
    paramsComplete &= complete;
    current = new Flow(layers.size(), null, null);
    add(leaf, name, complete ? leaf.layer() : null, taken, List.of(), Cost.NONE);
  }

  private void visitLeaf(Leaf leaf, String name, List<Flow> taken, boolean opaque) {
    boolean known = leaf.layer() != null;
    if (!known) {
      gaps.add(label(name, leaf) + " is unknown" + (unfollowed == null ? "" : "; " + unfollowed));
      notes.remove(unfollowed);
      paramsComplete = false;
    }
    for (Flow flow : taken) {
      known &= flow.shape() != null;
    }
    if (leaf.layer() != null && leaf.layer().gap() != null) {
      gaps.add(label(name, leaf) + " " + leaf.layer().gap());
      paramsComplete &= leaf.layer().isComplete();
      List<Shape> shapes = new ArrayList<>();
      taken.forEach(flow -> shapes.add(flow.shape()));
      Shape declared = ((MergeLayer) leaf.layer()).output(shapes);
      ReceptiveField field = declared == null ? null : ReceptiveField.ALL;
      current = new Flow(layers.size(), declared, field);
      add(leaf, name, leaf.layer(), taken, List.of(), Cost.NONE);
      return;
    }
    if (!known) {
      visitUnknownSizes(leaf, name, taken);
      return;
    }
    if (leaf.layer() instanceof MergeLayer merge) {
      visitMerge(leaf, merge, name, taken);
      return;
    }
    if (taken.size() != 1) {
      throw new InputException(
          label(name, leaf) + " takes one input, but has " + taken.size() + ": " + leaf.inputs());
    }
    Flow before = taken.get(0);
    Shape input = before.shape();
    ReceptiveField field = before.field();
    if (opaque) {
      Shape flat = impliedFlatten(leaf.layer(), name, input);
      field = flat.equals(input) ? field : ReceptiveField.ALL;
      input = flat;
    }
    checkRank(leaf, name, input, before);
    Layer layer;
    try {
      layer = leaf.layer().inferred(input);
    } catch (InputException e) {
      throw named(e, leaf, name, taken);
    }
    checkSizes(layer, leaf, name, input, before);
    try {
      Shape output = layer.output(input);
      checkOutput(output);
      current = new Flow(layers.size(), output, field.after(layer.reach(input)));
      add(leaf, name, layer, taken, List.of(input), layer.cost(batch.sample(input)));
      // The arguments of published modules are known.
      String missing = leaf.printed() && published == 0 ? layer.unshown(input) : null;
      if (missing != null) {
        unshown.computeIfAbsent(missing, words -> new ArrayList<>()).add(name);
      }
    } catch (InputException e) {
      throw named(e, leaf, name, taken);
    }
  }

  private void visitMerge(Leaf leaf, MergeLayer merge, String name, List<Flow> taken) {
    if (taken.size() < merge.least()) {
      throw new InputException(
          label(name, leaf)
              + " takes several inputs, but has one; name them in JSON: \"inputs\": [\"conv1\","
              + " \"input\"]");
    }
    List<Shape> shapes = new ArrayList<>();
    List<Shape> samples = new ArrayList<>();
    ReceptiveField field = null;
    for (Flow flow : taken) {
      shapes.add(flow.shape());
      samples.add(batch.sample(flow.shape()));
      // A constant depends on nothing of the network's input.
      boolean isConstant = flow.source() >= 0 && layers.get(flow.source()).inputs().isEmpty();
      if (!isConstant) {
        field = field == null ? flow.field() : field.with(flow.field());
      }
    }
    field = field == null ? ReceptiveField.POINT : field;
    try {
      MergeLayer layer = merge.inferred(shapes);
      Shape output = layer.output(shapes);
      checkOutput(output);
      current = new Flow(layers.size(), output, field.after(layer.reach(shapes)));
      add(leaf, name, layer, taken, shapes, layer.cost(samples));
    } catch (InputException e) {
      throw named(e, leaf, name, taken);
    }
  }

  private Misfit named(InputException e, Leaf leaf, String name, List<Flow> taken) {
    // A batch that was put in shows as its symbol, since it counts among the axes.
    String message = e.getMessage();
    StringBuilder givers = new StringBuilder();
    for (Flow flow : taken) {
      if (flow.shape() != null && (batch.size() != null || taken.size() > 1)) {
        message = message.replace(flow.shape().toString(), batch.shown(flow.shape()).toString());
      }
      givers.append("; ").append(inputText(flow));
    }
    return new Misfit(InputException.joined(label(name, leaf), message) + givers, e);
  }

  /**
   * Adds a layer whose output is the current flow.
   *
   * @param inputs the shapes that it takes; empty if they are unknown
   */
  private void add(
      Leaf leaf, String name, Layer layer, List<Flow> taken, List<Shape> inputs, Cost layerCost) {
    Shape output = current.shape();
    ReceptiveField field = current.field();
    Shape input = inputs.isEmpty() ? null : inputs.get(0);
    List<Integer> sources = new ArrayList<>();
    List<Shape> whole = new ArrayList<>();
    for (Flow flow : taken) {
      sources.add(flow.source());
    }
    for (Shape shape : inputs) {
      whole.add(batch.whole(shape));
    }
    Dim weights = null;
    List<Parameter> parameters = List.of();
    if (layer != null) {
      parameters = layer.parameters();
      weights = Dim.ZERO;
      boolean shared = !parameters.isEmpty() && weightsSeen.put(name, leaf.text()) != null;
      for (Parameter parameter : parameters) {
        // Of a file's weights, several layers may share one.
        String alias =
            bound == null ? null : bound.aliases().get(Weights.full(name, parameter.name()));
        boolean seen = alias != null && !filesSeen.add(alias);
        if (parameter.trained() && !shared && !seen) {
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
            layer == null || isOfFile() ? leaf.type() : layer.type(),
            leaf.text(),
            batch.shown(input),
            batch.shown(output),
            weights,
            known ? layerCost.macs() : null,
            known ? layerCost.flops() : null,
            elements,
            known ? field : null,
            parameters,
            known && input != null ? layer.explanation(input) : List.of(),
            layer,
            sources,
            whole));
  }

  /** Whether layers are operators of a file, which has names of its own for them. */
  private boolean isOfFile() {
    return bound != null && !bound.weights().isEmpty();
  }

  private String label(String name, Leaf leaf) {
    return "layer " + (layers.size() + 1) + " '" + name + "' " + leaf.text();
  }

  private String giver(Flow flow) {
    if (flow.source() < 0) {
      return "the input";
    }
    return "layer " + (flow.source() + 1) + " '" + layers.get(flow.source()).name() + "'";
  }

  private String inputText(Flow flow) {
    return giver(flow) + (flow.source() < 0 ? " is " : " gives ") + batch.shown(flow.shape());
  }

  private void checkRank(Leaf leaf, String name, Shape input, Flow before) {
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
    throw new Misfit(
        label(name, leaf)
            + " expects "
            + axes
            + (axes.equals("1") || axes.endsWith(" 1") ? " axis" : " axes")
            + ", the batch included, but "
            + giver(before)
            + (before.source() < 0 ? " is " : " gives ")
            + batch.shown(input));
  }

  private void checkSizes(Layer layer, Leaf leaf, String name, Shape input, Flow before) {
    for (Expectation expected : layer.expectations(input)) {
      Dim actual = input.dim(expected.axis());
      if (actual.equals(expected.size())) {
        continue;
      }
      boolean numbers = actual.isNumber() && expected.size().isNumber();
      if (numbers || batch.isIn(actual)) {
        Shape shown = batch.sample(input);
        throw new Misfit(
            name,
            expected,
            batch.symbol() == null ? shown : dropped(shown),
            isChainAssumed,
            label(name, leaf)
                + " expects "
                + expected.size()
                + " "
                + (expected.size().equals(Dim.ONE)
                    ? expected.unit().replaceFirst("s$", "")
                    : expected.unit())
                + " but "
                + giver(before)
                + (before.source() < 0 ? " has " : " gives ")
                + batch.shown(actual));
      }
      notes.add(label(name, leaf) + " holds only if " + actual + " = " + expected.size());
    }
  }

  /** A sample without its batch axis. */
  private static Shape dropped(Shape sample) {
    return sample.rank() > 0 ? new Shape(sample.dims().subList(1, sample.rank())) : sample;
  }

  private void checkOutput(Shape output) {
    isSwallowed |= batch.isSwallowed(output);
    for (Dim dim : output.dims()) {
      // A file's graph may count things of which there are none.
      if (dim.isNumber() && dim.value() < 1 && bound == null) {
        throw new InputException("would give the empty shape " + batch.shown(output));
      }
    }
  }

  /** What forward() must do before a layer that takes all axes of a sample as one. */
  private Shape impliedFlatten(Layer layer, String name, Shape input) {
    Dim features = layer.flattenedFeatures();
    if (features == null || input.rank() < 2 || input.dim(-1).equals(features)) {
      return input;
    }
    Shape flat = batch.flattened(input);
    // Sizes with symbols may be those that the layer takes; where they are is noted.
    boolean mayFit = flat != null && !flat.dim(-1).isNumber() && input.rank() > 2;
    if (flat == null || (!flat.dim(-1).equals(features) && !mayFit)) {
      return input;
    }
    // Sizes that agree by chance are next to impossible where there are several positions.
    isChainConfirmed |= isChainAssumed && !mayFit && !input.dim(1).equals(features);
    notes.add(
        "a flatten before '"
            + name
            + "' is implied: "
            + batch.shown(input)
            + " to "
            + batch.shown(flat));
    return flat;
  }
}
