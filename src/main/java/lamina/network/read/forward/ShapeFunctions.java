package lamina.network.read.forward;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import lamina.layer.Axis;
import lamina.layer.Cast;
import lamina.layer.Detached;
import lamina.layer.Filled;
import lamina.layer.Layer;
import lamina.layer.Pick;
import lamina.layer.Places;
import lamina.layer.Reshape;
import lamina.layer.Shaped;
import lamina.layer.View;
import lamina.network.read.forward.ForwardValue.Attribute;
import lamina.network.read.forward.ForwardValue.Ref;
import lamina.network.read.forward.ForwardValue.ShapeOf;
import lamina.op.Picks;
import lamina.tensor.Shape;
import lamina.tensor.Tensor;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/** Functions that ask for shapes and change them. */
final class ShapeFunctions {
  private final Functions functions;

  ShapeFunctions(Functions functions) {
    this.functions = functions;
  }

  /** Adds them to the table. */
  void add() {
    functions.add("identity requires_grad", FunctionCall::input);
    functions.add("detach", call -> call.emit(new Detached(), "", call.input()));
    functions.add("clone", call -> call.trace().memory().copy(call.input()));
    functions.add("contiguous", ShapeFunctions::contiguous);
    functions.add("double to type type_as cuda cpu half", ShapeFunctions::converted);
    functions.add("long", call -> whole(call, Cast.Kind.INT64));
    functions.add("bool", call -> whole(call, Cast.Kind.TRUTH));
    functions.add("flatten", ShapeFunctions::flatten);
    functions.add("ravel", call -> view(call, List.of(Dim.of(-1))));
    functions.add(
        "view reshape",
        call ->
            call.get(1, "shape") instanceof ShapeOf shape
                ? viewAs(call, shape.tensor())
                : view(call, call.sizes(1, "shape")));
    functions.add("view_as reshape_as", call -> viewAs(call, call.tensor(1, "other")));
    functions.add("permute movedim", ShapeFunctions::permute);
    functions.add("t", call -> transposed(call, 0, 1));
    functions.add("size", ShapeFunctions::size);
    functions.add("numel nelement", ShapeFunctions::elements);
    functions.add(
        "dim ndimension",
        call -> {
          throw call.error(
              "asks for the number of axes, which is not known before the network runs");
        });
    functions.add("getattr", ShapeFunctions::attribute);
    functions.add("zero", call -> NewTensors.like(call, 0));
    functions.add("fill", call -> NewTensors.like(call, call.number(1, "value", 0)));
    functions.add("copy", call -> stretched(call, call.tensor(1, "src"), call.input()));
    functions.add("setitem __setitem__", ShapeFunctions::setItem);
    functions.add("dict", call -> new LinkedHashMap<>(call.options()));
    functions.add("append", call -> grown(call, List.of(call.asTensor(call.get(1, "object")))));
    functions.add(
        "extend",
        call -> grown(call, call.get(1, "iterable") instanceof List<?> more ? more : null));
    functions.add(
        "expand broadcast_to",
        call ->
            call.get(1, "sizes") instanceof ShapeOf shape
                ? stretched(call, call.input(), shape.tensor())
                : expand(call, call.sizes(1, "sizes")));
    functions.add("repeat tile", call -> repeat(call, call.sizes(1, "sizes")));
    functions.add("expand_as", ShapeFunctions::expandAs);
    functions.add("flip", ShapeFunctions::flip);
    functions.add("roll", ShapeFunctions::roll);
    functions.add("tril", call -> triangle(call, false));
    functions.add("triu", call -> triangle(call, true));
    functions.add("int float", ShapeFunctions::number);
  }

  /** A list to which elements come. */
  static Object grown(FunctionCall call, List<?> more) {
    if (!(call.get(0, "list") instanceof List<?> list) || more == null) {
      throw call.error("needs a list of tensors");
    }
    @SuppressWarnings("unchecked")
    List<Object> elements = (List<Object>) list;
    elements.addAll(more);
    return list;
  }

  private static Object contiguous(FunctionCall call) {
    Ref x = call.input();
    return x.isContiguous ? x : call.trace().memory().maybeCopy(x);
  }

  private static Object whole(FunctionCall call, Cast.Kind kind) {
    return call.emit(new Cast(kind, null), kind.name(), call.input());
  }

  /** A tensor of another type or on another device; itself if it is there already. */
  private static Object converted(FunctionCall call) {
    List<Object> targets = new ArrayList<>(call.from(1));
    call.named().forEach((name, value) -> targets.add(call.option(name)));
    for (Object target : targets) {
      String name =
          target instanceof ForwardValue.Function type ? type.name() : String.valueOf(target);
      if (name.matches("(torch\\.)?(int|int64|int32|long|bool|IntTensor|LongTensor|BoolTensor)")) {
        return whole(
            call,
            name.toLowerCase(Locale.ROOT).contains("bool") ? Cast.Kind.TRUTH : Cast.Kind.INT64);
      }
      if (name.matches("torch\\.(u?int8|int16|short|float16|half|bfloat16|complex.*)")) {
        throw call.error("makes elements of the type " + name + ", which is not known here");
      }
    }
    return call.trace().memory().maybeCopy(call.input());
  }

  /** What Python's int() makes of a number or a size; a tensor as it is. */
  private static Object number(FunctionCall call) {
    Object value = call.get(0, "input");
    if (value instanceof String text && call.function().equals("float")) {
      return switch (text.toLowerCase(Locale.ROOT)) {
        case "inf", "+inf", "infinity" -> Double.POSITIVE_INFINITY;
        case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
        default -> throw call.error("takes '" + text + "', which is no number");
      };
    }
    if (value instanceof Double number && call.function().equals("int")) {
      return number.longValue();
    }
    boolean isPlain = value instanceof Number || value instanceof ForwardValue.Size;
    if (isPlain) {
      return value;
    }
    return call.function().equals("int") ? whole(call, Cast.Kind.INT64) : converted(call);
  }

  private static Object flatten(FunctionCall call) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("start_dim", (long) call.integer(1, "start_dim", 0));
    values.put("end_dim", (long) call.integer(2, "end_dim", -1));
    return call.emit("Flatten", values, call.input());
  }

  private static Object permute(FunctionCall call) {
    if (call.function().equals("movedim")) {
      throw call.error("is not known here; write permute()");
    }
    List<Object> dims = new ArrayList<>();
    call.sizes(1, "dims").forEach(dim -> dims.add(dim.value()));
    return call.emit("Permute", Map.of("dims", dims), call.input());
  }

  private static Ref transposed(FunctionCall call, long dim0, long dim1) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("dim0", dim0);
    values.put("dim1", dim1);
    return call.emit("Transpose", values, call.input());
  }

  private static String text(List<Dim> sizes) {
    StringBuilder text = new StringBuilder();
    for (Dim size : sizes) {
      text.append(text.length() > 0 ? ", " : "").append(size);
    }
    return text.toString();
  }

  private static Ref view(FunctionCall call, List<Dim> sizes) {
    if (sizes.isEmpty()) {
      throw call.error("needs sizes");
    }
    Trace trace = call.trace();
    Ref[] taken = trace.takenFor(call.input(), sizes);
    Layer layer = new View(trace.within(sizes, taken), taken.length);
    Ref made = call.emit(layer, text(sizes), taken);
    if (call.function().equals("view")) {
      trace.memory().view(made, taken[0], trace.last());
    }
    return made;
  }

  private static Object viewAs(FunctionCall call, Ref like) {
    Layer layer = new Shaped("View", 2, shapes -> new Reshape("View", shapes.get(1)));
    Ref x = call.input();
    Ref made = call.emit(layer, "", x, like);
    if (call.function().startsWith("view")) {
      call.trace().memory().view(made, x, call.trace().last());
    }
    return made;
  }

  private static Object size(FunctionCall call) {
    Object axis = call.get(1, "dim");
    Ref tensor = call.input();
    return axis == null
        ? new ShapeOf(call.trace().memory().copy(tensor))
        : call.trace().size(tensor, call.integer(1, "dim", 0));
  }

  private static Object elements(FunctionCall call) {
    throw call.error("asks for the number of elements; write the sizes that it stands for");
  }

  private static Object attribute(FunctionCall call) {
    Object of = call.get(0, "object");
    String name = String.valueOf(call.get(1, "name"));
    if (of instanceof ForwardValue.Several several && several.names().contains(name)) {
      return several.part().at(several.names().indexOf(name));
    }
    if (of instanceof Attribute module && !call.trace().isParameter(module.path())) {
      return new Attribute(module.path().isEmpty() ? name : module.path() + "." + name);
    }
    return switch (name) {
      case "shape" -> new ShapeOf(call.trace().memory().copy(call.asTensor(of)));
      case "T", "mT" -> transposed(call, name.equals("T") ? 0 : -2, name.equals("T") ? 1 : -1);
      case "device", "dtype" -> name;
      case "data" -> call.emit(new Detached(), "", call.asTensor(of));
      default -> throw call.error("asks for '" + name + "', which is not known of a tensor");
    };
  }

  /** A layer on a tensor whose sizes are expressions. */
  static Ref sized(FunctionCall call, String type, List<Dim> sizes, SizeRule rule) {
    if (sizes.isEmpty()) {
      throw call.error("needs sizes");
    }
    Trace trace = call.trace();
    Ref[] taken = trace.takenFor(call.input(), sizes);
    List<Dim> within = trace.within(sizes, taken);
    Layer layer =
        new Shaped(
            type,
            taken.length,
            shapes -> {
              List<Dim> known = new ArrayList<>();
              within.forEach(size -> known.add(View.of(size, shapes)));
              return rule.of(shapes.get(0), known);
            });
    return call.emit(layer, text(sizes), taken);
  }

  /** Makes a layer of an input's shape and of sizes. */
  interface SizeRule {
    Layer of(Shape input, List<Dim> sizes);
  }

  /** With axes of size 1 before it, so that it has as many as there are sizes. */
  private static Ref aligned(FunctionCall call, Ref x, int count) {
    Layer view = Shaped.of("View", shape -> aligned(shape, count));
    Ref aligned = call.between("aligned", view, x);
    call.trace().memory().view(aligned, x, call.trace().last());
    return aligned;
  }

  private static Layer aligned(Shape shape, int count) {
    List<Dim> dims = new ArrayList<>(shape.dims());
    while (dims.size() < count) {
      dims.add(0, Dim.ONE);
    }
    return new Reshape("View", new Shape(dims));
  }

  private static Ref expand(FunctionCall call, List<Dim> sizes) {
    Ref x = aligned(call, call.input(), sizes.size());
    return sized(on(call, x), "Expand", sizes, ShapeFunctions::expanded);
  }

  static FunctionCall on(FunctionCall call, Ref x) {
    return new FunctionCall(
        call.trace(), call.function(), List.of(x), Map.of(), call.output(), call.place());
  }

  /** A size of −1 stays; an axis of size 1 is stretched. */
  private static Layer expanded(Shape shape, List<Dim> sizes) {
    if (shape.rank() != sizes.size()) {
      throw new InputException("has " + sizes.size() + " sizes for " + shape);
    }
    Shape target = shape;
    int[][] picks = new int[shape.rank()][];
    for (int axis = 0; axis < sizes.size(); axis++) {
      Dim size = sizes.get(axis);
      if (size.is(-1) || size.equals(shape.dim(axis))) {
        continue;
      }
      if (!shape.dim(axis).is(1)) {
        throw new InputException("cannot stretch axis " + axis + " of " + shape + " to " + size);
      }
      target = target.with(axis, size);
      picks[axis] = size.isNumber() ? new int[count(size)] : null;
    }
    return new Pick("Expand", target, picks, 0);
  }

  private static int count(Dim size) {
    if (size.value() < 0 || size.value() > Tensor.MAX_ELEMENTS) {
      throw new InputException("has the size " + size);
    }
    return (int) size.value();
  }

  private static Object expandAs(FunctionCall call) {
    return stretched(call, call.input(), call.tensor(1, "other"));
  }

  /** A tensor with the shape of another. */
  private static Ref stretched(FunctionCall call, Ref x, Ref like) {
    Layer view = new Shaped("View", 2, shapes -> aligned(shapes.get(0), shapes.get(1).rank()));
    Ref aligned = call.between("aligned", view, x, like);
    Layer layer =
        new Shaped(
            "Expand", 2, shapes -> expanded(shapes.get(0), new ArrayList<>(shapes.get(1).dims())));
    return call.emit(layer, "", aligned, like);
  }

  /** {@code x[index] = value}: the elements of a tensor, or an element of a list. */
  private static Object setItem(FunctionCall call) {
    Object of = call.get(0, "a");
    Object index = call.get(1, "b");
    Object value = call.get(2, "c");
    if (of instanceof List<?> list && index instanceof Long number) {
      @SuppressWarnings("unchecked")
      List<Object> elements = (List<Object>) list;
      elements.set(Indexing.within(call, number, list.size()), value);
      return null;
    }
    if (of instanceof Map<?, ?> map) {
      @SuppressWarnings("unchecked")
      Map<Object, Object> pairs = (Map<Object, Object>) map;
      pairs.put(index, value);
      return null;
    }
    if (!call.isTensor(of)) {
      throw call.error("changes an element of " + FunctionCall.shown(of));
    }
    Memory memory = call.trace().memory();
    Ref tensor = call.asTensor(of);
    Ref part = (Ref) Indexing.item(call);
    Ref like = part == tensor ? tensor : part;
    Ref changed =
        value instanceof Number number
            ? call.between("value", Filled.like(number.doubleValue(), false), like)
            : stretched(call.named("value"), call.asTensor(value), like);
    memory.change(part, changed, "'='", call.place());
    return null;
  }

  private static Ref repeat(FunctionCall call, List<Dim> repeats) {
    Ref x = aligned(call, call.input(), repeats.size());
    return sized(on(call, x), "Repeat", repeats, ShapeFunctions::repeated);
  }

  private static Layer repeated(Shape shape, List<Dim> repeats) {
    if (shape.rank() != repeats.size()) {
      throw new InputException("has " + repeats.size() + " repeats for " + shape);
    }
    Shape target = shape;
    int[][] picks = new int[shape.rank()][];
    for (int axis = 0; axis < picks.length; axis++) {
      Dim times = repeats.get(axis);
      if (times.isNumber() && times.value() < 1) {
        throw new InputException("repeats " + times + " times");
      }
      Dim size = shape.dim(axis).times(times);
      target = target.with(axis, size);
      if (!times.is(1) && size.isNumber()) {
        picks[axis] = new int[count(size)];
        for (int i = 0; i < picks[axis].length; i++) {
          picks[axis][i] = i % (int) shape.dim(axis).value();
        }
      }
    }
    return new Pick("Repeat", target, picks, 0);
  }

  private static Object flip(FunctionCall call) {
    List<Dim> dims = call.sizes(1, "dims");
    Layer layer =
        Shaped.of(
            "Flip",
            shape -> {
              int[][] picks = new int[shape.rank()][];
              for (Dim dim : dims) {
                int axis = Axis.of((int) dim.value(), shape, "dims");
                if (shape.dim(axis).isNumber()) {
                  int size = count(shape.dim(axis));
                  picks[axis] = Picks.steps(size - 1, -1, size);
                }
              }
              return new Pick("Flip", shape, picks, 0);
            });
    return call.emit(layer, text(dims), call.input());
  }

  private static Object roll(FunctionCall call) {
    int[] shifts = call.axes(1, "shifts");
    int[] dims = call.axes(2, "dims");
    if (shifts == null || dims == null || shifts.length != dims.length) {
      throw call.error("needs as many shifts as dims");
    }
    Layer layer =
        Shaped.of(
            "Roll",
            shape -> {
              int[][] picks = new int[shape.rank()][];
              for (int i = 0; i < dims.length; i++) {
                int axis = Axis.of(dims[i], shape, "dims");
                int size = shape.dim(axis).isNumber() ? count(shape.dim(axis)) : 0;
                picks[axis] = size == 0 ? null : new int[size];
                for (int j = 0; j < size; j++) {
                  picks[axis][j] = Math.floorMod(j - shifts[i], size);
                }
              }
              return new Pick("Roll", shape, picks, 0);
            });
    return call.emit(layer, Arrays.toString(shifts), call.input());
  }

  private static Object triangle(FunctionCall call, boolean upper) {
    return triangle(call, call.input(), upper, call.integer(1, "diagonal", 0));
  }

  /** One triangle of the last two axes, and zeros. */
  static Ref triangle(FunctionCall call, Ref x, boolean upper, int diagonal) {
    Layer layer =
        Shaped.of(
            upper ? "Triu" : "Tril",
            shape -> {
              if (shape.rank() < 2 || !shape.isNumber()) {
                return new Places("Tril", shape, new int[0]);
              }
              int[] sizes = shape.sizes();
              int columns = sizes[sizes.length - 1];
              int[] places = new int[Tensor.elements(sizes)];
              for (int i = 0; i < places.length; i++) {
                int off = i % columns - i / columns % sizes[sizes.length - 2];
                places[i] = (upper ? off >= diagonal : off <= diagonal) ? i : -1;
              }
              return new Places("Tril", shape, places);
            });
    return call.emit(layer, Integer.toString(diagonal), x);
  }
}
