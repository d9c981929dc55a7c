package lamina.network;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lamina.network.Node.Container;
import lamina.network.Node.Leaf;
import lamina.tensor.Shape;
import lamina.text.InputException;

/**
 * A walk through the graph of a network with the shape of an input: part after part, each on the
 * outputs that it names or on that of the part before. Modules whose forward() does not show are
 * taken as {@link ModuleFlow} says; {@link LayerVisits} takes the layers within them.
 */
final class GraphWalk {
  private final Batch batch;

  /** The graph of a file for the shapes of its inputs; null if the network is none. */
  private final Model.Bound bound;

  private final Findings findings;
  private final LayerVisits layers;

  /** What comes out of each part, and goes into the network. */
  private final Flows flows = new Flows();

  /** The names of the network's inputs, in order. */
  private final List<String> inputNames = new ArrayList<>();

  /** The network and, while it has a single part, that part: modules of the user's own. */
  private final Set<Node> whole = Collections.newSetFromMap(new IdentityHashMap<>());

  /** What goes into the next part that names no inputs. */
  private Flow current;

  /** How many modules are around the current part whose forward() is published. */
  private int published;

  /** Whether the parts of a module of the user's own are being taken one after another. */
  private boolean isChainAssumed;

  /** Whether sizes rest on such a chain, which nothing confirms. */
  private boolean isAssumed;

  /** Why a layer of such a chain does not fit; null while all do. */
  private Misfit misfit;

  /** The place of that reason among the gaps. */
  private int misfitGap;

  /** Whether costs are those of the whole input, in which no sample is apart. */
  private boolean isWholeInput;

  GraphWalk(Batch batch, Network network) {
    this(batch, null, new Findings(batch, network));
    putInput(Node.NETWORK_INPUT, current);
    Node part = network.root();
    while (part instanceof Container container
        && whole.add(part)
        && container.parts().size() == 1) {
      part = container.parts().get(0);
    }
  }

  GraphWalk(Batch batch, Model model, List<Shape> shapes, Model.Bound bound) {
    this(batch, bound, new Findings(batch, bound));
    for (int i = 0; i < shapes.size(); i++) {
      String name = model.inputs().get(i).name();
      putInput(name, new Flow(-1 - i, shapes.get(i), ReceptiveField.POINT));
    }
  }

  private GraphWalk(Batch batch, Model.Bound bound, Findings findings) {
    this.batch = batch;
    this.bound = bound;
    this.findings = findings;
    this.layers = new LayerVisits(batch, findings, bound != null);
    this.current = new Flow(-1, batch.shape(), ReceptiveField.POINT);
  }

  private void putInput(String name, Flow input) {
    flows.putInput(name, input);
    inputNames.add(name);
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
        visit(part, "", false);
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
    findings.addGap(misfitGap, misfit.getMessage() + advice);
  }

  /** Whether a layer put the batch together with other axes. */
  boolean isSwallowed() {
    return layers.isSwallowed();
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
    return findings.report(current, inputNames, isAssumed, isWholeInput);
  }

  /**
   * Visits a part.
   *
   * @param block the path of the container that it is in
   * @param opaque whether a forward() that does not show may do something before it
   */
  private void visit(Node part, String block, boolean opaque) {
    if (part instanceof Leaf leaf) {
      visitLeaf(leaf, block, opaque);
    } else {
      visitContainer((Container) part, Flows.within(block, part.name()), block, opaque);
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
    boolean isPublished = container.known() != null;
    if (isPublished) {
      findings.addKnown(container);
    }
    published += isPublished ? 1 : 0;
    visitInside(container, path, opaque);
    published -= isPublished ? 1 : 0;
    flows.put(path, current);
  }

  private void visitInside(Container container, String path, boolean opaque) {
    switch (ModuleFlow.of(container)) {
      case CHAIN -> visitParts(container, path, opaque);
      case KNOWN_CHAIN -> {
        visitParts(container, path, true);
        findings.addNote(
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
    if (current.shape() == null) {
      visitParts(container, path, true);
      return;
    }
    Flow currentBefore = current;
    int publishedBefore = published;
    Map<String, Flow> flowsBefore = flows.parts();
    Findings findingsBefore = findings.copy();
    boolean wasAssumed = isChainAssumed;
    isChainAssumed = false;
    try {
      visitParts(container, path, true);
      findings.addNote(
          "the parts of "
              + container.type()
              + " are taken one after another, in their order: what runs them is not known");
    } catch (InputException | Misfit e) {
      current = currentBefore;
      published = publishedBefore;
      flows.restore(flowsBefore);
      findings.restore(findingsBefore);
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
    isAssumed = !layers.isChainConfirmed() || misfit != null;
    if (findings.gapCount() == 0 && misfit == null && isAssumed) {
      findings.addGap(assumed);
    } else {
      findings.addNote(assumed);
    }
  }

  /** Parameters count whatever runs them; sizes behind a forward() that does not show are lost. */
  private void visitUnknown(Container container, String path) {
    if (current.shape() != null) {
      findings.addGap(
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
      visit(part, path, opaque);
    }
  }

  private void visitLeaf(Leaf leaf, String block, boolean opaque) {
    // What has no name belongs to its container, as a parameter of that.
    String path = leaf.name().isEmpty() ? block : Flows.within(block, leaf.name());
    List<Flow> taken = flows.into(leaf, path, block, current);
    Visit visit = new Visit(leaf, path, taken, opaque, isChainAssumed, published > 0);
    try {
      current = layers.visit(visit);
    } catch (Misfit e) {
      // A network that cannot take its input at all is a mistake of the user's.
      if (!isChainAssumed || findings.layers().isEmpty()) {
        throw e;
      }
      misfit = e;
      misfitGap = findings.gapCount();
      current = layers.visitUnknown(visit);
    }
    flows.put(Flows.within(block, leaf.output() == null ? leaf.name() : leaf.output()), current);
  }
}
