package lamina.network;

import java.util.ArrayList;
import java.util.List;
import lamina.tensor.DType;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/**
 * The report on a network: of the ways to read its input, the first in which all parts fit, or else
 * the likeliest.
 */
public final class NetworkAnalyzer {
  private NetworkAnalyzer() {}

  /**
   * The report on a network for an input, in PyTorch's order of axes, with or without a batch.
   *
   * @throws InputException if a shape does not fit
   */
  public static NetworkAnalysis of(Network network, Shape input) {
    return of(network, input, false);
  }

  /**
   * The report on a file's graph for inputs.
   *
   * @param shapes one for each of the model's inputs; null for what the file says
   * @param values one for each input, or null if they are unknown
   */
  static GraphWalk ofModel(
      Model model,
      Batch batch,
      List<Shape> shapes,
      List<Tensor> values,
      DType dtype,
      boolean merges) {
    List<Shape> known = new ArrayList<>();
    for (int i = 0; i < shapes.size(); i++) {
      Shape shape = shapes.get(i);
      known.add(shape == null ? model.inputs().get(i).shape() : shape);
    }
    Model.Bound bound = model.bind(known, values, dtype, merges);
    return new GraphWalk(batch, model, known, bound).throughParts();
  }

  /** The report for a tensor of this shape: running needs numbers. */
  static NetworkAnalysis ofTensor(Network network, Shape input) {
    return of(network, input, true);
  }

  private static NetworkAnalysis of(Network network, Shape input, boolean tensor) {
    for (Dim dim : input.dims()) {
      if (dim.isNumber() && dim.value() < 1 && network.model() == null) {
        throw new InputException("the input " + input + " is empty; sizes start at 1");
      }
    }
    List<Batch> readings = Batch.readings(network, input, tensor);
    GraphWalk best = null;
    RuntimeException first = null;
    for (Batch batch : readings) {
      try {
        if (network.model() != null) {
          return ofModel(
                  network.model(), batch, modelShapes(network, batch), null, DType.FLOAT64, false)
              .report();
        }
        GraphWalk walk = new GraphWalk(batch, network).through(network);
        best = best == null || walk.misfit() == null ? walk : best;
        if (walk.misfit() == null) {
          break;
        }
      } catch (InputException | Misfit e) {
        // What is said of a vector is said of one sample: that its axes are too few helps nobody.
        boolean isSample = batch.symbol() != null && batch.size() == null;
        first = first == null || (input.rank() == 1 && isSample) ? e : first;
      }
    }
    if (best == null) {
      throw first instanceof Misfit misfit
          ? new InputException(misfit.getMessage() + Advice.of(misfit, network, input), misfit)
          : first;
    }
    if (best.misfit() != null) {
      best.tellMisfit(Advice.of(best.misfit(), network, input));
    }
    boolean wasBatch = readings.get(0).size() != null && best.batch().symbol() == null;
    if (best.isSwallowed() || wasBatch) {
      return ofWholeInput(best, network);
    }
    return best.report();
  }

  /** Whether all parts of a network fit one after another for an input. */
  static boolean fits(Network network, Shape input) {
    boolean fits = false;
    for (Batch batch : Batch.readings(network, input, false)) {
      try {
        if (new GraphWalk(batch, network).through(network).misfit() == null) {
          return true;
        }
      } catch (InputException | Misfit e) {
        fits = false;
      }
    }
    return fits;
  }

  /** The report where a layer mixes the samples of a batch: the costs are those of all. */
  private static NetworkAnalysis ofWholeInput(GraphWalk before, Network network) {
    Batch batch = before.batch();
    GraphWalk walk = new GraphWalk(Batch.literal(batch.given()), network);
    try {
      walk.through(network);
    } catch (InputException | Misfit e) {
      return before.report();
    }
    if (batch.size() != null || batch.symbol() == null) {
      walk.countWholeInput();
    }
    return walk.report();
  }

  /** The first input as it is read, the others as the file says. */
  private static List<Shape> modelShapes(Network network, Batch batch) {
    List<Shape> shapes = new ArrayList<>();
    for (Model.Port port : network.model().inputs()) {
      shapes.add(shapes.isEmpty() ? batch.shape() : sameBatch(port.shape(), network, batch));
    }
    return shapes;
  }

  /** The shape that a file gives, in which the batch is called as that of the first input is. */
  private static Shape sameBatch(Shape shape, Network network, Batch batch) {
    if (shape != null && !network.model().countsBatch()) {
      return batch.alike(shape);
    }
    boolean isMarked =
        shape != null
            && batch.symbol() != null
            && shape.rank() > 0
            && network.input() != null
            && network.input().rank() > 0
            && shape.dim(0).equals(network.input().dim(0));
    return isMarked ? shape.with(0, batch.symbol()) : shape;
  }
}
