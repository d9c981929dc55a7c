package lamina.network.read.forward;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lamina.network.read.forward.ForwardValue.Range;
import lamina.network.read.forward.ForwardValue.Ref;
import lamina.network.read.forward.ForwardValue.ShapeOf;
import lamina.network.read.forward.ForwardValue.ShapePart;

/** What {@code x[...]} takes: an element of a tuple, a size of a shape, or a part of a tensor. */
final class Indexing {
  private Indexing() {}

  static Object item(FunctionCall call) {
    Object of = call.get(0, "a");
    if (of instanceof ForwardValue.Attribute held && call.trace().isParameter(held.path())) {
      of = call.asTensor(of);
    }
    Object index = call.get(1, "b");
    if (of instanceof ForwardValue.States states && !(index instanceof Long)) {
      of = states.tensor(call);
    }
    if (of instanceof Ref tensor) {
      return part(call, tensor, index instanceof List<?> list ? list : listOf(index));
    }
    if (of instanceof Map<?, ?> pairs) {
      if (!pairs.containsKey(index)) {
        throw call.error("takes " + FunctionCall.shown(index) + ", which the dictionary has not");
      }
      return pairs.get(index);
    }
    if (index instanceof Range range) {
      return ofRange(call, of, range);
    }
    if (!(index instanceof Long number)) {
      throw call.error("takes the index " + FunctionCall.shown(index) + " of what is no tensor");
    }
    if (of instanceof ForwardValue.Attribute module) {
      List<String> parts = call.trace().modules().parts(module.path());
      boolean isKnown = parts != null && number < 0 && -number <= parts.size();
      return new ForwardValue.Attribute(
          isKnown
              ? parts.get((int) number.longValue() + parts.size())
              : module.path() + "." + number);
    }
    if (of instanceof ShapeOf shape) {
      return call.trace().size(shape.tensor(), number.intValue());
    }
    if (of instanceof ShapePart shape) {
      int start = shape.start() == null ? 0 : shape.start();
      return call.trace().size(shape.tensor(), number.intValue() + start);
    }
    if (of instanceof ForwardValue.States states) {
      return states.at(call, number);
    }
    if (of instanceof ForwardValue.Several several) {
      long at = number < 0 ? number + several.count() : number;
      if (at < 0 || (several.count() > 0 && at >= several.count())) {
        throw call.error("takes part " + number + " of " + several.count());
      }
      return several.part().at((int) at);
    }
    if (of instanceof List<?> list) {
      return list.get(within(call, number, list.size()));
    }
    throw call.error("takes an element of " + FunctionCall.shown(of) + ", which has none");
  }

  /** Where an element of a list is. */
  static int within(FunctionCall call, long number, int size) {
    long at = number < 0 ? number + size : number;
    if (at < 0 || at >= size) {
      throw call.error("takes element " + number + " of " + size);
    }
    return (int) at;
  }

  private static List<Object> listOf(Object index) {
    List<Object> list = new ArrayList<>();
    list.add(index);
    return list;
  }

  private static Object ofRange(FunctionCall call, Object of, Range range) {
    if (of instanceof ShapeOf shape && range.step() == null) {
      return axes(call, shape.tensor(), whole(call, range.start()), whole(call, range.stop()));
    }
    if (of instanceof List<?> list && range.step() == null) {
      Integer start = whole(call, range.start());
      Integer stop = whole(call, range.stop());
      int from = start == null ? 0 : start < 0 ? start + list.size() : start;
      int to = stop == null ? list.size() : stop < 0 ? stop + list.size() : stop;
      return list.subList(
          Math.max(0, Math.min(from, list.size())), Math.max(0, Math.min(to, list.size())));
    }
    throw call.error("takes a range of " + FunctionCall.shown(of));
  }

  /** The sizes of some axes; which those are may depend on how many there are. */
  private static Object axes(FunctionCall call, Ref tensor, Integer start, Integer stop) {
    int from = start == null ? 0 : start;
    boolean isKnown = stop == null ? from < 0 : (from < 0) == (stop < 0);
    if (!isKnown) {
      return new ShapePart(tensor, start, stop);
    }
    List<Object> sizes = new ArrayList<>();
    for (int axis = from; axis < (stop == null ? 0 : stop); axis++) {
      sizes.add(call.trace().size(tensor, axis));
    }
    return sizes;
  }

  private static Integer whole(FunctionCall call, Object value) {
    if (value == null || value instanceof Long) {
      return value == null ? null : ((Long) value).intValue();
    }
    throw call.error("needs a whole number as an index, not " + FunctionCall.shown(value));
  }

  /** One layer for each index that is not {@code :}. */
  private static Ref part(FunctionCall call, Ref tensor, List<?> indices) {
    int dots = indices.size();
    for (int i = 0; i < indices.size(); i++) {
      dots = indices.get(i) instanceof ForwardValue.Ellipsis ? i : dots;
    }
    Map<Integer, Object> steps = new LinkedHashMap<>();
    List<Integer> axes = new ArrayList<>();
    int axis = 0;
    for (int i = 0; i < dots; i++) {
      add(i, axis, indices.get(i), steps, axes);
      axis += indices.get(i) instanceof Long ? 0 : 1;
    }
    // After the dots axes count from the last, so the last one comes first.
    axis = -1;
    for (int i = indices.size() - 1; i > dots; i--) {
      add(i, axis, indices.get(i), steps, axes);
      axis -= indices.get(i) instanceof Long ? 0 : 1;
    }
    Ref ref = tensor;
    int done = 0;
    for (Object index : steps.values()) {
      boolean isLast = done == steps.size() - 1;
      String name = isLast ? call.output() : call.trace().free(call.output() + "_part");
      ref = step(call, ref, axes.get(done++), index, name);
    }
    return ref;
  }

  private static void add(
      int place, int axis, Object index, Map<Integer, Object> steps, List<Integer> axes) {
    boolean isAll =
        index instanceof Range range
            && range.start() == null
            && range.stop() == null
            && range.step() == null;
    if (!isAll) {
      steps.put(place, index);
      axes.add(axis);
    }
  }

  private static Ref step(FunctionCall call, Ref from, int axis, Object index, String name) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("dim", (long) axis);
    String type;
    if (index == null) {
      type = "Unsqueeze";
    } else if (index instanceof Long) {
      type = "Select";
      values.put("index", index);
    } else if (index instanceof Range range) {
      type = "Slice";
      values.put("start", range.start() == null ? 0L : (long) whole(call, range.start()));
      values.put("stop", range.stop() == null ? null : (Object) (long) whole(call, range.stop()));
      values.put("step", range.step() == null ? 1L : (long) whole(call, range.step()));
    } else {
      throw call.error(
          "takes the index " + FunctionCall.shown(index) + ", which is not known here");
    }
    return call.trace().add(name, type, values, call.place(), from);
  }
}
