package lamina.network.read.onnx;

import java.util.ArrayList;
import java.util.List;
import lamina.layer.ActivationLayer;
import lamina.layer.Add;
import lamina.layer.Mul;
import lamina.layer.Reshape;
import lamina.op.Activation;
import lamina.op.activation.ActivationKind;
import lamina.op.activation.Activations;
import lamina.op.activation.ForeignName;
import lamina.tensor.Shape;
import lamina.tensor.symbol.Dim;

/** Functions of single elements, of pairs of them, and of rows. */
final class PointwiseOperators {
  private PointwiseOperators() {}

  /** A function whose file in {@code lamina.op.activation} names the operator. */
  static void activation(Operator op) {
    OnnxNode node = op.node();
    for (ActivationKind kind : Activations.ALL) {
      for (ForeignName name : kind.onnx()) {
        if (name.name().equals(node.type())) {
          op.emit(
              ActivationLayer.of(Activation.of(kind, name, attribute -> given(node, attribute))),
              op.input(0));
          return;
        }
      }
    }
    throw op.unresolved("is an operator that is not known (opset " + op.opset() + ")");
  }

  private static Number given(OnnxNode node, String attribute) {
    return node.has(attribute) ? node.number(attribute, 0) : null;
  }

  private static ActivationLayer along(OnnxNode node, int axis) {
    String name = node.type().equals("Softmax") ? "softmax" : "log-softmax";
    return ActivationLayer.of(Activation.byName(name).along(axis));
  }

  /** Before opset 13 all axes from the given one on are one row. */
  static void softmax(Operator op) {
    Value x = op.input(0);
    Shape shape = op.shape(0);
    boolean isRow = op.opset() < 13;
    int axis = op.axis(op.node().integer("axis", isRow ? 1 : -1), Math.max(1, shape.rank()));
    if (!isRow || axis == shape.rank() - 1) {
      op.emit(along(op.node(), axis), x);
      return;
    }
    List<Dim> rows = new ArrayList<>();
    rows.add(new Shape(shape.dims().subList(0, axis)).elements());
    rows.add(new Shape(shape.dims().subList(axis, shape.rank())).elements());
    Value flat = op.between("/rows", new Reshape("Reshape", new Shape(rows)), x);
    Value y = op.between("/softmax", along(op.node(), 1), flat);
    op.emit(new Reshape("Reshape", shape), y);
  }

  static void merge(Operator op) {
    Value[] operands = new Value[op.count()];
    for (int i = 0; i < operands.length; i++) {
      operands[i] = op.input(i);
    }
    if (operands.length == 1) {
      op.put(0, operands[0]);
      return;
    }
    op.emit(op.node().type().equals("Mul") ? new Mul() : new Add(), operands);
  }
}
