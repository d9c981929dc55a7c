package lamina.network.read.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lamina.layer.Cast;
import lamina.layer.Concat;
import lamina.layer.Elementwise;
import lamina.layer.Gather;
import lamina.layer.Identity;
import lamina.layer.Layer;
import lamina.layer.MergeLayer;
import lamina.layer.Pass;
import lamina.layer.Permute;
import lamina.layer.Pick;
import lamina.layer.Reduce;
import lamina.layer.Reshape;
import lamina.layer.Weights;
import lamina.layer.Where;
import lamina.op.BinaryFunction;
import lamina.op.Broadcast;
import lamina.op.Picks;
import lamina.op.Reductions;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;

/**
 * What layers make of sizes that have symbols. A layer that moves elements runs on their numbers,
 * which shows where each comes from.
 */
final class SymbolicElements {
  private SymbolicElements() {}

  /** The sizes that a layer gives; null if its operands are no sizes, or it cannot be said. */
  static List<Dim> of(Layer layer, List<Value> operands) {
    List<List<Dim>> contents = new ArrayList<>();
    for (Value operand : operands) {
      List<Dim> known = operand.isInteger() ? operand.knownContents() : null;
      if (known == null || operand.shape() == null || !operand.shape().isNumber()) {
        return null;
      }
      contents.add(known);
    }
    boolean isMove =
        layer instanceof Identity
            || layer instanceof Reshape
            || layer instanceof Permute
            || (layer instanceof Pick pick && pick.picks() != null && pick.fill() == 0)
            || layer instanceof Cast
            || layer instanceof Concat;
    boolean isGather =
        layer instanceof Gather && operands.size() == 2 && operands.get(1).isConstant();
    if (isMove || isGather) {
      return moved(layer, operands, contents);
    }
    if (layer instanceof Elementwise elementwise && operands.size() == 2) {
      return pairs(elementwise.function(), operands, contents);
    }
    if (layer instanceof Where) {
      return chosen(operands, contents);
    }
    if (layer instanceof Reduce reduce
        && reduce.kind() == Reductions.PROD
        && reduce.output(operands.get(0).shape()).elements().is(1)) {
      return List.of(new Shape(contents.get(0)).elements());
    }
    return null;
  }

  /** The elements are numbered, 0 standing for none, and found again in the output. */
  private static List<Dim> moved(Layer layer, List<Value> operands, List<List<Dim>> contents) {
    List<Tensor> numbers = new ArrayList<>();
    List<Dim> all = new ArrayList<>(List.of(Dim.ZERO));
    for (int i = 0; i < operands.size(); i++) {
      if (layer instanceof Gather && i == 1) {
        numbers.add(operands.get(1).constant().get());
        continue;
      }
      long[] ids = new long[contents.get(i).size()];
      for (int j = 0; j < ids.length; j++) {
        ids[j] = all.size();
        all.add(contents.get(i).get(j));
      }
      numbers.add(Tensor.of(ids, operands.get(i).shape().sizes()));
    }
    Pass pass = Pass.inference();
    Tensor output =
        layer instanceof MergeLayer merge
            ? merge.forward(numbers, pass)
            : layer instanceof Cast
                ? numbers.get(0)
                : layer.forward(numbers.get(0), new Weights(Map.of(), ""), pass);
    List<Dim> found = new ArrayList<>();
    for (long id : output.longs()) {
      found.add(all.get((int) id));
    }
    return found;
  }

  private static List<Dim> pairs(
      BinaryFunction function, List<Value> operands, List<List<Dim>> contents) {
    Shape a = operands.get(0).shape();
    Shape b = operands.get(1).shape();
    int[] shape = Broadcast.shape(List.of(a, b)).sizes();
    long[] left = ids(contents.get(0).size(), a, shape);
    long[] right = ids(contents.get(1).size(), b, shape);
    List<Dim> results = new ArrayList<>();
    for (int i = 0; i < left.length; i++) {
      Dim result =
          of(function, contents.get(0).get((int) left[i]), contents.get(1).get((int) right[i]));
      if (result == null) {
        return null;
      }
      results.add(result);
    }
    return results;
  }

  /** Elements of the second or the third by a first that has no symbols. */
  private static List<Dim> chosen(List<Value> operands, List<List<Dim>> contents) {
    List<Shape> shapes = new ArrayList<>();
    operands.forEach(operand -> shapes.add(operand.shape()));
    int[] shape = Broadcast.shape(shapes).sizes();
    List<long[]> ids = new ArrayList<>();
    for (int i = 0; i < contents.size(); i++) {
      ids.add(ids(contents.get(i).size(), shapes.get(i), shape));
    }
    List<Dim> results = new ArrayList<>();
    for (int i = 0; i < ids.get(0).length; i++) {
      Dim condition = contents.get(0).get((int) ids.get(0)[i]);
      if (!condition.isNumber()) {
        return null;
      }
      int from = condition.value() != 0 ? 1 : 2;
      results.add(contents.get(from).get((int) ids.get(from)[i]));
    }
    return results;
  }

  private static long[] ids(int count, Shape shape, int... stretched) {
    long[] ids = new long[count];
    for (int i = 0; i < count; i++) {
      ids[i] = i;
    }
    return Picks.stretched(Tensor.of(ids, shape.sizes()), stretched).longs();
  }

  private static Dim of(BinaryFunction function, Dim x, Dim y) {
    return switch (function) {
      case ADD -> x.plus(y);
      case SUB -> x.minus(y);
      case MUL -> x.times(y);
      case DIV ->
          y.isNumber() && y.value() > 0 && !(x.isNumber() && x.value() < 0)
              ? x.floorDiv(y.value())
              : x.equals(y) ? Dim.ONE : null;
      // A size is never negative.
      case EQUAL ->
          x.equals(y)
              ? Dim.ONE
              : (x.isNumber() && y.isNumber())
                      || (x.isNumber() && x.value() < 0)
                      || (y.isNumber() && y.value() < 0)
                  ? Dim.ZERO
                  : null;
      default -> null;
    };
  }
}
