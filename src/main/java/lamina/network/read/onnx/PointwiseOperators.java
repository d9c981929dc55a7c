package lamina.network.read.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lamina.layer.ActivationLayer;
import lamina.layer.Add;
import lamina.layer.Cast;
import lamina.layer.Clip;
import lamina.layer.ElementFunction;
import lamina.layer.Elementwise;
import lamina.layer.Hardmax;
import lamina.layer.Layer;
import lamina.layer.Mul;
import lamina.layer.Reshape;
import lamina.layer.Shrink;
import lamina.layer.Where;
import lamina.op.Activation;
import lamina.op.BinaryFunction;
import lamina.op.UnaryFunction;
import lamina.op.activation.ActivationKind;
import lamina.op.activation.Activations;
import lamina.op.activation.ForeignName;
import lamina.tensor.NarrowNumber;
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
          if (node.type().equals("Selu") && !node.attributes().isEmpty()) {
            selu(op);
            return;
          }
          // Gelu has another function by this word.
          String word = node.text("approximate", "none");
          if (node.has("approximate") && !List.of(kind.variants()).contains(word)) {
            throw op.error("has approximate '" + word + "'; it takes none or tanh");
          }
          Activation function =
              Activation.of(kind.variant(word), name, attribute -> given(node, attribute));
          op.emit(ActivationLayer.of(function), op.input(0));
          return;
        }
      }
    }
    throw op.unresolved("is an operator that is not known (opset " + op.opset() + ")");
  }

  /** A SELU; with parameters of its own, it is a multiple of an ELU. */
  private static void selu(Operator op) {
    double alpha = op.node().number("alpha", 1.6732632423543772);
    Activation elu = Activation.of(Activations.of("elu"), alpha);
    Value value = op.between("/elu", ActivationLayer.of(elu), op.input(0));
    op.emit(new Mul(), value, op.number("/gamma", op.node().number("gamma", 1.0507009873554805)));
  }

  /** x · sigmoid(alpha · x), a SiLU of alpha 1. */
  static void swish(Operator op) {
    double alpha = op.node().number("alpha", 1);
    Value x = op.input(0);
    if (alpha == 1) {
      op.emit(ActivationLayer.of(Activation.byName("silu")), x);
      return;
    }
    Value scaled = op.between("/scaled", new Mul(), x, op.number("/alpha", alpha));
    Layer sigmoid = ActivationLayer.of(Activation.byName("sigmoid"));
    op.emit(new Mul(), x, op.between("/sigmoid", sigmoid, scaled));
  }

  private static Number given(OnnxNode node, String attribute) {
    return node.has(attribute) ? node.number(attribute, 0) : null;
  }

  private static Layer along(OnnxNode node, int axis) {
    return switch (node.type()) {
      case "Softmax" -> ActivationLayer.of(Activation.byName("softmax").along(axis));
      case "LogSoftmax" -> ActivationLayer.of(Activation.byName("log-softmax").along(axis));
      default -> new Hardmax(axis);
    };
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

  /** Functions of any number of tensors, two at a time. */
  static void merge(Operator op) {
    String type = op.node().type();
    Value sum = op.input(0);
    for (int i = 1; i < op.count(); i++) {
      Value next = aligned(op, op.input(i));
      boolean isReal = !sum.isInteger() && !next.isInteger();
      Layer layer =
          switch (type) {
            case "Max" -> new Elementwise(type, BinaryFunction.MAX);
            case "Min" -> new Elementwise(type, BinaryFunction.MIN);
            case "Mul" -> isReal ? new Mul() : new Elementwise(type, BinaryFunction.MUL);
            default -> isReal ? new Add() : new Elementwise(type, BinaryFunction.ADD);
          };
      boolean isLast = i == op.count() - 1 && !type.equals("Mean");
      sum = isLast ? op.emit(layer, sum, next) : op.between("/" + i, layer, sum, next);
    }
    if (type.equals("Mean") && op.count() > 1) {
      Value count = op.number("/count", op.count());
      op.emit(new Elementwise("Div", BinaryFunction.DIV), sum, count);
    } else if (op.count() == 1) {
      op.put(0, sum);
    }
  }

  /**
   * Before opset 7 an attribute says at which axis of the first input the second begins; the slopes
   * of PRelu begin at the channels.
   */
  private static Value aligned(Operator op, Value b) {
    OnnxNode node = op.node();
    boolean isSlope = node.type().equals("PRelu") && op.rank(0) > 1;
    boolean isPlaced = node.flag("broadcast", false) && node.has("axis");
    if (op.opset() >= 7 || (!isSlope && !isPlaced)) {
      return b;
    }
    List<Dim> dims = new ArrayList<>(Walk.shape(b).dims());
    int axis = isSlope ? 1 : op.axis(node.integer("axis", 0), op.rank(0));
    while (dims.size() < op.rank(0) - axis) {
      dims.add(Dim.ONE);
    }
    return op.between("/aligned", new Reshape("Reshape", new Shape(dims)), b);
  }

  static void binary(Operator op, BinaryFunction function) {
    Value a = op.input(0);
    Value b = aligned(op, op.input(1));
    boolean isInteger = function.isTruth() || a.isInteger();
    if (function == BinaryFunction.PRELU && Walk.shape(b).rank() > op.rank(0)) {
      throw op.error("needs slopes that stretch to " + op.shape(0) + ", not " + b.shape());
    }
    op.emit(0, new Elementwise(op.node().type(), function), List.of(a, b), Map.of(), isInteger);
  }

  static void unary(Operator op, UnaryFunction function) {
    Value x = op.input(0);
    op.emit(
        0,
        new ElementFunction(op.node().type(), function),
        List.of(x),
        Map.of(),
        function.isTruth() || x.isInteger());
  }

  static void isInfinite(Operator op) {
    boolean below = op.node().flag("detect_negative", true);
    boolean above = op.node().flag("detect_positive", true);
    UnaryFunction function =
        below && above
            ? UnaryFunction.IS_INFINITE
            : above
                ? UnaryFunction.IS_INFINITE_ABOVE
                : below ? UnaryFunction.IS_INFINITE_BELOW : UnaryFunction.NEVER;
    unary(op, function);
  }

  /** The bounds are attributes before opset 11, then inputs. */
  static void clip(Operator op) {
    OnnxNode node = op.node();
    boolean isOld = op.opset() < 11;
    double least =
        isOld
            ? node.number("min", Double.NEGATIVE_INFINITY)
            : op.number(1, Double.NEGATIVE_INFINITY);
    double most =
        isOld
            ? node.number("max", Double.POSITIVE_INFINITY)
            : op.number(2, Double.POSITIVE_INFINITY);
    op.emit(new Clip(least, most), op.input(0));
  }

  /** x + bias below −lambd, x − bias above lambd, 0 between. */
  static void shrink(Operator op) {
    double bias = op.node().number("bias", 0);
    double bound = op.node().number("lambd", 0.5);
    op.emit(new Shrink(bias, bound), op.input(0));
  }

  static void cast(Operator op) {
    OnnxNode node = op.node();
    boolean isLike = node.type().equals("CastLike");
    int to = isLike ? op.elementType(1) : node.size("to", 0, 0);
    if (isLike && to == 0) {
      if (op.input(1).isInteger()) {
        throw op.unresolved("casts to a whole number whose width is not known");
      }
      to = 1;
    }
    Cast cast = cast(op, to, node.flag("saturate", true));
    String mode = node.text("round_mode", "up");
    if (cast.format() == NarrowNumber.E8M0 && !mode.equals("up")) {
      throw op.unresolved("rounds '" + mode + "', which is not known; 'up' is");
    }
    op.emit(0, cast, List.of(op.input(0)), Map.of(), cast.kind() != Cast.Kind.NUMBER);
  }

  /** A cast to one of ONNX's data types by its number. */
  static Cast cast(Operator op, int type, boolean saturates) {
    Cast.Kind kind = Cast.Kind.ofOnnx(type);
    if (kind == null) {
      throw op.unresolved(
          type == 8
              ? "casts to strings, which are no numbers"
              : "casts to the data type " + type + ", which is not known");
    }
    NarrowNumber format =
        switch (type) {
          case 16 -> NarrowNumber.BFLOAT16;
          case 17 -> NarrowNumber.E4M3FN;
          case 18 -> NarrowNumber.E4M3FNUZ;
          case 19 -> NarrowNumber.E5M2;
          case 20 -> NarrowNumber.E5M2FNUZ;
          case 23 -> NarrowNumber.E2M1;
          case 24 -> NarrowNumber.E8M0;
          default -> null;
        };
    return new Cast(kind, op.walk().dtype(), format, saturates);
  }

  static void where(Operator op) {
    Value x = op.input(1);
    Value y = op.input(2);
    op.emit(0, new Where(), List.of(op.input(0), x, y), Map.of(), x.isInteger() && y.isInteger());
  }
}
