package lamina.network.read.onnx;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import lamina.layer.Add;
import lamina.layer.Affine;
import lamina.layer.BatchNorm;
import lamina.layer.Conv;
import lamina.layer.ElementFunction;
import lamina.layer.Elementwise;
import lamina.layer.GroupNorm;
import lamina.layer.LayerNorm;
import lamina.layer.LocalResponseNorm;
import lamina.layer.Mul;
import lamina.layer.Pick;
import lamina.layer.Reduce;
import lamina.layer.Reshape;
import lamina.op.BinaryFunction;
import lamina.op.ChannelScaling;
import lamina.op.Reductions;
import lamina.op.UnaryFunction;
import lamina.tensor.Shape;
import lamina.tensor.symbol.Dim;

/** Normalisations. */
final class NormalizationOperators {
  private NormalizationOperators() {}

  static void batch(Operator op) {
    if (op.node().flag("training_mode", false)) {
      training(op);
      return;
    }
    if (op.opset() < 9 && !op.node().flag("spatial", true)) {
      throw op.unresolved("has spatial=0, which is not known");
    }
    Map<String, Value> weights = scaleAndShift(op);
    weights.put("running_mean", op.input(3));
    weights.put("running_var", op.input(4));
    checkStatistics(op, weights);
    int axes = Math.max(1, op.rank(0) - 2);
    double eps = op.node().number("epsilon", 1e-5);
    Parts.Made before = op.walk().mergeable(op.input(0));
    if (before != null && before.layer() instanceof Conv conv && areConstant(before, weights)) {
      Conv merged =
          new Conv(
              conv.inChannels(),
              conv.outChannels(),
              conv.window(),
              conv.same(),
              conv.groups(),
              true,
              conv.paddingMode());
      op.emit(0, merged, before.operands(), merged(op, before.parameters(), weights, eps), false);
      return;
    }
    op.emit(new BatchNorm(false, axes, channels(op), eps, 0.1, true, true), weights, op.input(0));
  }

  /** By the mean and the variance of the batch itself, which move the running ones. */
  private static void training(Operator op) {
    Map<String, Value> weights = scaleAndShift(op);
    boolean[] reduced = new boolean[op.rank(0)];
    Arrays.fill(reduced, true);
    reduced[1] = false;
    double eps = op.node().number("epsilon", 1e-5);
    Value[] parts = standardized(op, reduced, eps);
    Shape column = parts[1].shape().with(0, Dim.ONE);
    Value scale = op.between("/scale", new Reshape("Reshape", column), weights.get("weight"));
    Value shift = op.between("/shift", new Reshape("Reshape", column), weights.get("bias"));
    op.emit(new Add(), op.between("/scaled", new Mul(), parts[0], scale), shift);
    Value[] now = {parts[1], parts[3]};
    double momentum = op.node().number("momentum", 0.9);
    for (int i = 0; i < 2; i++) {
      if (op.wants(1 + i)) {
        Shape shape = op.shape(3 + i);
        Value flat = op.between("/now" + i, new Reshape("Reshape", shape), now[i]);
        Value moved = op.between("/moved" + i, new Affine(1 - momentum, 0), flat);
        Value kept = op.between("/kept" + i, new Affine(momentum, 0), op.input(3 + i));
        op.put(1 + i, op.between("/running" + i, new Add(), moved, kept));
      }
    }
  }

  private static boolean areConstant(Parts.Made conv, Map<String, Value> weights) {
    boolean are = true;
    for (Value value : conv.parameters().values()) {
      are &= value.isConstant();
    }
    for (Value value : weights.values()) {
      are &= value.isConstant();
    }
    return are;
  }

  /** The weights of a convolution and the normalisation after it as those of one convolution. */
  private static Map<String, Value> merged(
      Operator op, Map<String, Value> conv, Map<String, Value> norm, double eps) {
    Value kernel = conv.get("weight");
    boolean isOwn = op.walk().isOnlyTakenBy("Conv", kernel);
    Value bias = conv.get("bias");
    Value shift = norm.get("bias");
    Supplier<ChannelScaling> scaling =
        () ->
            new ChannelScaling(
                norm.get("weight").constant().get(),
                shift.constant().get(),
                norm.get("running_mean").constant().get(),
                norm.get("running_var").constant().get(),
                eps);
    Map<String, Value> merged = new LinkedHashMap<>();
    merged.put(
        "weight",
        Value.constant(
            kernel.name(),
            kernel.shape(),
            false,
            () -> scaling.get().kernel(kernel.constant().get(), isOwn)));
    merged.put(
        "bias",
        Value.constant(
            shift.name(),
            shift.shape(),
            false,
            () ->
                scaling
                    .get()
                    .bias(bias == null ? null : bias.constant().get())
                    .as(shift.constant().get().dtype())));
    return merged;
  }

  private static void checkStatistics(Operator op, Map<String, Value> weights) {
    weights.forEach(
        (name, value) -> {
          Shape shape = Walk.shape(value);
          if (shape.rank() != 1 || !shape.dim(0).equals(channels(op))) {
            throw op.error(
                "needs one value a channel in '"
                    + value.name()
                    + "', "
                    + channels(op)
                    + ", not "
                    + shape);
          }
        });
  }

  static void instance(Operator op) {
    Map<String, Value> weights = scaleAndShift(op);
    checkStatistics(op, weights);
    double eps = op.node().number("epsilon", 1e-5);
    op.emit(
        new BatchNorm(true, op.rank(0) - 2, channels(op), eps, 0.1, true, false),
        weights,
        op.input(0));
  }

  private static Map<String, Value> scaleAndShift(Operator op) {
    if (op.rank(0) < 2) {
      throw op.error("needs an input (N, C, ...), not " + op.shape(0));
    }
    Map<String, Value> weights = new LinkedHashMap<>();
    weights.put("weight", op.input(1));
    weights.put("bias", op.input(2));
    return weights;
  }

  private static Dim channels(Operator op) {
    Dim channels = op.shape(0).dim(1);
    return channels.isNumber() ? channels : op.shape(1).dim(0);
  }

  static void response(Operator op) {
    OnnxNode node = op.node();
    op.emit(
        new LocalResponseNorm(
            node.size("size", 0, 1),
            node.number("alpha", 1e-4),
            node.number("beta", 0.75),
            node.number("bias", 1)),
        op.input(0));
  }

  /** Each sample over its last axes; the mean and the spread are outputs too. */
  static void layer(Operator op) {
    OnnxNode node = op.node();
    Shape shape = op.shape(0);
    int axis = op.axis(node.integer("axis", -1), shape.rank());
    double eps = node.number("epsilon", 1e-5);
    Shape rows = new Shape(shape.dims().subList(axis, shape.rank()));
    boolean bias = op.optional(2) != null;
    boolean isWhole =
        rows.isNumber()
            && op.shape(1).equals(rows)
            && (!bias || op.shape(2).equals(rows))
            && !op.wants(1)
            && !op.wants(2);
    if (isWhole) {
      Map<String, Value> weights = new LinkedHashMap<>();
      weights.put("weight", op.input(1));
      if (bias) {
        weights.put("bias", op.input(2));
      }
      op.emit(new LayerNorm(false, rows.sizes(), eps, true, bias), weights, op.input(0));
      return;
    }
    boolean[] reduced = new boolean[shape.rank()];
    Arrays.fill(reduced, axis, reduced.length, true);
    Value[] parts = standardized(op, reduced, eps);
    Value scaled = op.between("/scaled", new Mul(), parts[0], op.input(1));
    if (bias) {
      op.emit(new Add(), scaled, op.input(2));
    } else {
      op.put(0, scaled);
    }
    if (op.wants(1)) {
      op.put(1, parts[1]);
    }
    if (op.wants(2)) {
      op.put(2, parts[2]);
    }
  }

  /** The deviations from the mean over the spread; the mean; 1 over the spread; the variance. */
  private static Value[] standardized(Operator op, boolean[] reduced, double eps) {
    Value x = op.input(0);
    Value mean = op.between("/mean", new Reduce("ReduceMean", Reductions.MEAN, reduced, true), x);
    Value off = op.between("/off", new Elementwise("Sub", BinaryFunction.SUB), x, mean);
    Value variance = meanSquare(op, off, reduced);
    Value inverse = inverseSpread(op, variance, eps);
    Value y = op.between("/standardized", new Mul(), off, inverse);
    return new Value[] {y, mean, inverse, variance};
  }

  /** Each sample over the root of the mean of its squares on its last axes, times a scale. */
  static void rootMeanSquare(Operator op) {
    boolean[] reduced = new boolean[op.rank(0)];
    int axis = op.axis(op.node().integer("axis", -1), reduced.length);
    Arrays.fill(reduced, axis, reduced.length, true);
    Value x = op.input(0);
    Value square = meanSquare(op, x, reduced);
    Value inverse = inverseSpread(op, square, op.node().number("epsilon", 1e-5));
    Value y = op.between("/standardized", new Mul(), x, inverse);
    op.emit(new Mul(), y, op.input(1));
  }

  private static Value meanSquare(Operator op, Value x, boolean... reduced) {
    Value square = op.between("/square", new Mul(), x, x);
    return op.between(
        "/variance", new Reduce("ReduceMean", Reductions.MEAN, reduced, true), square);
  }

  /** 1 over the root of the mean of squares. */
  private static Value inverseSpread(Operator op, Value variance, double eps) {
    Value safe = op.between("/safe", new Add(), variance, op.number("/eps", eps));
    Value spread = op.between("/spread", new ElementFunction("Sqrt", UnaryFunction.SQRT), safe);
    return op.between(
        "/inverse", new ElementFunction("Reciprocal", UnaryFunction.RECIPROCAL), spread);
  }

  /** Over given axes, all but the channels by default; no weights. */
  static void meanVariance(Operator op) {
    long[] axes = op.node().integers("axes");
    boolean[] reduced = new boolean[op.rank(0)];
    for (long axis : axes == null ? new long[] {0, 2, 3} : axes) {
      reduced[op.axis(axis, reduced.length)] = true;
    }
    op.put(0, standardized(op, reduced, 1e-9)[0]);
  }

  /** Scale and shift are one a group before opset 21, then one a channel. */
  static void group(Operator op) {
    OnnxNode node = op.node();
    Shape shape = op.shape(0);
    int groups = node.size("num_groups", 0, 1);
    if (shape.rank() < 2 || !shape.dim(1).isNumber()) {
      throw op.unresolved("has channels whose number is not known");
    }
    int channels = (int) shape.dim(1).value();
    if (channels % groups != 0) {
      throw op.error("has " + groups + " groups, which do not divide " + channels + " channels");
    }
    Map<String, Value> weights = scaleAndShift(op);
    if (op.shape(1).equals(Shape.of(groups)) && groups != channels) {
      int[] repeated = new int[channels];
      for (int i = 0; i < channels; i++) {
        repeated[i] = i / (channels / groups);
      }
      Pick pick = new Pick("Repeat", Shape.of(channels), new int[][] {repeated}, 0);
      weights.put("weight", op.between("/scale", pick, op.input(1)));
      weights.put("bias", op.between("/shift", pick, op.input(2)));
    }
    checkStatistics(op, weights);
    op.emit(
        new GroupNorm(groups, channels, node.number("epsilon", 1e-5), true), weights, op.input(0));
  }

  /** Rows of an axis over their norm. */
  static void norm(Operator op) {
    long power = op.node().integer("p", 2);
    if (power != 1 && power != 2) {
      throw op.error("has the norm " + power + "; 1 and 2 are allowed");
    }
    boolean[] reduced = new boolean[op.rank(0)];
    reduced[op.axis(op.node().integer("axis", -1), reduced.length)] = true;
    Reductions kind = power == 1 ? Reductions.L1 : Reductions.L2;
    Value norm = op.between("/norm", new Reduce("Norm", kind, reduced, true), op.input(0));
    op.emit(new Elementwise("Div", BinaryFunction.DIV), op.input(0), norm);
  }
}
