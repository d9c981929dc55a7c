package lamina.network.read.onnx;

import java.util.LinkedHashMap;
import java.util.Map;
import lamina.layer.BatchNorm;
import lamina.layer.LocalResponseNorm;
import lamina.tensor.Shape;
import lamina.tensor.symbol.Dim;

/** Normalisations. */
final class NormalizationOperators {
  private NormalizationOperators() {}

  static void batch(Operator op) {
    if (op.node().flag("training_mode", false)) {
      throw op.unresolved("is in training mode; export the model for evaluation");
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
    op.emit(new BatchNorm(false, axes, channels(op), eps, 0.1, true, true), weights, op.input(0));
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
}
