package lamina.network.read.onnx;

/** The table of ONNX's operators: which family makes a layer of each. */
final class Operators {
  private Operators() {}

  /**
   * Makes layers of a node, or computes what it gives.
   *
   * @throws Walk.Unresolved if the operator is unknown, or what it depends on
   * @throws lamina.text.InputException if its inputs or attributes do not fit
   */
  static void apply(Operator op) {
    OnnxNode node = op.node();
    if (!node.domain().isEmpty()) {
      throw new Walk.Unresolved("is of the domain '" + node.domain() + "', which is not known");
    }
    switch (node.type()) {
      case "Identity" -> op.put(0, op.input(0));
      case "Dropout" -> SourceOperators.dropout(op);
      case "Constant" -> SourceOperators.constant(op);
      case "ConstantOfShape" -> SourceOperators.constantOfShape(op);
      case "Conv" -> WindowOperators.conv(op);
      case "ConvTranspose" -> WindowOperators.convTranspose(op);
      case "MaxPool", "AveragePool", "LpPool" -> WindowOperators.pool(op);
      case "GlobalMaxPool", "GlobalAveragePool" -> WindowOperators.globalPool(op);
      case "BatchNormalization" -> NormalizationOperators.batch(op);
      case "InstanceNormalization" -> NormalizationOperators.instance(op);
      case "LRN" -> NormalizationOperators.response(op);
      case "Softmax", "LogSoftmax" -> PointwiseOperators.softmax(op);
      case "Add", "Mul", "Sum" -> PointwiseOperators.merge(op);
      case "Gemm" -> ProductOperators.gemm(op);
      case "Flatten" -> ShapeOperators.flatten(op);
      case "Reshape" -> ShapeOperators.reshape(op);
      case "Concat" -> ShapeOperators.concat(op);
      default -> PointwiseOperators.activation(op);
    }
  }
}
