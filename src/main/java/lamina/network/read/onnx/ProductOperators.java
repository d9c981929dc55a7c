package lamina.network.read.onnx;

import java.util.LinkedHashMap;
import java.util.Map;
import lamina.layer.Linear;
import lamina.tensor.Shape;

/** Products of matrices. */
final class ProductOperators {
  private ProductOperators() {}

  static void gemm(Operator op) {
    OnnxNode node = op.node();
    Value b = op.input(1);
    Value c = op.optional(2);
    Shape weight = op.shape(1);
    boolean isLinear =
        !node.flag("transA", false)
            && node.flag("transB", false)
            && node.number("alpha", 1) == 1
            && node.number("beta", 1) == 1
            && b.isConstant()
            && weight.isNumber()
            && weight.rank() == 2
            && (c == null || (c.isConstant() && c.shape().rank() == 1));
    if (!isLinear) {
      throw op.unresolved("is a general product");
    }
    if (op.rank(0) != 2) {
      throw op.error("needs matrices, not " + op.shape(0));
    }
    Map<String, Value> weights = new LinkedHashMap<>();
    weights.put("weight", b);
    if (c != null) {
      weights.put("bias", c);
    }
    op.emit(
        new Linear(weight.dim(1), (int) weight.dim(0).value(), c != null), weights, op.input(0));
  }
}
