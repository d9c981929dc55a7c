package lamina.network.read.forward;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lamina.layer.Axis;
import lamina.layer.Clip;
import lamina.layer.CumulativeSum;
import lamina.layer.IndexOf;
import lamina.layer.Layer;
import lamina.layer.Reduce;
import lamina.layer.Shaped;
import lamina.layer.Spread;
import lamina.layer.TopK;
import lamina.network.read.forward.ForwardValue.Ref;
import lamina.op.Reductions;
import lamina.tensor.Shape;
import lamina.text.InputException;

/** What some axes come to: sums, means, norms, extremes, their places, running sums. */
final class ReductionFunctions {
  private final Functions functions;

  ReductionFunctions(Functions functions) {
    this.functions = functions;
  }

  /** Adds them to the table. */
  void add() {
    add("sum", "Sum", Reductions.SUM);
    add("prod", "Prod", Reductions.PROD);
    add("amax", "Amax", Reductions.MAX);
    add("amin", "Amin", Reductions.MIN);
    add("logsumexp", "LogSumExp", Reductions.LOG_SUM_EXP);
    functions.add("mean", ReductionFunctions::mean);
    functions.add("var", call -> spread(call, false));
    functions.add("std", call -> spread(call, true));
    functions.add("norm vector_norm linalg_norm linalg_vector_norm", ReductionFunctions::norm);
    functions.add("normalize", ReductionFunctions::normalize);
    functions.add("cosine_similarity", ReductionFunctions::cosine);
    functions.add("pairwise_distance", ReductionFunctions::distance);
    functions.add("max", call -> extreme(call, true));
    functions.add("min", call -> extreme(call, false));
    functions.add("maximum", call -> pair(call, true));
    functions.add("minimum", call -> pair(call, false));
    functions.add("argmax", call -> index(call, true));
    functions.add("argmin", call -> index(call, false));
    functions.add("topk", ReductionFunctions::topK);
    functions.add("cumsum", ReductionFunctions::cumulativeSum);
  }

  private void add(String name, String type, Reductions kind) {
    functions.add(
        name,
        call -> {
          int[] dims = axes(call, 1);
          boolean keep = call.flag(2, "keepdim", false);
          return call.emit(reduce(type, kind, dims, keep), text(dims, keep), call.input());
        });
  }

  private static String text(int[] dims, boolean keep) {
    String shown = Arrays.toString(dims);
    String named = dims.length == 1 ? Integer.toString(dims[0]) : shown;
    return keep ? named + ", keepdim=True" : named;
  }

  private static int[] axes(FunctionCall call, int position) {
    int[] dims = call.axes(position, "dim");
    if (dims == null) {
      throw call.error("without dim makes one number of the whole batch; name the axes");
    }
    return dims;
  }

  private static Layer reduce(String type, Reductions kind, int[] dims, boolean keep) {
    return Shaped.of(type, shape -> new Reduce(type, kind, reduced(shape, dims), keep));
  }

  private static boolean[] reduced(Shape shape, int... dims) {
    boolean[] reduced = new boolean[shape.rank()];
    for (int dim : dims) {
      int axis = Axis.of(dim, shape, "dim");
      if (reduced[axis]) {
        throw new InputException("names axis " + axis + " of " + shape + " twice");
      }
      reduced[axis] = true;
    }
    return reduced;
  }

  private static Object mean(FunctionCall call) {
    axes(call, 1);
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("dim", call.get(1, "dim", call.option("axis")));
    values.put("keepdim", call.flag(2, "keepdim", false));
    return call.emit("Mean", values, call.input());
  }

  /** {@code var(dim, unbiased, keepdim)}, or {@code correction} by its name. */
  private static Object spread(FunctionCall call, boolean isRoot) {
    int[] dims = axes(call, 1);
    double correction =
        call.option("correction") instanceof Number number
            ? number.doubleValue()
            : call.flag(2, "unbiased", true) ? 1 : 0;
    boolean keep = call.flag(3, "keepdim", false);
    String type = isRoot ? "Std" : "Var";
    Layer layer =
        Shaped.of(type, shape -> new Spread(reduced(shape, dims), keep, correction, isRoot));
    return call.emit(layer, text(dims, keep), call.input());
  }

  private static Reductions ofNorm(FunctionCall call, Object power) {
    if (power == null || "fro".equals(power)) {
      return Reductions.L2;
    }
    double p = power instanceof Number number ? number.doubleValue() : 0;
    if (p != 1 && p != 2) {
      throw call.error("is known with the norms 1 and 2, not " + FunctionCall.shown(power));
    }
    return p == 1 ? Reductions.L1 : Reductions.L2;
  }

  private static Object norm(FunctionCall call) {
    Reductions kind = ofNorm(call, call.get(1, "p", call.option("ord")));
    int[] dims = axes(call, 2);
    boolean keep = call.flag(3, "keepdim", false);
    return call.emit(reduce("Norm", kind, dims, keep), text(dims, keep), call.input());
  }

  /** Over the norm, which counts as at least a small number. */
  private static Object normalize(FunctionCall call) {
    Reductions kind = ofNorm(call, call.get(1, "p"));
    int[] axes = call.axes(2, "dim");
    int[] dims = axes == null ? new int[] {1} : axes;
    Ref x = call.input();
    Ref norm = call.between("norm", reduce("Norm", kind, dims, true), x);
    Clip least = new Clip(call.number(3, "eps", 1e-12), Double.POSITIVE_INFINITY);
    Ref safe = call.between("safe", least, norm);
    Ref inverse = call.between("inverse", "Power", Map.of("exponent", -1.0), safe);
    return call.emit("Mul", Map.of(), x, inverse);
  }

  /** The cosine of the angle between vectors, whose norms count as at least a small number. */
  private static Object cosine(FunctionCall call) {
    int[] dims = {call.integer(2, "dim", 1)};
    Clip least = new Clip(call.number(3, "eps", 1e-8), Double.POSITIVE_INFINITY);
    Ref[] units = new Ref[2];
    for (int i = 0; i < 2; i++) {
      Ref x = call.tensor(i, "x" + (i + 1));
      Ref norm = call.between("norm", reduce("Norm", Reductions.L2, dims, true), x);
      Ref safe = call.between("safe", least, norm);
      Ref inverse = call.between("inverse", "Power", Map.of("exponent", -1.0), safe);
      units[i] = call.between("unit", "Mul", Map.of(), x, inverse);
    }
    Ref product = call.between("product", "Mul", Map.of(), units[0], units[1]);
    return call.emit(reduce("Sum", Reductions.SUM, dims, false), text(dims, false), product);
  }

  /** The norm of differences, to which a small number is added first. */
  private static Object distance(FunctionCall call) {
    Reductions kind = ofNorm(call, call.get(2, "p"));
    double eps = call.number(3, "eps", 1e-6);
    boolean keep = call.flag(4, "keepdim", false);
    Ref minus = call.between("minus", "Affine", Map.of("scale", -1.0), call.tensor(1, "x2"));
    Ref difference = call.between("difference", "Add", Map.of(), call.tensor(0, "x1"), minus);
    Ref shifted = call.between("shifted", "Affine", Map.of("shift", eps), difference);
    int[] dims = {-1};
    return call.emit(reduce("Norm", kind, dims, keep), text(dims, keep), shifted);
  }

  private static Ref pair(FunctionCall call, boolean greatest) {
    String type = greatest ? "Maximum" : "Minimum";
    return call.emit(type, Map.of(), call.input(), call.tensor(1, "other"));
  }

  /** Of two tensors, or of an axis: then its values and where they are. */
  private static Object extreme(FunctionCall call, boolean greatest) {
    if (call.isTensor(call.get(1, "other"))) {
      return pair(call, greatest);
    }
    int[] dims = axes(call, 1);
    boolean keep = call.flag(2, "keepdim", false);
    Reductions kind = greatest ? Reductions.MAX : Reductions.MIN;
    Ref x = call.trace().memory().copy(call.input());
    return new ForwardValue.Several(
        part ->
            part == 0
                ? call.between("values", reduce("Max", kind, dims, keep), x)
                : call.between("indices", places(greatest, dims[0], keep), x),
        2,
        List.of("values", "indices"));
  }

  private static Layer places(boolean greatest, int dim, boolean keep) {
    return Shaped.of(
        greatest ? "ArgMax" : "ArgMin",
        shape -> new IndexOf(greatest, Axis.of(dim, shape, "dim"), keep, false));
  }

  private static Object index(FunctionCall call, boolean greatest) {
    int[] dims = axes(call, 1);
    boolean keep = call.flag(2, "keepdim", false);
    return call.emit(places(greatest, dims[0], keep), text(dims, keep), call.input());
  }

  private static Object topK(FunctionCall call) {
    int count = call.integer(1, "k", 1);
    int dim = call.integer(2, "dim", -1);
    boolean greatest = call.flag(3, "largest", true);
    if (count < 1) {
      throw call.error("takes " + count + " elements");
    }
    Ref x = call.trace().memory().copy(call.input());
    return new ForwardValue.Several(
        part -> {
          Layer layer =
              Shaped.of(
                  "TopK",
                  shape -> {
                    int axis = Axis.of(dim, shape, "dim");
                    if (shape.dim(axis).isNumber() && shape.dim(axis).value() < count) {
                      throw new InputException("takes " + count + " of " + shape.dim(axis));
                    }
                    return new TopK(axis, count, greatest, part == 1);
                  });
          return call.between(part == 0 ? "values" : "indices", layer, x);
        },
        2,
        List.of("values", "indices"));
  }

  private static Object cumulativeSum(FunctionCall call) {
    int[] dims = axes(call, 1);
    Layer layer =
        Shaped.of(
            "CumSum", shape -> new CumulativeSum(Axis.of(dims[0], shape, "dim"), false, false));
    return call.emit(layer, text(dims, false), call.input());
  }
}
