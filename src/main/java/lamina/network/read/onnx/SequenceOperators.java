package lamina.network.read.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import lamina.layer.Concat;
import lamina.layer.Pick;
import lamina.op.Picks;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;

/** Sequences of tensors: which tensor stands where is known before anything runs. */
final class SequenceOperators {
  private static final int MOST_PARTS = 100_000;

  private SequenceOperators() {}

  private static void put(Operator op, List<Value> items) {
    op.put(0, Value.sequence(op.node().outputs().get(0), items));
  }

  static void construct(Operator op) {
    List<Value> items = new ArrayList<>();
    for (int i = 0; i < op.count(); i++) {
      items.add(op.input(i));
    }
    put(op, items);
  }

  /** A place among so many, counted from the last if it is negative. */
  private static int place(Operator op, int index, int count, int otherwise) {
    if (op.optional(index) == null) {
      return otherwise;
    }
    long[] given = op.integers(index);
    if (given.length != 1 || given[0] < -count || given[0] >= count) {
      throw op.error(
          "takes place "
              + (given.length == 1 ? given[0] : Arrays.toString(given))
              + " of a sequence where "
              + count
              + " are allowed");
    }
    return (int) (given[0] < 0 ? given[0] + count : given[0]);
  }

  static void at(Operator op) {
    List<Value> items = op.items(0);
    op.put(0, items.get(place(op, 1, items.size(), 0)));
  }

  static void insert(Operator op) {
    List<Value> items = new ArrayList<>(op.items(0));
    // Before the last for −1, so that the end itself is a place of its own.
    int count = items.size();
    long[] given = op.optional(2) == null ? new long[] {count} : op.integers(2);
    boolean isFine = given.length == 1 && given[0] >= -count && given[0] <= count;
    if (!isFine) {
      throw op.error("puts a tensor in at a place that a sequence of " + count + " has not");
    }
    items.add((int) (given[0] < 0 ? given[0] + count : given[0]), op.input(1));
    put(op, items);
  }

  static void erase(Operator op) {
    List<Value> items = new ArrayList<>(op.items(0));
    if (items.isEmpty()) {
      throw op.error("takes a tensor out of an empty sequence");
    }
    items.remove(place(op, 1, items.size(), items.size() - 1));
    put(op, items);
  }

  static void length(Operator op) {
    op.put(0, op.constant("/length", Tensor.of(new long[] {op.items(0).size()})));
  }

  /** All of a sequence one after another on an axis, or on one of its own. */
  static void concat(Operator op) {
    OnnxNode node = op.node();
    List<Value> items = op.items(0);
    if (items.isEmpty()) {
      throw op.error("joins an empty sequence");
    }
    if (!node.has("axis")) {
      throw op.error("needs the attribute 'axis'");
    }
    boolean isNew = node.flag("new_axis", false);
    int rank = Walk.shape(items.get(0)).rank();
    int axis = op.axis(node.integer("axis", 0), isNew ? rank + 1 : rank);
    Value[] parts = new Value[items.size()];
    for (int i = 0; i < parts.length; i++) {
      parts[i] =
          isNew ? ControlOperators.unsqueezed(op, "/" + i, items.get(i), axis) : items.get(i);
    }
    if (parts.length == 1) {
      op.put(0, parts[0]);
    } else {
      op.emit(new Concat(axis), parts);
    }
  }

  /** Parts of the sizes given, or of one size with what remains; of size 1 without sizes. */
  static void split(Operator op) {
    OnnxNode node = op.node();
    Shape shape = op.shape(0);
    int axis = op.axis(node.integer("axis", 0), shape.rank());
    if (!shape.dim(axis).isNumber()) {
      throw op.unresolved("splits an axis whose size is not known");
    }
    long size = shape.dim(axis).value();
    boolean isSingle = op.optional(1) == null;
    long[] given = isSingle ? new long[] {1} : op.integers(1);
    boolean isEqual = isSingle || op.rank(1) == 0;
    List<Integer> lengths = new ArrayList<>();
    if (isEqual) {
      if (given[0] < 1 || size / given[0] > MOST_PARTS) {
        throw op.error("splits " + size + " into parts of " + given[0]);
      }
      for (long start = 0; start < size; start += given[0]) {
        lengths.add((int) Math.min(given[0], size - start));
      }
    } else {
      long sum = 0;
      for (long length : given) {
        if (length < 0 || length > size) {
          throw op.error("has a part of " + length + " of " + size);
        }
        lengths.add((int) length);
        sum += length;
      }
      if (sum != size) {
        throw op.error("splits " + size + " into parts of " + sum + " together");
      }
    }
    boolean dropsAxis = isSingle && !node.flag("keepdims", true);
    List<Value> items = new ArrayList<>();
    int start = 0;
    for (int length : lengths) {
      String suffix = "/" + items.size();
      if (dropsAxis) {
        items.add(ControlOperators.entry(op, suffix, op.input(0), axis, start));
      } else {
        int[][] picks = new int[shape.rank()][];
        picks[axis] = Picks.steps(start, 1, length);
        Pick pick = new Pick("Split", shape.with(axis, Dim.of(length)), picks, 0);
        items.add(op.between(suffix, pick, op.input(0)));
      }
      start += length;
    }
    put(op, items);
  }

  /** A graph for each place of one or more sequences. */
  static void map(Operator op) {
    OnnxNode node = op.node();
    OnnxGraph body = node.graph("body");
    if (body == null) {
      throw op.error("has no body");
    }
    int outputs = node.outputs().size();
    if (body.outputs().size() != outputs) {
      throw op.error("has " + outputs + " outputs but its graph " + body.outputs().size());
    }
    List<List<Value>> given = new ArrayList<>(Collections.nCopies(outputs, null));
    given.replaceAll(none -> new ArrayList<>());
    for (int turn = 0; turn < op.items(0).size(); turn++) {
      List<Value> inputs = new ArrayList<>();
      List<Integer> types = new ArrayList<>();
      for (int i = 0; i < op.count(); i++) {
        Value value = op.optional(i);
        if (value == null) {
          throw op.error("needs its input " + (i + 1));
        }
        if (value.items() != null && turn >= value.items().size()) {
          throw op.error("goes over sequences of different lengths");
        }
        inputs.add(value.items() == null ? value : value.items().get(turn));
        types.add(op.elementType(i));
      }
      Walk.Inlined inlined = op.walk().inline(node, body, inputs, types);
      for (int i = 0; i < outputs; i++) {
        given.get(i).add(inlined.values().get(i));
      }
    }
    for (int i = 0; i < outputs; i++) {
      op.put(i, Value.sequence(node.outputs().get(i), given.get(i)));
    }
  }

  /** What may be there or not, which is known before anything runs. */
  static void optional(Operator op) {
    String type = op.node().type();
    Value value = op.optional(0);
    boolean isThere = value != null && !value.isNone();
    if (type.equals("OptionalHasElement")) {
      Tensor answer = Tensor.of(new long[] {isThere ? 1 : 0}, new int[0]);
      op.put(0, op.constant("/there", answer));
    } else if (!isThere && type.equals("OptionalGetElement")) {
      throw op.error("takes the element of an optional value that has none");
    } else if (!isThere) {
      op.put(0, Value.none(op.node().outputs().get(0)));
    } else {
      op.put(0, value);
    }
  }
}
