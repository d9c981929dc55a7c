package lamina.network.read.onnx;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import lamina.format.OnnxTensor;
import lamina.layer.Cast;

/**
 * The data types of values by ONNX's numbers, as far as they follow from inputs, weights and
 * operators, or the file says them; all whole numbers are computed with in 64 bits.
 */
final class ElementTypes {
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
          "Range");

  private final Map<String, Integer> types = new HashMap<>();

  /** Says the type of an input or a weight; 0 if it is unknown. */
  void put(String value, int type) {
    types.put(value, type);
  }

  private int type(OnnxNode node, int input) {
    return input < node.inputs().size() ? types.getOrDefault(node.inputs().get(input), 0) : 0;
  }

  /** What the results of a node are to be cut to; null if they are not. */
  Cast.Kind narrow(OnnxNode node) {
    if (!node.domain().isEmpty() || !ARITHMETIC.contains(node.type())) {
      return null;
    }
    Cast.Kind kind = Cast.Kind.ofOnnx(type(node, 0));
    return kind != null && kind.isNarrow() ? kind : null;
  }

  /**
   * Finds the types of what a node gives.
   *
   * @param graph what says the types of values of operators that are not known here
   */
  void infer(OnnxNode node, OnnxGraph graph) {
    for (int i = 0; i < node.outputs().size(); i++) {
      String output = node.outputs().get(i);
      int found = node.domain().isEmpty() ? inferred(node, i) : 0;
      OnnxGraph.Info info = graph.info(output);
      types.put(output, found == 0 && info != null ? info.type() : found);
    }
  }

  private int inferred(OnnxNode node, int output) {
    String type = node.type();
    boolean isSame = ARITHMETIC.contains(type) || SAME.contains(type);
    if (isSame && (output == 0 || type.equals("Split"))) {
      return type(node, 0);
    }
    return switch (type) {
      case "Where", "CastLike" -> type(node, 1);
      case "OneHot" -> type(node, 2);
      case "Cast" -> (int) node.integer("to", 0);
      case "Constant", "ConstantOfShape" -> {
        OnnxTensor value = node.has("value") ? node.tensor("value") : null;
        yield value == null ? 0 : value.type();
      }
      case "If" -> {
        OnnxGraph branch = node.graph("then_branch");
        yield branch == null || output >= branch.outputs().size()
            ? 0
            : branch.outputs().get(output).type();
      }
      default -> 0;
    };
  }
}
