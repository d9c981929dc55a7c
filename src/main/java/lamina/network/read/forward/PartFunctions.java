package lamina.network.read.forward;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lamina.layer.Axis;
import lamina.layer.EinsteinSum;
import lamina.layer.Gather;
import lamina.layer.GatherAlong;
import lamina.layer.Layer;
import lamina.layer.Pick;
import lamina.layer.Shaped;
import lamina.network.read.forward.ForwardValue.Ref;
import lamina.op.EinsteinSums;
import lamina.op.Picks;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/** Functions that take tensors apart and join them. */
final class PartFunctions {
  private final Functions functions;

  PartFunctions(Functions functions) {
    this.functions = functions;
  }

  /** Adds them to the table. */
  void add() {
    functions.add("cat concat concatenate", call -> concat(call, tensors(call)));
    functions.add("stack", PartFunctions::stack);
    functions.add(
        "chunk",
        call -> {
          int chunks = call.integer(1, "chunks", 1);
          int dim = call.integer(2, "dim", 0);
          return new ForwardValue.Several(part -> chunk(call, chunks, dim, part), chunks);
        });
    functions.add("tensor_split", PartFunctions::tensorSplit);
    functions.add("split", PartFunctions::split);
    functions.add(
        "unbind",
        call -> {
          int dim = call.integer(1, "dim", 0);
          return new ForwardValue.Several(index -> select(call, call.input(), dim, index), 0);
        });
    functions.add("narrow", PartFunctions::narrow);
    functions.add(
        "slice", call -> new ForwardValue.Range(call.get(0, ""), call.get(1, ""), call.get(2, "")));
    functions.add("getitem __getitem__", Indexing::item);
    functions.add("einsum", PartFunctions::einsum);
    functions.add("gather", PartFunctions::gather);
    functions.add("index_select", PartFunctions::entries);
    functions.add("embedding", PartFunctions::embedding);
  }

  private static Ref chunk(FunctionCall call, int chunks, int dim, int index) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("chunks", (long) chunks);
    values.put("dim", (long) dim);
    values.put("index", (long) index);
    return call.between(Integer.toString(index), "Chunk", values, call.input());
  }

  /** Parts that differ by one element at most, the first ones longer; or parts at given places. */
  private static Object tensorSplit(FunctionCall call) {
    int dim = call.integer(2, "dim", 0);
    Object given = call.get(1, "indices_or_sections", call.option("sections"));
    given = given == null ? call.option("indices") : given;
    if (given instanceof List<?> list) {
      List<Object> places = new ArrayList<>(list);
      return new ForwardValue.Several(
          index -> {
            Map<String, Object> values = new LinkedHashMap<>();
            values.put("dim", (long) dim);
            values.put("start", index == 0 ? 0L : places.get(index - 1));
            values.put("stop", index == places.size() ? null : places.get(index));
            return call.between(Integer.toString(index), "Slice", values, call.input());
          },
          places.size() + 1);
    }
    if (!(given instanceof Long sections) || sections < 1 || sections > Integer.MAX_VALUE) {
      throw call.error("needs a number of parts, or the places between them");
    }
    int count = sections.intValue();
    return new ForwardValue.Several(
        index ->
            call.between(
                Integer.toString(index),
                Shaped.of(
                    "Slice",
                    shape -> {
                      int axis = Axis.of(dim, shape, "dim");
                      if (!shape.dim(axis).isNumber()) {
                        throw new InputException("needs a number of elements to share out");
                      }
                      long size = shape.dim(axis).value();
                      long start = index * (size / count) + Math.min(index, size % count);
                      long length = size / count + (index < size % count ? 1 : 0);
                      int[][] picks = new int[shape.rank()][];
                      picks[axis] = Picks.steps((int) start, 1, (int) length);
                      return new Pick("Slice", shape.with(axis, Dim.of(length)), picks, 0);
                    }),
                call.input()),
        count);
  }

  private static Ref select(FunctionCall call, Ref from, int dim, int index) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("dim", (long) dim);
    values.put("index", (long) index);
    return call.between(Integer.toString(index), "Select", values, from);
  }

  private static Object narrow(FunctionCall call) {
    Map<String, Object> values = new LinkedHashMap<>();
    int start = call.integer(2, "start", 0);
    values.put("dim", (long) call.integer(1, "dim", 0));
    values.put("start", (long) start);
    values.put("stop", (long) start + call.integer(3, "length", 1));
    return call.emit("Slice", values, call.input());
  }

  private static Object split(FunctionCall call) {
    Object given = call.get(1, "split_size_or_sections", call.option("split_size"));
    int dim = call.integer(2, "dim", 0);
    List<Integer> starts = new ArrayList<>(List.of(0));
    if (given instanceof List<?> list) {
      for (Object size : list) {
        if (!(size instanceof Long number)) {
          throw call.error("needs numbers as sizes");
        }
        starts.add(starts.get(starts.size() - 1) + number.intValue());
      }
    }
    int step = given instanceof Long number ? number.intValue() : 0;
    if (step < 1 && starts.size() < 2) {
      throw call.error("needs a size, or a list of them");
    }
    return new ForwardValue.Several(
        index -> {
          Map<String, Object> values = new LinkedHashMap<>();
          values.put("dim", (long) dim);
          values.put("start", (long) (step > 0 ? index * step : starts.get(index)));
          values.put("stop", (long) (step > 0 ? (index + 1) * step : starts.get(index + 1)));
          return call.between(Integer.toString(index), "Slice", values, call.input());
        },
        step > 0 ? 0 : starts.size() - 1);
  }

  private static Ref[] tensors(FunctionCall call) {
    Object given = call.get(0, "tensors");
    List<?> list =
        given instanceof ForwardValue.Several several
            ? several.all()
            : given instanceof List<?> values ? values : List.of();
    if (list.isEmpty()) {
      throw call.error("needs a list of tensors");
    }
    Ref[] refs = new Ref[list.size()];
    for (int i = 0; i < refs.length; i++) {
      refs[i] = call.asTensor(list.get(i));
    }
    return refs;
  }

  private static Object concat(FunctionCall call, Ref... refs) {
    Object dim = call.get(1, "dim", call.option("axis"));
    return refs.length == 1
        ? call.trace().memory().copy(refs[0])
        : call.emit("Concat", Map.of("dim", dim == null ? 0L : dim), refs);
  }

  private static Object stack(FunctionCall call) {
    Ref[] refs = tensors(call);
    Object dim = call.get(1, "dim", 0L);
    for (int i = 0; i < refs.length; i++) {
      refs[i] = call.between(Integer.toString(i), "Unsqueeze", Map.of("dim", dim), refs[i]);
    }
    return concat(call, refs);
  }

  /** The equation comes first, then the tensors one by one or as a list. */
  private static Object einsum(FunctionCall call) {
    if (!(call.get(0, "equation") instanceof String equation)) {
      throw call.error("needs an equation in quotes, then tensors");
    }
    List<?> given = call.from(1);
    if (given.size() == 1 && given.get(0) instanceof List<?> list) {
      given = list;
    }
    Ref[] refs = new Ref[given.size()];
    for (int i = 0; i < refs.length; i++) {
      refs[i] = call.asTensor(given.get(i));
    }
    try {
      return call.emit(new EinsteinSum(EinsteinSums.parse(equation)), equation, refs);
    } catch (InputException e) {
      throw call.error(e.getMessage());
    }
  }

  private static Object gather(FunctionCall call) {
    int dim = call.integer(1, "dim", 0);
    return call.emit(
        new GatherAlong(Gather.Kind.ELEMENTS, dim),
        Integer.toString(dim),
        call.input(),
        call.tensor(2, "index"));
  }

  private static Object entries(FunctionCall call) {
    int dim = call.integer(1, "dim", 0);
    return call.emit(
        new GatherAlong(Gather.Kind.ENTRIES, dim),
        Integer.toString(dim),
        call.input(),
        call.tensor(2, "index"));
  }

  /** Rows of a weight that the model holds by itself. */
  private static Object embedding(FunctionCall call) {
    Layer rows = new Gather(Gather.Kind.ENTRIES, 0);
    // What goes for gradients alone changes no value.
    for (String name : List.of("padding_idx", "scale_grad_by_freq", "sparse")) {
      call.option(name);
    }
    call.from(6);
    call.get(2, "padding_idx");
    return call.emit(rows, "", call.tensor(1, "weight"), call.input());
  }
}
