package lamina.network.read.forward;

import java.util.List;
import lamina.layer.Filled;
import lamina.network.read.forward.ForwardValue.Ref;
import lamina.network.read.forward.ForwardValue.ShapeOf;
import lamina.tensor.Shape;
import lamina.tensor.symbol.Dim;

/** Functions that make tensors of sizes: torch.zeros, torch.arange and their like. */
final class NewTensors {
  private final Functions functions;

  NewTensors(Functions functions) {
    this.functions = functions;
  }

  /** Adds them to the table. */
  void add() {
    functions.add("zeros_like", call -> like(call, 0));
    functions.add("ones_like", call -> like(call, 1));
    functions.add("full_like", call -> like(call, call.number(1, "fill_value", 0)));
    functions.add("zeros new_zeros", call -> filled(call, 0));
    functions.add("ones new_ones", call -> filled(call, 1));
    functions.add(
        "full new_full",
        call -> {
          int place = call.function().equals("full") ? 1 : 2;
          return filled(call, call.number(place, "fill_value", 0));
        });
    functions.add("arange", NewTensors::count);
    functions.add("linspace", NewTensors::spaced);
  }

  /** A tensor of the shape of another, all of one value. */
  static Object like(FunctionCall call, double value) {
    return call.emit(Filled.like(value, false), Double.toString(value), call.input());
  }

  /** A tensor of sizes of others: {@code torch.zeros(x.size(0), 5)}, {@code x.new_zeros(...)}. */
  private static Object filled(FunctionCall call, double value) {
    boolean isMethod = call.function().startsWith("new_");
    if (call.get(isMethod ? 1 : 0, "size") instanceof ShapeOf shape) {
      return call.emit(Filled.like(value, false), Double.toString(value), shape.tensor());
    }
    List<Dim> sizes = call.sizes(isMethod ? 1 : 0, "size");
    Ref from = isMethod ? call.input() : call.trace().giver(sizes);
    if (from == null) {
      throw call.error("has no size that is one of a tensor");
    }
    return ShapeFunctions.sized(
        ShapeFunctions.on(call, from),
        "Full",
        sizes,
        (shape, known) -> new Filled(new Shape(known), value, 0, false));
  }

  /** So many numbers at equal distances, {@code torch.linspace(-1, 1, x.size(2))}. */
  private static Object spaced(FunctionCall call) {
    double start = call.number(0, "start", 0);
    double end = call.number(1, "end", 0);
    List<Dim> steps =
        call.get(2, "steps") instanceof ForwardValue.Size size
            ? List.of(size.dim())
            : List.of(Dim.of(call.integer(2, "steps", 0)));
    Ref from = call.trace().giver(steps);
    if (from == null) {
      throw call.error("is known with a number of steps that is a tensor's size");
    }
    return ShapeFunctions.sized(
        ShapeFunctions.on(call, from),
        "Linspace",
        steps,
        (shape, known) -> {
          Dim count = known.get(0);
          double step = count.isNumber() ? (end - start) / Math.max(1, count.value() - 1) : 0;
          return new Filled(new Shape(List.of(count)), start, step, false);
        });
  }

  private static Object count(FunctionCall call) {
    List<Dim> bounds = call.sizes(0, "end");
    Ref from = call.trace().giver(bounds);
    if (from == null || bounds.size() > 2) {
      throw call.error("is known from a start up to an end, one of which is a tensor's size");
    }
    return ShapeFunctions.sized(
        ShapeFunctions.on(call, from),
        "Arange",
        bounds,
        (shape, known) -> {
          Dim start = known.size() == 1 ? Dim.ZERO : known.get(0);
          Dim length = known.get(known.size() - 1).minus(start);
          double first = start.isNumber() ? start.value() : 0;
          return new Filled(new Shape(List.of(length)), first, 1, true);
        });
  }
}
