package lamina.network.read.onnx;

import java.util.LinkedHashMap;
import java.util.Map;
import lamina.layer.Add;
import lamina.layer.Elementwise;
import lamina.layer.Linear;
import lamina.layer.MatMul;
import lamina.layer.Mul;
import lamina.layer.Permute;
import lamina.op.BinaryFunction;
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
            && !b.isInteger()
            && weight.isNumber()
            && weight.rank() == 2
            && (c == null || (c.isConstant() && c.shape().rank() == 1));
    if (!isLinear) {
      general(op);
      return;
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

  /** alpha · A' · B' + beta · C, step by step. */
  private static void general(Operator op) {
    OnnxNode node = op.node();
    if (op.rank(0) != 2 || op.rank(1) != 2) {
      throw op.error("needs matrices, not " + op.shape(0) + " and " + op.shape(1));
    }
    Value a = op.input(0);
    Value b = op.input(1);
    int[] swap = {1, 0};
    if (node.flag("transA", false)) {
      a = op.between("/a", new Permute(swap), a);
    }
    if (node.flag("transB", false)) {
      b = op.between("/b", new Permute(swap), b);
    }
    Value y = op.between("/product", new MatMul(), a, b);
    if (node.number("alpha", 1) != 1) {
      y = scaled(op, "/scaled", y, "alpha");
    }
    Value c = op.optional(2);
    if (c == null || node.number("beta", 1) == 0) {
      op.put(0, y);
      return;
    }
    if (node.number("beta", 1) != 1) {
      c = scaled(op, "/shift", c, "beta");
    }
    op.emit(y.isInteger() ? new Elementwise("Gemm", BinaryFunction.ADD) : new Add(), y, c);
  }

  private static Value scaled(Operator op, String suffix, Value value, String attribute) {
    if (value.isInteger()) {
      throw op.unresolved("scales whole numbers by " + attribute + ", which is not known");
    }
    double factor = op.node().number(attribute, 1);
    return op.between(suffix, new Mul(), value, op.number("/" + attribute, factor));
  }

  /**
   * A sum over products: of one or two tensors, axes are brought into the order of a product of
   * matrices, {@code (shared, own of a, summed) · (shared, summed, own of b)}.
   */
  static void einsum(Operator op) {
    String equation = op.node().text("equation", "").replace(" ", "");
    int arrow = equation.indexOf("->");
    String[] terms = (arrow < 0 ? equation : equation.substring(0, arrow)).split(",", -1);
    if (terms.length != op.count()) {
      throw op.error("names " + terms.length + " tensors in '" + equation + "', not " + op.count());
    }
    String shared = "";
    for (int i = 0; i < terms.length; i++) {
      int named = terms[i].replace("...", "").length();
      int rest = op.rank(i) - named;
      if (rest < 0 || (rest > 0 && !terms[i].contains("..."))) {
        throw op.error("names " + named + " axes of " + op.shape(i) + " in '" + terms[i] + "'");
      }
      // Axes that the dots stand for, aligned at the last one.
      String dots = "0123456789".substring(10 - rest);
      shared = dots.length() > shared.length() ? dots : shared;
      terms[i] = terms[i].replace("...", dots);
    }
    String output =
        arrow < 0 ? shared + implied(terms) : equation.substring(arrow + 2).replace("...", shared);
    for (int i = 0; i < output.length(); i++) {
      if (String.join("", terms).indexOf(output.charAt(i)) < 0) {
        throw op.error("gives the axis '" + output.charAt(i) + "', which no input has");
      }
    }
    new Einsum(op, terms, output).emit();
  }

  /** Without an arrow: the letters that stand once, in the order of the alphabet. */
  private static String implied(String... terms) {
    String all = String.join("", terms);
    StringBuilder once = new StringBuilder();
    all.chars()
        .filter(c -> !Character.isDigit(c) && all.indexOf(c) == all.lastIndexOf(c))
        .sorted()
        .forEach(c -> once.append((char) c));
    return once.toString();
  }
}
