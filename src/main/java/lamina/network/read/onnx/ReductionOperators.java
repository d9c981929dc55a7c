package lamina.network.read.onnx;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import lamina.layer.CumulativeSum;
import lamina.layer.IndexOf;
import lamina.layer.Reduce;
import lamina.layer.TopK;
import lamina.op.Reductions;

/** What rows come to: sums, extremes, their places, running sums. */
final class ReductionOperators {
  private ReductionOperators() {}

  /** The axes are an attribute, or an input since opset 13 for sums and 18 for the others. */
  static void reduce(Operator op, Reductions kind) {
    long[] axes = op.integers("axes", 1, kind == Reductions.SUM ? 13 : 18);
    boolean[] reduced = new boolean[op.rank(0)];
    if (axes == null || axes.length == 0) {
      if (op.node().flag("noop_with_empty_axes", false)) {
        op.put(0, op.input(0));
        return;
      }
      Arrays.fill(reduced, true);
    } else {
      for (long axis : axes) {
        reduced[op.axis(axis, reduced.length)] = true;
      }
    }
    boolean keep = op.node().flag("keepdims", true);
    op.emit(new Reduce(op.node().type(), kind, reduced, keep), op.input(0));
  }

  /** The p-norm over all spatial axes. */
  static void globalNorm(Operator op) {
    long power = op.node().integer("p", 2);
    if (power != 1 && power != 2) {
      throw op.unresolved("has the norm " + power + "; 1 and 2 are known");
    }
    boolean[] reduced = new boolean[op.rank(0)];
    Arrays.fill(reduced, 2, reduced.length, true);
    Reductions kind = power == 1 ? Reductions.L1 : Reductions.L2;
    op.emit(new Reduce("GlobalLpPool", kind, reduced, true), op.input(0));
  }

  static void index(Operator op) {
    OnnxNode node = op.node();
    IndexOf layer =
        new IndexOf(
            node.type().equals("ArgMax"),
            op.axis(node.integer("axis", 0), op.rank(0)),
            node.flag("keepdims", true),
            node.flag("select_last_index", false));
    op.emit(0, layer, List.of(op.input(0)), Map.of(), true);
  }

  static void topK(Operator op) {
    OnnxNode node = op.node();
    int axis = op.axis(node.integer("axis", -1), op.rank(0));
    long[] given = op.opset() < 10 ? new long[] {node.integer("k", 0)} : op.integers(1);
    if (given == null || given.length != 1 || given[0] < 0 || given[0] > Integer.MAX_VALUE) {
      throw op.error("needs one number k");
    }
    int count = (int) given[0];
    if (op.shape(0).dim(axis).isNumber() && count > op.shape(0).dim(axis).value()) {
      throw op.error("takes " + count + " of " + op.shape(0).dim(axis) + " elements");
    }
    boolean greatest = node.flag("largest", true);
    if (op.wants(0)) {
      op.emit(new TopK(axis, count, greatest, false), op.input(0));
    }
    if (op.wants(1)) {
      TopK indices = new TopK(axis, count, greatest, true);
      op.emit(1, indices, List.of(op.input(0)), Map.of(), true);
    }
  }

  static void cumulativeSum(Operator op) {
    long[] axis = op.integers(1);
    if (axis == null || axis.length != 1) {
      throw op.error("needs one axis");
    }
    op.emit(
        new CumulativeSum(
            op.axis(axis[0], op.rank(0)),
            op.node().flag("exclusive", false),
            op.node().flag("reverse", false)),
        op.input(0));
  }
}
