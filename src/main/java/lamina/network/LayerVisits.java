package lamina.network;

import java.util.ArrayList;
import java.util.List;
import lamina.layer.Layer;
import lamina.layer.Layer.Cost;
import lamina.layer.Layer.Expectation;
import lamina.layer.MergeLayer;
import lamina.network.Node.Leaf;
import lamina.tensor.Shape;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/** Visits single layers: each must fit what flows into it, and gives what flows on. */
final class LayerVisits {
  private final Batch batch;
  private final Findings findings;

  /** Whether a size may be none, since a file's graph may count things of which there are none. */
  private final boolean mayBeEmpty;

  /** Whether a Linear takes exactly the elements of the maps that an assumed chain gives. */
  private boolean isChainConfirmed;

  /** Whether an axis holds the batch together with others. */
  private boolean isSwallowed;

  LayerVisits(Batch batch, Findings findings, boolean mayBeEmpty) {
    this.batch = batch;
    this.findings = findings;
    this.mayBeEmpty = mayBeEmpty;
  }

  boolean isChainConfirmed() {
    return isChainConfirmed;
  }

  boolean isSwallowed() {
    return isSwallowed;
  }

  /**
   * Adds a layer to the findings.
   *
   * @return what flows out of it
   * @throws Misfit if it does not fit what flows into it
   * @throws InputException if it takes another number of inputs
   */
  Flow visit(Visit visit) {
    Layer layer = visit.leaf().layer();
    if (layer == null) {
      findings.addUnknown(visit);
      return visitUnknown(visit);
    }
    if (layer.gap() != null) {
      return visitGap(visit);
    }
    if (visit.taken().stream().anyMatch(flow -> flow.shape() == null)) {
      return visitUnknown(visit);
    }
    if (layer instanceof MergeLayer merge) {
      return visitMerge(visit, merge);
    }
    return visitSingle(visit);
  }

  /** The sizes behind an unknown part are lost, but weights may not depend on them. */
  Flow visitUnknown(Visit visit) {
    Layer layer = visit.leaf().layer();
    boolean isComplete = layer != null && layer.isComplete();
    findings.countOnly(isComplete);
    return add(visit, isComplete ? layer : null, List.of(), null, null, Cost.NONE);
  }

  /** A layer that says itself what of it is not known, and perhaps what comes out of it. */
  private Flow visitGap(Visit visit) {
    Layer layer = visit.leaf().layer();
    findings.addGap(findings.label(visit) + " " + layer.gap());
    findings.countOnly(layer.isComplete());
    List<Shape> shapes = new ArrayList<>();
    visit.taken().forEach(flow -> shapes.add(flow.shape()));
    Shape declared = ((MergeLayer) layer).output(shapes);
    ReceptiveField field = declared == null ? null : ReceptiveField.ALL;
    return add(visit, layer, List.of(), declared, field, Cost.NONE);
  }

  private Flow visitSingle(Visit visit) {
    Leaf leaf = visit.leaf();
    if (visit.taken().size() != 1) {
      throw new InputException(
          findings.label(visit)
              + " takes one input, but has "
              + visit.taken().size()
              + ": "
              + leaf.inputs());
    }
    Flow before = visit.taken().get(0);
    Shape input = before.shape();
    ReceptiveField field = before.field();
    if (visit.opaque()) {
      Shape flat = impliedFlatten(visit, input);
      field = flat.equals(input) ? field : ReceptiveField.ALL;
      input = flat;
    }
    checkRank(visit, input);
    try {
      Layer layer = leaf.layer().inferred(input);
      checkSizes(visit, layer, input);
      Shape output = layer.output(input);
      checkOutput(output);
      ReceptiveField seen = field.after(layer.reach(input));
      Cost cost = layer.cost(batch.sample(input));
      Flow given = add(visit, layer, List.of(input), output, seen, cost);
      // The arguments of published modules are known.
      String missing = leaf.printed() && !visit.isPublished() ? layer.unshown(input) : null;
      if (missing != null) {
        findings.addUnshown(missing, visit.path());
      }
      return given;
    } catch (InputException e) {
      throw misfit(visit, e);
    }
  }

  private Flow visitMerge(Visit visit, MergeLayer merge) {
    if (visit.taken().size() < merge.least()) {
      throw new InputException(
          findings.label(visit)
              + " takes several inputs, but has one; name them in JSON: \"inputs\": [\"conv1\","
              + " \"input\"]");
    }
    List<Shape> shapes = new ArrayList<>();
    List<Shape> samples = new ArrayList<>();
    for (Flow flow : visit.taken()) {
      shapes.add(flow.shape());
      samples.add(batch.sample(flow.shape()));
    }
    try {
      MergeLayer layer = merge.inferred(shapes);
      Shape output = layer.output(shapes);
      checkOutput(output);
      String assumption = layer.assumption(shapes);
      if (assumption != null) {
        findings.addNote(findings.label(visit) + " holds only if " + assumption);
      }
      ReceptiveField seen = joinedField(visit.taken()).after(layer.reach(shapes));
      return add(visit, layer, shapes, output, seen, layer.cost(samples));
    } catch (InputException e) {
      throw misfit(visit, e);
    }
  }

  /** What all inputs of a layer together see of the network's input. */
  private ReceptiveField joinedField(List<Flow> taken) {
    ReceptiveField field = null;
    for (Flow flow : taken) {
      // A constant depends on nothing of the network's input.
      boolean isConstant =
          flow.source() >= 0 && findings.layers().get(flow.source()).inputs().isEmpty();
      if (!isConstant) {
        field = field == null ? flow.field() : field.with(flow.field());
      }
    }
    return field == null ? ReceptiveField.POINT : field;
  }

  private Flow add(
      Visit visit, Layer layer, List<Shape> inputs, Shape output, ReceptiveField field, Cost cost) {
    Flow given = new Flow(findings.layers().size(), output, field);
    findings.add(visit, layer, inputs, given, cost);
    return given;
  }

  private Misfit misfit(Visit visit, InputException e) {
    // A batch that was put in shows as its symbol, since it counts among the axes.
    String message = e.getMessage();
    StringBuilder givers = new StringBuilder();
    for (Flow flow : visit.taken()) {
      Shape shape = flow.shape();
      if (shape != null && (batch.size() != null || visit.taken().size() > 1)) {
        message = message.replace(shape.toString(), batch.shown(shape).toString());
      }
      givers.append("; ").append(findings.given(flow, shape));
    }
    return new Misfit(e.saidOf(findings.label(visit), message) + givers, e);
  }

  private void checkRank(Visit visit, Shape input) {
    Layer.Ranks ranks = visit.leaf().layer().ranks();
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
        findings.label(visit)
            + " expects "
            + axes
            + (axes.equals("1") || axes.endsWith(" 1") ? " axis" : " axes")
            + ", the batch included, but "
            + findings.given(visit.taken().get(0), input));
  }

  private void checkSizes(Visit visit, Layer layer, Shape input) {
    for (Expectation expected : layer.expectations(input)) {
      Dim actual = input.dim(expected.axis());
      if (actual.equals(expected.size())) {
        continue;
      }
      boolean numbers = actual.isNumber() && expected.size().isNumber();
      if (numbers || batch.isIn(actual)) {
        throw wrongSize(visit, expected, input);
      }
      findings.addNote(
          findings.label(visit) + " holds only if " + actual + " = " + expected.size());
    }
  }

  private Misfit wrongSize(Visit visit, Expectation expected, Shape input) {
    Flow before = visit.taken().get(0);
    Shape sample = batch.sample(input);
    boolean hasBatch = batch.symbol() != null && sample.rank() > 0;
    Shape shown = hasBatch ? new Shape(sample.dims().subList(1, sample.rank())) : sample;
    String unit = expected.unit();
    return new Misfit(
        visit.path(),
        expected,
        shown,
        visit.isChainAssumed(),
        findings.label(visit)
            + " expects "
            + expected.size()
            + " "
            + (expected.size().equals(Dim.ONE) ? unit.replaceFirst("s$", "") : unit)
            + " but "
            + findings.giver(before)
            + (before.source() < 0 ? " has " : " gives ")
            + batch.shown(input.dim(expected.axis())));
  }

  private void checkOutput(Shape output) {
    isSwallowed |= batch.isSwallowed(output);
    for (Dim dim : output.dims()) {
      if (dim.isNumber() && dim.value() < 1 && !mayBeEmpty) {
        throw new InputException("would give the empty shape " + batch.shown(output));
      }
    }
  }

  /** What forward() must do before a layer that takes all axes of a sample as one. */
  private Shape impliedFlatten(Visit visit, Shape input) {
    Dim features = visit.leaf().layer().flattenedFeatures();
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
    isChainConfirmed |= visit.isChainAssumed() && !mayFit && !input.dim(1).equals(features);
    findings.addNote(
        "a flatten before '"
            + visit.path()
            + "' is implied: "
            + batch.shown(input)
            + " to "
            + batch.shown(flat));
    return flat;
  }
}
