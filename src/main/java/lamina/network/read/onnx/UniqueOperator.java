package lamina.network.read.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import lamina.op.Picks;
import lamina.tensor.DType;
import lamina.tensor.Tensor;

/** ONNX's Unique: the different elements, or entries of an axis, and where they are. */
final class UniqueOperator {
  private UniqueOperator() {}

  static void apply(Operator op) {
    OnnxNode node = op.node();
    Tensor given = op.elements(0);
    boolean isFlat = !node.has("axis");
    Tensor x = isFlat ? given.reshape(given.size()) : given;
    int axis = isFlat ? 0 : op.axis(node.integer("axis", 0), x.rank());
    int count = x.dim(axis);
    // Entries as rows, so that equal ones are equal arrays.
    int[] order = new int[x.rank()];
    order[0] = axis;
    for (int i = 0, next = 1; i < order.length; i++) {
      if (i != axis) {
        order[next++] = i;
      }
    }
    Tensor rows = x.permute(order);
    int length = count == 0 ? 0 : x.size() / count;
    Map<Integer, List<Integer>> places =
        new TreeMap<>((a, b) -> compare(rows, a * length, b * length, length));
    for (int i = 0; i < count; i++) {
      places.computeIfAbsent(i, first -> new ArrayList<>()).add(i);
    }
    List<List<Integer>> groups = new ArrayList<>(places.values());
    if (!node.flag("sorted", true)) {
      groups.sort((a, b) -> Integer.compare(a.get(0), b.get(0)));
    }
    long[] first = new long[groups.size()];
    long[] counts = new long[groups.size()];
    long[] inverse = new long[count];
    for (int i = 0; i < first.length; i++) {
      first[i] = groups.get(i).get(0);
      counts[i] = groups.get(i).size();
      for (int place : groups.get(i)) {
        inverse[place] = i;
      }
    }
    int[][] picks = new int[x.rank()][];
    picks[axis] = Arrays.stream(first).mapToInt(i -> (int) i).toArray();
    Tensor chosen = Picks.forward(x, picks, 0);
    op.put(0, op.constant("/unique", chosen));
    put(op, 1, first);
    put(op, 2, inverse);
    put(op, 3, counts);
  }

  private static void put(Operator op, int output, long... values) {
    if (op.wants(output)) {
      op.put(output, op.constant("/" + output, Tensor.of(values, values.length)));
    }
  }

  private static int compare(Tensor rows, int a, int b, int length) {
    for (int i = 0; i < length; i++) {
      int order =
          rows.dtype() == DType.INT64
              ? Long.compare(rows.longs()[a + i], rows.longs()[b + i])
              : Double.compare(rows.get(a + i), rows.get(b + i));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }
}
