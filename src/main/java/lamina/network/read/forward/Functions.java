package lamina.network.read.forward;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import lamina.layer.Layer;
import lamina.layer.LayerRegistry;
import lamina.layer.View;
import lamina.layer.recurrent.RecurrentLayer;
import lamina.network.read.forward.ForwardValue.Attribute;
import lamina.network.read.forward.ForwardValue.Ref;
import lamina.network.read.forward.ForwardValue.ShapeOf;
import lamina.op.activation.ActivationKind;
import lamina.op.activation.Activations;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;
import lamina.text.NearSpelling;

/**
 * The functions and methods that {@code forward()} may call, by the last part of their names: those
 * of torch, of torch.nn.functional, of tensors, and of Python's operators.
 */
final class Functions {
  /** What a function does with its arguments. */
  private interface Function {
    Object of(FunctionCall args);
  }

  /** FunctionCall that change nothing in evaluation, with the values that they may have. */
  private static final Map<String, List<Object>> LEFT = new HashMap<>();

  static {
    for (String name : List.of("inplace", "training", "_stacklevel", "recompute_scale_factor")) {
      LEFT.put(name, List.of());
    }
    LEFT.put("return_indices", List.of(false));
    LEFT.put("antialias", List.of(false));
    LEFT.put("dtype", Arrays.asList((Object) null));
  }

  private final Trace trace;
  private final Map<String, Function> byName = new HashMap<>();

  Functions(Trace trace) {
    this.trace = trace;
    addModules();
    addArithmetic();
    addShapes();
    addParts();
  }

  /**
   * Calls a function or method.
   *
   * @param target its name, with what it is in before the last point
   * @param output what its output is called
   */
  Object call(
      String target,
      List<Object> positional,
      Map<String, Object> named,
      String output,
      String place) {
    String name = target.substring(target.lastIndexOf('.') + 1);
    // Methods that end with _ do the same in place; so do the functions.
    String plain =
        name.length() > 1 && name.endsWith("_") ? name.substring(0, name.length() - 1) : name;
    Function function = byName.get(plain.startsWith("__") ? name : plain);
    if (function == null) {
      throw new InputException(
          place
              + ": "
              + target
              + "() is a function that is not known here"
              + NearSpelling.hint(plain, new ArrayList<>(byName.keySet())));
    }
    return function.of(new FunctionCall(name, positional, named, output, place));
  }

  boolean knows(String name) {
    return byName.containsKey(name);
  }

  /** Runs a module on a tensor. */
  Object module(
      String path,
      List<Object> positional,
      Map<String, Object> named,
      String output,
      String place) {
    if (trace.isWritten(path)) {
      return trace.follow(path, positional, named, place);
    }
    FunctionCall args = new FunctionCall(path, positional, named, output, place);
    if (trace.isSequence(path)) {
      Object value = args.input();
      for (String part : trace.modules().parts(path)) {
        String name = trace.free(part.replace('.', '_'));
        value = module(part, new ArrayList<>(List.of(value)), Map.of(), name, place);
      }
      return value;
    }
    Ref from = args.input();
    int more = positional.size() + named.size() - 1;
    Layer layer = trace.layer(path, place);
    if (more > 0) {
      throw args.error("is a module that is called with " + (more + 1) + " inputs; one is read");
    }
    Ref result = trace.run(path, from, output, place);
    if (!(layer instanceof RecurrentLayer recurrent)) {
      return result;
    }
    Object states =
        recurrent.bidirectional()
            ? "the states of two directions"
            : new ForwardValue.States(result, recurrent.batchFirst() ? 1 : 0);
    boolean hasCell = recurrent.type().equals("LSTM");
    return Arrays.asList(result, hasCell ? Arrays.asList(states, "cell states") : states);
  }

  private void add(String names, Function function) {
    for (String name : names.split(" ", -1)) {
      byName.put(name, function);
    }
  }

  /** A function that does what a module does; its parameters have the module's names. */
  private void addModule(String names, String module, String... parameters) {
    List<String> known = List.of(parameters);
    add(
        names,
        args -> {
          Map<String, Object> values = args.forModule(known, LEFT);
          values.values().removeIf(value -> value == null);
          return trace.add(args.output(), module, values, args.place(), args.input());
        });
  }

  /** PyTorch writes leaky_relu and log_softmax, but hardsigmoid. */
  private void addActivation(ActivationKind kind) {
    List<String> parameters = new ArrayList<>();
    for (String argument : LayerRegistry.find(kind.torch()).arguments(kind.torch())) {
      int equals = argument.indexOf('=');
      String parameter = equals < 0 ? argument : argument.substring(0, equals);
      if (!parameter.equals("inplace")) {
        parameters.add(parameter);
      }
    }
    addModule(
        kind.label().replace('-', '_') + " " + kind.torch().toLowerCase(Locale.ROOT),
        kind.torch(),
        parameters.toArray(new String[0]));
  }

  private void addModules() {
    for (ActivationKind kind : Activations.ALL) {
      if (kind.torch() != null) {
        addActivation(kind);
      }
    }
    addModule("dropout", "Dropout", "p");
    addModule("dropout1d", "Dropout1d", "p");
    addModule("dropout2d feature_dropout", "Dropout2d", "p");
    addModule("dropout3d", "Dropout3d", "p");
    addModule("alpha_dropout", "AlphaDropout", "p");
    addModule("stochastic_depth", "StochasticDepth", "p", "mode");
    for (int d = 1; d <= 3; d++) {
      addModule(
          "max_pool" + d + "d boolean_dispatch" + d,
          "MaxPool" + d + "d",
          "kernel_size",
          "stride",
          "padding",
          "dilation",
          "ceil_mode");
      if (d == 1) {
        addModule(
            "avg_pool1d",
            "AvgPool1d",
            "kernel_size",
            "stride",
            "padding",
            "ceil_mode",
            "count_include_pad");
      } else {
        addModule(
            "avg_pool" + d + "d",
            "AvgPool" + d + "d",
            "kernel_size",
            "stride",
            "padding",
            "ceil_mode",
            "count_include_pad",
            "divisor_override");
      }
      addModule("adaptive_avg_pool" + d + "d", "AdaptiveAvgPool" + d + "d", "output_size");
      addModule("adaptive_max_pool" + d + "d", "AdaptiveMaxPool" + d + "d", "output_size");
    }
    addModule("interpolate upsample", "Upsample", "size", "scale_factor", "mode", "align_corners");
    addModule("pixel_shuffle", "PixelShuffle", "upscale_factor");
    addModule("pixel_unshuffle", "PixelUnshuffle", "downscale_factor");
    addModule("channel_shuffle", "ChannelShuffle", "groups");
    addModule("transpose swapaxes swapdims", "Transpose", "dim0", "dim1");
    addModule("unsqueeze", "Unsqueeze", "dim");
    addModule("squeeze", "Squeeze", "dim");
    addModule("select", "Select", "dim", "index");
    addModule("unflatten", "Unflatten", "dim", "unflattened_size");
    add(
        "identity contiguous clone detach float double to type_as requires_grad",
        args -> args.input());
    add("pad", this::pad);
  }

  private Object pad(FunctionCall args) {
    List<Dim> sizes = args.sizes(1, "pad");
    Object mode = args.get(2, "mode", "constant");
    String kind =
        switch (String.valueOf(mode)) {
          case "constant" -> "ConstantPad";
          case "reflect" -> "ReflectionPad";
          case "replicate" -> "ReplicationPad";
          case "circular" -> "CircularPad";
          default -> throw args.error("has no mode '" + mode + "'");
        };
    if (sizes.isEmpty() || sizes.size() % 2 != 0 || sizes.size() > 6) {
      throw args.error("needs two, four or six sizes of padding, not " + sizes.size());
    }
    List<Object> padding = new ArrayList<>();
    for (Dim size : sizes) {
      if (!size.isNumber()) {
        throw args.error("needs numbers as padding");
      }
      padding.add(size.value());
    }
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("padding", padding);
    if (kind.equals("ConstantPad")) {
      Object value = args.get(3, "value");
      values.put("value", value == null ? (Object) 0.0 : value);
    }
    String type = kind + sizes.size() / 2 + "d";
    return trace.add(args.output(), type, values, args.place(), args.input());
  }

  private void addArithmetic() {
    add("add iadd __add__ __iadd__ __radd__", args -> arithmetic(args, '+'));
    add("sub isub subtract __sub__ __isub__", args -> arithmetic(args, '-'));
    add("mul imul multiply __mul__ __imul__ __rmul__", args -> arithmetic(args, '*'));
    add("truediv itruediv div divide true_divide", args -> arithmetic(args, '/'));
    add("floordiv floor_divide ifloordiv", args -> arithmetic(args, '%'));
    add("neg negative", args -> affine(args, args.input(), -1, 0));
    add("pow __pow__", this::power);
    add(
        "sqrt",
        args -> args.get(0, "input") instanceof Ref ? power(args, args.input(), 0.5) : root(args));
    add("rsqrt", args -> power(args, args.input(), -0.5));
    add("reciprocal", args -> power(args, args.input(), -1));
    add("square", args -> power(args, args.input(), 2));
    add(
        "matmul bmm mm __matmul__ imatmul",
        args -> layer(args, "MatMul", args.input(), args.tensor(1, "other")));
  }

  private Ref layer(FunctionCall args, String type, Ref... from) {
    return trace.add(args.output(), type, Map.of(), args.place(), from);
  }

  /** Adds a layer whose output no text names. */
  private Ref between(
      FunctionCall args, String name, String type, Map<String, Object> values, Ref from) {
    return trace.add(trace.free(args.output() + "_" + name), type, values, args.place(), from);
  }

  private Ref affine(FunctionCall args, Ref x, double scale, double shift) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("scale", scale);
    values.put("shift", shift);
    return trace.add(args.output(), "Affine", values, args.place(), x);
  }

  private Ref power(FunctionCall args, Ref x, double exponent) {
    return trace.add(args.output(), "Power", Map.of("exponent", exponent), args.place(), x);
  }

  private Object power(FunctionCall args) {
    Object base = args.get(0, "input");
    Object exponent = args.get(1, "exponent");
    if (exponent instanceof Number power && base instanceof Ref x) {
      return power(args, x, power.doubleValue());
    }
    if (exponent instanceof Number power && base instanceof Number number) {
      return Math.pow(number.doubleValue(), power.doubleValue());
    }
    throw args.error("needs a tensor or a number, and a number to take it to");
  }

  private static Object root(FunctionCall args) {
    if (args.get(0, "x") instanceof Number number) {
      return Math.sqrt(number.doubleValue());
    }
    throw args.error("takes " + FunctionCall.shown(args.get(0, "x")) + " where a number is needed");
  }

  private Object arithmetic(FunctionCall args, char operator) {
    Object a = args.get(0, "input");
    Object b = args.get(1, "other");
    if (a instanceof Attribute) {
      args.asTensor(a);
    }
    if (a instanceof Ref x && b instanceof Ref y) {
      return pair(args, operator, x, y);
    }
    if (a instanceof Ref x && b instanceof Number number) {
      double y = number.doubleValue();
      return switch (operator) {
        case '+' -> affine(args, x, 1, y);
        case '-' -> affine(args, x, 1, -y);
        case '*' -> affine(args, x, y, 0);
        case '/' -> affine(args, x, 1 / y, 0);
        default -> throw args.error("rounds a tensor, which is not known here");
      };
    }
    if (a instanceof Number number && b instanceof Ref y) {
      double x = number.doubleValue();
      return switch (operator) {
        case '+' -> affine(args, y, 1, x);
        case '-' -> affine(args, y, -1, x);
        case '*' -> affine(args, y, x, 0);
        case '/' -> {
          Ref inverse = between(args, "inverse", "Power", Map.of("exponent", -1.0), y);
          yield affine(args, inverse, x, 0);
        }
        default -> throw args.error("rounds a tensor, which is not known here");
      };
    }
    if (a instanceof List<?> x && b instanceof List<?> y && operator == '+') {
      List<Object> both = new ArrayList<>(x);
      both.addAll(y);
      return both;
    }
    if (a instanceof Ref) {
      args.asTensor(b);
    }
    return SizeExpressions.of(args, operator, a, b);
  }

  private Ref pair(FunctionCall args, char operator, Ref x, Ref y) {
    return switch (operator) {
      case '+' -> layer(args, "Add", x, y);
      case '*' -> layer(args, "Mul", x, y);
      case '-' -> {
        Ref minus = between(args, "minus", "Affine", Map.of("scale", -1.0), y);
        yield layer(args, "Add", x, minus);
      }
      case '/' -> {
        Ref inverse = between(args, "inverse", "Power", Map.of("exponent", -1.0), y);
        yield layer(args, "Mul", x, inverse);
      }
      default -> throw args.error("rounds a tensor, which is not known here");
    };
  }

  private void addShapes() {
    add(
        "flatten",
        args -> {
          Map<String, Object> values = new LinkedHashMap<>();
          values.put("start_dim", (long) args.integer(1, "start_dim", 0));
          values.put("end_dim", (long) args.integer(2, "end_dim", -1));
          return trace.add(args.output(), "Flatten", values, args.place(), args.input());
        });
    add("ravel", args -> view(args, List.of(Dim.of(-1))));
    add("view reshape", args -> view(args, args.sizes(1, "shape")));
    add(
        "permute",
        args -> {
          List<Object> dims = new ArrayList<>();
          args.sizes(1, "dims").forEach(dim -> dims.add(dim.value()));
          Map<String, Object> values = Map.of("dims", dims);
          return trace.add(args.output(), "Permute", values, args.place(), args.input());
        });
    add("t", args -> transposed(args, 0, 1));
    add("size", this::size);
    add(
        "dim ndimension",
        args -> {
          throw args.error(
              "asks for the number of axes, which is not known before the network runs");
        });
    add("getattr", this::attribute);
    add(
        "mean",
        args -> {
          if (args.get(1, "dim") == null) {
            throw args.error("without dim makes one number of the whole batch; name the axes");
          }
          Map<String, Object> values = new LinkedHashMap<>();
          values.put("dim", args.get(1, "dim"));
          values.put("keepdim", args.get(2, "keepdim", false));
          return trace.add(args.output(), "Mean", values, args.place(), args.input());
        });
  }

  private Ref transposed(FunctionCall args, long dim0, long dim1) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("dim0", dim0);
    values.put("dim1", dim1);
    return trace.add(args.output(), "Transpose", values, args.place(), args.input());
  }

  private Ref view(FunctionCall args, List<Dim> sizes) {
    if (sizes.isEmpty()) {
      throw args.error("needs sizes");
    }
    Ref[] taken = trace.takenFor(args.input(), sizes);
    View view = new View(trace.within(sizes, taken), taken.length);
    StringBuilder text = new StringBuilder("View(");
    for (Dim size : sizes) {
      text.append(text.length() > 5 ? ", " : "").append(size);
    }
    return trace.add(args.output(), view, text.append(')').toString(), taken);
  }

  private Object size(FunctionCall args) {
    Object axis = args.get(1, "dim");
    ShapeOf shape = new ShapeOf(args.input());
    return axis == null ? shape : trace.size(args.input(), args.integer(1, "dim", 0));
  }

  private Object attribute(FunctionCall args) {
    Object of = args.get(0, "object");
    String name = String.valueOf(args.get(1, "name"));
    if (of instanceof Attribute module) {
      return new Attribute(module.path().isEmpty() ? name : module.path() + "." + name);
    }
    return switch (name) {
      case "shape" -> new ShapeOf(args.asTensor(of));
      case "T", "mT" -> transposed(args, name.equals("T") ? 0 : -2, name.equals("T") ? 1 : -1);
      case "device", "dtype" -> name;
      default -> throw args.error("asks for '" + name + "', which is not known of a tensor");
    };
  }

  private void addParts() {
    add("cat concat concatenate", args -> concat(args, tensors(args)));
    add("stack", this::stack);
    add(
        "chunk",
        args -> {
          int chunks = args.integer(1, "chunks", 1);
          int dim = args.integer(2, "dim", 0);
          return new ForwardValue.Several(part -> chunk(args, chunks, dim, part), chunks);
        });
    add("split", this::split);
    add(
        "unbind",
        args -> {
          int dim = args.integer(1, "dim", 0);
          return new ForwardValue.Several(index -> select(args, args.input(), dim, index), 0);
        });
    add("slice", args -> new ForwardValue.Range(args.get(0, ""), args.get(1, ""), args.get(2, "")));
    add("getitem __getitem__", new Indexing(trace)::item);
  }

  private Ref chunk(FunctionCall args, int chunks, int dim, int index) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("chunks", (long) chunks);
    values.put("dim", (long) dim);
    values.put("index", (long) index);
    return between(args, Integer.toString(index), "Chunk", values, args.input());
  }

  private Ref select(FunctionCall args, Ref from, int dim, int index) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("dim", (long) dim);
    values.put("index", (long) index);
    return between(args, Integer.toString(index), "Select", values, from);
  }

  private Object split(FunctionCall args) {
    Object given = args.get(1, "split_size_or_sections", args.named().get("split_size"));
    int dim = args.integer(2, "dim", 0);
    List<Integer> starts = new ArrayList<>(List.of(0));
    if (given instanceof List<?> list) {
      for (Object size : list) {
        if (!(size instanceof Long number)) {
          throw args.error("needs numbers as sizes");
        }
        starts.add(starts.get(starts.size() - 1) + number.intValue());
      }
    }
    int step = given instanceof Long number ? number.intValue() : 0;
    if (step < 1 && starts.size() < 2) {
      throw args.error("needs a size, or a list of them");
    }
    return new ForwardValue.Several(
        index -> {
          Map<String, Object> values = new LinkedHashMap<>();
          values.put("dim", (long) dim);
          values.put("start", (long) (step > 0 ? index * step : starts.get(index)));
          values.put("stop", (long) (step > 0 ? (index + 1) * step : starts.get(index + 1)));
          return between(args, Integer.toString(index), "Slice", values, args.input());
        },
        step > 0 ? 0 : starts.size() - 1);
  }

  private static Ref[] tensors(FunctionCall args) {
    Object given = args.get(0, "tensors");
    List<?> list =
        given instanceof ForwardValue.Several several
            ? several.all()
            : given instanceof List<?> values ? values : List.of();
    if (list.isEmpty()) {
      throw args.error("needs a list of tensors");
    }
    Ref[] refs = new Ref[list.size()];
    for (int i = 0; i < refs.length; i++) {
      refs[i] = args.asTensor(list.get(i));
    }
    return refs;
  }

  private Object concat(FunctionCall args, Ref... refs) {
    Object dim = args.get(1, "dim", args.named().getOrDefault("axis", 0L));
    if (refs.length == 1) {
      return refs[0];
    }
    return trace.add(args.output(), "Concat", Map.of("dim", dim), args.place(), refs);
  }

  private Object stack(FunctionCall args) {
    Ref[] refs = tensors(args);
    Object dim = args.get(1, "dim", 0L);
    for (int i = 0; i < refs.length; i++) {
      refs[i] = between(args, Integer.toString(i), "Unsqueeze", Map.of("dim", dim), refs[i]);
    }
    return concat(args, refs);
  }
}
