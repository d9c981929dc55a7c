package lamina.network.read.forward;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import lamina.layer.Affine;
import lamina.layer.Clip;
import lamina.layer.Compare;
import lamina.layer.ElementFunction;
import lamina.layer.Elementwise;
import lamina.layer.Filled;
import lamina.layer.Layer;
import lamina.layer.MatMul;
import lamina.layer.Shaped;
import lamina.layer.View;
import lamina.layer.Where;
import lamina.network.read.forward.ForwardValue.Attribute;
import lamina.network.read.forward.ForwardValue.Factor;
import lamina.network.read.forward.ForwardValue.Ref;
import lamina.network.read.forward.ForwardValue.Size;
import lamina.op.BinaryFunction;
import lamina.op.UnaryFunction;
import lamina.tensor.symbol.Dim;
import lamina.text.InputException;

/** Arithmetic on tensors, numbers and sizes, element by element, and products of matrices. */
final class ArithmeticFunctions {
  private final Functions functions;

  ArithmeticFunctions(Functions functions) {
    this.functions = functions;
  }

  /** Adds them to the table. */
  void add() {
    addCalculations();
    addFunctions();
    addComparisons();
    functions.add("scaled_dot_product_attention", MultiheadAttention::scaledProduct);
    functions.add("where", ArithmeticFunctions::where);
    functions.add("masked_fill", ArithmeticFunctions::maskedFill);
    functions.add("lerp", ArithmeticFunctions::between);
    functions.add("addcmul", ArithmeticFunctions::addProduct);
    functions.add("baddbmm addbmm addmm", ArithmeticFunctions::addMatrices);
  }

  private void addCalculations() {
    functions.add("add iadd __add__ __iadd__ __radd__", call -> arithmetic(call, '+'));
    functions.add("sub isub subtract __sub__ __isub__", call -> arithmetic(call, '-'));
    functions.add("rsub __rsub__", call -> arithmetic(swapped(call), '-'));
    functions.add("mul imul multiply __mul__ __imul__ __rmul__", call -> arithmetic(call, '*'));
    functions.add("truediv itruediv div divide true_divide", call -> arithmetic(call, '/'));
    functions.add("floordiv floor_divide ifloordiv", call -> arithmetic(call, '%'));
    functions.add("neg negative", call -> affine(call, call.input(), -1, 0));
    functions.add("pow __pow__ ipow __ipow__", ArithmeticFunctions::power);
    functions.add("sqrt", ArithmeticFunctions::root);
    functions.add("rsqrt", call -> power(call, call.input(), -0.5));
    functions.add("reciprocal", call -> power(call, call.input(), -1));
    functions.add("square", call -> power(call, call.input(), 2));
    functions.add(
        "matmul bmm mm __matmul__ imatmul",
        call -> call.emit(new MatMul(), "", call.input(), call.tensor(1, "other")));
  }

  private void addFunctions() {
    addUnary("exp", UnaryFunction.EXP);
    addUnary("log", UnaryFunction.LOG);
    addUnary("abs absolute", UnaryFunction.ABS);
    addUnary("sign sgn", UnaryFunction.SIGN);
    addUnary("floor", UnaryFunction.FLOOR);
    addUnary("ceil", UnaryFunction.CEIL);
    addUnary("round", UnaryFunction.ROUND);
    addUnary("erf", UnaryFunction.ERF);
    addUnary("sin", UnaryFunction.SIN);
    addUnary("cos", UnaryFunction.COS);
    addUnary("tan", UnaryFunction.TAN);
    addUnary("atan arctan", UnaryFunction.ATAN);
    addUnary("sinh", UnaryFunction.SINH);
    addUnary("cosh", UnaryFunction.COSH);
    functions.add(
        "log1p",
        call -> {
          Map<String, Object> more = Map.of("shift", 1.0);
          Ref above = call.between("above", "Affine", more, call.input());
          return unary(call, UnaryFunction.LOG, above);
        });
    functions.add(
        "expm1",
        call -> {
          Layer exp = new ElementFunction("Exp", UnaryFunction.EXP);
          return affine(call, call.between("exp", exp, call.input()), 1, -1);
        });
  }

  private void addComparisons() {
    functions.add("clamp clip", ArithmeticFunctions::clamp);
    functions.add("clamp_min", call -> clip(call, call.number(1, "min", 0), Double.MAX_VALUE));
    functions.add("clamp_max", call -> clip(call, -Double.MAX_VALUE, call.number(1, "max", 0)));
    addComparison("gt greater __gt__", BinaryFunction.GREATER);
    addComparison("lt less __lt__", BinaryFunction.LESS);
    addComparison("ge greater_equal __ge__", BinaryFunction.GREATER_OR_EQUAL);
    addComparison("le less_equal __le__", BinaryFunction.LESS_OR_EQUAL);
    addComparison("eq __eq__", BinaryFunction.EQUAL);
    functions.add(
        "ne not_equal __ne__",
        call -> {
          Ref other = operand(call, call.get(1, "other"), call.input());
          Ref same = call.between("equal", new Compare(BinaryFunction.EQUAL), call.input(), other);
          return opposite(call, same);
        });
    functions.add("logical_not invert", call -> opposite(call, call.input()));
  }

  /** 1 where there is 0, and 0 elsewhere. */
  private static Ref opposite(FunctionCall call, Ref x) {
    Ref zero = call.between("zero", Filled.like(0, true), x);
    return call.emit(new Compare(BinaryFunction.EQUAL), "EQUAL", x, zero);
  }

  private void addUnary(String names, UnaryFunction function) {
    functions.add(names, call -> unary(call, function, call.input()));
  }

  private static Ref unary(FunctionCall call, UnaryFunction function, Ref x) {
    String name = function.name();
    String type = name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
    return call.emit(new ElementFunction(type, function), "", x);
  }

  private void addComparison(String names, BinaryFunction function) {
    functions.add(
        names,
        call -> {
          Object second = call.get(1, "other");
          boolean isNumberFirst = call.get(0, "input") instanceof Number && call.isTensor(second);
          Ref like = isNumberFirst ? call.asTensor(second) : call.input();
          Ref x = operand(call, call.get(0, "input", call.option("x")), like);
          Ref other = operand(call, second, like);
          return call.emit(new Compare(function), function.name(), x, other);
        });
  }

  /** A tensor, or a number as one of the type that another tensor has. */
  private static Ref operand(FunctionCall call, Object value, Ref like) {
    if (value instanceof Number number) {
      return call.between("number", Filled.like(number.doubleValue(), true), like);
    }
    return call.asTensor(value);
  }

  private static FunctionCall swapped(FunctionCall call) {
    List<Object> swapped = new ArrayList<>();
    swapped.add(call.get(1, "other"));
    swapped.add(call.get(0, "input"));
    return new FunctionCall(
        call.trace(), call.function(), swapped, Map.of(), call.output(), call.place());
  }

  private static Ref affine(FunctionCall call, Ref x, double scale, double shift) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("scale", scale);
    values.put("shift", shift);
    return call.emit("Affine", values, x);
  }

  private static Ref power(FunctionCall call, Ref x, double exponent) {
    return call.emit("Power", Map.of("exponent", exponent), x);
  }

  private static Object power(FunctionCall call) {
    Object base = call.get(0, "input");
    Object exponent = call.get(1, "exponent");
    if (exponent instanceof Number power && call.isTensor(base)) {
      return power(call, call.input(), power.doubleValue());
    }
    if (exponent instanceof Number power && base instanceof Number number) {
      return Math.pow(number.doubleValue(), power.doubleValue());
    }
    if (exponent instanceof Number power && factor(base) != null) {
      Factor of = factor(base);
      double y = power.doubleValue();
      return new Factor(Math.pow(of.factor(), y), of.size(), of.exponent() * y);
    }
    if (call.isTensor(exponent)) {
      Ref raised = call.asTensor(exponent);
      Ref x = operand(call, base, raised);
      return call.emit(new Elementwise("Pow", BinaryFunction.POW), "", x, raised);
    }
    throw call.error("needs a tensor or a number, and a number to take it to");
  }

  private static Object root(FunctionCall call) {
    Object of = call.get(0, "input");
    if (call.isTensor(of)) {
      return power(call, call.input(), 0.5);
    }
    Factor factor = factor(of);
    if (factor != null) {
      return new Factor(Math.sqrt(factor.factor()), factor.size(), factor.exponent() / 2);
    }
    if (of instanceof Number number) {
      return Math.sqrt(number.doubleValue());
    }
    throw call.error("takes " + FunctionCall.shown(of) + " where a number is needed");
  }

  private static Object arithmetic(FunctionCall call, char operator) {
    Object a = tensorIf(call, call.get(0, "input"));
    Object b = tensorIf(call, call.get(1, "other"));
    if (call.option("rounding_mode") != null) {
      throw call.error("is not known with rounding_mode");
    }
    double alpha = call.number(9, "alpha", 1);
    if (alpha != 1 && b instanceof Number number) {
      b = number.doubleValue() * alpha;
    } else if (alpha != 1) {
      b = call.between("scaled", "Affine", Map.of("scale", alpha), call.asTensor(b));
    }
    if (a instanceof Ref x && b instanceof Ref y) {
      return pair(call, operator, x, y);
    }
    if (a instanceof Ref x && b instanceof Number number) {
      return withNumber(call, operator, x, number.doubleValue());
    }
    if (a instanceof Number number && b instanceof Ref y) {
      return ofNumber(call, operator, number.doubleValue(), y);
    }
    if (operator == '*' || operator == '/') {
      Object scaled = scaled(call, operator, a, b);
      if (scaled != null) {
        return scaled;
      }
    }
    if (call.function().equals("iadd") && a instanceof List<?> && b instanceof List<?> y) {
      return ShapeFunctions.grown(call, y);
    }
    if (a instanceof List<?> x && b instanceof List<?> y && operator == '+') {
      List<Object> both = new ArrayList<>(x);
      both.addAll(y);
      return both;
    }
    if (a instanceof Ref) {
      call.asTensor(b);
    }
    return SizeExpressions.of(call, operator, a, b);
  }

  private static Object withNumber(FunctionCall call, char operator, Ref x, double y) {
    return switch (operator) {
      case '+' -> affine(call, x, 1, y);
      case '-' -> affine(call, x, 1, -y);
      case '*' -> affine(call, x, y, 0);
      case '/' -> affine(call, x, 1 / y, 0);
      default -> throw rounded(call);
    };
  }

  private static Object ofNumber(FunctionCall call, char operator, double x, Ref y) {
    return switch (operator) {
      case '+' -> affine(call, y, 1, x);
      case '-' -> affine(call, y, -1, x);
      case '*' -> affine(call, y, x, 0);
      case '/' -> {
        Ref inverse = call.between("inverse", "Power", Map.of("exponent", -1.0), y);
        yield affine(call, inverse, x, 0);
      }
      default -> throw rounded(call);
    };
  }

  /** A size, or a power of one, as a number; null for what is none. */
  private static Factor factor(Object value) {
    if (value instanceof Size size) {
      return new Factor(1, size.dim(), 1);
    }
    return value instanceof Factor factor ? factor : null;
  }

  /** A tensor times a number that follows from a size, or such a number; null for others. */
  private static Object scaled(FunctionCall call, char operator, Object a, Object b) {
    Factor right = factor(b);
    if (right != null && operator == '/') {
      right = new Factor(1 / right.factor(), right.size(), -right.exponent());
    }
    Factor left = factor(a);
    if (a instanceof Ref x && right != null) {
      return scaled(call, x, right);
    }
    if (b instanceof Ref x && left != null && operator == '*') {
      return scaled(call, x, left);
    }
    boolean isSize = a instanceof Long && b instanceof Size && operator == '*';
    if (a instanceof Number number && right != null && !isSize) {
      return new Factor(number.doubleValue() * right.factor(), right.size(), right.exponent());
    }
    if (a instanceof Factor && b instanceof Number number) {
      double y = number.doubleValue();
      double times = operator == '*' ? y : 1 / y;
      return new Factor(left.factor() * times, left.size(), left.exponent());
    }
    return null;
  }

  /** A tensor times a number that follows from a size. */
  static Ref scaled(FunctionCall call, Ref x, Factor by) {
    Trace trace = call.trace();
    Ref[] taken = trace.takenFor(x, List.of(by.size()));
    Dim size = trace.within(List.of(by.size()), taken).get(0);
    Layer layer =
        new Shaped(
            "Affine",
            taken.length,
            shapes -> {
              Dim known = View.of(size, shapes);
              double power = known.isNumber() ? Math.pow((double) known.value(), by.exponent()) : 1;
              return new Affine(by.factor() * power, 0);
            });
    return call.emit(
        layer, "scale=" + by.factor() + " * " + by.size() + "^" + by.exponent(), taken);
  }

  private static Object tensorIf(FunctionCall call, Object value) {
    return value instanceof Attribute ? call.asTensor(value) : value;
  }

  private static InputException rounded(FunctionCall call) {
    return call.error("rounds a tensor, which is not known here");
  }

  private static Ref pair(FunctionCall call, char operator, Ref x, Ref y) {
    return switch (operator) {
      case '+' -> call.emit("Add", Map.of(), x, y);
      case '*' -> call.emit("Mul", Map.of(), x, y);
      case '-' -> {
        Ref minus = call.between("minus", "Affine", Map.of("scale", -1.0), y);
        yield call.emit("Add", Map.of(), x, minus);
      }
      case '/' -> {
        Ref inverse = call.between("inverse", "Power", Map.of("exponent", -1.0), y);
        yield call.emit("Mul", Map.of(), x, inverse);
      }
      default -> throw rounded(call);
    };
  }

  private static Ref clip(FunctionCall call, double least, double most) {
    return call.emit(new Clip(least, most), least + ", " + most, call.input());
  }

  private static Object clamp(FunctionCall call) {
    for (int i = 1; i < 3; i++) {
      if (call.get(i, i == 1 ? "min" : "max") instanceof Ref) {
        throw call.error("has bounds that are tensors, which is not known here");
      }
    }
    return clip(
        call,
        call.number(1, "min", Double.NEGATIVE_INFINITY),
        call.number(2, "max", Double.POSITIVE_INFINITY));
  }

  private static Object where(FunctionCall call) {
    Ref condition = call.tensor(0, "condition");
    Object a = call.get(1, "input");
    Object b = call.get(2, "other");
    Ref like = call.isTensor(a) ? call.asTensor(a) : call.isTensor(b) ? call.asTensor(b) : null;
    if (like == null) {
      throw call.error("needs a tensor to choose from");
    }
    return call.emit(new Where(), "", condition, operand(call, a, like), operand(call, b, like));
  }

  private static Object maskedFill(FunctionCall call) {
    Ref x = call.input();
    Ref mask = call.tensor(1, "mask");
    return call.emit(new Where(), "", mask, operand(call, call.get(2, "value"), x), x);
  }

  /** The first and so much of the way to the second. */
  private static Object between(FunctionCall call) {
    Ref x = call.input();
    Ref minus = call.between("minus", "Affine", Map.of("scale", -1.0), x);
    Ref way = call.between("way", "Add", Map.of(), call.tensor(1, "end"), minus);
    Object weight = call.get(2, "weight");
    Ref part =
        call.isTensor(weight)
            ? call.between("part", "Mul", Map.of(), way, call.asTensor(weight))
            : call.between("part", "Affine", Map.of("scale", call.number(2, "weight", 0)), way);
    return call.emit("Add", Map.of(), x, part);
  }

  private static Object addProduct(FunctionCall call) {
    Ref product =
        call.between(
            "product", "Mul", Map.of(), call.tensor(1, "tensor1"), call.tensor(2, "tensor2"));
    Map<String, Object> scale = Map.of("scale", call.number(3, "value", 1));
    Ref scaled = call.between("scaled", "Affine", scale, product);
    return call.emit("Add", Map.of(), call.input(), scaled);
  }

  private static Object addMatrices(FunctionCall call) {
    if (call.function().startsWith("addb")) {
      throw call.error("is not known here");
    }
    Ref product =
        call.between("product", new MatMul(), call.tensor(1, "mat1"), call.tensor(2, "mat2"));
    Map<String, Object> alpha = Map.of("scale", call.number(9, "alpha", 1));
    Map<String, Object> beta = Map.of("scale", call.number(9, "beta", 1));
    Ref scaled = call.between("scaled", "Affine", alpha, product);
    return call.emit("Add", Map.of(), call.between("own", "Affine", beta, call.input()), scaled);
  }
}
