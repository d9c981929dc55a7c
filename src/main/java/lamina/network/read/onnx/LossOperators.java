package lamina.network.read.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lamina.layer.ActivationLayer;
import lamina.layer.Cast;
import lamina.layer.ElementFunction;
import lamina.layer.Elementwise;
import lamina.layer.Gather;
import lamina.layer.Mul;
import lamina.layer.Reduce;
import lamina.layer.Reshape;
import lamina.layer.Where;
import lamina.op.Activation;
import lamina.op.BinaryFunction;
import lamina.op.Reductions;
import lamina.op.UnaryFunction;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;

/** Losses of classes: scores {@code (N, C, d...)} against labels {@code (N, d...)}. */
final class LossOperators {
  private LossOperators() {}

  static void crossEntropy(Operator op) {
    Activation logSoftmax = Activation.byName("log-softmax").along(1);
    Value scores = op.between("/log", ActivationLayer.of(logSoftmax), op.input(0));
    if (op.wants(1)) {
      op.put(1, scores);
    }
    loss(op, scores);
  }

  static void negativeLogLikelihood(Operator op) {
    loss(op, op.input(0));
  }

  /** Minus the score of each label, times the weight of its class; ignored labels count as 0. */
  private static void loss(Operator op, Value scores) {
    OnnxNode node = op.node();
    Shape shape = op.shape(0);
    Shape labels = op.shape(1);
    List<Dim> dims = new ArrayList<>(shape.dims());
    if (shape.rank() < 2 || !op.input(1).isInteger()) {
      throw op.error("needs scores (N, C, ...) and whole numbers as labels, not " + shape);
    }
    dims.remove(1);
    if (!new Shape(dims).equals(labels) && labels.isNumber() && shape.isNumber()) {
      throw op.error("needs labels of " + new Shape(dims) + " for " + shape + ", not " + labels);
    }
    Value label = op.input(1);
    Value weight = null;
    if (node.has("ignore_index")) {
      Value ignored =
          op.constant("/ignored", Tensor.of(new long[] {node.integer("ignore_index", 0)}));
      Value is =
          op.typed(
              "/isIgnored", true, new Elementwise("Equal", BinaryFunction.EQUAL), label, ignored);
      Value none = op.constant("/none", Tensor.of(new long[] {0}));
      label = op.between("/label", new Where(), is, none, label);
      Value not = op.between("/isCounted", new ElementFunction("Not", UnaryFunction.NOT), is);
      weight = op.typed("/counted", false, new Cast(Cast.Kind.NUMBER, op.walk().dtype()), not);
    }
    dims.add(1, Dim.ONE);
    Value places = op.between("/places", new Reshape("Unsqueeze", new Shape(dims)), label);
    Gather gather = new Gather(Gather.Kind.ELEMENTS, 1);
    Value picked = op.typed("/picked", false, gather, scores, places);
    Value own = op.between("/own", new Reshape("Squeeze", labels), picked);
    Value loss = op.between("/minus", new ElementFunction("Neg", UnaryFunction.NEG), own);
    if (op.optional(2) != null) {
      Gather table = new Gather(Gather.Kind.ENTRIES, 0);
      Value ofClass = op.typed("/weights", false, table, op.input(2), label);
      weight = weight == null ? ofClass : op.between("/weight", new Mul(), ofClass, weight);
    }
    reduce(op, loss, weight, labels.rank());
  }

  /**
   * @param weight of each loss; null if all count alike
   */
  private static void reduce(Operator op, Value each, Value weight, int rank) {
    Value loss = weight == null ? each : op.between("/weighted", new Mul(), each, weight);
    boolean[] all = new boolean[rank];
    Arrays.fill(all, true);
    Reduce sum = new Reduce("ReduceSum", Reductions.SUM, all, false);
    String reduction = op.node().text("reduction", "mean");
    switch (reduction) {
      case "none" -> op.put(0, loss);
      case "sum" -> op.emit(sum, loss);
      case "mean" -> {
        if (weight == null) {
          op.emit(new Reduce("ReduceMean", Reductions.MEAN, all, false), loss);
          return;
        }
        Value total = op.between("/total", sum, loss);
        Value weights = op.between("/allWeights", sum, weight);
        op.emit(new Elementwise("Div", BinaryFunction.DIV), total, weights);
      }
      default -> throw op.error("has the unknown reduction '" + reduction + "'");
    }
  }
}
