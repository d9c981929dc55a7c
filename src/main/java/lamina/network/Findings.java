package lamina.network;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lamina.layer.Layer;
import lamina.layer.Layer.Cost;
import lamina.layer.Layer.Parameter;
import lamina.layer.Weights;
import lamina.network.Node.Container;
import lamina.network.Node.Leaf;
import lamina.tensor.Shape;
import lamina.tensor.symbol.Dim;

/**
 * What a walk through a network has found so far: its layers, their counts, and what is to be said
 * of them.
 */
final class Findings {
  private final Batch batch;

  /** The graph of a file for the shapes of its inputs; null if the network is none. */
  private final Model.Bound bound;

  /** Why a forward() that the text has is not followed; null if there is none such. */
  private final String unfollowed;

  private final List<LayerAnalysis> layers = new ArrayList<>();
  private final List<String> gaps = new ArrayList<>();
  private final Set<String> notes = new LinkedHashSet<>();

  /** The types of modules whose forward() is known, by whose it is. */
  private final Map<String, Set<String>> known = new LinkedHashMap<>();

  /** What prints leave out and would matter, with the layers of which that is so. */
  private final Map<String, List<String>> unshown = new LinkedHashMap<>();

  /** The shapes of the inputs that layers take, as the user knows them, by their numbers. */
  private final Map<Integer, Shape> inputShapes = new HashMap<>();

  /** The layers whose weights were counted, by their paths. */
  private final Set<String> weightsSeen = new HashSet<>();

  /** The weights of a file that were counted and that several layers may share. */
  private final Set<String> filesSeen = new HashSet<>();

  private Dim params = Dim.ZERO;
  private Cost cost = Cost.NONE;
  private Dim activations = Dim.ZERO;
  private boolean paramsComplete = true;

  /** Those of a network, before its first part is visited. */
  Findings(Batch batch, Network network) {
    this.batch = batch;
    this.bound = null;
    this.unfollowed = network.unfollowed();
    gaps.addAll(network.unread());
    notes.addAll(network.remarks());
    paramsComplete = network.unread().isEmpty();
  }

  /** Those of a file's graph, before its first part is visited. */
  Findings(Batch batch, Model.Bound bound) {
    this.batch = batch;
    this.bound = bound;
    this.unfollowed = null;
  }

  private Findings(Findings other) {
    this.batch = other.batch;
    this.bound = other.bound;
    this.unfollowed = other.unfollowed;
    restore(other);
  }

  Findings copy() {
    return new Findings(this);
  }

  /** Forgets what was found since a copy was made. */
  void restore(Findings before) {
    replace(layers, before.layers);
    replace(gaps, before.gaps);
    notes.clear();
    notes.addAll(before.notes);
    known.clear();
    before.known.forEach((whose, types) -> known.put(whose, new LinkedHashSet<>(types)));
    unshown.clear();
    before.unshown.forEach((words, names) -> unshown.put(words, new ArrayList<>(names)));
    weightsSeen.clear();
    weightsSeen.addAll(before.weightsSeen);
    filesSeen.clear();
    filesSeen.addAll(before.filesSeen);
    params = before.params;
    cost = before.cost;
    activations = before.activations;
    paramsComplete = before.paramsComplete;
  }

  private static <E> void replace(List<E> elements, List<E> before) {
    elements.clear();
    elements.addAll(before);
  }

  /** The layers so far. */
  List<LayerAnalysis> layers() {
    return layers;
  }

  /** How many things are not known so far. */
  int gapCount() {
    return gaps.size();
  }

  void addGap(String words) {
    gaps.add(words);
  }

  /** Adds a gap that belongs before others. */
  void addGap(int index, String words) {
    gaps.add(index, words);
  }

  void addNote(String words) {
    notes.add(words);
  }

  /** Says whose forward() joins the parts of a module. */
  void addKnown(Container container) {
    known.computeIfAbsent(container.known(), whose -> new LinkedHashSet<>()).add(container.type());
  }

  /** Says what matters of a printed layer and does not show. */
  void addUnshown(String words, String path) {
    unshown.computeIfAbsent(words, any -> new ArrayList<>()).add(path);
  }

  /** Says that the type of a layer is unknown. */
  void addUnknown(Visit visit) {
    gaps.add(label(visit) + " is unknown" + (unfollowed == null ? "" : "; " + unfollowed));
    notes.remove(unfollowed);
    paramsComplete = false;
  }

  /** Says that weights are missing from the counts if a layer has some that are not known. */
  void countOnly(boolean complete) {
    paramsComplete &= complete;
  }

  /**
   * Adds a layer.
   *
   * @param layer with the sizes that the input decided; null if it is unknown
   * @param inputs the shapes that it takes; empty if they are unknown
   * @param output what it gives
   * @param layerCost for one sample
   */
  void add(Visit visit, Layer layer, List<Shape> inputs, Flow output, Cost layerCost) {
    Leaf leaf = visit.leaf();
    boolean isKnown = output.shape() != null;
    Shape input = inputs.isEmpty() ? null : inputs.get(0);
    List<Integer> sources = new ArrayList<>();
    visit.taken().forEach(flow -> sources.add(flow.source()));
    for (int i = 0; i < inputs.size(); i++) {
      if (sources.get(i) < 0) {
        inputShapes.put(-1 - sources.get(i), batch.shown(inputs.get(i)));
      }
    }
    List<Shape> whole = new ArrayList<>();
    inputs.forEach(shape -> whole.add(batch.whole(shape)));
    Dim weights = layer == null ? null : trainedWeights(visit.path(), layer);
    Dim elements = isKnown ? batch.sample(output.shape()).elements() : null;
    if (layer != null) {
      params = params.plus(weights);
    }
    if (isKnown) {
      cost = cost.plus(layerCost);
      activations = activations.plus(elements);
    }
    layers.add(
        new LayerAnalysis(
            visit.path(),
            layer == null || isOfFile() ? leaf.type() : layer.type(),
            leaf.text(),
            batch.shown(input),
            batch.shown(output.shape()),
            weights,
            isKnown ? layerCost.macs() : null,
            isKnown ? layerCost.flops() : null,
            elements,
            isKnown ? output.field() : null,
            layer == null ? List.of() : layer.parameters(),
            isKnown && input != null ? layer.explanation(input) : List.of(),
            layer,
            sources,
            whole));
  }

  /** The weights of a layer that training changes and that were not counted before. */
  private Dim trainedWeights(String path, Layer layer) {
    Dim weights = Dim.ZERO;
    List<Parameter> parameters = layer.parameters();
    boolean isCounted = !parameters.isEmpty() && !weightsSeen.add(path);
    for (Parameter parameter : parameters) {
      String alias =
          bound == null ? null : bound.aliases().get(Weights.full(path, parameter.name()));
      boolean isShared = alias != null && !filesSeen.add(alias);
      if (parameter.trained() && !isCounted && !isShared) {
        weights = weights.plus(parameter.shape().elements());
      }
    }
    return weights;
  }

  /** Whether layers are operators of a file, which has names of its own for them. */
  private boolean isOfFile() {
    return bound != null && !bound.weights().isEmpty();
  }

  /** What messages call the layer that is visited. */
  String label(Visit visit) {
    return "layer " + (layers.size() + 1) + " '" + visit.path() + "' " + visit.leaf().text();
  }

  /** What messages call the layer that a flow comes from. */
  String giver(Flow flow) {
    if (flow.source() < 0) {
      return "the input";
    }
    return "layer " + (flow.source() + 1) + " '" + layers.get(flow.source()).name() + "'";
  }

  /** {@code layer 1 'conv1' gives 8x24x24}. */
  String given(Flow flow, Shape shape) {
    return giver(flow) + (flow.source() < 0 ? " is " : " gives ") + batch.shown(shape);
  }

  /**
   * All of it.
   *
   * @param end what flows out of the network
   * @param inputNames the names of the network's inputs, in order
   * @param isAssumed whether sizes rest on an order of layers that nothing confirms
   * @param isWholeInput whether costs are those of the whole input, in which no sample is apart
   */
  NetworkAnalysis report(
      Flow end, List<String> inputNames, boolean isAssumed, boolean isWholeInput) {
    if (gaps.isEmpty()) {
      noteDeadEnds(end);
    }
    known.forEach((whose, types) -> notes.add(String.join(", ", types) + ": " + whose));
    return new NetworkAnalysis(
        batch.given(),
        layers,
        batch.shown(end.shape()),
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
        bound == null ? doubts() : bound.doubts(),
        Map.copyOf(inputShapes));
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
  private void noteDeadEnds(Flow end) {
    Set<Integer> taken = new LinkedHashSet<>();
    for (LayerAnalysis layer : layers) {
      taken.addAll(layer.inputs());
    }
    for (int i = 0; i < layers.size(); i++) {
      boolean isOutput =
          i == end.source() || (bound != null && bound.outputs().contains(layers.get(i).name()));
      if (!isOutput && !taken.contains(i)) {
        notes.add("no layer takes what '" + layers.get(i).name() + "' gives");
      }
    }
  }
}
