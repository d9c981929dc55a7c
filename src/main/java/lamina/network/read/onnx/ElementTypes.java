package lamina.network.read.onnx;

import java.util.Set;
import lamina.format.OnnxTensor;
import lamina.layer.Cast;

/**
 * The data types of values by ONNX's numbers, as far as they follow from inputs, weights and
 * operators, or the file says them; all whole numbers are computed with in 64 bits.
 */
final class ElementTypes {
  static final int UINT8 = 2;
  static final int INT32 = 6;

  /** Operators of one type whose results may not fit it. */
  private static final Set<String> ARITHMETIC =
      Set.of(
          "Add",
          "Sub",
          "Mul",
          "Div",
          "Sum",
          "Pow",
          "Neg",
          "Abs",
          "BitShift",
          "BitwiseNot",
          "MatMul",
          "Gemm",
          "Einsum",
          "CumSum",
          "ReduceSum",
          "ReduceProd",
          "ReduceSumSquare",
          "ReduceL1",
          "ReduceL2");

  /** Further operators whose outputs have the type of their first input. */
  private static final Set<String> SAME =
      Set.of(
          "Identity",
          "Dropout",
          "Max",
          "Min",
          "Mean",
          "Mod",
          "BitwiseAnd",
          "BitwiseOr",
          "BitwiseXor",
          "Sign",
          "Relu",
          "Clip",
          "Flatten",
          "Reshape",
          "Squeeze",
          "Unsqueeze",
          "Transpose",
          "Concat",
          "Expand",
          "Tile",
          "Slice",
          "Split",
          "Pad",
          "DepthToSpace",
          "SpaceToDepth",
          "Gather",
          "GatherElements",
          "GatherND",
          "Scatter",
          "ScatterElements",
          "ScatterND",
          "Compress",
          "ReverseSequence",
          "Trilu",
          "Resize",
          "Upsample",
          "ReduceMax",
          "ReduceMin",
          "ReduceMean",
          "MaxPool",
          "TopK",
          "Range",
          "MaxUnpool",
          "CenterCropPad",
          "Col2Im",
          "Unique",
          "SequenceConstruct",
          "SequenceInsert",
          "SequenceErase",
          "SequenceAt",
          "SplitToSequence",
          "ConcatFromSequence",
          "Optional",
          "OptionalGetElement");

  private ElementTypes() {}

  private static int type(OnnxNode node, int input, NodeScope scope) {
    return input < node.inputs().size() ? scope.type(node.inputs().get(input)) : 0;
  }

  /** What the results of a node are to be cut to; null if they are not. */
  static Cast.Kind narrow(OnnxNode node, NodeScope scope) {
    if (!node.domain().isEmpty() || !ARITHMETIC.contains(node.type())) {
      return null;
    }
    Cast.Kind kind = Cast.Kind.ofOnnx(type(node, 0, scope));
    return kind != null && kind.isNarrow() ? kind : null;
  }

  /**
   * Whether an output counts or names things, as far as the operator alone says.
   *
   * @param isFirst whether its first input does
   */
  static boolean isIndex(OnnxNode node, int output, boolean isFirst) {
    return switch (node.type()) {
      case "NonZero", "NonMaxSuppression", "ArgMax", "ArgMin", "Shape", "Size", "SequenceLength" ->
          true;
      case "TopK", "Unique", "MaxPool" -> output > 0;
      default -> isFirst && (SAME.contains(node.type()) || ARITHMETIC.contains(node.type()));
    };
  }

  /**
   * Finds the types of what a node gives.
   *
   * @param scope where they are, and what says the types of operators that are not known here
   */
  static void infer(OnnxNode node, NodeScope scope) {
    for (int i = 0; i < node.outputs().size(); i++) {
      String output = node.outputs().get(i);
      if (scope.type(output) != 0) {
        continue;
      }
      int found = node.domain().isEmpty() ? inferred(node, i, scope) : 0;
      OnnxGraph.Info info = scope.info(output);
      scope.putType(output, found == 0 && info != null ? info.type() : found);
    }
  }

  private static int inferred(OnnxNode node, int output, NodeScope scope) {
    String type = node.type();
    boolean isSame = ARITHMETIC.contains(type) || SAME.contains(type);
    if (isSame && (output == 0 || type.equals("Split"))) {
      return type(node, 0, scope);
    }
    return switch (type) {
      case "Where", "CastLike" -> type(node, 1, scope);
      case "OneHot" -> type(node, 2, scope);
      case "Cast" -> (int) node.integer("to", 0);
      case "Constant", "ConstantOfShape" -> {
        OnnxTensor value = node.has("value") ? node.tensor("value") : null;
        yield value == null ? 0 : value.type();
      }
      case "QuantizeLinear" -> {
        int ofZero = type(node, 2, scope);
        yield ofZero != 0 ? ofZero : (int) node.integer("output_dtype", UINT8);
      }
      case "QLinearConv", "QLinearMatMul" -> type(node, 7, scope);
      case "DynamicQuantizeLinear" -> output == 1 ? 1 : UINT8;
      case "ConvInteger", "MatMulInteger" -> INT32;
      default -> 0;
    };
  }
}
