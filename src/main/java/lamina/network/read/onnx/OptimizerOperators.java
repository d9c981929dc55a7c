package lamina.network.read.onnx;

import lamina.layer.ElementFunction;
import lamina.layer.Elementwise;
import lamina.op.BinaryFunction;
import lamina.op.UnaryFunction;

/**
 * Steps of optimisers as operators, of the domain ai.onnx.preview.training: a rate, how many steps
 * there were, then tensors, their gradients and what the optimiser keeps of each. Formulas: the
 * operators' texts in ONNX.
 */
final class OptimizerOperators {
  static final String DOMAIN = "ai.onnx.preview.training";

  private final Operator op;
  private final double decay;
  private int steps;

  private OptimizerOperators(Operator op) {
    this.op = op;
    this.decay = op.node().number("norm_coefficient", 0);
  }

  /**
   * Makes layers of a node.
   *
   * @throws Unresolved if it is no optimiser
   */
  static void apply(Operator op) {
    int kept =
        switch (op.node().type()) {
          case "Adagrad", "Momentum" -> 1;
          case "Adam" -> 2;
          default -> throw op.unresolved("is of the domain '" + DOMAIN + "', which is not known");
        };
    int each = kept + 2;
    int count = (op.count() - 2) / each;
    if (count < 1
        || op.count() != 2 + count * each
        || op.node().outputs().size() > count * (kept + 1)) {
      throw op.error("needs a rate, a count and " + each + " inputs for each tensor");
    }
    for (int i = 0; i < count; i++) {
      OptimizerOperators step = new OptimizerOperators(op);
      Value x = op.input(2 + i);
      Value gradient = op.input(2 + count + i);
      gradient = step.sum(step.times(x, step.decay), gradient);
      Value first = op.input(2 + 2 * count + i);
      Value[] results =
          switch (op.node().type()) {
            case "Adagrad" -> step.adagrad(x, gradient, first);
            case "Momentum" -> step.momentum(x, gradient, first);
            default -> step.adam(x, gradient, first, op.input(2 + 3 * count + i));
          };
      for (int output = 0; output < results.length; output++) {
        int place = output * count + i;
        if (op.wants(place)) {
          op.put(place, results[output]);
        }
      }
    }
  }

  private Value[] adagrad(Value x, Value gradient, Value squares) {
    double slower = 1 / (1 + op.number(1, 0) * op.node().number("decay_factor", 0));
    Value all = sum(squares, product(gradient, gradient));
    Value move = quotient(product(times(op.input(0), slower), gradient), root(all, 0));
    return new Value[] {difference(x, move), all};
  }

  private Value[] momentum(Value x, Value gradient, Value velocity) {
    double alpha = op.node().number("alpha", 0);
    // The first step takes the whole gradient.
    double later = op.node().number("beta", 0);
    double beta = op.number(1, 0) > 0 ? later : 1;
    boolean isNesterov = op.node().oneOf("mode", "standard", "nesterov").equals("nesterov");
    Value moved = sum(times(velocity, alpha), times(gradient, beta));
    Value direction = isNesterov ? sum(gradient, times(moved, alpha)) : moved;
    return new Value[] {difference(x, product(op.input(0), direction)), moved};
  }

  private Value[] adam(Value x, Value gradient, Value mean, Value squares) {
    double alpha = op.node().number("alpha", 0.9);
    double beta = op.node().number("beta", 0.999);
    double count = op.number(1, 0);
    Value newMean = sum(times(mean, alpha), times(gradient, 1 - alpha));
    Value newSquares = sum(times(squares, beta), times(product(gradient, gradient), 1 - beta));
    double correction =
        count > 0 ? Math.sqrt(1 - Math.pow(beta, count)) / (1 - Math.pow(alpha, count)) : 1;
    Value rate = times(op.input(0), correction);
    Value next = difference(x, product(rate, quotient(newMean, root(newSquares, 1e-6))));
    double after = op.node().number("norm_coefficient_post", 0);
    return new Value[] {times(next, 1 - after), newMean, newSquares};
  }

  /** A square root, and a little more. */
  private Value root(Value x, double otherwise) {
    Value root = op.between(name(), new ElementFunction("Sqrt", UnaryFunction.SQRT), x);
    double epsilon = op.node().number("epsilon", otherwise);
    return sum(root, op.number(name(), epsilon));
  }

  private Value times(Value x, double factor) {
    return product(x, op.number(name(), factor));
  }

  private Value sum(Value a, Value b) {
    return op.between(name(), new Elementwise("Add", BinaryFunction.ADD), a, b);
  }

  private Value difference(Value a, Value b) {
    return op.between(name(), new Elementwise("Sub", BinaryFunction.SUB), a, b);
  }

  private Value product(Value a, Value b) {
    return op.between(name(), new Elementwise("Mul", BinaryFunction.MUL), a, b);
  }

  private Value quotient(Value a, Value b) {
    return op.between(name(), new Elementwise("Div", BinaryFunction.DIV), a, b);
  }

  private String name() {
    return "/" + steps++;
  }
}
